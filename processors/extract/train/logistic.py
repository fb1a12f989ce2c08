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

    See `minimise`; `floors` are least weights of some features.
    """
    names = sorted({name for row in rows for name in row.features})
    columns = {name: number for number, name in enumerate(names)}
    cells = [(i, columns[name], value) for i, row in enumerate(rows) for name, value in row.features.items()]
    matrix = csr_array(
        ([c[2] for c in cells], ([c[0] for c in cells], [c[1] for c in cells])), shape=(len(rows), len(names))
    )
    found = minimise(
        matrix,
        np.array([row.positive for row in rows]),
        np.array([row.weight for row in rows]),
        ridge=ridge,
        least=[(floors or {}).get(name) for name in names],
    )
    return dict(zip([*names, ""], map(float, found), strict=True))


def minimise(
    matrix: csr_array | np.ndarray,
    positive: np.ndarray,
    importance: np.ndarray,
    *,
    ridge: float,
    least: Sequence[float | None] | None = None,
) -> np.ndarray:
    """Return the weights of a matrix's columns, and last the intercept, which the ridge leaves alone.

    Minimises the weighted log-loss plus half the ridge times the squared weights, by L-BFGS-B (Byrd, Lu, Nocedal and
    Zhu 1995), no weight being less than its floor in `least`.
    """
    signs = np.where(positive, 1.0, -1.0)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        margins = signs * (matrix @ weights[:-1] + weights[-1])
        slopes = -signs * importance / (1.0 + np.exp(np.clip(margins, -500, 500)))
        value = importance @ np.logaddexp(0.0, -margins) + ridge / 2 * weights[:-1] @ weights[:-1]
        return float(value), np.append(matrix.T @ slopes + ridge * weights[:-1], slopes.sum())

    floors = [*(least or [None] * matrix.shape[1]), None]
    found = minimize(
        loss,
        np.array([max(0.0, floor or 0.0) for floor in floors]),
        jac=True,
        method="L-BFGS-B",
        bounds=[(floor, None) for floor in floors],
        options={"maxiter": MOST_STEPS},
    )
    weights: np.ndarray = found.x
    return weights


def log_odds(weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    """Return what a model says of features; those that it doesn't know count nothing."""
    return weights[""] + sum(weights.get(name, 0.0) * value for name, value in features.items())
