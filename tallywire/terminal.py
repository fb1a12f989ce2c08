"""The terminal that commands print to."""

from rich.console import Console

PLAIN_WIDTH = 160
"""Columns where output goes to a file or a pipe, which doesn't say how wide it is."""


def console() -> Console:
    """Return a console as wide as the terminal, or wide enough for our tables where there is none."""
    made = Console()
    return made if made.is_terminal else Console(width=PLAIN_WIDTH)
