"""When a page itself says that it was published."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.records import Article
from processors.extract import extract
from processors.extract.text import language
from processors.extract.text.stamps import MAX_LINE, stamp, stated_day

STAMPS = {
    "a day alone": ("Tuesday, August 7, 2012", date(2012, 8, 7)),
    "day first": ("7 August 2012", date(2012, 8, 7)),
    "a label and a time": ("Posted: Aug 7, 2012 at 9:56 AM AKDT", date(2012, 8, 7)),
    "the first of two": ("Published: 7 Aug 2012 8:20 AM ET Last Updated: 9 Aug 2012 8:10 PM ET", date(2012, 8, 7)),
    "a time first": ("9:53 AM, TUE 07 AUG 2012", date(2012, 8, 7)),
    "loose punctuation": ("Updated on : Aug. 7, 2012 20: 09 IST", date(2012, 8, 7)),
    "a signature": ("By Omid Rahmani | August 7, 2012", date(2012, 8, 7)),
    "figures, year first": ("2012-08-07 10:22", date(2012, 8, 7)),
    "figures, month first": ("Posted 8/27/12", date(2012, 8, 27)),
    "figures, day first": ("27.8.2012", date(2012, 8, 27)),
    "figures that are the same day either way": ("8/8/2012", date(2012, 8, 8)),
}

OTHERS = {
    "a sentence": "The dairy burned down on August 7, 2012.",
    "no year": "Tuesday, August 7",
    "a figure beside it": "A bomb killed 12, May 3, 2009",
    "day or month": "9/10/2010",
    "no such day": "February 30, 2012",
    "no date": "Last updated by the desk",
    "nothing": "",
}


@pytest.mark.parametrize(("line", "day"), STAMPS.values(), ids=STAMPS)
def test_a_line_that_says_when(line: str, day: date) -> None:
    """A line of a date and the words that stand beside one is a stamp."""
    assert stamp(line, "en") == day


@pytest.mark.parametrize("line", OTHERS.values(), ids=OTHERS)
def test_a_line_that_tells_something(line: str) -> None:
    """A date within prose, or none that is sure, is no stamp."""
    assert stamp(line, "en") is None


@given(st.text(max_size=2 * MAX_LINE) | st.from_regex(r"[0-9 /.:,-]{0,30}"))
def test_no_line_is_too_odd(line: str) -> None:
    """Whatever a line holds, it is a stamp or none."""
    assert stamp(line, "en") is None or len(line) <= MAX_LINE


def fire(lines: str, published: datetime | None = None) -> Article:
    """Return an article of a fire on a Tuesday, below some lines of its page."""
    text = f"{lines}\nA fire killed two people in a warehouse in Palmer, Alaska, on Tuesday, police said."
    return Article(id="a", revision="r", title="Two die in Palmer warehouse fire", text=text, published=published)


def test_the_page_says_when_nobody_else_does() -> None:
    """Relative days resolve in the time that the page states."""
    (report,) = extract(fire("Story created: Aug 9, 2012 at 9:56 AM"))
    assert report.when.start == date(2012, 8, 7)
    assert report.published is not None
    assert report.published.date() == date(2012, 8, 9)
    assert report.reported is None, "when the page was read isn't known"


def test_the_feed_is_believed_first() -> None:
    """A page's own line counts only where the feed gives no date."""
    published = datetime.fromisoformat("2012-08-15T10:00:00Z")
    (report,) = extract(fire("August 9, 2012", published))
    assert report.when.start == date(2012, 8, 14)
    assert report.published == published


def test_a_line_far_down_is_another_story() -> None:
    """Dates of comments and teasers aren't when the page was published."""
    article = fire("\n".join(["Smoke was seen for hours."] * 12 + ["August 9, 2012"]))
    assert stated_day(article, language.load("en")) is None


def test_a_stamp_is_furniture() -> None:
    """A headline or a paragraph that only says when the page was published isn't when it happened."""
    published = datetime.fromisoformat("2012-08-15T10:00:00Z")
    (report,) = extract(fire("Tuesday, August 7, 2012", published))
    assert report.when.start == published.date() - timedelta(days=1)
