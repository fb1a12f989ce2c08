"""Which sentences recall an earlier incident, by their date and by what they refer back to.

"On Nov. 3, five people died in a bombing" tells of another bombing where the article begins with one of Monday; a
sentence that begins with "That siege" after one that looks back goes on with it, and "In Chad, 18 have died" with a
sum of many years.  "On Tuesday, gunmen killed two in Gao" tells of another day where the article is of Wednesday.
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from contracts.vocabulary import EventType, RejectionReason, TimePrecision
from processors.extract.incidents.events import kinds
from processors.extract.incidents.times import find_times
from processors.extract.people.rejected import background_reason
from processors.extract.text.document import Sentence
from processors.extract.text.language import Language, pattern

_LEAD = 2
"""Sentences of the text, beside the headline, that say when the main incident was."""
_ONCE = frozenset(
    {
        EventType.EARTHQUAKE,
        EventType.FLOOD,
        EventType.STORM,
        EventType.LANDSLIDE,
        EventType.BUILDING_COLLAPSE,
        EventType.INDUSTRIAL_ACCIDENT,
        EventType.TRANSPORT_ACCIDENT,
        EventType.FIRE,
    }
)
"""Kinds that don't happen again within days: their reports may begin with a later day's search."""
_OPENING = 12
"""Characters before the day that a sentence begins with."""
_EARLIER = timedelta(days=7)
"""How long before the main incident a date must lie to be another one's: some of the wounded die days later."""


@dataclass(frozen=True, slots=True)
class Lead:
    """What a text begins with: the days that its headline and first sentences name, its kinds and its words."""

    days: tuple[date, ...]
    kinds: frozenset[EventType]
    words: frozenset[str]


def read_lead(sentences: Iterable[Sentence], published: date | None, language: Language) -> Lead:
    """Return what the headline and the first sentences of the text say."""
    told = [*sentences]
    text = [s for s in told if s.part == "text"][:_LEAD]
    lead = [*(s for s in told if s.part == "title"), *text]
    return Lead(
        tuple(day for s in text for day in days_told(s, published, language)),
        frozenset(kind for s in lead for kind, _ in kinds(s.text, language.code)),
        frozenset(token.low for s in lead for token in s.tokens),
    )


def recalled(sentences: Iterable[Sentence], lead: Lead, published: date | None, language: Language) -> frozenset[int]:
    """Return the numbers of the sentences of the text that recall an earlier incident than the lead's."""
    text = [sentence for sentence in sentences if sentence.part == "text"]
    found: set[int] = set()
    before: Sentence | None = None
    for sentence in text[_LEAD:]:
        if (
            _is_earlier(sentence, lead, published, language)
            or _is_of_day_before(sentence, lead, published, language)
            or (before is not None and _goes_on(sentence, before, found, published, language))
        ):
            found.add(sentence.number)
        before = sentence
    return frozenset(found)


def is_of_later_day(sentence: Sentence, lead: Lead, published: date | None, language: Language) -> bool:
    """Whether a sentence begins with a day after those of the lead, and tells of something that happened then."""
    day = _opening_day(sentence, published, language)
    return day is not None and bool(lead.days) and day > max(lead.days) and _tells_anew(sentence, language)


def _is_of_day_before(sentence: Sentence, lead: Lead, published: date | None, language: Language) -> bool:
    """Whether a sentence begins with a day before those of the lead, and tells of something else, or elsewhere.

    What is both is an incident of its own.
    """
    day = _opening_day(sentence, published, language)
    if day is None or not lead.days or day >= min(lead.days) or not _tells_anew(sentence, language):
        return False
    shared = lead.kinds & {kind for kind, _ in kinds(sentence.text, language.code)}
    elsewhere = bool(places(sentence, language) - lead.words)
    return not shared & _ONCE and elsewhere == bool(shared - {EventType.ARMED_ATTACK})


def _opening_day(sentence: Sentence, published: date | None, language: Language) -> date | None:
    """Return the day that a sentence begins with: "On Tuesday, …"."""
    if not sentence.tokens or sentence.tokens[0].low not in {"on", "late", "early"}:
        return None
    times = (t for t in find_times(sentence, published, language) if t.precision is TimePrecision.DAY)
    first = next((t for t in times if not t.spoken), None)
    return first.end if first is not None and first.first - sentence.start <= _OPENING else None


def _tells_anew(sentence: Sentence, language: Language) -> bool:
    """Whether a sentence has words for an incident, and none that refer to one told of before."""
    if language.toll_words.any_in(sentence.text) or not kinds(sentence.text, language.code):
        return False
    return pattern(language.code, "incidents", "refers").search(sentence.text) is None


def places(sentence: Sentence, language: Language) -> set[str]:
    """Return the capitalised words that a sentence says where by."""
    words = language.raw["incidents"]["where"]
    return {
        after.low
        for before, after in pairwise(sentence.tokens)
        if before.low in words
        and after.capital
        and after.low not in language.grammar.weekdays | language.grammar.months
    }


def _goes_on(
    sentence: Sentence, before: Sentence, found: AbstractSet[int], published: date | None, language: Language
) -> bool:
    """Whether a sentence goes on with what the one before it recalls or sums up."""
    if before.paragraph != sentence.paragraph:
        return False
    reason = background_reason(before, language)
    is_other = before.number in found or reason is RejectionReason.OTHER_INCIDENT
    if is_other and pattern(language.code, "incidents", "refers_back").match(sentence.text) is not None:
        return True
    sums_on = reason is not None and pattern(language.code, "incidents", "sums_on").match(sentence.text) is not None
    return sums_on and not find_times(sentence, published, language)


def _is_earlier(sentence: Sentence, lead: Lead, published: date | None, language: Language) -> bool:
    """Whether all the days of a sentence that brings in an incident of its own lie long before the main one."""
    days = days_told(sentence, published, language)
    if not lead.days or not days or max(days) > max(lead.days) - _EARLIER:
        return False
    if _opening_day(sentence, published, language) is not None and places(sentence, language) - lead.words:
        return True
    brings_in = pattern(language.code, "incidents", "brings_in")
    return bool(kinds(sentence.text, language.code)) and brings_in.search(sentence.text) is not None


def days_told(sentence: Sentence, published: date | None, language: Language) -> list[date]:
    """Return the days that a sentence names for what happened."""
    return [
        time.end
        for time in find_times(sentence, published, language)
        if not time.spoken and time.precision is TimePrecision.DAY
    ]
