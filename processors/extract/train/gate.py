"""Fits `data/gate.json`: how much each word speaks for an incident report, by logistic regression.

    python -m processors.extract.train.gate GOLD_FOLDER [--evaluate]

Reads the development articles (`gva`, `satp`, `muc4`, `ecbplus`, `no_incident`, `lgl`).  Only words that stand in
several of these files, in small letters, become features, so that no name of a place, person or outlet does.
`--evaluate` prints scores on held-out fifths, split by a hash of the article's id, and writes nothing.
"""

import hashlib
import json
import math
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from processors.extract.screening.gate import MODEL, features
from processors.extract.train import logistic

FOLDS = 5
RIDGE = 0.2
MIN_ARTICLES = 12
MIN_FILES = 2
LEAST_WEIGHT = 0.02
OWN = "own"
"""Texts written for the purpose: reports that few words give away, and other news full of violent words."""
OWN_TEXTS = Path(__file__).parent / "texts.jsonl"
WEIGHTS = {"gva": 0.25, "satp": 0.3, "muc4": 2.0, "ecbplus": 1.5, "no_incident": 2.0, "lgl": 0.5, OWN: 3.0}


def read_rows(folder: Path, source: str) -> list[dict[str, Any]]:
    """Return the articles of a file of the gold folder, or our own texts, as JSON has them."""
    path = OWN_TEXTS if source == OWN else folder / "dev" / f"{source}.jsonl"
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]


@dataclass(frozen=True, slots=True)
class Example:
    """An article's features, whether it reports an incident, and how much it counts."""

    article: str
    source: str
    fold: int
    features: frozenset[str]
    positive: bool
    weight: float


def read_examples(folder: Path) -> list[Example]:
    """Return the labelled articles of the gold folder."""
    examples = []
    for source, weight in WEIGHTS.items():
        for row in read_rows(folder, source):
            key = str(row.get("gold", {}).get("incident_id") or row["id"])
            fold = int(hashlib.sha256(key.encode()).hexdigest(), 16) % FOLDS
            found = frozenset(features(row["title"] or "", row["text"] or ""))
            examples.append(Example(row["id"], source, fold, found, is_positive(source, row), weight))
    return examples


def is_positive(source: str, row: dict[str, Any]) -> bool:
    """Return whether an article of a file reports an incident."""
    if source == OWN:
        return bool(row["reports"])
    if source == "muc4":
        return any(not incident["optional"] for incident in row["gold"]["incidents"])
    return source in {"gva", "satp", "ecbplus"}


def vocabulary(examples: Iterable[Example]) -> list[str]:
    """Return the features that are common enough, and in enough of the files."""
    counts: Counter[str] = Counter()
    sources: dict[str, set[str]] = defaultdict(set)
    for example in examples:
        counts.update(example.features)
        for feature in example.features:
            sources[feature].add(example.source)
    return sorted(f for f, n in counts.items() if n >= MIN_ARTICLES and len(sources[f]) >= MIN_FILES)


def fit(examples: list[Example], words: list[str]) -> dict[str, float]:
    """Return the weight of each feature and of "" (the intercept)."""
    known = set(words)
    rows = [logistic.Row(scaled(e.features & known), e.positive, e.weight) for e in examples]
    return logistic.fit(rows, ridge=RIDGE)


def scaled(found: frozenset[str]) -> dict[str, float]:
    """Return features with equal values, the smaller the more there are, as `gate.log_odds` takes them."""
    return dict.fromkeys(sorted(found), 1 / math.sqrt(len(found) + 1))


def score(weights: dict[str, float], found: frozenset[str]) -> float:
    """Return the log-odds of an article's features."""
    return logistic.log_odds(weights, scaled(found & weights.keys()))


def evaluate(examples: list[Example]) -> None:
    """Print how many articles of each file are taken for reports, each scored by a model that hasn't seen it."""
    taken: dict[tuple[str, bool], list[float]] = defaultdict(list)
    for fold in range(FOLDS):
        training = [e for e in examples if e.fold != fold]
        weights = fit(training, vocabulary(training))
        for example in examples:
            if example.fold == fold:
                taken[example.source, example.positive].append(score(weights, example.features))
    print_shares(taken)


def print_shares(taken: dict[tuple[str, bool], list[float]]) -> None:
    """Print which share of each file's articles scores over each of some thresholds."""
    for (source, positive), scores in sorted(taken.items()):
        shares = "  ".join(
            f">{t:+.1f}: {sum(s > t for s in scores) / len(scores):.3f}" for t in (-1.5, -1, -0.5, 0.0, 0.5, 1)
        )
        print(f"{source:12} {'reports' if positive else 'others':8} n={len(scores):5} {shares}")  # noqa: T201 - the result


def main(arguments: list[str]) -> None:
    """Fit the model, or print how well it generalises."""
    examples = read_examples(Path(arguments[0]))
    if "--evaluate" in arguments:
        evaluate(examples)
        return
    weights = fit(examples, vocabulary(examples))
    kept = {f: round(w, 3) for f, w in sorted(weights.items()) if abs(w) >= LEAST_WEIGHT or not f}
    MODEL.write_text(json.dumps(kept, indent=0, sort_keys=True) + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
