"""Fits `data/meaning.json`: the second look at articles that close reading leaves in doubt.

    python -m processors.extract.train.meaning GOLD_FOLDER [--evaluate]

Each article's evidence comes from a model that hasn't seen it (`processors.extract.train.evidence`), so that what is
fitted here learns how far evidence can be trusted.  Encoding some 2,500 articles takes minutes.  `--evaluate` prints
held-out scores, each fold's by models that saw none of it, and writes nothing.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np

from processors.extract.screening import encoder, meaning
from processors.extract.screening.evidence import TOLD, is_in_doubt
from processors.extract.train import evidence, gate, logistic

RIDGE = 3.0
LEAST_TOLD = 1.5
"""See `evidence.FLOORS`: what the encoder finds mustn't outweigh figures of people harmed in these days."""


def matrix(
    windows: Sequence[encoder.Vectors], examples: Sequence[evidence.Example], scores: np.ndarray
) -> np.ndarray:
    """Return the features of articles with these evidence scores, of shape (articles, features)."""
    return np.stack(
        [_features(window, score, example) for window, example, score in zip(windows, examples, scores, strict=True)]
    )


def _features(window: encoder.Vectors, score: float, example: evidence.Example) -> encoder.Vectors:
    return meaning.features(window, score, told=TOLD in example.facts, capitals=example.capitals)


def evidence_scores(examples: Sequence[evidence.Example], folds: Collection[int]) -> np.ndarray:
    """Return each article's log-odds by a model fitted on those folds without its own."""
    scores = np.zeros(len(examples))
    for fold in range(gate.FOLDS):
        weights = evidence.fit([e for e in examples if e.fold in folds and e.fold != fold])
        for number, example in enumerate(examples):
            if example.fold == fold:
                scores[number] = evidence.score(weights, example.facts)
    return scores


def fit(features: np.ndarray, examples: Sequence[evidence.Example]) -> tuple[np.ndarray, float]:
    """Return the weights of the features, and the intercept."""
    positive = np.array([example.positive for example in examples])
    importance = np.array([evidence.WEIGHTS[example.source] for example in examples])
    least: list[float | None] = [None] * features.shape[1]
    least[meaning.TOLD] = LEAST_TOLD
    found = logistic.minimise(features, positive, importance, ridge=RIDGE, least=least)
    return found[:-1], float(found[-1])


def evaluate(examples: Sequence[evidence.Example], windows: Sequence[encoder.Vectors]) -> None:
    """Print how many articles of each file are taken for reports, each scored by models that haven't seen it."""
    taken: dict[tuple[str, bool], list[float]] = defaultdict(list)
    outer = evidence_scores(examples, range(gate.FOLDS))
    for fold in range(gate.FOLDS):
        others = [n for n, e in enumerate(examples) if e.fold != fold]
        kept = [examples[n] for n in others]
        inner = evidence_scores(kept, [f for f in range(gate.FOLDS) if f != fold])
        weights, intercept = fit(matrix([windows[n] for n in others], kept, inner), kept)
        for number, example in enumerate(examples):
            if example.fold == fold:
                score = outer[number]
                if is_in_doubt(score):
                    vector = _features(windows[number], score, example)
                    score = float(weights @ vector) + intercept
                taken[example.source, example.positive].append(score)
    gate.print_shares(taken)


def main(arguments: list[str]) -> None:
    """Fit the model, or print how well it generalises."""
    examples = evidence.read_examples(Path(arguments[0]))
    windows = [encoder.windows(example.text) for example in examples]
    if "--evaluate" in arguments:
        evaluate(examples, windows)
        return
    scores = evidence_scores(examples, range(gate.FOLDS))
    weights, intercept = fit(matrix(windows, examples, scores), examples)
    model = {"intercept": round(intercept, 4), "weights": [round(float(weight), 4) for weight in weights]}
    meaning.MODEL.write_text(json.dumps(model, indent=0) + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
