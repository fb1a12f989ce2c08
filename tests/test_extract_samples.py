"""Each article of the sample feeds is read as an analyst reads it."""

from datetime import UTC, datetime, timedelta

import pytest

from contracts.geo import kilometres
from contracts.records import Article, Feed, Toll
from contracts.vocabulary import Measure
from processors.extract import extract
from producers import decide
from producers.outcomes import Received, Validators
from producers.parse import parse_feed
from tallywire.demo.check import NEAR_KM
from tallywire.samples import ExpectedIncident, ExpectedToll, expectations
from tallywire.samples.server import documents

POLICY = decide.Policy(interval=timedelta(minutes=5), backoff_max=timedelta(hours=1))
NOW = datetime(2017, 10, 3, tzinfo=UTC)


def sample_articles() -> dict[str, Article]:
    """Return every revision of every sample article by its address, the edited ones with a mark behind it."""
    found: dict[str, Article] = {}
    for later in (False, True):
        for path, document in documents(later=later).items():
            url = f"http://127.0.0.1{path}"
            feed = parse_feed(document.body, url, document.content_type)
            outcome = Received(feed=feed, validators=Validators())
            for article in decide.plan(Feed(url=url), outcome, NOW, POLICY).articles:
                known = found.setdefault(str(article.url), article)
                if known.revision != article.revision:
                    found[f"{article.url} (edited)"] = article
    return found


ARTICLES = sample_articles()
EXPECTED = expectations()
TELLING = {
    name: (article, incident)
    for incident in EXPECTED.incidents
    for name, article in ARTICLES.items()
    if article.url in incident.articles
}


def test_the_samples_are_all_here() -> None:
    """Nothing is left out of the cases below."""
    assert {article.url for article in ARTICLES.values()} == set(EXPECTED.articles)
    assert len(ARTICLES) == EXPECTED.revisions


@pytest.mark.parametrize(("article", "wanted"), TELLING.values(), ids=TELLING)
def test_an_incident_is_read_right(article: Article, wanted: ExpectedIncident) -> None:
    """Type, place and time as they are, and no figure that nobody gave."""
    (report,) = extract(article)
    assert report.event_type is wanted.event_type
    assert report.place.country == wanted.country
    assert report.place.lat is not None
    assert report.place.lon is not None
    assert kilometres(report.place.lat, report.place.lon, wanted.lat, wanted.lon) <= NEAR_KM
    assert (report.when.start, report.when.end) == (wanted.start, wanted.end)
    for measure, toll in ((Measure.KILLED, wanted.killed), (Measure.INJURED, wanted.injured)):
        assert_within(report.tolls.get(measure), toll)


def assert_within(found: Toll | None, wanted: ExpectedToll | None) -> None:
    """Check that one article's toll lies within what all of them say together."""
    if found is None:
        return
    assert wanted is not None
    assert wanted.low <= found.low <= wanted.high
    assert found.high is None or wanted.low <= found.high <= wanted.high


@pytest.mark.parametrize("url", EXPECTED.not_incidents)
def test_what_is_no_incident_gives_none(url: str) -> None:
    """A verdict, a review, a match and statistics are full of numbers and violent words."""
    assert extract(ARTICLES[url]) == ()
