"""What tells one incident from another of its kind is read from the text, and compared."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.records import Report, When
from contracts.vocabulary import EventType, TimePrecision
from processors.particulars import KINDS, MAX_OF_A_KIND, particulars
from processors.resolve.compare import levels
from processors.resolve.profile import profile_of, unpack
from processors.resolve.weights import default_weights
from processors.sketch import information, key_terms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("on Larkspur Street near the mill", ["street:larkspur"], id="street"),
        pytest.param("in the 4900 block of South Juniper Ave.", ["street:juniper", "figure:4900"], id="block"),
        pytest.param(
            "the 700 block of North Tamarack when", ["street:tamarack", "figure:700"], id="block without kind"
        ),
        pytest.param("shots on 16th Street", ["street:16th"], id="numbered street"),
        pytest.param("just after 10 p.m., and again at 1:40 a.m.", ["clock:44", "clock:3"], id="clock"),
        pytest.param("at 12:10 a.m.", ["clock:0"], id="after midnight"),
        pytest.param("Posted: Tuesday 10:34 PM", [], id="when the page was published"),
        pytest.param("on Tuesday, and again on SUNDAY night", ["weekday:1", "weekday:6"], id="weekdays"),
        pytest.param("It burned. " * 200 + "They meet on Friday.", [], id="a weekday far down"),
        pytest.param("a 6.1-magnitude quake", ["magnitude:61"], id="magnitude"),
        pytest.param("a quake of magnitude 5.6", ["magnitude:56"], id="magnitude before its figure"),
        pytest.param("23 raiders and 1,400 litres, 23 sailors in 2011", ["figure:23", "figure:1400"], id="figures"),
        pytest.param("a 27-year-old man", [], id="an age is none"),
        pytest.param("on April 3, 2021 at 4: 31 AM", [], id="when a page without a word for it was published"),
        pytest.param("17, 000 litres for $43, 000 - a 27 - year - old said", ["figure:17000"], id="tokens set apart"),
    ],
)
def test_particulars_are_read(text: str, expected: list[str]) -> None:
    """Streets, times, magnitudes and figures are found as news gives them."""
    assert particulars(text) == expected


@given(st.text(alphabet=st.sampled_from("Ab1 .:,-pmPMth block of Street"), max_size=400))
def test_particulars_are_bounded(text: str) -> None:
    """No text gives more than so many of a kind, and none twice."""
    found = particulars(text)
    assert len(found) == len(set(found)) <= MAX_OF_A_KIND * len(KINDS)
    assert all(term.partition(":")[0] in KINDS for term in found)


def _report(number: int, text: str) -> Report:
    return Report(
        id=f"report-{number}",
        article_id=f"article-{number}",
        article_revision="1",
        event_type=EventType.SHOOTING,
        key_terms=key_terms("", text),
        extractor="test",
    )


@pytest.mark.parametrize(
    ("comparison", "one", "other", "level"),
    [
        pytest.param("streets", "shot on Larkspur Street", "on Larkspur Avenue", "one", id="same street"),
        pytest.param("streets", "shot on Larkspur Street", "on Elder Street", "none", id="another street"),
        pytest.param("streets", "shot on Larkspur Street", "shot at home", "unknown", id="no street"),
        pytest.param("clock", "at 10:20 p.m.", "at 10:45 p.m.", "one", id="same hour"),
        pytest.param("clock", "at 10:20 p.m.", "at 4:15 a.m.", "none", id="another hour"),
        pytest.param("clock", "at 11:50 p.m.", "at 12:10 a.m.", "one", id="around midnight"),
        pytest.param("weekday", "on Tuesday", "late Tuesday, they said on Friday", "one", id="same weekday"),
        pytest.param("weekday", "on Tuesday", "on Friday", "none", id="another weekday"),
        pytest.param("weekday", "on Tuesday", "last month", "unknown", id="no weekday"),
        pytest.param("magnitude", "a 6.1-magnitude quake", "a 5.9-magnitude quake", "one", id="agencies differ"),
        pytest.param("magnitude", "a 6.1-magnitude quake", "a 5.6-magnitude quake", "none", id="another quake"),
        pytest.param("figures", "23 raiders", "26 raiders", "none", id="other figures"),
        pytest.param(
            "streets",
            "Larkspur Street, Elder Street, Birch Street",
            "shot on Elder Street",
            "few",
            id="a round-up names many",
        ),
    ],
)
def test_particulars_are_compared(comparison: str, one: str, other: str, level: str) -> None:
    """Each comparison ends in the level that its two texts call for, whichever came first."""
    first, second = profile_of(_report(1, one)), profile_of(_report(2, other))
    assert levels(unpack(first), second)[comparison] == level
    assert levels(unpack(second), first)[comparison] == level


def test_weekdays_tell_nothing_where_both_days_are_known() -> None:
    """The days themselves are compared then: a text names the days of the search and of the funeral, too."""
    days = [
        replace(_report(number, f"on {weekday}"), when=When(start=day, end=day, precision=TimePrecision.DAY))
        for number, (weekday, day) in enumerate((("Tuesday", date(2024, 3, 5)), ("Friday", date(2024, 3, 5))))
    ]
    one, other = map(profile_of, days)
    assert levels(unpack(one), other)["weekday"] == "unknown"


@pytest.mark.parametrize("comparison", ["streets", "clock", "weekday", "figures", "magnitude"])
def test_what_is_not_told_tells_nothing(comparison: str) -> None:
    """A report without particulars is neither nearer to another nor farther for it, but other ones part two."""
    fitted = default_weights().levels[comparison]
    assert "unknown" not in fitted
    assert fitted["none"] < 0


def test_term_of_an_unknown_kind_is_passed_over() -> None:
    """A kind that a later version writes doesn't stop this one."""
    told = _report(1, "shot on Larkspur Street")
    later = replace(told, key_terms={**told.key_terms, "weather:rain": 1})
    assert profile_of(later) == profile_of(told)


def test_words_of_a_kind_of_event_tell_little() -> None:
    """That a text is about an earthquake doesn't make it the same one as another's."""
    assert information("epicentre") < information("larkspur") // 2 + 1


def test_weights_without_a_level_of_a_comparison_still_score() -> None:
    """A fold of the gold may never show a kind of particular: then it tells nothing."""
    weights = default_weights()
    bare = replace(weights, levels={**weights.levels, "magnitude": {}})
    one, other = profile_of(_report(1, "a 6.1-magnitude quake")), profile_of(_report(2, "a 5.6-magnitude quake"))
    apart = weights.levels["magnitude"]["none"]
    assert bare.score(unpack(one), other) == pytest.approx(weights.score(unpack(one), other) - apart)
