"""How well assignments agree with labels: pairs, and B-cubed (Bagga and Baldwin 1998)."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

from processors.resolve.offline import Assignment


@dataclass(frozen=True, slots=True)
class Scores:
    """Shares between 0 and 1 over so many articles."""

    articles: int
    pair_precision: float
    pair_recall: float
    b3_precision: float
    b3_recall: float

    @property
    def pair_f1(self) -> float:
        """Return the harmonic mean of the pairs' precision and recall."""
        return _harmonic(self.pair_precision, self.pair_recall)

    @property
    def b3_f1(self) -> float:
        """Return the harmonic mean of B-cubed precision and recall."""
        return _harmonic(self.b3_precision, self.b3_recall)

    def __str__(self) -> str:
        return (
            f"pair F1 {self.pair_f1:.3f} (precision {self.pair_precision:.3f}, recall {self.pair_recall:.3f})  "
            f"B3 F1 {self.b3_f1:.3f}  n={self.articles}"
        )


def score(labels: Mapping[str, str], assigned: Iterable[Assignment]) -> Scores:
    """Return how well articles' main incidents agree with their labels; no incident is a group of its own."""
    said: dict[str, Hashable] = {
        row.id: row.incident_ids[0] if row.incident_ids else ("none", row.id) for row in assigned
    }
    gold_sizes, said_sizes = Counter(labels.values()), Counter(said[row] for row in labels)
    both = Counter((label, said[row]) for row, label in labels.items())
    same = sum(_pairs(count) for count in both.values())
    total = len(labels)
    return Scores(
        articles=total,
        pair_precision=_share(same, sum(map(_pairs, said_sizes.values()))),
        pair_recall=_share(same, sum(map(_pairs, gold_sizes.values()))),
        b3_precision=sum(count * count / said_sizes[group] for (_, group), count in both.items()) / total,
        b3_recall=sum(count * count / gold_sizes[label] for (label, _), count in both.items()) / total,
    )


def _pairs(count: int) -> int:
    return count * (count - 1) // 2


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def _harmonic(one: float, other: float) -> float:
    return 2 * one * other / (one + other) if one + other else 0.0
