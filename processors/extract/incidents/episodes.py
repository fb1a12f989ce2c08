"""Which incidents an article reports, and which mentions belong to each.

The main incident is what the article begins with.  A sentence that turns elsewhere ("In a separate attack …") begins
another one, which goes on to the end of its paragraph and into those that refer back to it.  Figures of sentences
that look back ("last month", "since 2011") belong to none.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from contracts.vocabulary import EventType, Measure, RejectionReason
from processors.extract.harm.mentions import TELLING, Mention, Reading, counted, definite
from processors.extract.incidents.events import kinds
from processors.extract.incidents.lookback import Lead, days_told, is_of_later_day, places, read_lead, recalled
from processors.extract.incidents.times import find_times
from processors.extract.people.rejected import background_reason
from processors.extract.tally.recounts import described, figured, mark
from processors.extract.text.document import Sentence
from processors.extract.text.language import Language, pattern

HARMS = frozenset(
    {Measure.KILLED, Measure.INJURED, Measure.MISSING, Measure.ABDUCTED, Measure.DISPLACED, Measure.ARRESTED, None}
)
_POSITIONS = (2.0, 1.6, 1.3, 1.0, 0.9, 0.8)
_ANY_DAY = date(2000, 1, 3)
"""A day for which relative dates are read where only whether there are any matters."""
_LABEL = 6
"""Most tokens of a bulletin's label and its colon."""
_LEAD = 2
"""Sentences of the text that say what the main incident is."""
_LASTING = frozenset({EventType.FLOOD, EventType.STORM, EventType.LANDSLIDE, EventType.ARMED_CLASH})
"""Kinds that go on for days."""
_APART = timedelta(days=2)
"""How long before the lead's days another incident's day must lie: a night belongs to the day before and after it."""
_LATER, _TITLE, _HARM, _BACKGROUND = 0.4, 1.4, 0.8, -3.0


@dataclass(frozen=True, slots=True)
class Episode:
    """An incident as the article tells it: its mentions, those refused, and how much each sentence tells of it."""

    mentions: tuple[Mention, ...]
    refused: tuple[Mention, ...]
    weights: Mapping[int, float]


def find_episodes(readings: list[Reading], language: Language, published: date | None = None) -> list[Episode]:
    """Return the incidents of an article, the main one first; none where all that it tells of is background."""
    sentences = [reading.sentence for reading in readings]
    lead = read_lead(sentences, published, language)
    earlier = recalled(sentences, lead, published, language)
    earlier |= _told_of_another_day(readings, lead, published, language)
    readings = [_refused(reading) if reading.sentence.number in earlier else reading for reading in readings]
    parts = _parts(readings, lead, published, language)
    main = _episode(parts[0], language, earlier)
    told = any(m.measure in HARMS for m in main.mentions)
    if (main.refused and not told) or (_remembers(readings, language) and not any(map(counted, main.mentions))):
        return []
    others = [_episode(part, language, earlier) for part in parts[1:]]
    main = _without_headlines_of(others, main)
    return [main, *(episode for episode in others if any(counted(m) for m in episode.mentions))]


def _told_of_another_day(
    readings: list[Reading], lead: Lead, published: date | None, language: Language
) -> frozenset[int]:
    """Return the numbers of sentences that count the dead of days before, where the lead has dead and a day itself.

    "Air strikes killed five on Friday in a town where … .  At least 28 people were killed on Tuesday".  Some of the
    wounded die days later, and what goes on for days is told day by day: neither is another incident.
    """
    text = [reading for reading in readings if reading.sentence.part == "text"]
    first = text[:_LEAD]
    days = {day for reading in first if _dead(reading) for day in days_told(reading.sentence, published, language)}
    later = pattern(language.code, "incidents", "dies_later")
    if not days or lead.kinds & _LASTING or any(later.search(reading.sentence.text) for reading in first):
        return frozenset()
    titles = (reading for reading in readings if reading.sentence.part == "title")
    known = {low for reading in (*titles, *first) for low in _dead(reading)}
    before = min(days) - _APART
    return frozenset(
        reading.sentence.number
        for reading in text[_LEAD:]
        if _dead(reading) - known and (own := days_told(reading.sentence, published, language)) and max(own) <= before
    )


def _dead(reading: Reading) -> set[int]:
    """Return how many dead a sentence counts."""
    return {m.low for m in reading.mentions if m.measure is Measure.KILLED and m.reason is None and counted(m)}


