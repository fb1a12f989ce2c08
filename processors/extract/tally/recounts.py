"""How a figure stands to those told before it: a part of them, added to them, or given before them."""

# Small numbers below are of words looked back or ahead, or of digits; a name each would hide them.

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from contracts.vocabulary import Measure
from processors.extract.harm.mentions import TELLING, Mention, Reading, counted
from processors.extract.harm.series import as_counted, is_countable
from processors.extract.people.groups import COUNTED, NOBODY, Group
from processors.extract.text.document import Sentence
from processors.extract.text.language import Language, load, rules

_SEVERE = frozenset({"critical", "serious", "life-threatening", "grave", "burns", "critically", "seriously"})
_FIGURE = 5
"""Tokens before a number within which it is called a figure."""
_SAFE = 5
"""Tokens after a group within which it is told that it came off well."""
_GROUP = 3
"""Sentences within which "the group" stands for those counted."""
_DIVISIBLE = TELLING | {Measure.DISPLACED}


@lru_cache(maxsize=8)
def _is_figure(code: str) -> re.Pattern[str]:
    return re.compile(load(code).raw["incidents"]["figure"])


@lru_cache(maxsize=8)
def _made_of(code: str) -> re.Pattern[str]:
    return re.compile("|".join(load(code).raw["incidents"]["made_of"]))


def mark(mentions: Sequence[Mention], language: Language) -> tuple[Mention, ...]:
    """Return the mentions, marked those that are no part of a greater figure, and those of one place that are."""
    return tuple(replace(m, apart=_is_apart(m, language)) for m in _with_local(_with_shares(mentions), language.code))


def _is_apart(mention: Mention, language: Language) -> bool:
    """Whether a figure adds to those before it, was given before them, or is somebody's own count.

    "A fifth person was hurt", "a soldier also died"; "it had first spoken of one death".
    """
    if not counted(mention) or mention.subset:
        return False
    group, sentence = mention.group, mention.sentence
    first, last = min(group.first, mention.trigger_first), max(group.last, mention.trigger_last)
    if mention.form in {"likewise", "tolls"}:  # a toll is of all
        return True
    begin = {token.low for token in sentence.tokens[group.first : group.core + 2]} if group.low == 1 else set()
    if begin & (language.numbers.ordinals.keys() | {"another"}):
        return True
    if "also" in {token.low for token in sentence.tokens[first:last]}:
        return True
    before = sentence.text[: sentence.tokens[group.first].start - sentence.start]
    return any(rules(language.code, "incidents", name).any_in(before) for name in ("given_before", "own_count"))


def _with_local(mentions: Sequence[Mention], code: str) -> tuple[Mention, ...]:
    """Return the mentions, those of one place among those hit marked as parts of a greater figure."""
    marked: list[Mention] = []
    for mention in mentions:
        wholes = (m for m in marked if m.measure is mention.measure and not m.subset and counted(m))
        whole = any(m.low > mention.low and m.sentence.number < mention.sentence.number for m in wholes)
        local = whole and counted(mention) and rules(code, "incidents", "local").any_in(mention.sentence.text)
        marked.append(replace(mention, subset=True) if local else mention)
    return tuple(marked)


