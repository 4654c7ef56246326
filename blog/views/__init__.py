"""Pages for readers. What is public is decided by `published()` of posts, and of prompts, alone."""
