"""Which incidents an article reports, of which kind and when, and which sentences recall earlier ones."""
