"""What an incident, its claims and its history look like as documents."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from contracts.codec import decode, to_builtins
from contracts.records import Feed, Incident, When
from contracts.vocabulary import Measure, RejectionReason
from sinks.claim_documents import claim_documents
from sinks.fields import occurred, unique
from sinks.incident_documents import incident_document, revision_documents
from sinks.operation_documents import feed_document

DATA = Path(__file__).parent / "data" / "sinks"
SOHR = "Syrian Observatory for Human Rights"


def incident(name: str) -> Incident:
    """Return the incident in a data file."""
    return decode((DATA / f"{name}.json").read_bytes(), Incident)


def test_tolls_are_flat_and_an_open_toll_has_no_upper_bound() -> None:
    """Tolls are plain numbers, each measure with its own three fields."""
    document = incident_document(incident("armanaz-2"))
    assert (document.killed_low, document.killed_high, document.killed_best) == (28, None, 40)
    assert (document.injured_low, document.injured_high, document.injured_best) == (70, 70, 70)
    assert document.missing_low is None


def test_every_measure_has_its_fields() -> None:
    """A measure that the vocabulary gains can't be forgotten here."""
    fields = to_builtins(incident_document(incident("armanaz-1")))
    assert isinstance(fields, dict)
    assert {f"{measure}_{bound}" for measure in Measure for bound in ("low", "high", "best")} <= fields.keys()


def test_an_incident_shows_every_spelling_once() -> None:
    """The gazetteer's name comes first, then what the articles wrote."""
    assert incident_document(incident("armanaz-2")).places == ("Armanaz", "Amanaz")


def test_rejected_figures_are_kept_with_their_reason_and_count_towards_no_claim() -> None:
    """A cumulative figure is seen in the incident, and isn't a claim."""
    record = incident("armanaz-3-edited")
    (rejected,) = incident_document(record).rejected
    assert (rejected.words, rejected.reason) == ("300,000", RejectionReason.CUMULATIVE)
    assert all(claim.words != "300,000" for claim in claim_documents(record).values())


def test_claims_of_an_earlier_revision_stay_but_are_not_current() -> None:
    """After an edit both figures are there, and only the new one is current."""
    claims = claim_documents(incident("armanaz-3-edited")).values()
    killed = {
        (claim.said_by, claim.low, claim.high, claim.subset, claim.current)
        for claim in claims
        if claim.measure is Measure.KILLED
    }
    assert killed == {
        (SOHR, 28, None, False, False),
        (SOHR, 4, 4, True, False),
        (SOHR, 40, 40, False, True),
        (SOHR, 4, 4, True, True),
        ("Anadolu", 40, None, False, True),
    }


def test_an_edit_that_was_taken_back_leaves_current_claims() -> None:
    """The same article revision among the present and the superseded reports counts as present."""
    record = incident("armanaz-1")
    back = replace(record, superseded=record.reports)
    assert claim_documents(back) == claim_documents(record)


def test_a_claim_without_claimant_is_said_by_its_outlet() -> None:
    """Who says so is never empty in a chart when anybody is known."""
    record = incident("armanaz-1")
    (report,) = record.reports
    own = replace(record, reports=(replace(report, claims=(replace(report.claims[0], claimant=None),)),))
    (claim,) = claim_documents(own).values()
    assert (claim.claimant, claim.said_by) == (None, "Northern Wire")


def test_a_copy_says_what_it_is_a_copy_of() -> None:
    """Claims and report lines of syndicated copies can be told from their original's."""
    record = incident("armanaz-2")
    original, copy = record.reports
    copied = replace(record, copies={copy.id: original.id})
    copies = {claim.report_id: claim.copy_of for claim in claim_documents(copied).values()}
    assert copies == {original.id: None, copy.id: original.id}
    assert [line.copy_of for line in incident_document(copied).reports] == [None, original.id]


def test_the_history_has_a_document_a_line() -> None:
    """Each line keeps the tolls as they were known then."""
    record = incident("armanaz-3-edited")
    revisions = dict(revision_documents(record))
    assert [(key, line.killed_low, line.killed_best) for key, line in revisions.items()] == [
        (f"{record.id}:1", 28, 28),
        (f"{record.id}:2", 28, 40),
        (f"{record.id}:3", 40, 40),
    ]


@pytest.mark.parametrize(
    ("start", "day"),
    [
        pytest.param(date(2017, 9, 29), date(2017, 9, 29), id="known: the first day"),
        pytest.param(None, date(2017, 9, 30), id="unknown: the day it was first reported"),
    ],
)
def test_a_timeline_has_a_day_for_each_incident(start: date | None, day: date) -> None:
    """An incident of unknown time stands where it was first reported."""
    assert occurred(replace(incident("armanaz-1"), when=When(start=start))) == day


def test_an_incident_that_nobody_dated_has_no_day() -> None:
    """Nothing is made up."""
    assert occurred(replace(incident("armanaz-1"), when=When(), first_reported=None)) is None


def test_an_incident_without_a_point_is_on_no_map() -> None:
    """Half a coordinate is none."""
    record = incident("armanaz-1")
    half = replace(record, place=replace(record.place, lon=None))
    assert incident_document(half).point is None


def test_a_feed_document_leaves_out_what_only_producers_need() -> None:
    """Health is for operators; the memory of seen entries isn't."""
    feed = decode((DATA / "feed.json").read_bytes(), Feed)
    fields = to_builtins(feed_document(feed))
    assert isinstance(fields, dict)
    assert fields["state"] == "failing"
    assert not {"seen", "etag", "last_modified"} & fields.keys()


def test_unique_keeps_the_first_of_each_and_no_blanks() -> None:
    """Names are listed once, in the order in which they came."""
    assert unique("b", None, "a", "", "b") == ("b", "a")
