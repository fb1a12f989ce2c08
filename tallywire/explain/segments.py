"""Text cut where marks begin and end, so that a renderer walks over it once."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from tallywire.explain.marks import IMPORTANCE, Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch of text under the same marks from its first character to its last."""

    start: int
    """Offset in its part of the article."""
    text: str
    marks: tuple[Mark, ...] = ()
    """The most important one first; none where nothing was read."""

    @property
    def end(self) -> int:
        """Return the offset after its last character."""
        return self.start + len(self.text)

    @property
    def ending(self) -> tuple[Mark, ...]:
        """Return the marks that end with it."""
        return tuple(mark for mark in self.marks if mark.span.end == self.end)


def cut(text: str, marks: Iterable[Mark]) -> tuple[Segment, ...]:
    """Return the text as segments, in order, that cover it exactly once.

    The marks are of this text; what lies outside it, and marks of no length, count for nothing.
    """
    begins, ends = defaultdict[int, list[Mark]](list), defaultdict[int, list[Mark]](list)
    for mark in marks:
        start, end = max(0, mark.span.start), min(len(text), mark.span.end)
        if start < end:
            begins[start].append(mark)
            ends[end].append(mark)
    open_marks: list[Mark] = []
    segments: list[Segment] = []
    for start, end in pairwise(sorted({0, len(text), *begins, *ends})):
        gone = ends[start]
        open_marks = [mark for mark in open_marks if mark not in gone] + begins[start]
        ranked = tuple(sorted(open_marks, key=lambda mark: IMPORTANCE[mark.kind]))
        segments.append(Segment(start=start, text=text[start:end], marks=ranked))
    return tuple(segments)
