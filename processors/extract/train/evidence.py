"""Fits `data/evidence.json`: how much what close reading finds speaks for an incident report.

    python -m processors.extract.train.evidence GOLD_FOLDER [--evaluate]      (which writes nothing)

Words enter too, those that stand in several of the files, so that no name of a place or an outlet does.  Local news
of `lgl` that tells of people killed or injured is left out, since nobody has said whether it reports an incident.
"""

import hashlib
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Container, Mapping
from dataclasses import dataclass
from pathlib import Path

from processors.extract.harm.reading import read_sentence
from processors.extract.offline import read_row
from processors.extract.screening import evidence
from processors.extract.screening.gate import common_words
from processors.extract.text import language
from processors.extract.text.document import read_document
from processors.extract.train import gate, logistic

RIDGE = 6.0
MIN_ARTICLES = 8
LEAST_WEIGHT = 0.002
EVERY = {"gva": 6, "satp": 6}
WEIGHTS = {"gva": 1.0, "satp": 1.0, "muc4": 4.0, "ecbplus": 1.0, "no_incident": 1.0, "lgl": 0.3, gate.OWN: 2.0}

_HARM = ("killed", "injured", "missing", "struck", "abducted")
_KINDS = ("several", "one", "single", "definite", "plural", "none")
_HELPFUL = frozenset({"lead recent", "lead time by harm", "lead disaster", "lead kind"}) | {
    f"{where} {harm} {kind}" for where in ("lead", "any") for harm in _HARM for kind in _KINDS
}
"""Facts that can't speak against a report: what speaks against one is in the words."""
FLOORS = dict.fromkeys(_HELPFUL, 0.0) | {evidence.TOLD: 2.5}
"""Least weights.  Figures of people harmed in these days, at the beginning, make a report, even though one of the
files that the model is fitted on calls fighting between armies none."""


@dataclass(frozen=True, slots=True)
class Example:
    """An article, its facts, and whether it reports an incident."""

    source: str
    fold: int
    facts: dict[str, float]
    positive: bool
    text: str
    """Its title and text."""
    capitals: bool


def read_examples(folder: Path) -> list[Example]:
    """Return the labelled articles with their facts."""
    english = language.load("en")
    examples = []
    for source in WEIGHTS:
        for row in gate.read_rows(folder, source)[:: EVERY.get(source, 1)]:
            article = read_row(row)
            document = read_document(article, english)
            readings = [read_sentence(s, english, cased=not document.capitals) for s in document.sentences]
            published = article.published.date() if article.published else None
            words = common_words(article.title, article.text)
            found = evidence.facts(document, readings, words, published, english)
            positive = gate.is_positive(source, row)
            if source != "lgl" or not any(
                name.startswith(("lead killed", "lead injured", "lead struck")) for name in found
            ):
                key = str(row.get("gold", {}).get("incident_id") or row["id"])
                fold = int(hashlib.sha256(key.encode()).hexdigest(), 16) % gate.FOLDS
                text = f"{article.title}\n{article.text}"
                examples.append(Example(source, fold, found, positive, text, document.capitals))
    return examples


def _vocabulary(examples: list[Example]) -> frozenset[str]:
    """Return the facts that are words common enough, and in enough of the files."""
    counts: Counter[str] = Counter()
    sources: dict[str, set[str]] = defaultdict(set)
    for example in examples:
        for name in example.facts:
            if name.startswith("word "):
                counts[name] += 1
                sources[name].add(example.source)
    return frozenset(w for w, n in counts.items() if n >= MIN_ARTICLES and len(sources[w]) >= gate.MIN_FILES)


def fit(examples: list[Example]) -> dict[str, float]:
    """Return the weight of each fact and of "" (the intercept)."""
    words = _vocabulary(examples)
    rows = [logistic.Row(_known(e.facts, words), e.positive, WEIGHTS[e.source]) for e in examples]
    return logistic.fit(rows, ridge=RIDGE, floors=FLOORS)


def _known(found: Mapping[str, float], words: Container[str]) -> dict[str, float]:
    """Return the facts without words that a model doesn't know; those that it knows weigh the more for it."""
    known = [name for name in found if name.startswith("word ") and name in words]
    others = {name: value for name, value in found.items() if not name.startswith("word ")}
    return others | evidence.weighed(known)


def score(weights: dict[str, float], found: Mapping[str, float]) -> float:
    """Return the log-odds of an article's facts."""
    return logistic.log_odds(weights, _known(found, weights))


def evaluate(examples: list[Example]) -> None:
    """Print how many articles of each file are taken for reports, each scored by a model that hasn't seen it."""
    taken: dict[tuple[str, bool], list[float]] = defaultdict(list)
    for fold in range(gate.FOLDS):
        weights = fit([e for e in examples if e.fold != fold])
        for example in examples:
            if example.fold == fold:
                taken[example.source, example.positive].append(score(weights, example.facts))
    gate.print_shares(taken)


def main(arguments: list[str]) -> None:
    """Fit the model, or print how well it generalises."""
    examples = read_examples(Path(arguments[0]))
    if "--evaluate" in arguments:
        evaluate(examples)
        return
    weights = fit(examples)
    kept = {
        name: round(weight, 3) for name, weight in sorted(weights.items()) if abs(weight) >= LEAST_WEIGHT or not name
    }
    evidence.MODEL.write_text(json.dumps(kept, indent=0, sort_keys=True) + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
