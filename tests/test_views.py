"""What people read in a terminal."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from rich.console import Console

from contracts.records import (
    Actor,
    Change,
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
from contracts.vocabulary import Agreement, EventType, Measure, PerpetratorStatus, RejectionReason
from sinks.claim_documents import claim_documents
from sinks.incident_documents import incident_document, revision_documents
from tallywire import views

SENTENCE = "At least 12 miners [sic] were killed, the union said."
REPORT = Report(
    id="r1",
    article_id="a1",
    article_revision="1",
    outlet="The Courier",
    url="https://courier.example/1",
    title="Mine collapses",
    published=datetime(2026, 3, 1, 8, 30, tzinfo=UTC),
    event_type=EventType.INDUSTRIAL_ACCIDENT,
    claims=(
        Claim(
            measure=Measure.KILLED,
            low=12,
            high=None,
            words="At least 12",
            whose="miners",
            claimant="the union",
            sentence=SENTENCE,
            span=Span(start=0, end=11),
        ),
    ),
    rejected=(
        RejectedFigure(
            words="300",
            reason=RejectionReason.CUMULATIVE,
            sentence="300 died in ten years.",
            span=Span(start=0, end=3),
        ),
    ),
    extractor="test",
)
INCIDENT = Incident(
    id="i1",
    revision=2,
    event_type=EventType.INDUSTRIAL_ACCIDENT,
    title="Mine collapses",
    place=Place(name="Oruro", country="BO", lat=-17.98, lon=-67.13),
    when=When(start=date(2026, 2, 28), end=date(2026, 3, 1)),
    tolls={Measure.KILLED: Toll(low=12, high=None, best=12)},
    agreement=Agreement.SINGLE_SOURCE,
    perpetrators=(Perpetrator(name="Nobody", status=PerpetratorStatus.ALLEGED, alleged_by="a union", denies=True),),
    actors=(Actor(name="mine [security] guards", role="target"),),
    spellings=("Oruro", "Oruru"),
    outlets=("The Courier",),
    reports=(REPORT,),
    history=(
        Change(
            number=1,
            at=datetime(2026, 3, 1, 8, 30, tzinfo=UTC),
            report_id="r1",
            article_id="a1",
            article_revision="1",
            outlet="The Courier",
            what=("killed 12 or more",),
            tolls={Measure.KILLED: Toll(low=12, high=None, best=12)},
            agreement=Agreement.SINGLE_SOURCE,
        ),
    ),
)


def drawn(what: object) -> str:
    """Return what a terminal of 160 columns shows."""
    console = Console(width=160)
    with console.capture() as captured:
        console.print(what)
    return captured.get()


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        pytest.param(5, 5, "5", id="exact"),
        pytest.param(28, 40, "28 to 40", id="between"),
        pytest.param(24, None, "24 or more", id="open"),
        pytest.param(0, 0, "0", id="none"),
    ],
)
def test_figures_for_people(low: int, high: int | None, said: str) -> None:
    """A figure reads as one would say it."""
    assert views.figure(low, high) == said


def test_the_table_has_a_row_an_incident() -> None:
    """What, where, when, how many, and the id to ask on with."""
    text = drawn(views.incident_table([incident_document(INCIDENT)]))
    for part in ("industrial accident", "Oruro, BO", "2026-02-28/03-01", "12 or more", "single source", "i1"):
        assert part in text


def test_an_incident_is_shown_whole() -> None:
    """Who says how many, who did it, how it changed, where it stands, and what doesn't count."""
    text = drawn(
        views.incident_view(
            incident_document(INCIDENT),
            tuple(claim_documents(INCIDENT).values()),
            tuple(document for _, document in revision_documents(INCIDENT)),
        )
    )
    for part in (
        "the union",
        "12 or more miners",
        SENTENCE,
        "Nobody",
        "mine [security] guards",
        "alleged",
        "by a union, denies it",
        "killed 12 or more",
        "https://courier.example/1",
        "cumulative",
        "also spelled Oruru",
    ):
        assert part in text


@pytest.mark.parametrize(
    ("at", "said"),
    [
        pytest.param(datetime(2026, 3, 1, 8, 0, tzinfo=UTC), "nobody had told of it yet", id="before"),
        pytest.param(datetime(2026, 3, 2, tzinfo=UTC), "killed 12 or more", id="after"),
    ],
)
def test_the_toll_as_it_was_known(at: datetime, said: str) -> None:
    """What nobody had said yet isn't shown."""
    revisions = tuple(document for _, document in revision_documents(INCIDENT))
    assert said in drawn(views.revision_view(revisions, at))


def test_a_place_that_is_not_known_is_a_dash() -> None:
    """Nothing is made up where nothing is known."""
    nowhere = incident_document(replace(INCIDENT, place=Place(), when=When()))
    assert views.place(nowhere) == views.NOTHING
    assert views.days(nowhere.start, nowhere.end) == views.NOTHING


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        pytest.param(date(2017, 9, 29), None, "2017-09-29", id="one day"),
        pytest.param(date(2017, 9, 29), date(2017, 9, 29), "2017-09-29", id="the same day"),
        pytest.param(date(2017, 9, 29), date(2017, 9, 30), "2017-09-29/30", id="one month"),
        pytest.param(date(2017, 9, 29), date(2017, 10, 1), "2017-09-29/10-01", id="two months"),
        pytest.param(date(2017, 12, 31), date(2018, 1, 1), "2017-12-31/2018-01-01", id="two years"),
    ],
)
def test_days_for_people(start: date, end: date | None, said: str) -> None:
    """A span says what both ends share once."""
    assert views.days(start, end) == said
