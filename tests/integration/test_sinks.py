"""Writing to a real Elasticsearch and finding it again."""

import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import BadRequestError, Elasticsearch

from contracts.codec import decode, encode
from contracts.deadletters import OriginalRecord
from contracts.records import Article, Feed, Incident, Toll
from contracts.vocabulary import Agreement, EventType, Measure
from sinks import search
from sinks.apply import apply
from sinks.article_documents import ArticleDocument, content, links
from sinks.batch import Incoming, Planned, Refused
from sinks.client import connect
from sinks.errors import SinkError, UnavailableError, UnknownIncidentError
from sinks.incident_documents import IncidentDocument
from sinks.indices import Index
from sinks.join import write_joined
from sinks.plan import plan, planners
from sinks.search import Filters
from sinks.settings import SinkSettings
from sinks.setup import set_up

DATA = Path(__file__).parent.parent / "data" / "sinks"
Snapshot = Callable[[str, str], dict[str, Any]]

RECORDS = {
    "article-a-1": "articles",
    "article-a-2-edited": "articles",
    "article-b": "articles",
    "article-c": "articles",
    "armanaz-1": "incidents",
    "armanaz-2": "incidents",
    "armanaz-3-edited": "incidents",
    "armanaz-4-merged": "incidents",
    "harem-1": "incidents",
    "harem-2-redirect": "incidents",
    "feed": "feeds",
    "dead-letter": "dead_letters",
}
"""Every sample record and its topic, in an order in which they may come; articles are written in this order."""


@contextmanager
def installation(url: str, prefix: str) -> Iterator[SinkSettings]:
    """Make the indices of an installation, and remove them in the end: a server takes only so many."""
    made = SinkSettings(elasticsearch_url=url, index_prefix=prefix, startup_wait_seconds=30)
    set_up(made, lambda _: None)
    yield made
    with connect(made) as client:
        client.indices.delete(index=list(client.indices.get(index=f"{prefix}-*")))
        client.indices.delete_index_template(name=f"{prefix}-*")


@pytest.fixture
def settings(elasticsearch_url: str, index_prefix: str) -> Iterator[SinkSettings]:
    """Return settings of an installation of its own, with its indices made."""
    with installation(elasticsearch_url, index_prefix) as made:
        yield made


@pytest.fixture
def client(elasticsearch_url: str) -> Iterator[Elasticsearch]:
    """Return a client of the server."""
    with connect(SinkSettings(elasticsearch_url=elasticsearch_url)) as connected:
        yield connected


@pytest.fixture(scope="module")
def shared(elasticsearch_url: str) -> Iterator[SinkSettings]:
    """Return an installation for tests whose documents have ids of their own."""
    with installation(elasticsearch_url, f"test-{uuid.uuid4().hex[:12]}") as made:
        yield made


@pytest.fixture(scope="module")
def full(elasticsearch_url: str) -> Iterator[SinkSettings]:
    """Return an installation that every sample record was written to, for tests that change nothing in it."""
    with (
        installation(elasticsearch_url, f"test-{uuid.uuid4().hex[:12]}") as made,
        connect(made) as client,
    ):
        assert write_all(client, made, list(RECORDS)) == []
        search.refresh(client, made)
        yield made


def record(name: str) -> Incident:
    """Return the incident in a data file."""
    return decode((DATA / f"{name}.json").read_bytes(), Incident)


def planned(name: str, settings: SinkSettings, value: bytes | None = None) -> Planned:
    """Return a sample record as it comes from its topic, with other bytes if they are given."""
    topic = getattr(settings.topics, RECORDS[name]).name
    written = 1_506_700_000_000 + list(RECORDS).index(name)
    value = (DATA / f"{name}.json").read_bytes() if value is None else value
    key = key_of(topic == settings.topics.feeds.name, name, value)
    original = OriginalRecord(topic=topic, partition=0, offset=0, key=key, value=value)
    asked = plan(planners(settings.topics)[topic], key, value, written)
    return Planned(incoming=Incoming(original=original, written=written), plan=asked)


