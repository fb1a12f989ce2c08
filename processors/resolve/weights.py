"""The fitted weights of the comparisons' levels and the named thresholds, as declared in `weights.toml`."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from math import inf
from pathlib import Path

from processors.resolve.compare import COMPARISONS, Encounter
from processors.resolve.profile import Newcomer, Profile

FILE = Path(__file__).with_name("weights.toml")


@dataclass(frozen=True)
class Weights:
    """Log-odds by comparison and level, and the scores from which something is done."""

    prior: float
    levels: Mapping[str, Mapping[str, float]]
    join: float
    """From here on a report joins an incident."""
    merge: float
    """From here on a report that belongs to two incidents merges them."""
    reopen: float
    """From here on a late report opens a closed incident again."""
    stay: float
    """From here on an edited report stays with the incident that it was told of before."""

    def score(self, a: Newcomer, b: Profile, floor: float = -inf) -> float:
        """Return the log-odds that two reports tell of the same incident.

        As soon as they can't reach the floor any more, return the most that they could have reached instead.
        """
        total, pair = self.prior, Encounter(a, b)
        for compare, levels, rest in self._steps:
            total += levels.get(compare(pair), 0.0)  # a level that the gold never showed tells nothing
            if total + rest < floor:
                return total + rest
        return total

    @cached_property
    def _steps(self) -> list[tuple[Callable[[Encounter], str], Mapping[str, float], float]]:
        """Return each comparison, its levels' log-odds, and the most that those after it can add."""
        most = [max((0.0, *self.levels[name].values())) for name in COMPARISONS]
        return [
            (compare, self.levels[name], sum(most[number + 1 :]))
            for number, (name, compare) in enumerate(COMPARISONS.items())
        ]


@cache
def default_weights() -> Weights:
    """Return the weights that come with the package."""
    return parse(FILE.read_text(encoding="utf-8"))


def parse(text: str) -> Weights:
    """Return weights read from TOML."""
    raw = tomllib.loads(text)
    listed = {name: values for name, values in raw["weights"].items() if name != "prior"}
    return Weights(prior=raw["weights"]["prior"], levels=listed, **raw["thresholds"])


def render(weights: Weights) -> str:
    """Return weights as TOML, in the order of the comparisons."""
    lines = [
        "# Written by `python -m processors.resolve.fit`: log-odds that two reports tell of the same incident.",
        "",
    ]
    lines += ["[thresholds]", *(f"{name} = {getattr(weights, name)}" for name in ("join", "merge", "reopen", "stay"))]
    lines += ["", "[weights]", f"prior = {weights.prior}"]
    for name in COMPARISONS:
        lines += ["", f"[weights.{name}]", *(f"{level} = {value}" for level, value in weights.levels[name].items())]
    return "\n".join(lines) + "\n"
