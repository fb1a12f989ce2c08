"""How each sentence of an article tells: of an event as news, or of plans, opinions, policy and what is known.

A report has sentences near its beginning that tell of an event in nobody's own voice, without "would" and "if", best
with a day and with people or things that it happened to.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache

from processors.extract.harm.mentions import TELLING, Reading
from processors.extract.text.language import load
from processors.extract.text.patterns import Rule, Rules

MOST_SENTENCES = 60
_LEAD, _NEAR = 2, 6
"""Sentences of the text that are its lead, and its beginning."""
_ENOUGH = 0.4
"""Share of a text's sentences from which on more of a kind says nothing new."""
_LATEST = 12


@lru_cache(maxsize=8)
def _signs(code: str) -> Rules[str]:
    return Rules(Rule(name, rule, re.IGNORECASE) for name, rule in load(code).raw["evidence"]["signs"].items())


def _traits(reading: Reading, code: str) -> Iterator[str]:
    """Yield how a sentence tells."""
    text = reading.sentence.text
    has = {sign.kind for sign in _signs(code).likely(text) if sign.pattern.search(text)}
    yield from has & {"own_voice", "modal", "known", "past", "policy"}
    if "event" not in has:
        return
    yield "event"
    if has & {"own_voice", "modal", "past"}:
        return
    harmed = any((m.measure is None or m.measure in TELLING) and m.reason is None for m in reading.mentions)
    yield "news"
    yield from (f"news {name}" for name in sorted(has & {"time", "doer", "thing"}))
    if harmed:
        yield "news harm"
    if "time" in has and (harmed or "thing" in has):
        yield "news whole"


def facts(readings: Sequence[Reading], code: str) -> dict[str, float]:
    """Return, by zone of the text, whether a kind of sentence stands there and which share of all it is."""
    body = [r for r in readings if r.sentence.part == "text"][:MOST_SENTENCES] or list(readings)
    counts: Counter[str] = Counter()
    first = _LATEST
    for number, reading in enumerate(body):
        zone = "lead" if number < _LEAD else "near" if number < _NEAR else "far"
        traits = tuple(_traits(reading, code))
        counts.update(f"{zone} {trait}" for trait in traits)
        if "news" in traits:
            first = min(first, number)
    found = dict.fromkeys(counts, 1.0)
    found |= {f"{name} share": min(1.0, n / len(body) / _ENOUGH) for name, n in counts.items()}
    found["first news"] = first / _LATEST
    return found
