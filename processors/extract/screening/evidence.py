"""What close reading finds that speaks for an incident report, as named facts, and the model that weighs them.

The article's common words (`gate`) are facts too; `processors.extract.train.evidence` fits the weights.
"""

import json
import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

from contracts.vocabulary import EventType
from processors.extract.harm.mentions import TELLING, Mention, Reading, counted
from processors.extract.incidents.events import type_scores
from processors.extract.incidents.times import find_times
from processors.extract.people.groups import COUNTED
from processors.extract.people.rejected import background_reason
from processors.extract.screening import assertions
from processors.extract.text.document import Document, Sentence
from processors.extract.text.language import Language

MODEL = Path(__file__).parent.parent / "data" / "evidence.json"
LEAD_SENTENCES = 3
TOLD = "lead told"
"""The fact that the beginning gives figures of people harmed in these days."""
RECENT_DAYS = 14
_NATURAL = frozenset({EventType.EARTHQUAKE, EventType.FLOOD, EventType.STORM, EventType.LANDSLIDE})
_ACCIDENT = frozenset(
    {
        EventType.TRANSPORT_ACCIDENT,
        EventType.FIRE,
        EventType.EXPLOSION,
        EventType.BUILDING_COLLAPSE,
        EventType.INDUSTRIAL_ACCIDENT,
        EventType.STAMPEDE,
    }
)
SURELY_NONE, SURELY_ONE = -1.4, 1.0
"""Log-odds beyond which `meaning` isn't asked: it is slow, and would hardly change the answer."""
WORDS = 6.0
"""How much the words weigh against the other facts, which are mostly 1; chosen on held-out articles."""


def facts(
    document: Document, readings: list[Reading], words: Collection[str], published: date | None, language: Language
) -> dict[str, float]:
    """Return what speaks for or against an incident report; `words` are the article's (`gate.common_words`)."""
    lead = [r for r in readings if r.sentence in _lead(document)]
    found = weighed(f"word {word}" for word in sorted(words))
    for name in _told(lead, language):
        found["lead " + name] = 1.0
    for name in _told(readings, language):
        found["any " + name] = 1.0
    for name in _times(lead, published, language):
        found[name] = 1.0
    found |= {f"tells {name}": value for name, value in assertions.facts(readings, language.code).items()}
    dated = "lead recent" in found
    if any(_tells(reading, published, language, dated=dated) for reading in lead):
        found[TOLD] = 1.0
    scores = type_scores(_lead(document), language)
    if scores:
        best = max(scores, key=lambda kind: (scores[kind], kind.value))
        found["lead kind"] = 1.0
        found["lead disaster"] = float(best in _NATURAL | _ACCIDENT)
    return found


def weighed(words: Iterable[str]) -> dict[str, float]:
    """Return facts that are words, with equal values, the smaller the more there are."""
    names = tuple(words)
    return dict.fromkeys(names, WORDS / math.sqrt(len(names) + 1))


def _lead(document: Document) -> tuple[Sentence, ...]:
    titles = tuple(s for s in document.sentences if s.part == "title")
    return titles + document.body[:LEAD_SENTENCES]


def _tells(reading: Reading, published: date | None, language: Language, *, dated: bool) -> bool:
    """Whether a sentence counts people who were harmed, and looks neither back to nor ahead of these days.

    `dated`: whether any sentence of the beginning names one of these days.
    """
    if background_reason(reading.sentence, language) is not None:
        return False
    times = find_times(reading.sentence, published, language)
    if published is not None and any((published - time.end).days > RECENT_DAYS for time in times):
        return False
    recent = published is None or dated or bool(times) or reading.sentence.part == "title"
    harmed = (m for m in reading.mentions if m.measure in TELLING and counted(m) and m.high != 0)
    return recent and any(m.group.kind == COUNTED for m in harmed)


def _told(readings: list[Reading], language: Language) -> Iterator[str]:
    """Yield what the mentions tell, those of background sentences apart."""
    for reading in readings:
        background = background_reason(reading.sentence, language) is not None
        for mention in reading.mentions:
            if mention.measure not in TELLING and mention.measure is not None:
                continue
            if background or mention.reason is not None:
                yield "background"
            else:
                yield f"{_measure(mention)} {_kind(mention)}"


def _measure(mention: Mention) -> str:
    return "struck" if mention.measure is None else mention.measure.value


def _kind(mention: Mention) -> str:
    if not counted(mention):
        return "definite" if not mention.group.plural else "plural"
    return (
        "none"
        if mention.high == 0
        else "several"
        if mention.low > 1
        else "one"
        if mention.group.kind == COUNTED
        else "single"
    )


def _times(lead: list[Reading], published: date | None, language: Language) -> Iterator[str]:
    for reading in lead:
        for time in find_times(reading.sentence, published, language):
            if published is not None and not time.spoken:
                yield "lead recent" if (published - time.end).days <= RECENT_DAYS else "lead old"
            if reading.mentions and not time.spoken:
                yield "lead time by harm"


@lru_cache(maxsize=1)
def _model() -> Mapping[str, float]:
    weights: dict[str, float] = json.loads(MODEL.read_text("utf-8"))
    return weights


def known_words(words: Collection[str]) -> frozenset[str]:
    """Return those words that the model knows."""
    return frozenset(word for word in words if f"word {word}" in _model())


def log_odds(found: Mapping[str, float]) -> float:
    """Return the log-odds that an article with these facts reports an incident."""
    model = _model()
    return model[""] + math.fsum(model.get(name, 0.0) * value for name, value in sorted(found.items()))


def is_in_doubt(odds: float) -> bool:
    """Return whether these log-odds call for a second look."""
    return SURELY_NONE < odds < SURELY_ONE