def _refused(reading: Reading) -> Reading:
    """Return a sentence that recalls an earlier incident, its figures refused."""
    refused = (replace(m, reason=m.reason or RejectionReason.OTHER_INCIDENT) for m in reading.mentions)
    return replace(reading, mentions=tuple(refused))


def _without_headlines_of(others: list[Episode], main: Episode) -> Episode:
    """Return the main incident without the figures of a headline that only another incident's sentences repeat."""
    own = {(m.measure, m.low) for m in main.mentions if m.sentence.part == "text"}
    theirs = {(m.measure, m.low) for other in others for m in other.mentions} - own
    kept = (m for m in main.mentions if m.sentence.part == "text" or (m.measure, m.low) not in theirs)
    return replace(main, mentions=tuple(kept))


def _remembers(readings: list[Reading], language: Language) -> bool:
    """Whether an article begins with looking back, as on an anniversary."""
    remembers = pattern(language.code, "incidents", "remembers")
    return any(remembers.search(reading.sentence.text) for reading in readings[:3])


def _parts(readings: list[Reading], lead: Lead, published: date | None, language: Language) -> list[list[Reading]]:
    """Divide an article into the parts that tell of one incident each, the main one first."""
    parts: list[list[Reading]] = [[]]
    current = parts[0]
    paragraph = None
    for reading in readings:
        sentence = reading.sentence
        begins = sentence.paragraph != paragraph
        if begins:
            paragraph = sentence.paragraph
            if current is not parts[0] and not (_continues(sentence, language) or _is_about(sentence, parts)):
                current = parts[0]
        if parts[0] and (
            _turns(reading, language)
            or (begins and _begins_another(reading, parts[0], language))
            or _is_later(reading, parts[0], lead, published, language)
        ):
            current = []
            parts.append(current)
        current.append(reading)
    return _joined(parts, language)


def _names(readings: Iterable[Reading]) -> set[str]:
    """Return the capitalised words that sentences have within them."""
    return {token.low for r in readings for token in r.sentence.tokens[1:] if token.capital and token.low.isalpha()}


def _is_about(sentence: Sentence, parts: list[list[Reading]]) -> bool:
    """Whether a paragraph names what only the last part named, and nothing that only the main one did."""
    own, main = _names(parts[-1]), _names(parts[0])
    named = {token.low for token in sentence.tokens if token.capital}
    return bool(named & (own - main)) and not named & (main - own)


def _begins_another(reading: Reading, main: list[Reading], language: Language) -> bool:
    """Whether a paragraph begins another incident, by what it tells, by its label, or by the headline."""
    return (
        _is_another(reading, main, language)
        or _has_another_label(reading, main)
        or _is_hours_on(reading, main, language)
        or _is_second_half(reading, main, language)
    )


def _is_later(reading: Reading, main: list[Reading], lead: Lead, published: date | None, language: Language) -> bool:
    """Whether a sentence tells of a later day elsewhere: "On Thursday, pirates seized two off Lome"."""
    sentence = reading.sentence
    told = sentence.part == "text" and any(counted(m) and m.measure in TELLING for m in reading.mentions)
    later = told and is_of_later_day(sentence, lead, published, language)
    return later and bool(places(sentence, language) - _all_words(main))


def _label(reading: Reading) -> str | None:
    """Return the place that a paragraph of a bulletin begins with: "Homs desert:"."""
    tokens = reading.sentence.tokens[:_LABEL]
    end = next((n for n, token in enumerate(tokens) if token.low == ":"), 0)
    after = tokens[end + 1].low if end + 1 < len(tokens) else "."
    is_time = end > 0 and tokens[end - 1].low.isdecimal() and after.isdecimal()  # "Between 02:00 and 03:30"
    told = end and tokens[0].capital and not is_time
    return " ".join(token.low for token in tokens[:end]) if told else None


def _has_another_label(reading: Reading, main: list[Reading]) -> bool:
    own = _label(reading)
    if own is None:
        return False
    labels = {_label(r) for r in main if r.sentence.part == "text"} - {None}
    return bool(labels) and own not in labels


def _is_hours_on(reading: Reading, main: list[Reading], language: Language) -> bool:
    """Whether a paragraph tells of what happened an hour later elsewhere, and wasn't "a second blast"."""
    sentence = reading.sentence
    later = pattern(language.code, "incidents", "hours_on")
    series = pattern(language.code, "incidents", "same_series")
    if sentence.part != "text" or not later.match(sentence.text) or series.search(sentence.text):
        return False
    told = any(counted(m) and m.measure in TELLING for m in reading.mentions)
    return told and bool(places(sentence, language) - _all_words(main))


