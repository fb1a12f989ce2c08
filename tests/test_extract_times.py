"""Words for time, resolved in the publication's time."""

from datetime import UTC, datetime

import pytest

from contracts.records import Article, When
from contracts.vocabulary import TimePrecision
from processors.extract import extract

FRIDAY = datetime(2021, 3, 12, 15, tzinfo=UTC)


def _when(words: str, published: datetime | None = FRIDAY) -> When:
    text = f"Gunmen killed five people in the Nigerian city of Kaduna {words}, police said."
    (report,) = extract(
        Article(id="a", revision="r", title="Gunmen kill five in Kaduna", text=text, published=published)
    )
    return report.when


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        pytest.param("on Wednesday", "2021-03-10", "2021-03-10", id="weekday"),
        pytest.param("late on Thursday", "2021-03-11", "2021-03-11", id="late weekday"),
        pytest.param("on Friday", "2021-03-12", "2021-03-12", id="weekday of publication"),
        pytest.param("overnight", "2021-03-11", "2021-03-12", id="overnight"),
        pytest.param("yesterday", "2021-03-11", "2021-03-11", id="yesterday"),
        pytest.param("two days ago", "2021-03-10", "2021-03-10", id="days ago"),
        pytest.param("on 3 March", "2021-03-03", "2021-03-03", id="day and month"),
        pytest.param("on March 3", "2021-03-03", "2021-03-03", id="month and day"),
        pytest.param("on March 3, 2021", "2021-03-03", "2021-03-03", id="full date"),
        pytest.param("during the night of Tuesday", "2021-03-09", "2021-03-10", id="night of a day"),
        pytest.param("in the night between Monday and Tuesday", "2021-03-08", "2021-03-09", id="night between"),
        pytest.param("on New Year's Day", "2021-01-01", "2021-01-01", id="holiday"),
        pytest.param("on Christmas Eve", "2020-12-24", "2020-12-24", id="last year's holiday"),
    ],
)
def test_time(words: str, start: str, end: str) -> None:
    """Words for time give the dates that they mean on the day of publication."""
    when = _when(words)
    assert when.start is not None
    assert when.end is not None
    assert (when.start.isoformat(), when.end.isoformat()) == (start, end)


def test_no_word_for_time_is_never_a_precise_day() -> None:
    """Without any word for time, it happened in the days before publication."""
    assert _when("").precision is TimePrecision.DAYS


@pytest.mark.parametrize("words", ["on Wednesday", "overnight", "yesterday", ""])
def test_no_publication_date_leaves_relative_words_unknown(words: str) -> None:
    """Relative words mean nothing without a publication date."""
    assert _when(words, published=None) == When()


def test_full_date_needs_no_publication_date() -> None:
    """A full date is one without a publication date too."""
    when = _when("on March 3, 2021", published=None)
    assert when.start is not None
    assert when.start.isoformat() == "2021-03-03"


@pytest.mark.parametrize("line", ["Abuja, 12 Mar 2021 (Agency) -- ", "ABUJA, Friday. ", "Abuja, March 12, 2021 - "])
def test_the_day_of_the_dateline_is_when_it_was_sent(line: str) -> None:
    """A dateline's day says when the report was sent, not when it happened."""
    text = f"{line}Gunmen killed five people in the Nigerian city of Kaduna late on Tuesday, police said."
    (report,) = extract(Article(id="a", revision="r", title="Gunmen kill five", text=text, published=FRIDAY))
    assert report.when.start is not None
    assert report.when.start.isoformat() == "2021-03-09"


@pytest.mark.parametrize(
    ("text", "start"),
    [
        pytest.param(
            "The toll of the storm in Samar rose to 40, officials said on Friday, two days after the storm hit.",
            "2021-03-10",
            id="days after it",
        ),
        pytest.param(
            "As of 12 March, the council reports 15 deaths. A cyclone hit Nampula on 9 March and killed 15 people.",
            "2021-03-09",
            id="the day of a count",
        ),
        pytest.param(
            "Floods hit Samar on 9 March and killed 15 people. As of 11 March, 16 people are missing.",
            "2021-03-09",
            id="a count after a date is no year",
        ),
        pytest.param(
            "Floods hit Samar on 9 March and killed 15 people. As of 11 March 16 were missing, the council reported.",
            "2021-03-09",
            id="nor without a comma",
        ),
        pytest.param(
            "A ferry burned off Samar on Tuesday and 15 people died. As many as 20 may be missing, police said.",
            "2021-03-09",
            id="what may be is no month",
        ),
        pytest.param(
            "Rescue crews in Panabaj on Friday found five more corpses under the mud of a landslide, the mayor said."
            " The landslide buried the village on Tuesday night, when 20 people died.",
            "2021-03-09",
            id="the day of a search",
        ),
    ],
)
def test_the_day_of_what_happened(text: str, start: str) -> None:
    """When dead are counted, and when they are searched for, isn't when they died."""
    (report,) = extract(Article(id="a", revision="r", title="", text=text, published=FRIDAY))
    assert report.when.start is not None
    assert report.when.start.isoformat() == start
