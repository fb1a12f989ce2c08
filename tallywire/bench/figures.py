"""Figures of repeated measurements, and how they are written."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Repeated:
    """The same quantity, measured again and again.

    Raises:
        ValueError: Nothing was measured.
    """

    values: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.values:
            raise ValueError("nothing was measured")

    @property
    def median(self) -> float:
        """Return the middle value."""
        return median(self.values)

    @property
    def low(self) -> float:
        """Return the least value."""
        return min(self.values)

    @property
    def high(self) -> float:
        """Return the greatest value."""
        return max(self.values)


def repeated(values: Sequence[float]) -> Repeated:
    """Return measurements of one quantity."""
    return Repeated(tuple(values))


def pair_ratios(numerators: Sequence[float], denominators: Sequence[float]) -> Repeated:
    """Return the ratio of each pair; what slows the machine for a while slows both halves of a pair.

    Raises:
        ValueError: The sequences are of different lengths, or empty.
        ZeroDivisionError: A denominator is zero.
    """
    return repeated([above / below for above, below in zip(numerators, denominators, strict=True)])


def times(ratio: Repeated) -> str:
    """Return a ratio for people, with its range: `4.2 times (4.0 to 4.4)`."""
    return f"{significant(ratio.median)} times ({significant(ratio.low)} to {significant(ratio.high)})"


def seconds(value: float) -> str:
    """Return a duration for people in s, ms or µs."""
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if value >= size:
            return f"{significant(value / size)} {unit}"
    return f"{significant(value / 1e-6)} µs"


def size(octets: float) -> str:
    """Return a size for people, in B, KB or MB of 1,000 and 1,000,000 bytes."""
    for unit, unit_size in (("MB", 1e6), ("KB", 1e3)):
        if octets >= unit_size:
            return f"{significant(octets / unit_size)} {unit}"
    return f"{significant(octets)} B"


def significant(value: float) -> str:
    """Return a number to three significant digits, with commas between thousands."""
    if value == 0:
        return "0"
    rounded = float(f"{value:.3g}")
    return f"{rounded:,.0f}" if abs(rounded) >= 100 else f"{rounded:.3g}"  # noqa: PLR2004 - three digits before the point
