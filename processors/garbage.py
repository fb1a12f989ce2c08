"""How often a stage's garbage collector walks: what is decided upon makes no cycles, and reference counts free it."""

import gc

ALLOCATIONS = 20_000
"""Objects made and not yet freed after which the youngest are walked through; Python's own figure is 700, which a
record of one report reaches by itself."""


def collect_rarely() -> None:
    """Let this process's collector walk less often; with Python's figure it took 6 to 9 of 100 of a report's time."""
    gc.set_threshold(ALLOCATIONS, *gc.get_threshold()[1:])
