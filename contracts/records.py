"""The records that flow between the stages.

Frozen dataclasses; `contracts.codec` writes and reads them, `contracts.schemas` publishes their JSON Schemas.
Times are aware datetimes in UTC, dates are the incident's local calendar dates, points are WGS-84 degrees and
distances kilometres.  Changes only add fields, each with a default, so that every reader understands every writer.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from contracts.vocabulary import (
    Agreement,
    DecisionKind,
    EventType,
    FeedFlag,
    FeedState,
    Measure,
    PerpetratorStatus,
    PlacePrecision,
    RejectionReason,
    TimePrecision,
)

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One revision of an article, as an outlet published it."""

    id: str
    """Hash of the canonical address: stays when the article is edited."""
    revision: str
    """Hash of the content: another one after each edit."""
    url: str | None = None
    title: str = ""
    text: str = ""
    """Plain text; paragraphs are separated by an empty line."""
    feed: str | None = None
    """Address of the feed that brought it."""
    outlet: str | None = None
    """Who published it, as the feed list or the feed names it."""
    language: str | None = None
    """ISO 639-1 code where the feed says it."""
    published: datetime | None = None
    updated: datetime | None = None
    fetched: datetime | None = None
    schema_version: int = SCHEMA_VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Where something stands in an article: character offsets into `title` or `text`, `end` exclusive."""

    start: int
    end: int
    part: str = "text"
    """`title` or `text`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Who says how many: the unit of truth."""

    measure: Measure
    low: int
    high: int | None
    """None: open, as in "at least 28"."""
    words: str
    """The figure as written: "at least 28"."""
    whose: str | None = None
    """Who was counted: civilians, children, soldiers, attackers …"""
    subset: bool = False
    """A part of another claim, as in "four children among them"."""
    claimant: str | None = None
    """Who says so, as the text names them; None: the outlet itself."""
    sentence: str
    span: Span
    """Where the figure's words stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Toll:
    """What the claims of one measure amount to; docs/extraction.md states the rule."""

    low: int
    high: int | None
    best: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedFigure:
    """A figure that was read and isn't a claim about the incident, and why."""

    words: str
    reason: RejectionReason
    measure: Measure | None = None
    sentence: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the incident happened."""

    name: str | None = None
    """The gazetteer's name."""
    as_written: tuple[str, ...] = ()
    """Every spelling in the text, the most used first."""
    gazetteer_id: str | None = None
    """GeoNames id."""
    admin1: str | None = None
    admin2: str | None = None
    country: str | None = None
    """ISO 3166-1 alpha-2 code."""
    lat: float | None = None
    lon: float | None = None
    precision: PlacePrecision = PlacePrecision.UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """When the incident happened: local dates, both ends included."""

    start: date | None = None
    end: date | None = None
    precision: TimePrecision = TimePrecision.UNKNOWN
    words: str | None = None
    """The words that say so: "overnight", "on Saturday"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Perpetrator:
    """Who is said to have done it."""

    name: str
    status: PerpetratorStatus
    alleged_by: str | None = None
    denies: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """An organised group, force or state with a part in it, or anybody else such as a mediator."""

    name: str
    role: str
    """`attacker` acts, `target` is hit, `party` does both or fights."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One incident as one article revision tells it."""

    id: str
    """Hash of the article's id and `position`: stays when the article is edited."""
    article_id: str
    article_revision: str
    position: int = 0
    """0 for the article's main incident."""
    feed: str | None = None
    outlet: str | None = None
    url: str | None = None
    title: str = ""
    published: datetime | None = None
    """By the feed, else the beginning of the day (UTC) that the page itself states."""
    reported: datetime | None = None
    """When this revision became known: see `contracts.times.known_since`."""
    event_type: EventType
    place: Place = Place()
    when: When = When()
    claims: tuple[Claim, ...] = ()
    tolls: dict[Measure, Toll] = field(default_factory=dict)
    perpetrators: tuple[Perpetrator, ...] = ()
    actors: tuple[Actor, ...] = ()
    rejected: tuple[RejectedFigure, ...] = ()
    text_sketch: tuple[int, ...] = ()
    """Min-wise hashes of the text's word sequences, by which copies are recognised."""
    key_terms: dict[str, int] = field(default_factory=dict)
    """Terms that tell this text from others → how often each stands there; `processors.sketch` states the rule."""
    extractor: str
    """Name and version of the extractor."""
    schema_version: int = SCHEMA_VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleReports:
    """All that one article revision tells of incidents in one country: the record of the reports topic.

    It replaces whatever the article's earlier revisions told there, so no reports at all means that an edit took
    them away.
    """

    article_id: str
    article_revision: str
    country: str
    """ISO 3166-1 alpha-2 code, or `ZZ` where unknown."""
    reported: datetime | None = None
    reports: tuple[Report, ...] = ()
    extractor: str | None = None
    """Name and version of the extractor; None: only the reports say."""
    schema_version: int = SCHEMA_VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One line of an incident's history: what became known, when, and which report brought it."""

    number: int
    """1 for the report that the incident begins with."""
    at: datetime | None
    report_id: str
    article_id: str
    article_revision: str
    outlet: str | None
    what: tuple[str, ...]
    """Short sentences for people: "killed 28 or more → 28 to 40 or more"."""
    tolls: dict[Measure, Toll]
    """The tolls as they were known after this change."""
    agreement: Agreement
    decision_id: str | None = None
    """Of the decision that made it; the report's fields are empty then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """A report that left an incident: an edit took it away or tells something else now, or a person decided so."""

    at: datetime | None
    report_id: str
    article_id: str
    article_revision: str
    """The revision that told the incident no more; for a decision, the one that was moved."""
    outlet: str | None
    why: str
    """A short sentence for people."""
    extractor: str | None = None
    """Name and version of the extractor that told it no more."""
    decision_id: str | None = None
    """Of the decision that moved it; None: the article told it no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Another incident that turned out to be this one, and the report that showed it."""

    incident_id: str
    at: datetime | None
    report_id: str
    article_id: str
    article_revision: str
    outlet: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedReport:
    """A report that a decision is about."""

    article_id: str
    report_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a person decided: two groups of reports tell of one incident, or don't, or an earlier decision is void.

    It names reports and not incidents, so that a replay, which may group otherwise at first, obeys it too.  It is
    the record of the decisions topic, under its own id.
    """

    id: str
    kind: DecisionKind
    at: datetime
    by: str | None = None
    reports: tuple[DecidedReport, ...] = ()
    """For a merge, those of the incident that stays; for a split, those that leave."""
    others: tuple[DecidedReport, ...] = ()
    """For a merge, those of the incident that is merged into it; for a split, those that stay."""
    undoes: str | None = None
    """Id of the decision that is void from now on; of an undo: what that one undid counts again."""
    reason: str | None = None
    """Why, in the words of who decided."""
    schema_version: int = SCHEMA_VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """A decision that an incident's record has obeyed."""

    decision_id: str
    at: datetime
    what: str
    """A short sentence for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """Where a closed incident's whole record stands, and how the resolver finds it again."""

    offset: int
    """In the closed-incidents topic, in the partition that has the incident."""
    keys: tuple[int, ...] = ()
    """Blocking keys of `processors.resolve.blocking`: its places and days, and its rare names."""
    articles: tuple[str, ...] = ()
    """Ids of the articles that it rests or rested on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """The live record of one incident, with every report it rests on."""

    id: str
    revision: int
    """Grows by one with each change; Elasticsearch's external version."""
    event_type: EventType
    alternative_types: tuple[EventType, ...] = ()
    title: str = ""
    """The headline of the report that it shows first."""
    place: Place = Place()
    when: When = When()
    tolls: dict[Measure, Toll] = field(default_factory=dict)
    agreement: Agreement = Agreement.SINGLE_SOURCE
    perpetrators: tuple[Perpetrator, ...] = ()
    spellings: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    independent_claimants: tuple[str, ...] = ()
    first_reported: datetime | None = None
    last_reported: datetime | None = None
    reports: tuple[Report, ...] = ()
    """What each article says now, in order of `reported`, then id."""
    superseded: tuple[Report, ...] = ()
    """What earlier revisions of those articles said."""
    copies: dict[str, str] = field(default_factory=dict)
    """Report id of a syndicated copy → report id of what it copies; together they are one source."""
    history: tuple[Change, ...] = ()
    merged_into: str | None = None
    """Id of the incident that this one turned out to be; None while it stands for itself."""
    departures: tuple[Departure, ...] = ()
    """Reports of `superseded` that no newer revision replaced here."""
    merges: tuple[Merge, ...] = ()
    """Incidents that were merged into this one because a report belongs to both."""
    rulings: tuple[Ruling, ...] = ()
    """What people decided about it, in the order in which it was obeyed."""
    closed: Closing | None = None
    """Set: this is what is left in the resolver's state of an incident that closed, without its reports."""
    actors: tuple[Actor, ...] = ()
    """Every organised group, force or state that a report names with a part in it, once a name."""
    schema_version: int = SCHEMA_VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenEntry:
    """What a feed's state remembers of an entry that was published to the articles topic."""

    article_id: str
    revision: str
    """Of what the feed itself says; the article may have been published with its page's text."""
    guid: str | None = None
    """Beginning of the hash of the entry's guid."""
    sketch: str = ""
    """What it is about: see `producers.content`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed and how its polls go: the record of the feeds topic, under the feed's address (see `feedkeys`)."""

    url: str
    outlet: str | None = None
    title: str | None = None
    language: str | None = None
    group: str | None = None
    """Group in the feed list, such as a region."""
    interval_seconds: int | None = None
    """Time between polls; None: the producer's setting."""
    full_text: bool | None = None
    """Whether the text of its articles' pages is taken; None: the producer's setting."""
    state: FeedState = FeedState.NEW
    error: str | None = None
    """Why the last poll failed, in one sentence."""
    consecutive_errors: int = 0
    etag: str | None = None
    last_modified: str | None = None
    last_poll: datetime | None = None
    last_success: datetime | None = None
    next_poll: datetime | None = None
    entries_published: int = 0
    """Article revisions published since subscription."""
    seen: tuple[SeenEntry, ...] = ()
    """Entries of the last good answer, and those just before, that needn't be published again; in the topic they
    stand in a `FeedMemory` of their own."""
    location: str | None = None
    """Where the feed is fetched since its server moved it for good; None: at `url`."""
    moving_to: str | None = None
    """Where the last answers say that it has moved for good; a few must agree."""
    moving_answers: int = 0
    """How many answers in a row said so."""
    digest: str | None = None
    """Hash of the last document's bytes."""
    ttl_seconds: int | None = None
    """Least time between two fetches, by the feed's own account."""
    skip_hours: tuple[int, ...] = ()
    """Hours of the day, 0 to 23 in UTC, at which nothing new comes."""
    skip_days: tuple[int, ...] = ()
    """Days of the week, 0 Monday to 6 Sunday, on which nothing new comes."""
    entries_per_day: float | None = None
    """How many entries a day are the feed's habit."""
    last_new: datetime | None = None
    """When a poll last brought something new."""
    last_body: datetime | None = None
    """When the server last sent the whole document, changed or not."""
    doubts: int = 0
    """Unconditional fetches in a row that found "not modified" to be true."""
    lies: int = 0
    """Unconditional fetches that found "not modified" to be false."""
    changing_polls: int = 0
    """Documents in a row in which half or more of the known entries had changed."""
    flags: tuple[FeedFlag, ...] = ()
    """What is odd about it."""
    schema_version: int = SCHEMA_VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """What is wanted of a feed: by a person, or by a feed list."""

    url: str
    outlet: str | None = None
    group: str | None = None
    """Group in the feed list, such as a region."""
    language: str | None = None
    """ISO 639-1 code."""
    interval_seconds: int | None = None
    """Time between polls; None: by the feed's own rhythm."""
    full_text: bool | None = None
    """Whether the text of its articles' pages is taken; None: the producer's setting."""
    paused: bool = False
    listed: bool = False
    """Follows the feed list file: changes with its entry, and ends when the entry goes."""
    removed: bool = False
    """A person took out what the feed list file still names: it isn't polled."""
    changed: datetime | None = None
    """When a person or the feed list last changed it."""
    schema_version: int = SCHEMA_VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedMemory:
    """What a feed's producer remembers of what it published."""

    url: str
    seen: tuple[SeenEntry, ...] = ()
    schema_version: int = SCHEMA_VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A record that a stage couldn't handle, whole, and why."""

    id: str
    """Hash of the stage, topic, partition and offset: the same failure gives the same letter."""
    stage: str
    reason: str
    traceback: str | None = None
    topic: str
    partition: int | None = None
    offset: int | None = None
    at: datetime | None = None
    key: str | None = None
    """The original key, base64."""
    value: str | None = None
    """The original bytes, base64."""
    headers: tuple[tuple[str, str], ...] = ()
    """Original headers, values base64."""
    schema_version: int = SCHEMA_VERSION
