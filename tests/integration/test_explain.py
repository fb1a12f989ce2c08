"""`tallywire explain ARTICLE_ID` on a real Elasticsearch."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from elasticsearch import Elasticsearch

from contracts.codec import to_builtins
from contracts.records import Article
from sinks.article_documents import ArticleDocument, content
from sinks.articles import UnknownArticleError, get_article
from sinks.client import connect
from sinks.errors import SinkError
from sinks.indices import Index
from sinks.settings import SinkSettings
from sinks.setup import set_up

ARTICLE = Article(
    id="a" * 24,
    revision="1",
    url="https://news.example/quarry",
    title="Two die in quarry",
    text="Two men died when a wall of the quarry at Senn fell on Monday, police said.",
    outlet="Lakeside Courier",
    published=datetime(2020, 5, 1, tzinfo=UTC),
)


@pytest.fixture
def settings(elasticsearch_url: str, index_prefix: str) -> SinkSettings:
    """Return settings of an installation of its own, not yet set up."""
    return SinkSettings(elasticsearch_url=elasticsearch_url, index_prefix=index_prefix)


@pytest.fixture
def client(settings: SinkSettings) -> Iterator[Elasticsearch]:
    """Return a client of the server; the installation is gone afterwards."""
    with connect(settings) as connected:
        yield connected
        for name in connected.indices.get(index=f"{settings.index_prefix}-*"):
            connected.indices.delete(index=name)
        if connected.indices.exists_index_template(name=f"{settings.index_prefix}-*"):
            connected.indices.delete_index_template(name=f"{settings.index_prefix}-*")


def write(client: Elasticsearch, settings: SinkSettings, document: ArticleDocument) -> None:
    """Index a document as the sink does."""
    fields = to_builtins(document)
    assert isinstance(fields, dict)
    client.index(index=Index.ARTICLES.alias(settings.index_prefix), id=document.id, document=fields, refresh=True)


def test_an_indexed_article_is_the_article_that_was_published(client: Elasticsearch, settings: SinkSettings) -> None:
    """What the extractor reads again is what it read before."""
    set_up(settings, lambda _: None)
    write(client, settings, content(ARTICLE, written=1))
    assert get_article(client, settings, ARTICLE.id) == ARTICLE


def test_an_article_that_is_not_there(client: Elasticsearch, settings: SinkSettings) -> None:
    """An unknown id, and one of which only an incident is indexed yet, are each one sentence."""
    set_up(settings, lambda _: None)
    with pytest.raises(UnknownArticleError, match="There is no article"):
        get_article(client, settings, uuid.uuid4().hex[:24])
    write(client, settings, ArticleDocument(id=ARTICLE.id))
    with pytest.raises(UnknownArticleError, match="isn't indexed yet"):
        get_article(client, settings, ARTICLE.id)


def test_an_installation_that_is_not_set_up(client: Elasticsearch, settings: SinkSettings) -> None:
    """The sentence names the command that mends it."""
    with pytest.raises(SinkError, match="tallywire setup"):
        get_article(client, settings, ARTICLE.id)
