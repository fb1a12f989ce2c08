"""The demo: sample feeds to searchable incidents, on real engines, in a minute."""
