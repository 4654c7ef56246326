"""Finding posts and prompts by their words.

normal   one spelling for what reads the same, and the way back to the letters that were written
words    texts as units, folded; the tokens that an index holds of them
query    what somebody typed as terms that all must be found
sqlite, postgres   which rows have a term; the same answers from either database
index    what is written down of a post or prompt
sync     when that is written: in the transaction of the edit
find     the posts for a query, the likeliest first
marks    hits in <mark>, and the passage around them
near     what to offer where nothing was found
"""
