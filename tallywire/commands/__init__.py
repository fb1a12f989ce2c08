"""The commands, grouped by who types them."""
