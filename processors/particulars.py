"""What a text says that tells one incident from another of its kind: streets, times, magnitudes, numbers.

Each is a term "kind:value" beside the key terms of an article (`processors/sketch.py`).  Two shootings of one night
in one city share most of their words, and hardly ever these.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice

MAX_OF_A_KIND = 6
"""Values kept of a kind; a round-up has more."""

BEGINNING = 1000
"""Characters in which a text mostly says on which weekday it happened."""

MINUTES, MINUTES_PER_SLOT = 60, 30
NOON, HALF_DAY = 12, 12
STAMP_LENGTH = 60
"""Characters before a time in which a word tells that it is when the page was published."""

_NAME = r"[A-Z][\w'’.-]{1,30}"  # noqa: RUF001 - the typographic apostrophe is meant
_STREET_KINDS = (
    "Street|St|Avenue|Ave|Av|Road|Rd|Boulevard|Blvd|Drive|Dr|Lane|Ln|Highway|Hwy|Parkway|Pkwy|Court|Ct|Terrace|Circle"
    "|Pike|Expressway|Turnpike|Way|Trail|Loop"
)
_NUMBERED = r"\d{1,3}(?:st|nd|rd|th)"
_STREET = re.compile(rf"\b({_NAME}|{_NUMBERED})\s{{1,2}}(?:{_STREET_KINDS})\b")
_NAME_PART = rf"(?:{_NAME}|{_NUMBERED}|[NSEW]\b)"
_BLOCK = re.compile(rf"\bblock of ({_NAME_PART}(?: {_NAME_PART}){{0,3}})")
_DIRECTION = re.compile(r"(?:[NSEW]{1,2}\.?|[NS]\.[EW]\.|(?:north|south)?(?:east|west)?(?:ern)?)", re.IGNORECASE)
_STREET_KIND = re.compile(rf"(?:{_STREET_KINDS})\.?")
_CLOCK = re.compile(r"\b(\d{1,2})(?:: ?(\d{2}))? ?([AaPp])\.? ?[Mm]\b")
_STAMP = re.compile(
    r"(?:posted|published|updated|last|modified|created)[^\n.]{0,30}$|\d[^\n.a-z]{0,6}$|\b(?:19|20)\d\d,? at $",
    re.IGNORECASE,
)
_DECIMAL = r"(\d) ?\. ?(\d)"
_MAGNITUDE = re.compile(
    rf"\b{_DECIMAL} ?-? ?(?:magnitude|strength|earthquake|quake|temblor|tremor)"
    rf"|magnitude(?: of| at|-| ){{1,4}}{_DECIMAL}"
    rf"|\b{_DECIMAL} (?:on|degrees) [^.\n]{{0,12}}Richter",
    re.IGNORECASE,
)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY = re.compile(rf"\b({'|'.join(_WEEKDAYS)})\b", re.IGNORECASE)
_FIGURE = re.compile(
    r"(?<![\d.,:/$-])(\d{1,3}(?:,\d{3}|, 000\b)+|\d{2,6})"
    r"(?![\d:/]|,\d|\. ?\d| ?- ?year|(?:th|st|nd|rd)\b| ?[AaPp]\.? ?[Mm]\b)"
)
_NO_FIGURE = re.compile(r"(?:19|20)\d\d|0+")
"""Years, and the thousands that a sum of money leaves: "$430, 000"."""


def particulars(text: str) -> list[str]:
    """Return the particulars of a text as terms "kind:value", each once, at most `MAX_OF_A_KIND` of a kind.

    Kinds: "street" (the last word of its name), "clock" (the half hour of the day, 0 to 47),
    "weekday" (0 is Monday), "magnitude" (in tenths)
    and "figure" (a number that is none of these, nor a year or an age; those told most often).
    Texts that came in tokens have spaces around hyphens and within numbers: "430, 000".
    """
    return [
        f"{kind}:{value}"
        for kind, read in KINDS.items()
        for value in islice(dict.fromkeys(read(text)), MAX_OF_A_KIND)
    ]


def _streets(text: str) -> Iterator[str]:
    for match in _STREET.finditer(text):
        if not _DIRECTION.fullmatch(match[1]):
            yield match[1].casefold().strip(".")
    for match in _BLOCK.finditer(text):
        named = [word for word in match[1].split() if not _DIRECTION.fullmatch(word)]
        kinds = [number for number, word in enumerate(named) if number and _STREET_KIND.fullmatch(word)]
        if named:
            yield named[kinds[0] - 1 if kinds else 0].casefold().strip(".")


def _clock_times(text: str) -> Iterator[int]:
    for match in _CLOCK.finditer(text):
        hour, minute = int(match[1]), int(match[2] or 0)
        if hour > NOON or minute >= MINUTES or _is_stamped(text, match):
            continue
        minutes = MINUTES * (hour % NOON + (HALF_DAY if match[3] in "pP" else 0)) + minute
        yield minutes // MINUTES_PER_SLOT


def _weekdays(text: str) -> Iterator[int]:
    """Yield the weekdays that the beginning names: further down, more of them are of what came before and after."""
    for match in _WEEKDAY.finditer(text, 0, BEGINNING):
        if not _is_stamped(text, match):
            yield _WEEKDAYS.index(match[1].lower())


def _is_stamped(text: str, match: re.Match[str]) -> bool:
    """Say whether a time is that of the page: "Posted: Tuesday 10:34 PM", "April 30, 2008 at 4:31 AM"."""
    return _STAMP.search(text, max(0, match.start() - STAMP_LENGTH), match.start()) is not None


def _magnitudes(text: str) -> Iterator[int]:
    for match in _MAGNITUDE.finditer(text):
        whole, tenth = (group for group in match.groups() if group is not None)
        yield 10 * int(whole) + int(tenth)


def _figures(text: str) -> Iterator[str]:
    """Yield the numbers that are told most often; neither years nor the parts of times, dates and ages."""
    found = (match[1] for match in _FIGURE.finditer(text))
    counts = Counter(figure.replace(",", "").replace(" ", "") for figure in found if not _NO_FIGURE.fullmatch(figure))
    for value, _ in counts.most_common(MAX_OF_A_KIND):
        yield value


KINDS: dict[str, Callable[[str], Iterator[str] | Iterator[int]]] = {
    "street": _streets,
    "clock": _clock_times,
    "weekday": _weekdays,
    "magnitude": _magnitudes,
    "figure": _figures,
}
"""What reads each kind's values from a text, in their order."""
