"""How a figure stands to those told before it: added to them, given before them, or of one place's share of them."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from processors.extract.language import Language, load
from processors.extract.mentions import Mention, counted
from processors.extract.patterns import any_of


@lru_cache(maxsize=8)
def _words(code: str, name: str) -> re.Pattern[str]:
    return any_of(load(code).raw["incidents"][name])


def mark(mentions: Sequence[Mention], language: Language) -> tuple[Mention, ...]:
    """Return the mentions, marked those that are no part of a greater figure, and those of one place that are."""
    return tuple(replace(m, apart=_is_apart(m, language)) for m in _with_local(mentions, language.code))


def _is_apart(mention: Mention, language: Language) -> bool:
    """Whether a figure adds to those before it, or was given before them.

    "A fifth person was hurt", "a soldier also died"; "it had first spoken of one death".
    """
    if not counted(mention) or mention.subset:
        return False
    group, sentence = mention.group, mention.sentence
    first, last = min(group.first, mention.trigger_first), max(group.last, mention.trigger_last)
    begin = {token.low for token in sentence.tokens[group.first : group.core + 2]} if group.low == 1 else set()
    if begin & (language.numbers.ordinals.keys() | {"another"}):
        return True
    if "also" in {token.low for token in sentence.tokens[first:last]}:
        return True
    before = sentence.text[: sentence.tokens[group.first].start - sentence.start]
    return _words(language.code, "given_before").search(before) is not None


def _with_local(mentions: Sequence[Mention], code: str) -> tuple[Mention, ...]:
    """Return the mentions, those of one place among those hit marked as parts of a greater figure."""
    marked: list[Mention] = []
    for mention in mentions:
        wholes = (m for m in marked if m.measure is mention.measure and not m.subset and counted(m))
        whole = any(m.low > mention.low and m.sentence.number < mention.sentence.number for m in wholes)
        local = whole and counted(mention) and _words(code, "local").search(mention.sentence.text) is not None
        marked.append(replace(mention, subset=True) if local else mention)
    return tuple(marked)
