"""What the extractor tells of an article's revisions, however often its input is repeated."""

from datetime import UTC, datetime
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.records import Article, ArticleReports, Place, Report
from contracts.vocabulary import EventType
from processors.article_marks import ArticleMark, Position, countries_told, covers, messages

EXTRACTOR = "words 1"


def position(offset: int, *, partition: int = 0, timestamp_ms: int | None = None) -> Position:
    """Return where a record stands; later records are younger."""
    return Position(
        partition=partition, offset=offset, timestamp_ms=offset * 10 if timestamp_ms is None else timestamp_ms
    )


def mark(at: Position, *countries: str) -> ArticleMark:
    """Return the mark of a handled revision."""
    return ArticleMark(position=at, revision="r", extractor=EXTRACTOR, countries=countries)


def report(country: str | None, number: int = 0) -> Report:
    """Return a report of an incident in a country."""
    return Report(
        id=f"report-{number}",
        article_id="a",
        article_revision="r",
        position=number,
        event_type=EventType.OTHER,
        place=Place(country=country),
        extractor=EXTRACTOR,
    )


@pytest.mark.parametrize(
    ("at", "extractor", "covered"),
    [
        pytest.param(position(5), EXTRACTOR, True, id="the same record"),
        pytest.param(position(4), EXTRACTOR, True, id="an older record"),
        pytest.param(position(6), EXTRACTOR, False, id="a newer record"),
        pytest.param(position(5), "words 2", False, id="another extractor"),
        pytest.param(position(3, partition=1), EXTRACTOR, False, id="another partition"),
        pytest.param(position(3, timestamp_ms=99), EXTRACTOR, False, id="a topic created anew"),
    ],
)
def test_what_a_mark_covers(at: Position, extractor: str, covered: bool) -> None:  # noqa: FBT001 - a case's answer
    """A mark covers what its extractor has read up to it, in the same topic and partition."""
    assert covers(mark(position(5)), at, extractor) is covered


def test_reports_are_split_by_country() -> None:
    """Each country gets its reports in their order; ZZ stands for an unknown one."""
    article = Article(id="a", revision="r", published=datetime(2026, 3, 1, tzinfo=UTC))
    first, second, third = report("SY", 0), report(None, 1), report("SY", 2)
    told = messages(article, [first, second, third])
    assert [(each.country, each.reports) for each in told] == [("SY", (first, third)), ("ZZ", (second,))]
    assert {each.reported for each in told} == {article.published}


@pytest.mark.parametrize(
    ("times", "reported"),
    [
        pytest.param((1, 2, 3), 1, id="updated first"),
        pytest.param((None, 2, 3), 2, id="then published"),
        pytest.param((None, None, 3), 3, id="then fetched"),
        pytest.param((None, None, None), None, id="unknown"),
    ],
)
def test_when_a_revision_became_known(times: tuple[int | None, ...], reported: int | None) -> None:
    """Updated, else published, else fetched."""
    days = [None if day is None else datetime(2026, 3, day, tzinfo=UTC) for day in times]
    article = Article(id="a", revision="r", updated=days[0], published=days[1], fetched=days[2])
    (told,) = messages(article, [report("SY")])
    assert told.reported == (None if reported is None else datetime(2026, 3, reported, tzinfo=UTC))


def test_a_country_that_is_told_of_no_longer_gets_an_empty_message() -> None:
    """Also when the article tells of nothing at all any more."""
    article = Article(id="a", revision="r2")
    told = messages(article, [report("TR")], ["SY", "TR"])
    assert [(each.country, len(each.reports)) for each in told] == [("SY", 0), ("TR", 1)]
    assert countries_told(told) == ("TR",)
    assert [(each.country, each.reports) for each in messages(article, [], ["SY"])] == [("SY", ())]


COUNTRIES = st.frozensets(st.sampled_from(["SY", "TR", "ZZ"]))


@given(
    revisions=st.lists(st.tuples(st.sampled_from("ab"), COUNTRIES), max_size=8),
    restarts=st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8), st.booleans()), max_size=5),
)
def test_repetition_never_turns_back(
    revisions: list[tuple[str, frozenset[str]]], restarts: list[tuple[int, int, bool]]
) -> None:
    """With any crashes and replays, an article's revisions are told in order, and the last word is the same."""
    whole = Told(revisions)
    whole.run(0, len(revisions))
    repeated = Told(revisions)
    reached = 0
    for begin, end, before_mark in restarts:  # a worker begins at or before what was committed, and dies
        last = min(end, len(revisions))
        repeated.run(min(begin, reached), last, die_before_mark=before_mark)
        reached = max(reached, last - 1 if before_mark else last)
    repeated.run(0, len(revisions))
    assert repeated.last_words() == whole.last_words()
    for place, numbers in repeated.sequence.items():
        once = [number for number, _ in groupby(numbers)]
        assert once == sorted(once), place


class Told:
    """The extract stage's rule in memory: messages before marks, marks after each record."""

    def __init__(self, revisions: list[tuple[str, frozenset[str]]]) -> None:
        self.revisions = revisions
        self.marks: dict[str, ArticleMark] = {}
        self.sequence: dict[tuple[str, str], list[int]] = {}
        self.messages: dict[tuple[str, str], ArticleReports] = {}

    def run(self, begin: int, end: int, *, die_before_mark: bool = False) -> None:
        """Handle records; a worker that dies may have sent the last one's messages without its mark."""
        for number in range(begin, end):
            name, countries = self.revisions[number]
            before = self.marks.get(name)
            if before and covers(before, position(number), EXTRACTOR):
                continue
            article = Article(id=name, revision=f"r{number}")
            told = messages(article, map(report, sorted(countries)), before.countries if before else ())
            for message in told:
                self.sequence.setdefault((name, message.country), []).append(number)
                self.messages[name, message.country] = message
            if not (die_before_mark and number == end - 1):
                self.marks[name] = mark(position(number), *countries_told(told))

    def last_words(self) -> dict[tuple[str, str], ArticleReports]:
        """Return what each country was told last of each article."""
        return self.messages
