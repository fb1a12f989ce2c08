"""Whether an article reports an incident at all: by its words, by close reading and, in doubt, by its meaning."""
