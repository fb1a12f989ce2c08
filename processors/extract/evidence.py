"""What close reading finds that speaks for an incident report, as named facts, and the model that weighs them.

The words' log-odds (`processors.extract.gate`) are one of the facts; `processors.extract.train.evidence` fits the
weights.
"""

import json
import math
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

from contracts.vocabulary import EventType, Measure
from processors.extract.events import type_scores
from processors.extract.language import Language
from processors.extract.mentions import Mention, Reading, counted
from processors.extract.people import COUNTED
from processors.extract.rejected import background_reason
from processors.extract.text import Document, Sentence
from processors.extract.times import find_times

MODEL = Path(__file__).parent / "data" / "evidence.json"
THRESHOLD = -0.8
"""Least log-odds of an incident report."""
LEAD_SENTENCES = 3
RECENT_DAYS = 14
_HARMS = (Measure.KILLED, Measure.INJURED, Measure.MISSING, Measure.ABDUCTED)
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
_CLIP = 4.0


def facts(
    document: Document, readings: list[Reading], words: float, published: date | None, language: Language
) -> dict[str, float]:
    """Return what speaks for an incident report; `words` are the log-odds of the words alone."""
    lead = [r for r in readings if r.sentence in _lead(document)]
    found = {"words": max(-_CLIP, min(_CLIP, words))}
    for name in _told(lead, language):
        found["lead " + name] = 1.0
    for name in _told(readings, language):
        found["any " + name] = 1.0
    for name in _times(lead, published, language):
        found[name] = 1.0
    scores = type_scores(_lead(document), language)
    if scores:
        best = max(scores, key=lambda kind: (scores[kind], kind.value))
        found["lead kind"] = 1.0
        found["lead disaster"] = float(best in _NATURAL | _ACCIDENT)
    return found


def _lead(document: Document) -> tuple[Sentence, ...]:
    titles = tuple(s for s in document.sentences if s.part == "title")
    return titles + document.body[:LEAD_SENTENCES]


def _told(readings: list[Reading], language: Language) -> Iterator[str]:
    """Yield what the mentions tell, those of background sentences apart."""
    for reading in readings:
        background = background_reason(reading.sentence, language) is not None
        for mention in reading.mentions:
            if mention.measure not in _HARMS and mention.measure is not None:
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


def log_odds(found: Mapping[str, float]) -> float:
    """Return the log-odds that an article with these facts reports an incident."""
    model = _model()
    return model[""] + math.fsum(model.get(name, 0.0) * value for name, value in sorted(found.items()))
