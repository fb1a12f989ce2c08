"""Syndicated copies: reports of other articles with nearly the same text, which together are one source."""

from collections.abc import Iterable, Mapping, Sequence

from contracts.records import Report

COPY_RESEMBLANCE = 0.5
"""Share of word sequences in common from which two texts count as copies.

Reporters who write of the same incident on their own stay below 0.2; a wire story with a paragraph cut or added
stays above one half.
"""

LEAST_SKETCH = 8
"""Texts with fewer word sequences count as copies only when all of them are shared."""


def resemblance(a: Sequence[int], b: Sequence[int]) -> float:
    """Return the estimated share of word sequences that two sketched texts have in common, 0 to 1.

    The estimator of bottom-k sketches (Broder 1997): of the k least hashes of both together, those in both.
    """
    if not a or not b:
        return 0.0
    in_a = set(a)
    if in_a.isdisjoint(b):  # nearly always
        return 0.0
    in_b = set(b)
    size = min(len(a), len(b))
    least = sorted(in_a | in_b)[: max(size, 1)]
    if size < LEAST_SKETCH:
        return float(in_a == in_b)
    return sum(value in in_a and value in in_b for value in least) / len(least)


def copies(reports: Iterable[Report], known: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return which report copies which: id of the copy → id of the earliest one that it resembles.

    The reports come in canonical order; an original is never itself a copy.  `known` copies are taken as they are:
    of very many reports the old ones' sketches aren't kept.
    """
    originals: list[Report] = []
    found: dict[str, str] = {}
    for report in reports:
        original = (known or {}).get(report.id) or next(
            (other.id for other in originals if _is_copy(report, other)), None
        )
        if original is not None:
            found[report.id] = original
        elif report.text_sketch:
            originals.append(report)
    return found


def _is_copy(report: Report, known: Report) -> bool:
    return (
        report.article_id != known.article_id
        and resemblance(report.text_sketch, known.text_sketch) >= COPY_RESEMBLANCE
    )
