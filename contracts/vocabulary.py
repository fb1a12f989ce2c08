"""The closed vocabularies of the records, as string enumerations."""

from enum import StrEnum


class EventType(StrEnum):
    """What kind of incident it is."""

    AIR_STRIKE = "air_strike"
    DRONE_STRIKE = "drone_strike"
    SHELLING = "shelling"
    MISSILE_ATTACK = "missile_attack"
    BOMBING = "bombing"
    SUICIDE_BOMBING = "suicide_bombing"
    LANDMINE = "landmine"
    ARMED_CLASH = "armed_clash"
    ARMED_ATTACK = "armed_attack"
    MASS_SHOOTING = "mass_shooting"
    SHOOTING = "shooting"
    MASSACRE = "massacre"
    ASSASSINATION = "assassination"
    EXECUTION = "execution"
    ABDUCTION = "abduction"
    SEXUAL_VIOLENCE = "sexual_violence"
    TORTURE = "torture"
    ARSON = "arson"
    PIRACY = "piracy"
    RIOT = "riot"
    PROTEST_VIOLENCE = "protest_violence"
    STAMPEDE = "stampede"
    TRANSPORT_ACCIDENT = "transport_accident"
    FIRE = "fire"
    EXPLOSION = "explosion"
    INDUSTRIAL_ACCIDENT = "industrial_accident"
    BUILDING_COLLAPSE = "building_collapse"
    EARTHQUAKE = "earthquake"
    FLOOD = "flood"
    STORM = "storm"
    LANDSLIDE = "landslide"
    OTHER = "other"


class Measure(StrEnum):
    """What a figure counts: people, and what happened to them."""

    KILLED = "killed"
    INJURED = "injured"
    MISSING = "missing"
    ABDUCTED = "abducted"
    DISPLACED = "displaced"
    ARRESTED = "arrested"


class PlacePrecision(StrEnum):
    """How much of the place is known; the point is that unit's own point."""

    EXACT = "exact"
    """An address, a building or coordinates."""
    SETTLEMENT = "settlement"
    """A town, village or neighbourhood of one."""
    NEAR = "near"
    """Somewhere near the named settlement."""
    ADMIN2 = "admin2"
    """A district or county."""
    ADMIN1 = "admin1"
    """A province, governorate or state."""
    COUNTRY = "country"
    """The country only: such a place has no point."""
    UNKNOWN = "unknown"


class TimePrecision(StrEnum):
    """How much of the time is known."""

    HOUR = "hour"
    DAY = "day"
    NIGHT = "night"
    """One night, which spans two dates."""
    DAYS = "days"
    """A few days, between start and end."""
    MONTH = "month"
    UNKNOWN = "unknown"


class PerpetratorStatus(StrEnum):
    """How sure the text is of who did it."""

    STATED = "stated"
    """The outlet itself says so, as a fact."""
    CLAIMED = "claimed"
    """They said so themselves."""
    ALLEGED = "alleged"
    """Somebody else says so."""
    DENIED = "denied"
    """They are accused and deny it."""
    UNCLEAR = "unclear"
    """Named as possible; the text says that it isn't known."""


class RejectionReason(StrEnum):
    """Why a figure of the text isn't a claim about the incident."""

    CUMULATIVE = "cumulative"
    OTHER_INCIDENT = "other_incident"
    NOT_PEOPLE = "not_people"
    THREAT = "threat"
    AGE = "age"
    DATE = "date"
    DISTANCE = "distance"
    MONEY = "money"
    UNIT = "unit"


class Agreement(StrEnum):
    """Whether independent claimants agree on an incident's toll."""

    SINGLE_SOURCE = "single_source"
    CORROBORATED = "corroborated"
    DISPUTED = "disputed"


class DecisionKind(StrEnum):
    """What a person can decide about incidents."""

    MERGE = "merge"
    SPLIT = "split"
    UNDO = "undo"


class FeedState(StrEnum):
    """How a feed is doing."""

    NEW = "new"
    """Subscribed, never polled."""
    OK = "ok"
    FAILING = "failing"
    """The last poll failed; it is tried again at `next_poll`."""
    SILENT = "silent"
    """Answers, but brings nothing new for far longer than is its habit."""
    PAUSED = "paused"
    GONE = "gone"
    """The server said that the feed has ended (410)."""


class FeedFlag(StrEnum):
    """What is odd about a feed that answers."""

    UNDATED = "undated"
    """Most of its entries say no date that can be true."""
    ALWAYS_CHANGING = "always_changing"
    """Half or more of its known entries read otherwise at every poll."""
    LYING_VALIDATORS = "lying_validators"
    """It says "not modified" although it has changed; it is fetched whole."""
