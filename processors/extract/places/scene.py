"""Where it happened: the incident's own place among those that a text names.

It is the one named nearest to where the incident is told, the smallest unit first.
Nothing resolved leaves it unknown.
"""

# Small numbers below are of words looked back or ahead, or of digits; a name each would hide them.

from collections import defaultdict
from collections.abc import Mapping

from contracts.geo import kilometres
from contracts.records import Place
from contracts.vocabulary import PlacePrecision
from processors.extract.places.gazetteer import ADMIN1, ADMIN2, COUNTRY, SETTLEMENT, Entry, Gazetteer
from processors.extract.places.geocoding import COUNTRY_SHARE, Geocoder, Resolved
from processors.extract.places.offsets import shifted
from processors.extract.places.toponyms import Toponym, find_toponyms
from processors.extract.places.usage import AGENCY, ELSEWHERE, FROM, HIT, INSIDE, NEAR
from processors.extract.places.votes import Votes
from processors.extract.text.document import Document
from processors.extract.text.language import Language

_DATELINE = -1
_LEVEL_SCORES = {SETTLEMENT: 1.0, ADMIN2: 0.7, ADMIN1: 0.2, COUNTRY: -1.0}
_RELATION_SCORES = {INSIDE: 2.0, HIT: 1.0, NEAR: 1.3, AGENCY: 1.5, FROM: -1.0, ELSEWHERE: -2.0}
_PRECISIONS = {
    SETTLEMENT: PlacePrecision.SETTLEMENT,
    ADMIN2: PlacePrecision.ADMIN2,
    ADMIN1: PlacePrecision.ADMIN1,
    COUNTRY: PlacePrecision.COUNTRY,
}
_FINER_MARGIN = 2.5
"""How much worse a place inside the best one may score and still be preferred."""


_EMBEDDED, _EMBEDDED_PLACED = 3.0, 1.0
"""What speaks against a part of a longer name, and against one that a preposition makes a place."""
_LOCAL_KM = 100.0
_ELSEWHERE = 1.2
"""What speaks against a place in another country than those of title and first sentence."""
_LATER_CLAUSE = 2.0
"""What speaks against a place of a title's second clause, which mostly tells of something else."""
_OTHER_INCIDENT = 1.5
"""What speaks against a place of a sentence that tells of another incident."""
_CONTAINER = 1.0
"""What speaks against a place that only says where another lies: "in X, north of Y"."""


