"""What is done with prompts: keeping their rows through edits, comparing them, placing them, writing them out."""
