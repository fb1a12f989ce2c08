"""What stands beside an incident's record: it is what would be worked out from the record, and recovery takes it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256

import msgspec
import pytest
from hypothesis import given

from contracts.codec import DecodeError, encode
from contracts.records import ArticleReports, Incident, Place, Report, Toll, When
from contracts.vocabulary import EventType, Measure, PlacePrecision, TimePrecision
from processors.resolve import Resolver, index
from processors.resolve.encoded import Written, read
from processors.resolve.profile import Profile, Profiles
from processors.resolve.record import Content, build
from tests.test_resolve_decision_sequences import STEPS, Step, lived, some
from tests.test_resolve_properties import BATCHES, few

KNOWN_FORMAT = (1, "d5880142752f4eb7")
"""The format, and a digest of what it makes of `FERRY` with every word rare."""

FERRY = Report(
    id="r1",
    article_id="a1",
    article_revision="v1",
    event_type=EventType.BOMBING,
    extractor="rules/1",
    outlet="Evening Signal",
    title="Qxzzts zzqxt",
    reported=datetime(2024, 3, 5, 7, 30, tzinfo=UTC),
    place=Place(
        name="Tarnow", as_written=("Tarnów",), gazetteer_id="7", country="PL", lat=50.0, lon=21.0,
        precision=PlacePrecision.SETTLEMENT,
    ),
    when=When(start=date(2024, 3, 4), end=date(2024, 3, 5), precision=TimePrecision.DAY),
    tolls={Measure.KILLED: Toll(low=3, high=3, best=3)},
    text_sketch=(1, 70_000, 4_000_000_000),
    key_terms={
        "zzqx": 3, "qxzz": 1, "anna kowalqx": 2, "age 27": 1, "age 120": 1, "street:mill": 1, "figure:4711": 1,
        "clock:47": 1, "weekday:6": 1, "magnitude:58": 1,
    },
)  # fmt: skip


@some
@given(STEPS)
def test_it_follows_from_the_record_alone(steps: list[Step]) -> None:
    """Whatever led to a record, beside it stands what a resolver that knows nothing else makes of it."""
    world = lived(steps)
    for incident in world.records.values():
        anew = index.entry_of(read(encode(incident)), Profiles())
        assert index.unpack(world.indices[incident.id]) == anew


@few
@given(BATCHES)
def test_a_recovered_state_is_the_same_with_it_and_without(batches: list[ArticleReports]) -> None:
    """Profiles, articles, and by what incidents are found."""
    resolver, written = Resolver(), {}
    for batch in batches:
        planned = resolver.plan(batch)
        written |= {incident.id: Written(encode(incident), resolver.index_of(incident)) for incident in planned}
        resolver.apply(planned)
    one = Resolver(written.values())._state
    other = Resolver(Written(each.record) for each in written.values())._state
    for part in ("_open", "_articles", "_last", "_newest", "_quiet"):
        assert getattr(one, part) == getattr(other, part)
    assert (one._blocks._postings, one._blocks._ids) == (other._blocks._postings, other._blocks._ids)
    assert dict(one.records) == dict(other.records)


def test_another_format_is_worked_out_anew() -> None:
    """What an older or newer version packed is passed over, and nothing of it is believed."""
    record, lie = record_of(FERRY), record_of(replace(FERRY, article_id="a2"))
    packed = index.pack(index.entry_of(lie, Profiles()))
    other = bytes([packed[0] ^ 1]) + packed[1:]
    recovered = Resolver([Written(encode(record), other)])
    assert [incident.id for incident in recovered._state.of_article("a1")] == [record.id]
    assert list(recovered._state.of_article("a2")) == []


def test_what_is_broken_stops_recovery() -> None:
    """With the reason, as a broken record does."""
    record = record_of(FERRY)
    packed = index.pack(index.entry_of(record, Profiles()))
    with pytest.raises(DecodeError, match="not what was packed"):
        Resolver([Written(encode(record), packed[:-1])])


def test_it_has_a_place_for_each_field_of_a_profile() -> None:
    """One that is added to a profile needs one here."""
    fields = [field.name for field in msgspec.structs.fields(Profile)]
    packed = [field.name for field in msgspec.structs.fields(index._PackedProfile)]
    assert ["article" if name == "article_id" else name for name in fields] == packed


def test_a_profile_that_changes_needs_another_format(monkeypatch: pytest.MonkeyPatch) -> None:
    """Raise `index.FORMAT` where this fails, and put the new pair here: else what was packed before is believed."""
    monkeypatch.setattr(index, "tag", lambda: b"")
    packed = index.pack(index.entry_of(record_of(FERRY), Profiles()))
    assert (index.FORMAT, sha256(packed).hexdigest()[:16]) == KNOWN_FORMAT


def record_of(report: Report) -> Incident:
    """Return the record of an incident of one report."""
    return build(Content(id="i1", reports=(report,)))
