"""The operator's program: command line, local engines, supervised run, demo, status."""
