"""Fits the weights to labelled articles: `python -m processors.resolve.fit GOLD_FOLDER`.

Extracts the folder's articles, compares the pairs that blocking brings together as they arrive, fits the levels'
log-odds to whether the pairs' labels are equal, prints how well the resolver does on articles that the weights
weren't fitted to, and writes `weights.toml`; its thresholds stay as they are.
"""

import random
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from math import inf
from pathlib import Path

import orjson

from contracts.records import ArticleReports
from processors.article_marks import messages
from processors.extract import extract
from processors.extract.offline import read_row
from processors.resolve import logistic
from processors.resolve.compare import COMPARISONS, UNKNOWN
from processors.resolve.measures import Scores, score
from processors.resolve.offline import Assignment, cluster
from processors.resolve.pairs import pairs
from processors.resolve.weights import FILE, Weights, default_weights, render

FILES = ("gva", "ecbplus")
"""Files with `incident_id`."""

DATED = "gva"
"""The file that is read a second time without its dates: ecbplus has few incidents to learn from what tells undated
reports apart."""

BLOCKS = tuple(datetime(*start, tzinfo=UTC) for start in ((2015, 7, 1), (2016, 5, 1), (2017, 1, 1)))
"""Where gva is divided; its last block is dense weeks, the nearest there is to a stream of all news."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """An article's reports and the incident that others say it is about."""

    id: str
    label: str
    published: datetime | None
    batches: tuple[ArticleReports, ...]


CEILINGS = {
    ("place", "other_country_alone"): -4.0,
    ("event", "different"): -1.0,
    ("magnitude", "none"): -1.5,
    ("magnitude", "none_of_more"): -1.5,
}
"""Levels that the gold teaches too little of, and the most that they may weigh.

Nearly all of gva is shootings in one country, so that another country or another kind of event is mostly a misreading
there, and it shows two earthquakes only.  When unsure, don't merge.
"""

SILENT = frozenset({"streets", "clock", "weekday", "figures", "magnitude"})
"""Comparisons that tell nothing where a report says nothing: most reports of most kinds of event never would."""

FLOORS = {("copy", "copy"): 1.0, ("published", "months"): -0.9, ("time", "apart"): -0.8}
"""Levels that weigh at least so much.

Copies of one text tell of the same incident, which the gold seldom shows.  None of the incidents of gva is reported
for longer than some weeks, so that it teaches that months part any two reports; elsewhere trials and anniversaries
are news of years later, whose dates are often taken for the incident's.
"""

ORDERS = 3
"""Permutations of each day for which it is measured whether the clusters stay as they are; the worst one counts."""

Gold = Mapping[str, Sequence[Labelled]]


def read(path: Path, *, dated: bool = True) -> Iterator[Labelled]:
    """Yield a file's articles, extracted; unless `dated`, as if nobody had said when they were published."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = orjson.loads(line)
            article = read_row(row)
            told = article if dated else replace(article, published=None)
            batches = tuple(messages(told, extract(told), ()))
            yield Labelled(article.id, str(row["gold"]["incident_id"]), article.published, batches)


def fit(gold: Gold) -> Weights:
    """Return the weights that tell the gold's pairs apart best."""
    numbers = _Numbers()
    examples = []
    for articles in gold.values():
        labels = {article.id: article.label for article in articles}
        for pair in pairs(map(_main, articles)):
            is_match = labels[pair.a.article_id] == labels[pair.b.article_id]
            examples.append(logistic.Example(numbers.of(pair.levels), is_match))
    values = logistic.fit(examples, len(numbers.known) + 1)
    levels: dict[str, dict[str, float]] = {name: {} for name in COMPARISONS}
    for (name, level), number in sorted(numbers.known.items()):
        fitted = round(values[number], 2)
        levels[name][level] = max(min(fitted, CEILINGS.get((name, level), inf)), FLOORS.get((name, level), -inf))
    return replace(default_weights(), prior=round(values[0], 2), levels=levels)


def _main(article: Labelled) -> Iterator[ArticleReports]:
    """Yield what an article tells of its main incident, which alone its label is about."""
    for batch in article.batches:
        yield replace(batch, reports=tuple(report for report in batch.reports if report.position == 0))


