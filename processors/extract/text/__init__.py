"""An article as sentences and tokens, and what is looked for in it: a language's words and rules, and dates."""
