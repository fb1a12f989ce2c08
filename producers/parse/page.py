"""A web page to the article on it: headline, main text, day, outlet.

trafilatura tells the text from navigation, advertising and further reading (Barbaresi 2021,
doi 10.18653/v1/2021.acl-demo.15).
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

import trafilatura

from producers.parse.fields import language_code
from producers.parse.html import PARAGRAPH, clean_text, one_line

_LANGUAGE = re.compile(rb"""<html\b[^>]{0,500}?\blang\s*=\s*["']?([A-Za-z-]{2,20})""", re.IGNORECASE)
_HEAD_BYTES = 4_096


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedPage:
    """The article on a web page."""

    title: str
    text: str
    """Plain text; paragraphs are separated by an empty line."""
    published: datetime | None
    """The day that the page names, at its beginning in UTC: a page's hour is rarely told with its zone."""
    outlet: str | None
    language: str | None
    """ISO 639-1 code."""


def read_page(body: bytes, url: str) -> ParsedPage | None:
    """Return the article in a page's bytes, or None where there is none; `url` is where it was found."""
    found = trafilatura.bare_extraction(
        body, url=url, include_comments=False, include_tables=False, with_metadata=True
    )
    if not isinstance(found, trafilatura.settings.Document) or not found.text:
        return None
    return ParsedPage(
        title=one_line(found.title or ""),
        text=clean_text(found.text.replace("\n", PARAGRAPH)),
        published=datetime.fromisoformat(found.date).replace(tzinfo=UTC) if found.date else None,
        outlet=one_line(found.sitename) if found.sitename else None,
        language=language_code(found.language) or _declared_language(body),
    )


def _declared_language(body: bytes) -> str | None:
    """Return the language that the page's first element declares."""
    declared = _LANGUAGE.search(body[:_HEAD_BYTES])
    return language_code(declared[1].decode("ascii")) if declared else None