class PlaceReader:
    """The places of one document."""

    def __init__(self, document: Document, language: Language, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._toponyms = find_toponyms(document, language, gazetteer)
        self._dateline = self._dateline_toponym(document, language)
        if self._dateline is not None:
            self._toponyms.insert(0, self._dateline)
        self._containers = {
            (q.sentence, q.first) for t in self._toponyms if (q := t.qualifier) is not None and q.relation == NEAR
        }
        self._votes = Votes(document, self._toponyms, language, gazetteer)
        self.resolved = Geocoder(self._toponyms, self._votes, gazetteer).resolve()
        lead = {s.number for s in document.sentences if s.part == "title"} | {s.number for s in document.body[:1]}
        first = {s.number for s in document.body[:1]}
        self._first_countries = {
            i.entry.country for i in self.resolved if i.toponym.sentence in first and not i.toponym.embedded
        }
        self._lead_countries = {i.entry.country for i in self.resolved if i.toponym.sentence in lead}

    def _dateline_toponym(self, document: Document, language: Language) -> Toponym | None:
        if document.dateline is None:
            return None
        name, _, rest = document.dateline.partition(",")
        candidates = self._gazetteer.find(name.title())
        if not candidates:
            return None
        rest = rest.strip().lower()
        states = language.raw["places"]["states"]
        qualifiers = self._gazetteer.find(states.get(rest, rest)) if rest else ()
        qualifier = None
        if qualifiers:
            qualifier = Toponym(_DATELINE, "text", 0, 0, rest, tuple(e.position for e in qualifiers))
        return Toponym(
            _DATELINE, "text", 0, 0, name.title(), tuple(e.position for e in candidates), qualifier=qualifier
        )

    def incident_place(self, weights: Mapping[int, float], *, only: bool = False) -> Place:
        """Return where an incident happened; `weights` says how much each sentence (by number) tells of it.

        With `only`, places of other sentences don't count, unless these name none.
        """
        scores: dict[int, float] = {}
        counts: dict[int, int] = defaultdict(int)
        best_items: dict[int, Resolved] = {}
        local = self._police_place()
        inside = [item for item in self.resolved if item.toponym.sentence in weights]
        for item in inside if only and inside else self.resolved:
            score = self._incident_score(item, weights) - self._far(item.entry, local)
            position = item.entry.position
            counts[position] += 1
            if position not in scores or score > scores[position]:
                scores[position] = score
                best_items[position] = item
        for position, count in counts.items():
            scores[position] += 0.35 * min(count - 1, 4)
        if not scores:
            return self._country_place()
        best = self._finest(max(scores, key=lambda p: (scores[p], -p)), scores)
        return self._place(best, best_items[best].toponym)

    def _incident_score(self, item: Resolved, weights: Mapping[int, float]) -> float:
        toponym = item.toponym
        score = _LEVEL_SCORES[item.entry.level] + _RELATION_SCORES.get(toponym.relation, 0.0)
        score += 1.8 if toponym.sentence == _DATELINE else weights.get(toponym.sentence, -_OTHER_INCIDENT)
        if toponym.embedded:
            score -= _EMBEDDED_PLACED if toponym.relation in {INSIDE, NEAR} else _EMBEDDED
        score -= self._foreign(item.entry)
        if self._lead_countries and item.entry.country not in self._lead_countries:
            score -= _ELSEWHERE
        if toponym.settlement_noun or toponym.unit_noun:
            score += 0.4
        if toponym.later_clause:
            score -= _LATER_CLAUSE
        if (toponym.sentence, toponym.first) in self._containers:
            score -= _CONTAINER
        return score

    def _police_place(self) -> Entry | None:
        """Return the settlement whose police a text names most: they report what happened near them."""
        named = [i.entry for i in self.resolved if i.toponym.relation == AGENCY and i.entry.level == SETTLEMENT]
        return max(named, key=lambda entry: (named.count(entry), entry.population, -entry.position), default=None)

    def _far(self, entry: Entry, local: Entry | None) -> float:
        if local is None or entry.level == COUNTRY or (entry.lat, entry.lon) == (0.0, 0.0):
            return 0.0
        return 1.5 if kilometres(entry.lat, entry.lon, local.lat, local.lon) > _LOCAL_KM else 0.0

    def _foreign(self, entry: Entry) -> float:
        """Return how much speaks against a place because the text is about another country or unit.

        The countries of the text's first sentence are all its own.
        """
        penalty = 0.0
        for level, weight in ((COUNTRY, 1.5), (ADMIN1, 0.8)):
            unit = self._gazetteer.unit(entry.position, level)
            if level == COUNTRY and self._is_own(entry):
                continue
            penalty += weight * min(
                2.0, self._votes.most[level] - self._votes.units.get(-1 if unit is None else unit, 0.0)
            )
        return penalty

    def _is_own(self, entry: Entry) -> bool:
        """Whether a place lies in one of the countries of the first sentence, of which the text says enough."""
        enough = self._votes.country_vote(entry.position) >= COUNTRY_SHARE * self._votes.most[COUNTRY]
        return enough and entry.country in self._first_countries

    def _finest(self, best: int, scores: Mapping[int, float]) -> int:
        """Return the best place, or a smaller one inside it that the text names nearly as well."""
        inside = [
            position
            for position, score in scores.items()
            if position != best
            and best in set(self._gazetteer.containers(position))
            and score >= scores[best] - _FINER_MARGIN
        ]
        finer = max(inside, key=lambda p: (scores[p], -p), default=None)
        return best if finer is None else self._finest(finer, scores)

    def _country_place(self) -> Place:
        """Return the country that the text speaks of most, where it names no place."""
        countries = [(vote, -p) for p, vote in self._votes.units.items() if self._gazetteer.entry(p).level == COUNTRY]
        vote, negative = max(countries, default=(0.0, 0))
        return self._place(-negative) if vote > 0 else Place()

    def _place(self, position: int, named: Toponym | None = None) -> Place:
        entry = self._gazetteer.entry(position)
        spellings = [item.toponym.written for item in self.resolved if item.entry.position == position]
        written = sorted(set(spellings), key=lambda s: (-spellings.count(s), spellings.index(s)))
        near = named is not None and named.relation == NEAR and entry.level == SETTLEMENT
        precision = PlacePrecision.NEAR if near else _PRECISIONS[entry.level]
        pointed = self._pointed(entry)
        if pointed is not None and pointed is not entry:
            precision = _PRECISIONS[pointed.level]
        lat, lon = (None, None) if pointed is None else self._shifted(pointed, named if near else None)
        return Place(
            name=entry.name,
            as_written=tuple(written),
            gazetteer_id=entry.geonames_id,
            admin1=self._unit_name(position, ADMIN1),
            admin2=self._unit_name(position, ADMIN2),
            country=entry.country,
            lat=lat,
            lon=lon,
            precision=precision,
        )

    def _pointed(self, entry: Entry) -> Entry | None:
        """Return the place itself, or the smallest unit around it whose point is known; a country never."""
        for position in self._gazetteer.containers(entry.position):
            around = self._gazetteer.entry(position)
            if around.level != COUNTRY and (around.lat, around.lon) != (0.0, 0.0):
                return entry if position == entry.position else around
        return None

    def _shifted(self, entry: Entry, named: Toponym | None) -> tuple[float, float]:
        """Return a place's point, or the one so far from it as the text says, to five decimals."""
        point = (entry.lat, entry.lon)
        if named is None or named.offset is None:
            return point
        after = (i for i in self.resolved if i.toponym.sentence == named.sentence and i.toponym.first >= named.last)
        other = next(after, None)
        moved = shifted(point, named.offset, None if other is None else (other.entry.lat, other.entry.lon))
        return point if moved is None else (round(moved[0], 5), round(moved[1], 5))

    def _unit_name(self, position: int, level: int) -> str | None:
        unit = self._gazetteer.unit(position, level)
        return None if unit is None else self._gazetteer.entry(unit).name