def _is_second_half(reading: Reading, main: list[Reading], language: Language) -> bool:
    """Whether a paragraph is what a headline's second half is about: "Bus crash kills six; two die in Leeds fire"."""
    headline = [token for r in main if r.sentence.part == "title" for token in r.sentence.tokens]
    cut = next((n for n, token in enumerate(headline) if token.low in {";", "|"}), None)
    if cut is None:
        return False
    body = [r for r in main if r.sentence.part == "text"]
    if len(body) < _LEAD or reading.sentence.part != "text":
        return False
    if background_reason(reading.sentence, language) is not None:
        return False
    names = {token.low for token in headline[cut + 1 :] if token.capital and token.low.isalpha()}
    here = {token.low for token in reading.sentence.tokens[1:] if token.capital}
    return bool(names & here - _all_words(body) - {token.low for token in headline[:cut]})


def _is_another(reading: Reading, main: list[Reading], language: Language) -> bool:
    """Whether a paragraph begins to tell of something else: of another kind, elsewhere, at a time of its own."""
    sentence = reading.sentence
    before = [r for r in main if r.sentence.part == "text"]
    if sentence.part != "text" or len(before) < _LEAD or _continues(sentence, language):
        return False
    if background_reason(sentence, language) is not None or not find_times(sentence, _ANY_DAY, language):
        return False
    lead = {kind for r in (*main[:1], *before[:_LEAD]) for kind, _ in kinds(r.sentence.text, language.code)}
    here = {kind for kind, _ in kinds(sentence.text, language.code)}
    return bool(here) and not here & lead and bool(places(sentence, language) - _all_words(main))


def _all_words(readings: Iterable[Reading]) -> set[str]:
    return {token.low for reading in readings for token in reading.sentence.tokens}


def _joined(parts: list[list[Reading]], language: Language) -> list[list[Reading]]:
    """Leave a part that tells of nobody harmed with the main one."""
    kept = [parts[0]]
    for part in parts[1:]:
        if any(counted(m) and m.measure in TELLING for m in _episode(part, language).mentions):
            kept.append(part)
        else:
            kept[0].extend(part)
    if len(kept) > 1 and not any(m.measure in HARMS for m in _episode(kept[0], language).mentions):
        kept[0].extend(kept.pop(1))  # what the beginning only announces
    kept[0].sort(key=lambda reading: reading.sentence.number)
    return kept


def _turns(reading: Reading, language: Language) -> bool:
    """Whether a sentence turns to another incident, and doesn't go on counting: "Hours before, the toll"."""
    text = reading.sentence.text
    turns = reading.sentence.part == "text" and pattern(language.code, "incidents", "turns").match(text) is not None
    return turns and not language.toll_words.any_in(text)


def _continues(sentence: Sentence, language: Language) -> bool:
    words = [token.low for token in sentence.tokens[:2] if token.low != '"']
    return bool(words) and words[0] in language.raw["incidents"]["continues"]


def _episode(readings: list[Reading], language: Language, earlier: Collection[int] = ()) -> Episode:
    """Return what sentences of one incident tell, the figures of others refused; `earlier` ones recall another."""
    mentions: list[Mention] = []
    refused: list[Mention] = []
    weights: dict[int, float] = {}
    body = 0
    for reading in readings:
        sentence = reading.sentence
        reason = background_reason(sentence, language)
        looks_back = reason is not None or sentence.number in earlier
        weights[sentence.number] = _weight(sentence, body, harm=bool(reading.mentions), background=looks_back)
        body += sentence.part == "text"
        for mention in reading.mentions:
            why = mention.reason
            if why is None:
                why = background_reason(sentence, language, max(mention.trigger_last, mention.group.last))
            if why is not None:
                refused.append(replace(mention, reason=why))
            elif counted(mention) or definite(mention):
                mentions.append(mention)
        if reason is None:
            mentions.extend(described(reading, mentions, language))
            mentions.extend(figured(reading, mentions, language))
    return Episode(mark(mentions, language), tuple(refused), weights)


def _weight(sentence: Sentence, body: int, *, harm: bool, background: bool) -> float:
    position = _POSITIONS[body] if body < len(_POSITIONS) else _LATER
    base = _TITLE if sentence.part == "title" else position
    return base + (_HARM if harm else 0.0) + (_BACKGROUND if background else 0.0)
