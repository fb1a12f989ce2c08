"""Who says so: the sources that sentences name, which of them are the same, and whose words each sentence is."""