def key_of(is_feed: bool, name: str, value: bytes) -> bytes:  # noqa: FBT001 - one question
    """Return a record's key: a feed's is its address, by which the sink tells its state from what else is kept."""
    return decode(value, Feed).url.encode() if is_feed else name.encode()


def write_all(client: Elasticsearch, settings: SinkSettings, names: Sequence[str]) -> list[Refused]:
    """Write sample records in one batch."""
    return apply(client, [planned(name, settings) for name in names], settings)


def articles(client: Elasticsearch, settings: SinkSettings) -> dict[str, ArticleDocument]:
    """Return the article documents by outlet."""
    search.refresh(client, settings)
    found = search.read_all(client, settings, Index.ARTICLES, ArticleDocument)
    return {article.outlet or "": article for article in found}


def test_set_up_can_be_run_again(settings: SinkSettings, client: Elasticsearch) -> None:
    """The second time nothing is made, and each alias still stands for one index."""
    said: list[str] = []
    set_up(settings, said.append)
    assert said == ["Indices: 0 created, 6 were there."]
    for index in Index:
        alias = index.alias(settings.index_prefix)
        assert list(client.indices.get_alias(name=alias)) == [index.versioned(settings.index_prefix)]


def test_set_up_finishes_what_a_killed_one_began(settings: SinkSettings, client: Elasticsearch) -> None:
    """An index whose alias is missing gets it."""
    alias, name = Index.FEEDS.alias(settings.index_prefix), Index.FEEDS.versioned(settings.index_prefix)
    client.indices.delete_alias(index=name, name=alias)
    set_up(settings, lambda _: None)
    assert client.indices.exists_alias(name=alias, index=name)


def test_set_up_says_so_when_an_index_is_of_another_kind(elasticsearch_url: str, index_prefix: str) -> None:
    """A field of another type isn't something that a set-up can mend."""
    other = SinkSettings(elasticsearch_url=elasticsearch_url, index_prefix=index_prefix)
    with connect(other) as client:
        client.indices.create(
            index=Index.FEEDS.versioned(index_prefix),
            aliases={Index.FEEDS.alias(index_prefix): {}},
            mappings={"properties": {"url": {"type": "long"}}},
        )
        with pytest.raises(SinkError, match="doesn't fit this version"):
            set_up(other, lambda _: None)
        client.indices.delete(index=list(client.indices.get(index=f"{index_prefix}-*")))


def test_indices_are_strict(shared: SinkSettings, client: Elasticsearch) -> None:
    """A field that nobody mapped is refused."""
    with pytest.raises(BadRequestError, match="strict_dynamic_mapping_exception"):
        client.index(index=Index.CLAIMS.alias(shared.index_prefix), document={"surprise": 1})


def test_everything_ends_in_its_index(full: SinkSettings, client: Elasticsearch) -> None:
    """Two incidents that became one, three articles, a feed and a dead letter."""
    assert search.counts(client, full) == {
        Index.INCIDENTS: 2,
        Index.CLAIMS: 8,
        Index.REVISIONS: 6,
        Index.ARTICLES: 3,
        Index.FEEDS: 1,
        Index.DEAD_LETTERS: 1,
    }


@pytest.mark.parametrize(
    "batches",
    [
        pytest.param([list(RECORDS)], id="all together"),
        pytest.param([[name] for name in RECORDS], id="one by one"),
        pytest.param([[name] for name in reversed(RECORDS)], id="the last first"),
        pytest.param([["armanaz-2", "harem-1", "article-a-1"]], id="late ones"),
    ],
)
def test_writing_again_changes_nothing(
    batches: list[list[str]], full: SinkSettings, client: Elasticsearch, snapshot: Snapshot
) -> None:
    """Same sources and same versions in every index, and claims that were removed don't come back."""
    before = snapshot(full.elasticsearch_url, full.index_prefix)
    for names in batches:
        assert write_all(client, full, names) == []
    assert snapshot(full.elasticsearch_url, full.index_prefix) == before


