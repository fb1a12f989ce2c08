"""Is it an incident report?  A cheap first look: most news is none, and needn't be read closely.

First a word for harm or violence must stand in the text at all; then a logistic model over the words of its
beginning decides (`processors.extract.train.gate` fits it).
"""

# Small numbers below are of words looked back or ahead, or of digits; a name each would hide them.
# ruff: noqa: PLR2004

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from contracts.records import Article
from processors.extract.text.document import MAX_TEXT, MAX_TITLE
from processors.extract.text.language import Language, load

MODEL = Path(__file__).parent.parent / "data" / "gate.json"
THRESHOLD = -3.0
"""Least log-odds that are worth a close reading."""
_LEAD = 400
_BODY = 2000
_MOST = 6000
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_AGO = re.compile(r"\b(\w+) years (?:ago|earlier|later|after)\b")
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z]\w+")
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")


def features(title: str, text: str) -> Iterator[str]:
    """Yield the words of an article's beginning; those of title and lead also apart, as "^word"."""
    body = without_names(text[:_BODY])
    lead = title + "\n" + body[:_LEAD]
    yield from (f"^{word}" for word in _WORD.findall(lead.lower()))
    yield from _WORD.findall(body.lower())


def common_words(title: str, text: str) -> frozenset[str]:
    """Return the words of an article, but for capitalised ones inside sentences."""
    return frozenset(_WORD.findall(f"{title}\n{without_names(text[:_MOST])}".lower()))


def without_names(text: str) -> str:
    """Return a text without capitalised words inside sentences; unchanged if it is all in capitals."""
    return text if text.isupper() else _NAME.sub("", text)


@lru_cache(maxsize=1)
def _model() -> Mapping[str, float]:
    weights: dict[str, float] = json.loads(MODEL.read_text("utf-8"))
    return weights


@lru_cache(maxsize=8)
def _harm(code: str) -> re.Pattern[str]:
    words = {trigger[0] for trigger in load(code).triggers if len(trigger[0]) > 3}
    words |= set(load(code).raw["gate"]["words"])
    return re.compile(r"\b(?:" + "|".join(sorted(map(re.escape, words))) + r")\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Genre:
    """A kind of text that reports no incident, however violent its words are."""

    words: re.Pattern[str]
    least: int
    """How many different words of it tell such a text."""
    years: int
    """How long ago what it is about must be; 0: no matter when."""


@lru_cache(maxsize=8)
def _genres(code: str) -> tuple[Genre, ...]:
    return tuple(
        Genre(re.compile(r"\b(?:" + "|".join(raw["words"]) + r")\b"), raw["least"], raw.get("years", 0))
        for raw in load(code).raw["gate"]["genres"].values()
    )


def _is_of_genre(article: Article, language: Language) -> bool:
    """Return whether an article is fiction, sport, statistics, or a court's report of what lies years back."""
    beginning = f"{article.title[:MAX_TITLE]}\n{article.text[:_BODY]}".lower()
    ages = (
        [] if article.published is None else [article.published.year - int(year) for year in _YEAR.findall(beginning)]
    )
    ages += [
        language.numbers.words.get(count, 0) if not count.isdigit() else int(count)
        for count in _AGO.findall(beginning)
    ]
    oldest = max(ages, default=0)
    return any(
        oldest >= genre.years and len(set(genre.words.findall(beginning))) >= genre.least
        for genre in _genres(language.code)
    )


def log_odds(article: Article, language: Language) -> float:
    """Return the log-odds, by its words, that an article reports an incident; -inf where no word speaks of harm."""
    harm = _harm(language.code)
    if harm.search(article.title[:MAX_TITLE]) is None and harm.search(article.text[:MAX_TEXT]) is None:
        return -math.inf
    if _is_of_genre(article, language):
        return -math.inf
    model = _model()
    known = [model[f] for f in set(features(article.title[:MAX_TITLE], article.text[:MAX_TEXT])) if f in model]
    return model[""] + math.fsum(known) / math.sqrt(len(known) + 1)