def _with_shares(mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """Return the mentions, those marked as parts that count some "of them" whom an earlier figure counted whole.

    "Five were shot, two of them died" has no part: nothing else says how many died.
    """
    marked: list[Mention] = []
    for mention in mentions:
        wholes = (m for m in mentions if m.measure is mention.measure and not m.subset and counted(m))
        severe = mention.measure is Measure.INJURED and mention.group.head is None and _is_severe(mention)
        share = mention.group.partitive and mention.group.whose not in {"attackers", "militants"}
        share = share or _is_one_of_those(mention, marked)
        is_part = (share or severe) and any(whole.low > mention.low for whole in wholes)
        marked.append(replace(mention, subset=True) if is_part else mention)
    return tuple(marked)


def _is_one_of_those(mention: Mention, before: Sequence[Mention]) -> bool:
    """Whether a sentence tells of one of those whom the sentence before counted: "One was flown to a hospital"."""
    group = mention.group
    if group.first > 0 or group.kind != COUNTED or group.low != 1 or group.head is not None or group.more:
        return False
    last = [m for m in before if counted(m) and m.sentence.number == mention.sentence.number - 1 and m.low > 1]
    return bool(last) and last[-1].measure is mention.measure and last[-1].sentence.part == mention.sentence.part


def _is_severe(mention: Mention) -> bool:
    """Whether a mention tells how badly some of the injured fare: "11 in critical condition"."""
    return bool(_SEVERE & set(mention.trigger.split()))


def described(reading: Reading, told: Sequence[Mention], language: Language) -> Iterator[Mention]:
    """Yield the parts that a sentence tells of the people whom the one before it counted.

    "Ten were city employees", "Three children were among them", "Of these, 40 are women", "The group consisted of 16
    Americans and one Canadian".
    """
    sentence = reading.sentence
    if reading.mentions:
        return
    made, groups = _shares(reading, language)
    near = range(sentence.number - (_GROUP if made else 1), sentence.number)
    before = [m for m in told if m.sentence.number in near and counted(m) and m.measure in _DIVISIBLE]
    dead = not language.links["deceased"].isdisjoint(token.low for token in sentence.tokens)
    before = [m for m in told if dead and counted(m) and m.measure is Measure.KILLED] or before
    for group in groups:
        whole = next((m for m in reversed(before) if not m.subset and m.low > group.low), None)
        whole = whole or next((m for m in reversed(before) if m.low > group.low), None)
        if whole is not None and group.low and not _is_safe(group, sentence, language):
            yield Mention(
                measure=whole.measure,
                group=as_counted(group),
                sentence=sentence,
                trigger=whole.trigger,
                trigger_first=group.first,
                trigger_last=group.last,
                form="part",
                subset=True,
            )


def figured(reading: Reading, told: Sequence[Mention], language: Language) -> Iterator[Mention]:
    """Yield what a source gives for what the sentence before counted: "the army said the figure stood at 40"."""
    sentence = reading.sentence
    if reading.mentions:
        return
    before = [m for m in told if counted(m) and m.measure in _DIVISIBLE and not m.subset]
    last = next((m for m in reversed(before) if sentence.number - m.sentence.number in range(1, _GROUP)), None)
    if last is None:
        return
    for group in reading.groups:
        words = " ".join(token.low for token in sentence.tokens[max(0, group.first - _FIGURE) : group.first])
        bare = group.kind == COUNTED and group.head is None and group.reason is None
        if bare and _is_figure(language.code).search(words) is not None:
            first, end = group.first, group.last
            yield replace(
                last, group=group, sentence=sentence, trigger_first=first, trigger_last=end, form="tolls", series=0
            )
            return


def _is_safe(group: Group, sentence: Sentence, language: Language) -> bool:
    """Whether those told of came off well: "seven were pulled out alive"."""
    after = (token.low for token in sentence.tokens[group.last : group.last + _SAFE])
    return not language.links["saved"].isdisjoint(after)


def _shares(reading: Reading, language: Language) -> tuple[bool, list[Group]]:
    """Return the groups of a sentence that divide those told of before, and whether it says of whom."""
    words = [token.low for token in reading.sentence.tokens]
    phrase = " ".join(words)
    groups = [g for g in reading.groups if g.reason is None and g.kind != NOBODY and is_countable(g)]
    made = _made_of(language.code).search(phrase)
    if made is not None:
        start = phrase[: made.end()].count(" ")
        return True, [g for g in groups if g.first >= start]
    among = next((n for n in range(2, len(words) - 1) if words[n : n + 2] == ["among", "them"]), None)
    if among is not None and words[among - 1] in language.grammar.be:
        return False, [g for g in groups if g.last < among]
    first = next((g for g in reading.groups if _is_of_them(g, words)), None)
    first = first or next((g for g in reading.groups if g.first <= 1), None)
    if first is None or first.kind != COUNTED or first.head is not None or first.last >= len(words):
        return False, []
    told = words[first.last] in language.grammar.be | {"had", "came", "worked", "belonged"}
    return False, [first] if told else []


def _is_of_them(group: Group, words: list[str]) -> bool:
    """Whether a clause begins with "eight of them"."""
    begins = group.first > 0 and words[group.first - 1] in {"that", '"', "and", ",", "said", "says", "added"}
    return begins and group.partitive and words[group.last - 1] == "them"
