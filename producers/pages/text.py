"""From a page's bytes to an article with its text: decisions only."""

import re
from dataclasses import replace

from contracts.records import Article
from producers.content import content_revision
from producers.harvest import MAX_TEXT
from producers.outcomes import Fetched
from producers.parse.page import ParsedPage, read_page

MAX_PAGE_BYTES = 3_000_000
"""A larger page isn't read: an article's own is far below, and extraction takes a second a megabyte."""
SHARED = 0.5
"""Of the headline's words that a page has to have: a page of consent, of payment or of errors has none."""

_WORDS = re.compile(r"\w{4,}")


def needs_page(article: Article, enough: int) -> bool:
    """Return whether an article's page may tell more than its feed, whose own text of `enough` characters is all."""
    return article.url is not None and len(article.text) < enough


def with_page(article: Article, answer: Fetched) -> Article:
    """Return an article with the text of its page, or as it was where the page isn't about it or says no more."""
    page = read_page(answer.body, answer.url) if len(answer.body) <= MAX_PAGE_BYTES else None
    if page is None or len(page.text) <= len(article.text) or not _is_about(page, article):
        return article
    text = page.text[:MAX_TEXT]
    return replace(
        article,
        text=text,
        revision=content_revision(article.title, text),
        language=article.language or page.language,
        published=article.published or page.published,
    )


def _is_about(page: ParsedPage, article: Article) -> bool:
    wanted = set(_WORDS.findall(f"{article.title or article.text[:200]}".casefold()))
    there = set(_WORDS.findall(f"{page.title}\n{page.text}".casefold()))
    return len(wanted & there) >= SHARED * len(wanted)
