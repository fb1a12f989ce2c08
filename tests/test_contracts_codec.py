"""Records survive the wire, and what isn't a record is refused with a reason."""

from dataclasses import fields, is_dataclass
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.codec import DecodeError, decode, encode, to_builtins
from contracts.deadletters import OriginalRecord, dead_letter, original_value
from contracts.records import Article, ArticleReports, DeadLetter, Feed, Incident, Report

RECORDS = (Feed, Article, ArticleReports, Report, Incident, DeadLetter)

text = st.text(st.characters(exclude_categories=["Cs"]))
utc_times = st.datetimes(timezones=st.just(UTC))


@st.composite
def records(draw: st.DrawFn, record: type) -> object:
    """Draw a record with any values that its annotations allow."""
    return draw(
        st.builds(
            record,
            **{
                field.name: st.from_type(field.type)  # type: ignore[arg-type]
                for field in fields(record)
            },
        )
    )


@pytest.fixture(autouse=True, scope="module")
def strategies_fit_the_wire() -> None:
    """JSON has no surrogates, our times are UTC and integers have 64 bits."""
    st.register_type_strategy(str, text)
    st.register_type_strategy(datetime, utc_times)
    st.register_type_strategy(int, st.integers(-(2**53), 2**53))
    st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
@given(data=st.data())
def test_a_record_comes_back_as_it_went(record: type, data: st.DataObject) -> None:
    """Decoding what was encoded gives an equal record, and encoding is stable."""
    original = data.draw(records(record))
    wire = encode(original)
    assert decode(wire, record) == original
    assert encode(decode(wire, record)) == wire


@pytest.mark.parametrize(
    ("wire", "why"),
    [
        pytest.param(b"", "not JSON", id="empty"),
        pytest.param(b"{", "not JSON", id="cut off"),
        pytest.param(b"\xff\xfe", "not JSON", id="not UTF-8"),
        pytest.param(b"[]", "not Article", id="a list"),
        pytest.param(b"{}", "missing required field `id`", id="no id"),
        pytest.param(b'{"id": 1, "revision": "r"}', r"Expected `str`, got `int` - at `\$\.id`", id="wrong type"),
        pytest.param(b'{"id": "a", "revision": "r", "published": "soon"}', r"\$\.published", id="not a time"),
    ],
)
def test_what_is_not_a_record_is_refused(wire: bytes, why: str) -> None:
    """The error says what is wrong and where."""
    with pytest.raises(DecodeError, match=why):
        decode(wire, Article)


def test_unknown_fields_of_a_newer_writer_are_left_out() -> None:
    """A reader understands a writer that is newer."""
    assert decode(b'{"id": "a", "revision": "r", "mood": "grim"}', Article) == Article(id="a", revision="r")


def test_records_are_frozen() -> None:
    """Nobody changes a record that somebody else holds."""
    for record in RECORDS:
        assert is_dataclass(record)
        assert record.__dataclass_params__.frozen  # type: ignore[attr-defined]


@given(key=st.none() | st.binary(), value=st.none() | st.binary(), header=st.binary())
def test_a_dead_letter_keeps_the_bytes(key: bytes | None, value: bytes | None, header: bytes) -> None:
    """Whatever the bytes were, they can be had back from the letter, also over the wire."""
    original = OriginalRecord(topic="t", partition=0, offset=7, key=key, value=value, headers=(("h", header),))
    letter = dead_letter("extract", original, ValueError("no"), datetime(2026, 1, 1, tzinfo=UTC))
    returned = decode(encode(letter), DeadLetter)
    assert original_value(returned) == value
    assert returned.reason == "ValueError: no"
    assert to_builtins(returned) == to_builtins(letter)


def test_the_same_failure_gives_the_same_letter_id() -> None:
    """A replay doesn't multiply dead letters."""
    original = OriginalRecord(topic="t", partition=0, offset=7, key=None, value=b"x")
    first = dead_letter("extract", original, ValueError("no"), datetime(2026, 1, 1, tzinfo=UTC))
    again = dead_letter("extract", original, ValueError("no"), datetime(2026, 1, 2, tzinfo=UTC))
    other = dead_letter("resolve", original, ValueError("no"), datetime(2026, 1, 1, tzinfo=UTC))
    assert first.id == again.id != other.id