@pytest.mark.parametrize(
    "batches",
    [
        pytest.param([[name] for name in RECORDS], id="one by one"),
        pytest.param([[name] for name in reversed(RECORDS)], id="the last first"),
    ],
)
def test_batches_do_not_matter(
    batches: list[list[str]],
    full: SinkSettings,
    settings: SinkSettings,
    client: Elasticsearch,
    snapshot: Snapshot,
) -> None:
    """However the records come, the documents are those of one batch."""
    for names in batches:
        write_all(client, settings, names)

    def sources(prefix: str) -> list[dict[str, Any]]:
        found = snapshot(settings.elasticsearch_url, prefix)
        return [{key: source for key, (_, source) in found[name].items()} for name in sorted(found)]

    assert sources(settings.index_prefix) == sources(full.index_prefix)


def test_text_and_links_of_an_article_may_come_in_any_order(shared: SinkSettings, client: Elasticsearch) -> None:
    """Its text is whole and it belongs to the incident that still stands, in each of the 24 orders."""
    text = decode((DATA / "article-b.json").read_bytes(), Article)
    standing, gone = record("armanaz-2").id, record("harem-1").id
    orders = list(permutations(["article-b", "armanaz-2", "harem-1", "harem-2-redirect"]))
    for number, order in enumerate(orders):
        for name in order:
            value = (DATA / f"{name}.json").read_bytes()
            for known in (text.id, standing, gone):
                value = value.replace(known.encode(), f"{known}-{number}".encode())
            assert apply(client, [planned(name, shared, value)], shared) == []
    search.refresh(client, shared)
    found = search.read_all(client, shared, Index.ARTICLES, ArticleDocument)
    ours = {article.id: article for article in found if article.id.startswith(text.id)}
    for number, order in enumerate(orders):
        article = ours[f"{text.id}-{number}"]
        assert (article.text, article.incident_ids) == (text.text, (f"{standing}-{number}",)), order


def test_an_edit_that_comes_late_is_not_undone(shared: SinkSettings, client: Elasticsearch) -> None:
    """The text that Kafka got last stays, whatever comes again."""
    write_all(client, shared, ["article-a-2-edited"])
    write_all(client, shared, ["article-a-1"])
    assert articles(client, shared)["Northern Wire"].title == "Bombs kill 40 in Armanaz"


