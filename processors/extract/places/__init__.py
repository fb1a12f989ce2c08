"""Where it happened: the place names of a text, what each means in the gazetteer, and which is the incident's own."""
