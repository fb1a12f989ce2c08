"""What the sample feeds must end in, as an analyst reads them."""

from dataclasses import dataclass
from datetime import date
from importlib import resources

from contracts import codec
from contracts.vocabulary import Agreement, EventType


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedToll:
    """The least and the most that anybody says."""

    low: int
    high: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedIncident:
    """One incident, with every article that tells of it."""

    name: str
    """Short name for people, not in any record."""
    event_type: EventType
    country: str
    """ISO 3166-1 alpha-2 code."""
    place: str
    """The town in plain ASCII; the gazetteer may spell it with its marks."""
    lat: float
    lon: float
    start: date
    end: date
    killed: ExpectedToll | None
    injured: ExpectedToll | None
    agreement: Agreement
    outlets: tuple[str, ...]
    articles: tuple[str, ...]
    """Addresses of its articles, as `Article.url` has them."""
    spellings: tuple[str, ...] = ()
    """Spellings of the place that must be kept."""
    copies: tuple[str, ...] = ()
    """Those of `articles` that are syndicated copies."""
    edited: tuple[str, ...] = ()
    """Those of `articles` that have a second revision in the later stage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectations:
    """All that the sample feeds must end in."""

    incidents: tuple[ExpectedIncident, ...]
    not_incidents: tuple[str, ...]
    """Addresses of the articles that tell of no incident."""

    @property
    def articles(self) -> tuple[str, ...]:
        """Return the addresses of all the articles, in order."""
        told = (url for incident in self.incidents for url in incident.articles)
        return tuple(sorted({*told, *self.not_incidents}))

    @property
    def revisions(self) -> int:
        """Return how many article revisions are published, edits included."""
        return len(self.articles) + sum(len(incident.edited) for incident in self.incidents)


def expectations() -> Expectations:
    """Return what the sample feeds must end in, from `expected.json`."""
    return codec.decode((resources.files(__package__) / "expected.json").read_bytes(), Expectations)