def test_sinks_that_write_one_article_at_once_lose_nothing(shared: SinkSettings, client: Elasticsearch) -> None:
    """Eight writers, each with a link of its own and some text: all links are there at the end."""
    incident, text = record("harem-1"), decode((DATA / "article-c.json").read_bytes(), Article)
    incidents = [replace(incident, id=f"incident-{number}") for number in range(8)]
    start = threading.Barrier(len(incidents))

    def work(mine: Incident) -> None:
        start.wait()
        for part in (*links(mine), content(text, 1)):
            write_joined(client, [part], shared)

    threads = [threading.Thread(target=work, args=(mine,)) for mine in incidents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    article = articles(client, shared)["Relief Bulletin"]
    assert article.incident_ids == tuple(incident.id for incident in incidents)
    assert article.text == text.text


def off_the_map(name: str) -> bytes:
    """Return an incident's bytes with a latitude that no place on Earth has."""
    incident = record(name)
    return encode(replace(incident, place=replace(incident.place, lat=999.0)))


def test_a_refused_record_stops_no_other(settings: SinkSettings, client: Elasticsearch) -> None:
    """The refusal says which field, and an earlier revision in the same batch is kept."""
    batch = [
        planned("armanaz-1", settings),
        planned("armanaz-2", settings, off_the_map("armanaz-2")),
        planned("harem-1", settings),
    ]
    (refused,) = apply(client, batch, settings)
    assert refused.incoming == batch[1].incoming
    assert "point" in refused.refusals[0].reason
    search.refresh(client, settings)
    found = search.read_all(client, settings, Index.INCIDENTS, IncidentDocument)
    assert {incident.id: incident.revision for incident in found} == {
        record("armanaz-1").id: 1,
        record("harem-1").id: 1,
    }


def test_a_record_that_spoils_its_whole_request_stops_no_other(settings: SinkSettings, client: Elasticsearch) -> None:
    """An id beyond Elasticsearch's limit makes it refuse the request; the others in it are written all the same."""
    long_id = encode(replace(record("harem-1"), id="x" * 600))
    batch = [planned("armanaz-1", settings), planned("harem-1", settings, long_id), planned("feed", settings)]
    (refused,) = apply(client, batch, settings)
    assert refused.incoming == batch[1].incoming
    search.refresh(client, settings)
    found = search.counts(client, settings)
    assert (found[Index.INCIDENTS], found[Index.FEEDS]) == (1, 1)


def test_a_missing_index_is_nobodys_dead_letter(settings: SinkSettings, client: Elasticsearch) -> None:
    """Records wait until the index is there again; nothing is made up in its place."""
    for index in Index:
        client.indices.delete(index=index.versioned(settings.index_prefix))
        with pytest.raises(UnavailableError):
            write_all(client, settings, list(RECORDS))
        assert not client.indices.exists(index=index.alias(settings.index_prefix))
        set_up(settings, lambda _: None)
    assert write_all(client, settings, list(RECORDS)) == []


def test_long_values_are_no_reason_to_refuse(shared: SinkSettings, client: Elasticsearch) -> None:
    """A keyword beyond Lucene's limit is kept, though it can't be filtered by."""
    long = "y" * 40_000
    incident = replace(record("armanaz-1"), id="long", title=long, outlets=(long,))
    letter = (DATA / "dead-letter.json").read_bytes().replace(b'"eyJicm9rZW4i"', encode(long))
    batch = [planned("armanaz-1", shared, encode(incident)), planned("dead-letter", shared, letter)]
    assert apply(client, batch, shared) == []


@pytest.fixture(scope="module")
def library(elasticsearch_url: str) -> Iterator[SinkSettings]:
    """Return an installation that holds two incidents, one that merged, and one that is told no more."""
    with (
        installation(elasticsearch_url, f"test-{uuid.uuid4().hex[:12]}") as settings,
        connect(settings) as client,
    ):
        for name, incident in (
            ("armanaz-4-merged", record("armanaz-4-merged")),
            ("harem-2-redirect", record("harem-2-redirect")),
            ("harem-1", flood()),
            ("harem-1", told_no_more()),
        ):
            assert apply(client, [planned(name, settings, encode(incident))], settings) == []
        search.refresh(client, settings)
        yield settings


def flood() -> Incident:
    """Return another incident: elsewhere, later, of another type, with two killed."""
    told = record("armanaz-1")
    (report,) = told.reports
    return replace(
        told,
        id="gao",
        title="River bursts its banks near Gao",
        event_type=EventType.FLOOD,
        place=replace(told.place, name="Gao", as_written=("Gao",), admin1="Gao", country="ML"),
        spellings=("Gao",),
        when=replace(told.when, start=told.when.end),
        last_reported=datetime(2017, 9, 30, 22, tzinfo=UTC),
        tolls={Measure.KILLED: Toll(low=2, high=2, best=2)},
        independent_claimants=(),
        perpetrators=(),
        reports=(replace(report, title="River bursts its banks near Gao", claims=()),),
        history=(),
    )


def told_no_more() -> Incident:
    """Return an incident whose only report was taken away by an edit."""
    told = record("armanaz-1")
    return replace(told, id="untold", revision=2, tolls={}, reports=(), superseded=told.reports, last_reported=None)


@pytest.mark.parametrize(
    ("query", "filters", "found"),
    [
        pytest.param("armanaz air strike", Filters(), ["armanaz"], id="words from several fields"),
        pytest.param("amanaz", Filters(), ["armanaz"], id="another spelling"),
        pytest.param("observatory", Filters(), ["armanaz"], id="a claimant"),
        pytest.param("armanaz -wounded", Filters(), [], id="without a word"),
        pytest.param("volcano", Filters(), [], id="nothing"),
        pytest.param('"unbalanced (', Filters(), [], id="not a query at all"),
        pytest.param("", Filters(), ["gao", "armanaz"], id="all, the last reported first"),
        pytest.param("", Filters(gone=True), ["gao", "armanaz", "harem", "untold"], id="also those that are gone"),
        pytest.param("", Filters(country="sy"), ["armanaz"], id="a country"),
        pytest.param("", Filters(event_type=EventType.FLOOD), ["gao"], id="a type"),
        pytest.param("", Filters(agreement=Agreement.DISPUTED), ["armanaz"], id="disputed"),
        pytest.param("", Filters(killed=41), [], id="more killed than anyone says"),
        pytest.param("", Filters(killed=40), ["armanaz"], id="as many killed as all say"),
        pytest.param("", Filters(since=record("armanaz-1").when.end), ["gao"], id="since a day"),
        pytest.param("", Filters(until=record("armanaz-1").when.start), ["armanaz"], id="until a day"),
    ],
)
def test_search(query: str, filters: Filters, found: list[str], library: SinkSettings) -> None:
    """Words must all match and every filter counts; without words the latest news comes first."""
    names = {record("armanaz-1").id: "armanaz", record("harem-1").id: "harem", "gao": "gao", "untold": "untold"}
    with connect(library) as client:
        hits = search.search_incidents(client, library, query, filters, 10)
    assert [names[hit.id] for hit in hits] == found


def test_an_incident_is_found_under_the_id_it_had_before(full: SinkSettings, client: Elasticsearch) -> None:
    """A merged incident leads to the one that it turned out to be, with all that is kept of that."""
    view = search.get_incident(client, full, record("harem-1").id)
    assert view.incident.id == record("armanaz-4-merged").id
    assert view.redirected_from == (record("harem-1").id,)
    assert [revision.number for revision in view.revisions] == [1, 2, 3, 4]
    assert [claim.current for claim in view.claims] == [True] * 6 + [False] * 2


def test_an_unknown_incident_is_said_to_be_so(shared: SinkSettings, client: Elasticsearch) -> None:
    """One sentence, with what to do."""
    with pytest.raises(UnknownIncidentError, match="no incident nobody-knows-it"):
        search.get_incident(client, shared, "nobody-knows-it")


def test_redirects_in_a_circle_come_to_an_end(shared: SinkSettings, client: Elasticsearch) -> None:
    """Two incidents that point at each other are an error and no endless loop."""
    one, two = replace(record("armanaz-1"), id="one"), replace(record("harem-1"), id="two")
    batch = [
        planned("armanaz-1", shared, encode(replace(one, merged_into=two.id))),
        planned("harem-1", shared, encode(replace(two, merged_into=one.id))),
    ]
    apply(client, batch, shared)
    with pytest.raises(SinkError, match="circle"):
        search.get_incident(client, shared, one.id)


def test_searching_what_was_never_set_up_says_what_to_do(elasticsearch_url: str, index_prefix: str) -> None:
    """No traceback for an installation that isn't there."""
    nowhere = SinkSettings(elasticsearch_url=elasticsearch_url, index_prefix=index_prefix)
    with connect(nowhere) as client:
        for ask in (
            lambda: search.search_incidents(client, nowhere, "x", Filters(), 1),
            lambda: search.get_incident(client, nowhere, "x"),
            lambda: search.counts(client, nowhere),
        ):
            with pytest.raises(SinkError, match="tallywire setup"):
                ask()
