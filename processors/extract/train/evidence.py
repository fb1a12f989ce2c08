"""Fits `data/evidence.json`: how much what close reading finds speaks for an incident report.

    python -m processors.extract.train.evidence GOLD_FOLDER [--evaluate]

The log-odds of the words enter as one fact, of models that haven't seen the article.  Local news of `lgl` that tells
of people killed or injured is left out, since nobody has said whether it reports an incident.
"""

import hashlib
import json
import math
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from processors.extract import language
from processors.extract.evidence import MODEL, facts
from processors.extract.mentions import read_sentence
from processors.extract.offline import read_row
from processors.extract.text import read_document
from processors.extract.train import gate

EPOCHS = 60
LEARNING_RATE = 0.1
RIDGE = 2e-3
EVERY = {"gva": 6, "satp": 6}
WEIGHTS = {"gva": 0.3, "satp": 0.3, "muc4": 1.5, "ecbplus": 1.0, "no_incident": 1.0, "lgl": 0.3}

_HARM = ("killed", "injured", "missing", "struck", "abducted")
_KINDS = ("several", "one", "single", "definite", "plural", "none")
MONOTONE = frozenset({"words", "lead recent", "lead time by harm", "lead disaster", "lead kind"}) | {
    f"{where} {harm} {kind}" for where in ("lead", "any") for harm in _HARM for kind in _KINDS
}
"""Facts that can't speak against a report: what speaks against one is in the words."""


@dataclass(frozen=True, slots=True)
class Example:
    """An article's facts, and whether it reports an incident."""

    source: str
    fold: int
    facts: dict[str, float]
    positive: bool


def read_examples(folder: Path) -> list[Example]:
    """Return the labelled articles with their facts."""
    words = _held_out_words(gate.read_examples(folder))
    english = language.load("en")
    examples = []
    for source in WEIGHTS:
        rows = [line for line in (folder / "dev" / f"{source}.jsonl").read_text("utf-8").split("\n") if line]
        for line in rows[:: EVERY.get(source, 1)]:
            row = json.loads(line)
            article = read_row(row)
            document = read_document(article, english)
            readings = [read_sentence(s, english, cased=not document.capitals) for s in document.sentences]
            published = article.published.date() if article.published else None
            found = facts(document, readings, words[row["id"]], published, english)
            positive = gate.is_positive(source, row["gold"])
            if source != "lgl" or not any(
                name.startswith(("lead killed", "lead injured", "lead struck")) for name in found
            ):
                key = str(row["gold"].get("incident_id") or row["id"])
                fold = int(hashlib.sha256(key.encode()).hexdigest(), 16) % gate.FOLDS
                examples.append(Example(source, fold, found, positive))
    return examples


def _held_out_words(examples: list[gate.Example]) -> dict[str, float]:
    """Return the words' log-odds of each article, by a model that hasn't seen it."""
    scores = {}
    for fold in range(gate.FOLDS):
        training = [e for e in examples if e.fold != fold]
        weights = gate.fit(training, gate.vocabulary(training))
        scores.update({e.article: gate.score(weights, e.features) for e in examples if e.fold == fold})
    return scores


def fit(examples: list[Example]) -> dict[str, float]:
    """Return the weight of each fact and of "" (the intercept), by AdaGrad."""
    names = sorted({name for e in examples for name in e.facts})
    weights, squares = dict.fromkeys([*names, ""], 0.0), dict.fromkeys([*names, ""], 1e-6)
    order = sorted(range(len(examples)), key=lambda i: hashlib.sha256(str(i).encode()).digest())
    for _ in range(EPOCHS):
        for index in order:
            example = examples[index]
            error = WEIGHTS[example.source] * (1 / (1 + math.exp(-score(weights, example.facts))) - example.positive)
            for name, value in [*example.facts.items(), ("", 1.0)]:
                gradient = error * value + RIDGE * weights[name]
                squares[name] += gradient * gradient
                weights[name] -= LEARNING_RATE * gradient / math.sqrt(squares[name])
                if name in MONOTONE:
                    weights[name] = max(0.0, weights[name])
    return weights


def score(weights: dict[str, float], found: dict[str, float]) -> float:
    """Return the log-odds of an article's facts, within what `math.exp` takes."""
    total = weights[""] + sum(weights.get(name, 0.0) * value for name, value in found.items())
    return max(-30.0, min(30.0, total))


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
    weights = fit(examples)
    kept = {name: round(weight, 3) for name, weight in sorted(weights.items())}
    MODEL.write_text(json.dumps(kept, indent=0, sort_keys=True) + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
