"""The explanation's sentences: what was taken as what, and why a figure was refused."""

from contracts.records import Actor, Claim, Perpetrator, Place, RejectedFigure, Toll, When
from contracts.vocabulary import PerpetratorStatus, PlacePrecision, RejectionReason, TimePrecision
from sinks.fields import in_words
from tallywire.views import days, figure

OUTLET = "the outlet itself"

WHY_REFUSED = {
    RejectionReason.CUMULATIVE: "It adds up many incidents or a longer time, so it is background and not this toll.",
    RejectionReason.OTHER_INCIDENT: "It belongs to another incident, which the article only mentions.",
    RejectionReason.NOT_PEOPLE: "It doesn't count people who were harmed.",
    RejectionReason.THREAT: "It is threatened, feared or forecast, and hasn't happened.",
    RejectionReason.AGE: "It is somebody's age.",
    RejectionReason.DATE: "It is a date, a year, a time of day or a length of time.",
    RejectionReason.DISTANCE: "It is a distance.",
    RejectionReason.MONEY: "It is a sum of money.",
    RejectionReason.UNIT: "It is a measurement, a share, or the number of a unit.",
}

STATUS = {
    PerpetratorStatus.STATED: "The outlet states as a fact that {name} did it",
    PerpetratorStatus.CLAIMED: "{name} claimed it",
    PerpetratorStatus.ALLEGED: "{by} that {name} did it",
    PerpetratorStatus.DENIED: "{name} is accused and denies it",
    PerpetratorStatus.UNCLEAR: "{name} is named as possible; the text says that it isn't known",
}

PRECISION = {
    PlacePrecision.EXACT: "to the building or address",
    PlacePrecision.SETTLEMENT: "to the town",
    PlacePrecision.NEAR: "to somewhere near the town",
    PlacePrecision.ADMIN2: "to the district",
    PlacePrecision.ADMIN1: "to the province",
    PlacePrecision.COUNTRY: "to the country only",
    PlacePrecision.UNKNOWN: "but it isn't in the gazetteer",
}

TIME_PRECISION = {
    TimePrecision.HOUR: "to the hour",
    TimePrecision.DAY: "to the day",
    TimePrecision.NIGHT: "one night over two dates",
    TimePrecision.DAYS: "to a few days",
    TimePrecision.MONTH: "to the month",
    TimePrecision.UNKNOWN: "no more is known",
}


ROLES = {
    "attacker": "{name} acts",
    "target": "{name} is hit",
    "party": "{name} takes part",
}


def taken(claim: Claim) -> str:
    """Return what a claim was taken as."""
    what = f"{figure(claim.low, claim.high)}{f' {claim.whose}' if claim.whose else ''} {in_words(claim.measure)}"
    said = f"according to {claim.claimant or OUTLET}"
    if claim.subset:
        return f"Taken as {what}, {said}: a part of another figure, so it isn't added to it."
    return f"Taken as {what}, {said}."


def refused(rejected: RejectedFigure) -> str:
    """Return why a figure was refused."""
    return WHY_REFUSED[rejected.reason]


def place_name(place: Place) -> str:
    """Return a place from the town to the country; empty where nothing is known."""
    parts = (place.name, place.admin2, place.admin1, place.country)
    return ", ".join(dict.fromkeys(part for part in parts if part))


def place_note(place: Place) -> str:
    """Return how a spelling of the place was read."""
    name = place_name(place)
    return f"Read as the place, {name}, known {PRECISION[place.precision]}." if name else "Read as the place."


def time_note(when: When) -> str:
    """Return how the words of time were read."""
    if when.start is None:
        return "Words of time; without the day of publication they give no date."
    return f"Read as the time, {days(when.start, when.end)}, {TIME_PRECISION[when.precision]}."


def perpetrator_note(perpetrator: Perpetrator) -> str:
    """Return how sure the text is of who did it."""
    by = f"{perpetrator.alleged_by} alleges" if perpetrator.alleged_by else "It is alleged"
    said = STATUS[perpetrator.status].format(name=perpetrator.name, by=by)
    denies = perpetrator.denies and perpetrator.status is not PerpetratorStatus.DENIED
    return f"{said}{', who denies it' if denies else ''}."


def actor_note(actor: Actor) -> str:
    """Return what part an organised group, force or state has in it."""
    return ROLES.get(actor.role, "{name} has a part in it").format(name=actor.name) + "."


def claimant_note(claimant: str) -> str:
    """Return what a claimant's name stands for."""
    return f"{claimant} stands behind a figure."


def toll_words(toll: Toll) -> str:
    """Return a toll with its best figure where that isn't the only one."""
    best = "" if toll.low == toll.high else f", best {toll.best}"
    return f"{figure(toll.low, toll.high)}{best}"
