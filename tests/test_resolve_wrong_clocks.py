"""An outlet whose clock is years off harms nobody's incidents but its own."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from contracts.ids import article_id, article_revision
from contracts.records import Article
from contracts.times import known_since
from processors.article_marks import messages
from processors.extract import extract
from processors.resolve import Resolver

TUESDAY = datetime(2026, 3, 10, 9, tzinfo=UTC)
FETCHED = TUESDAY + timedelta(hours=1)
YEARS = timedelta(days=4000)


def article(outlet: str, title: str, text: str) -> Article:
    """Return an article of Tuesday."""
    return Article(
        id=article_id(f"https://{outlet}.example/news"),
        revision=article_revision(title, text),
        outlet=outlet,
        title=title,
        text=text,
        published=TUESDAY,
        fetched=FETCHED,
    )


BLAST = article(
    "Lowland Courier",
    "Blast at Lahore market kills nine",
    "A bomb exploded at a market in Lahore, Pakistan, on Tuesday, killing at least nine people, police said.",
)
FERRY = article(
    "Harbour Post",
    "Ferry sinks off Manila, four drown",
    "A ferry sank off Manila in the Philippines on Tuesday and four passengers drowned, the coast guard said.",
)
LATER = article(
    "Evening Signal",
    "At least 12 dead in Lahore market bombing",
    "At least 12 people were killed when a bomb exploded at a market in Lahore, Pakistan, on Tuesday, police said.",
)


@pytest.mark.parametrize(
    ("dates", "known"),
    [
        pytest.param({}, TUESDAY, id="published"),
        pytest.param({"updated": TUESDAY + timedelta(minutes=9)}, TUESDAY + timedelta(minutes=9), id="updated"),
        pytest.param({"published": None}, FETCHED, id="no date"),
        pytest.param({"published": TUESDAY + YEARS}, FETCHED, id="published in the future"),
        pytest.param({"updated": TUESDAY + YEARS}, FETCHED, id="updated in the future"),
        pytest.param(
            {"published": FETCHED + timedelta(hours=14)}, FETCHED + timedelta(hours=14), id="another zone's time"
        ),
        pytest.param({"published": TUESDAY - YEARS}, TUESDAY - YEARS, id="published long ago"),
        pytest.param({"fetched": None, "published": TUESDAY + YEARS}, TUESDAY + YEARS, id="from a file"),
        pytest.param({"fetched": None, "published": None}, None, id="no time at all"),
    ],
)
def test_when_a_revision_became_known(dates: dict[str, datetime | None], known: datetime | None) -> None:
    """By the outlet's own dates, unless they lie in the future of whoever fetched it."""
    assert known_since(replace(BLAST, **dates)) == known


def take_in(resolver: Resolver, told: Article) -> list[str]:
    """Take an article in as the stages do; return the ids of its incidents that stand."""
    for batch in messages(told, extract(told)):
        resolver.apply(resolver.plan(batch))
    return [incident.id for incident in resolver._state.of_article(told.id)]


@pytest.mark.parametrize(
    "dates",
    [
        pytest.param({"published": TUESDAY + YEARS}, id="published in the future"),
        pytest.param({"updated": TUESDAY + YEARS}, id="updated in the future"),
        pytest.param({"published": TUESDAY - YEARS}, id="published long ago"),
        pytest.param({"published": datetime(1970, 1, 1, tzinfo=UTC)}, id="a clock's zero"),
    ],
)
def test_a_wrong_clock_closes_no_incident_of_others(dates: dict[str, datetime]) -> None:
    """Neither a far future nor a far past closes what stands, or keeps a later report from it."""
    resolver = Resolver()
    (blast,) = take_in(resolver, BLAST)
    assert take_in(resolver, replace(FERRY, **dates))
    assert not resolver._state.is_closed(blast)
    assert take_in(resolver, LATER) == [blast]


def test_an_edit_dated_in_the_future_leaves_room_for_the_next_one() -> None:
    """The next edit is newer by when it was fetched, and isn't taken for an outdated one."""
    resolver = Resolver()
    (blast,) = take_in(resolver, BLAST)
    for number, text in enumerate(("killing at least 11", "killing at least 14"), 1):
        edit = replace(
            BLAST,
            revision=text,
            text=BLAST.text.replace("killing at least nine", text),
            updated=TUESDAY + YEARS if number == 1 else FETCHED + timedelta(hours=2),
            fetched=FETCHED + timedelta(hours=number),
        )
        assert take_in(resolver, edit) == [blast]
    (incident,) = resolver._state.of_article(BLAST.id)
    assert [report.article_revision for report in incident.reports] == ["killing at least 14"]
