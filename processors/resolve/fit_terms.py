"""Counts which terms are common in news: `python -m processors.resolve.fit_terms GOLD_FOLDER`.

Writes `processors/common_terms.txt`: a line for each number of bits, and the terms that tell so much.  The gold's
texts on few incidents (`ecbplus`) are left out, since their names are common only there.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from math import log2
from pathlib import Path

import orjson

from processors import sketch

FILES = ("gva", "muc4", "satp", "lgl", "no_incident")
LEAST_TEXTS = 5
"""Terms of fewer texts are rare; how rare can't be told from so few."""


def count(texts: Iterable[tuple[str, str]]) -> tuple[Counter[str], int]:
    """Return in how many texts each term stands, and the number of texts; a text is its headline and its body."""
    found: Counter[str] = Counter()
    total = 0
    for title, text in texts:
        found.update(set(sketch.terms(title, text)))
        total += 1
    return found, total


def table(found: Counter[str], total: int) -> str:
    """Return the lines of the table: bits, and the terms in alphabetical order."""
    by_bits: dict[int, list[str]] = defaultdict(list)
    for term, texts in found.items():
        if texts >= LEAST_TEXTS and "," not in term:
            by_bits[round(log2(total / texts))].append(term)
    return "".join(f"{bits}: {', '.join(sorted(listed))}\n" for bits, listed in sorted(by_bits.items()))


def _texts(folder: Path) -> Iterator[tuple[str, str]]:
    for name in FILES:
        with (folder / f"{name}.jsonl").open(encoding="utf-8") as lines:
            for line in lines:
                row = orjson.loads(line)
                yield row["title"], row["text"]


def main() -> None:
    """Count the folder's texts and write the table."""
    folder = Path(sys.argv[1])
    target = Path(sketch.__file__).with_name("common_terms.txt")
    target.write_text(table(*count(_texts(folder))), encoding="utf-8")


if __name__ == "__main__":
    main()
