"""Programs that make the extractor's data files; none of them is needed to run it."""