class _Numbers:
    """Gives each comparison's level a number; 0 is the prior."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], int] = {}

    def of(self, levels: Mapping[str, str]) -> tuple[int, ...]:
        telling = (item for item in levels.items() if item[0] not in SILENT or item[1] != UNKNOWN)
        return (0, *(self.known.setdefault(item, len(self.known) + 1) for item in telling))


def evaluate(articles: Sequence[Labelled], weights: Weights) -> Scores:
    """Return how well the resolver groups articles with given weights."""
    assigned = cluster(((article.id, article.batches) for article in articles), weights=weights)
    return score({article.id: article.label for article in articles}, assigned)


def steady(articles: Sequence[Labelled], weights: Weights, seed: int) -> float:
    """Return the share of articles that stay in the same company when the order within each day is another one."""
    chance = random.Random(seed)  # noqa: S311 - no secret, an order
    permuted = sorted(articles, key=lambda article: (_day(article), chance.random()))
    ordered = sorted(articles, key=_day)
    one, other = (_company(rows, weights) for rows in (ordered, permuted))
    return sum(one[article.id] == other[article.id] for article in articles) / len(articles)


def _day(article: Labelled) -> date:
    return article.published.date() if article.published else date.min


def _company(articles: Sequence[Labelled], weights: Weights) -> dict[str, frozenset[str]]:
    """Return the articles that are in each article's cluster."""
    together: dict[str, set[str]] = {}
    for row in cluster(((article.id, article.batches) for article in articles), weights=weights):
        together.setdefault(next(iter(row.incident_ids), row.id), set()).add(row.id)
    return {article: frozenset(found) for found in together.values() for article in found}


def held_out(gold: Gold) -> Iterator[tuple[str, Scores]]:
    """Yield scores on articles that the weights weren't fitted to: each fold's, and those of all folds together.

    The whole file is resolved with each fold's weights, so that a fold's articles come in a stream as dense as it is.
    """
    for name in FILES:
        articles = gold[name]
        labels: dict[str, str] = {}
        assigned: list[Assignment] = []
        for fold in sorted(set(map(fold_of, articles))):
            rest = {other: [a for a in rows if fold_of(a) != fold] for other, rows in gold.items()}
            test = {article.id: f"{fold}/{article.label}" for article in articles if fold_of(article) == fold}
            found = cluster(((article.id, article.batches) for article in articles), weights=fit(rest))
            rows = [Assignment(row.id, _within(fold, row.incident_ids)) for row in found if row.id in test]
            yield f"{name}, {fold}", score(test, rows)
            labels |= test
            assigned += rows
        yield f"{name}, held out", score(labels, assigned)


def fold_of(article: Labelled) -> str:
    """Return the block of time of an article, else the topic of its incident: ecbplus has two alike a topic."""
    if article.published is None:
        return f"topic {article.label.partition('_')[0]}"
    return f"block {sum(article.published >= start for start in BLOCKS)}"


def _within(fold: str, incident_ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{fold}/{incident_id}" for incident_id in incident_ids)


def _report(lines: Iterable[tuple[str, Scores]]) -> None:
    for name, scores in lines:
        sys.stdout.write(f"{name:32} {scores}\n")


def main() -> None:
    """Fit, print the scores and write the weights."""
    folder = Path(sys.argv[1])
    gold = {name: list(read(folder / f"{name}.jsonl")) for name in FILES}
    gold["undated"] = list(read(folder / f"{DATED}.jsonl", dated=False))
    _report(held_out(gold))
    weights = fit(gold)
    _report((f"{name}, all", evaluate(gold[name], weights)) for name in FILES)
    shares = (steady(gold[DATED], weights, seed) for seed in range(ORDERS))
    sys.stdout.write(f"{DATED}, the same after each day is permuted {min(shares):.3f}\n")
    unseen = {name for name, levels in weights.levels.items() if not levels}
    if unseen:
        sys.exit(f"no pair was compared by {', '.join(sorted(unseen))}; is the gold whole?")
    FILE.write_text(render(weights), encoding="utf-8")


if __name__ == "__main__":
    main()
