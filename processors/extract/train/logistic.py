"""Logistic regression with a ridge, whose weights may have floors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_array

MOST_STEPS = 400


@dataclass(frozen=True, slots=True)
class Row:
    """A labelled example: its features, whether it is positive, and how much it counts."""

    features: Mapping[str, float]
    positive: bool
    weight: float


def fit(rows: Sequence[Row], *, ridge: float, floors: Mapping[str, float] | None = None) -> dict[str, float]:
    """Return the weight of each feature, and of "" (the intercept, which the ridge leaves alone).

    Minimises the weighted log-loss plus half the ridge times the squared weights, by L-BFGS-B (Byrd, Lu, Nocedal and
    Zhu 1995), no weight being less than its floor.
    """
    names = sorted({name for row in rows for name in row.features})
    columns = {name: number for number, name in enumerate(names)}
    cells = [(i, columns[name], value) for i, row in enumerate(rows) for name, value in row.features.items()]
    matrix = csr_array(
        ([c[2] for c in cells], ([c[0] for c in cells], [c[1] for c in cells])), shape=(len(rows), len(names))
    )
    least = floors or {}
    signs = np.array([1.0 if row.positive else -1.0 for row in rows])
    importance = np.array([row.weight for row in rows])

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        margins = signs * (matrix @ weights[:-1] + weights[-1])
        slopes = -signs * importance / (1.0 + np.exp(np.clip(margins, -500, 500)))
        value = importance @ np.logaddexp(0.0, -margins) + ridge / 2 * weights[:-1] @ weights[:-1]
        return float(value), np.append(matrix.T @ slopes + ridge * weights[:-1], slopes.sum())

    bounds = [(least.get(name), None) for name in names] + [(None, None)]
    found = minimize(
        loss,
        np.array([max(0.0, least.get(name, 0.0)) for name in [*names, ""]]),
        jac=True,
        method="L-BFGS-B",
        bounds=bounds,
        options={"maxiter": MOST_STEPS},
    )
    return dict(zip([*names, ""], map(float, found.x), strict=True))


def log_odds(weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    """Return what a model says of features; those that it doesn't know count nothing."""
    return weights[""] + sum(weights.get(name, 0.0) * value for name, value in features.items())
