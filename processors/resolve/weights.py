"""The fitted weights of the comparisons' levels and the named thresholds, as declared in `weights.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from math import inf
from pathlib import Path

from processors.resolve.compare import COMPARISONS
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
        total = self.prior
        for name, compare in COMPARISONS.items():
            total += self.levels[name].get(compare(a, b), 0.0)  # a level that the gold never showed tells nothing
            if total + self.rest[name] < floor:
                return total + self.rest[name]
        return total

    @cached_property
    def rest(self) -> dict[str, float]:
        """Return the most that the comparisons after each one can add."""
        most = {name: max(0.0, *self.levels[name].values()) for name in COMPARISONS}
        names = list(COMPARISONS)
        return {name: sum(most[later] for later in names[number + 1 :]) for number, name in enumerate(names)}


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
