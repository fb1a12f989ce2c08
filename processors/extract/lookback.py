"""Which sentences recall an earlier incident, by their date and by what they refer back to.

"On Nov. 3, five people died in a bombing" tells of another bombing where the article begins with one of Monday; a
sentence that begins with "That siege" after one that looks back goes on with it.
"""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

from contracts.vocabulary import RejectionReason, TimePrecision
from processors.extract.events import kinds
from processors.extract.language import Language, load
from processors.extract.rejected import background_reason
from processors.extract.text import Sentence
from processors.extract.times import find_times

_LEAD = 2
"""Sentences of the text, beside the headline, that say when the main incident was."""
_EARLIER = timedelta(days=7)
"""How long before the main incident a date must lie to be another one's: some of the wounded die days later."""


def recalled(sentences: Iterable[Sentence], published: date | None, language: Language) -> frozenset[int]:
    """Return the numbers of the sentences of the text that recall an earlier incident."""
    text = [sentence for sentence in sentences if sentence.part == "text"]
    main = max((day for s in text[:_LEAD] for day in _days(s, published, language)), default=None)
    found: set[int] = set()
    before: Sentence | None = None
    for sentence in text[_LEAD:]:
        if _is_earlier(sentence, main, published, language) or (
            before is not None
            and before.paragraph == sentence.paragraph
            and (before.number in found or background_reason(before, language) is RejectionReason.OTHER_INCIDENT)
            and _refers_back(language.code).match(sentence.text)
        ):
            found.add(sentence.number)
        before = sentence
    return frozenset(found)


def _is_earlier(sentence: Sentence, main: date | None, published: date | None, language: Language) -> bool:
    """Whether all the days of a sentence that brings in an incident of its own lie long before the main one."""
    days = _days(sentence, published, language)
    if main is None or not days or max(days) > main - _EARLIER:
        return False
    return bool(kinds(sentence.text, language.code)) and _brings_in(language.code).search(sentence.text) is not None


def _days(sentence: Sentence, published: date | None, language: Language) -> list[date]:
    """Return the days that a sentence names for what happened."""
    return [
        time.end
        for time in find_times(sentence, published, language)
        if not time.spoken and time.precision is TimePrecision.DAY
    ]


@lru_cache(maxsize=8)
def _refers_back(code: str) -> re.Pattern[str]:
    return re.compile(load(code).raw["incidents"]["refers_back"], re.IGNORECASE)


@lru_cache(maxsize=8)
def _brings_in(code: str) -> re.Pattern[str]:
    return re.compile(load(code).raw["incidents"]["brings_in"], re.IGNORECASE)
