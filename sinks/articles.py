"""One article as it is indexed, for the command line."""

from elasticsearch import Elasticsearch

from contracts.codec import from_builtins
from contracts.records import Article
from sinks.article_documents import ArticleDocument
from sinks.client import errors_in_words
from sinks.errors import SinkError
from sinks.indices import Index
from sinks.settings import SinkSettings


class UnknownArticleError(SinkError):
    """There is no article of that id."""


def get_article(client: Elasticsearch, settings: SinkSettings, article_id: str) -> Article:
    """Return the latest revision of an article.

    Raises:
        UnknownArticleError: There is no such article, or its text isn't indexed yet.
        SinkError: Elasticsearch is down, or not set up.
    """
    index = Index.ARTICLES.alias(settings.index_prefix)
    with errors_in_words(settings):
        # A missing document is an answer, a missing index is an error: `mget` tells them apart.
        (hit,) = client.mget(index=index, ids=[article_id])["docs"]
    if "error" in hit:
        raise SinkError(f"Elasticsearch has no index {index}: create it with `tallywire setup`.")
    if not hit["found"]:
        raise UnknownArticleError(f"There is no article {article_id}: `tallywire show INCIDENT` names those of one.")
    document = from_builtins(hit["_source"], ArticleDocument)
    if not document.written:
        raise UnknownArticleError(f"The text of article {article_id} isn't indexed yet: try again in a moment.")
    return _article(document)


def _article(document: ArticleDocument) -> Article:
    return Article(
        id=document.id,
        revision=document.revision,
        url=document.url,
        title=document.title or "",
        text=document.text or "",
        feed=document.feed,
        outlet=document.outlet,
        language=document.language,
        published=document.published,
        updated=document.updated,
        fetched=document.fetched,
    )
