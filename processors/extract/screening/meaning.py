"""A second look at articles that close reading leaves in doubt: is this how incident reports read as a whole?

A logistic model over what the sentence encoder makes of the text (its first window, and the highest of each
dimension in any), and over what close reading found (`evidence`).  Wire text in capitals has weights of its own
beside the common ones, as Daumé III ("Frustratingly Easy Domain Adaptation", 2007) does it.
`processors.extract.train.meaning` fits it.
"""

import json
from functools import lru_cache
from pathlib import Path

import numpy as np

from contracts.records import Article
from processors.extract.screening import encoder
from processors.extract.text.document import Document

MODEL = Path(__file__).parent.parent / "data" / "meaning.json"
THRESHOLD = -0.55
"""Least log-odds of an incident report."""
TOLD = 2 * encoder.SIZE + 1
"""The number of the feature that tells of people harmed in these days."""
EVIDENCE = 0.125
"""How much the evidence weighs before it is fitted, so that the ridge hardly holds it down."""


def log_odds(article: Article, document: Document, evidence: float, *, told: bool) -> float:
    """Return the log-odds that an article reports an incident.

    Args:
        article: The article.
        document: It, as sentences.
        evidence: The log-odds by close reading.
        told: Whether it begins with figures of people harmed in these days (`evidence.TOLD`).
    """
    windows = encoder.windows(f"{article.title}\n{article.text}")
    vector = features(windows, evidence, told=told, capitals=document.capitals)
    weights, intercept = _model()
    return float(weights @ vector) + intercept


def features(windows: encoder.Vectors, evidence: float, *, told: bool, capitals: bool) -> encoder.Vectors:
    """Return what the model weighs, of shape (4 * 384 + 5,): common ones, then those of text in capitals alone."""
    common = np.concatenate([windows[0], windows.max(axis=0), [evidence * EVIDENCE, told]])
    own = np.append(common, 1.0) if capitals else np.zeros(len(common) + 1)
    return np.concatenate([common, own]).astype(np.float32)


@lru_cache(maxsize=1)
def _model() -> tuple[encoder.Vectors, float]:
    raw = json.loads(MODEL.read_text("utf-8"))
    return np.array(raw["weights"], dtype=np.float32), raw["intercept"]
