"""feedparser's two parsers, driven over a text: the strict one, then the loose one where that fails.

This does what `feedparser.parse` does between decoding and returning, with parsers that don't do what articles don't
need: authors, tags and the sanitising of markup that is turned into text anyway.  That is faster; and where authors
are looked for with a regular expression, a hostile one takes minutes.  A document's size, entries and elements are
bounded, and what was read before an element that breaks the parser stays.
"""

import io
import re
import xml.sax
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from feedparser.api import LooseFeedParser, StrictFeedParser
from feedparser.sanitizer import replace_doctype

Foreign = Mapping[str, Any]

MAX_ENTRIES = 5_000
"""Entries of one document that are read; the longest honest feeds have some hundreds."""
MAX_ELEMENTS = 100_000
"""Elements of one document that are read: twenty an entry."""
MAX_SIGNS = 300_000
"""`<` and `&` of one document that are read; the rest is cut off, since each costs some microseconds."""
HEAD_BYTES = 16_384
"""Longest head before the first element, such as a document type with entities, that is believed."""
SHORT_HEAD_BYTES = 1_024

_CUT_BYTES = 65_536
_SPACE = b"\xef\xbb\xbf \t\r\n"
_DECLARATION = re.compile(rb"<\?xml\b[^>]*>")
_OURS = b"<?xml version='1.0' encoding='utf-8'?>"
_ROOT = re.compile(rb"<\w")
_SPACES = re.compile(rb"\s+")
_CONTROLS = bytes(code for code in range(0x20) if chr(code) not in "\t\n\r")
"""Characters that XML 1.0 has no room for."""
_LAST_HOUR = 23
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


ENTRIES = frozenset({"item", "entry"})

STUMBLES = (ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)
"""What feedparser raises over an element that isn't as it should be, such as an end without a beginning."""


class _EnoughError(Exception):
    """The document has more than is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What feedparser found, in its own dictionaries."""

    entries: list[Foreign]
    feed: Foreign
    version: str
    skip_hours: tuple[int, ...]
    skip_days: tuple[int, ...]
    problem: str | None
    """What is wrong with the document, in one sentence."""


class _Frugal:
    """Goes before feedparser's mixin: drops what no article needs, and bounds the rest."""

    resolve_relative_uris = False  # of links inside the text only, which isn't kept
    sanitize_html = False  # markup is turned into text, which is stricter
    depth: int

    def __init__(self, *arguments: Any) -> None:  # noqa: ANN401 - feedparser's own
        self.skip_hours: set[int] = set()
        self.skip_days: set[int] = set()
        self._elements = 0
        super().__init__(*arguments)

    def unknown_starttag(self, tag: str, attrs: Any) -> None:  # noqa: ANN401 - feedparser's own
        self._elements += 1
        if self._elements > MAX_ELEMENTS:
            raise _EnoughError(f"The feed has more than {MAX_ELEMENTS:,} elements: the rest wasn't read.")
        with suppress(*STUMBLES):  # the element is left out
            super().unknown_starttag(tag, attrs)  # type: ignore[misc]

    def unknown_endtag(self, tag: str) -> None:
        try:
            super().unknown_endtag(tag)  # type: ignore[misc]
        except STUMBLES:  # in what it does with the element, before it leaves it
            self._leave()

    def _leave(self) -> None:
        """Go back to the base address, the language and the depth around an element."""
        for stack, name in (("basestack", "baseuri"), ("langstack", "lang")):
            around = getattr(self, stack)
            if around:
                around.pop()
                setattr(self, name, around[-1] if around else getattr(self, name))
        self.depth -= 1

    def handle_charref(self, ref: str) -> None:
        with suppress(ValueError, OverflowError):  # a number that is no character
            super().handle_charref(ref)  # type: ignore[misc]

    def _start_item(self, attrs_d: dict[str, str]) -> None:
        if len(self.entries) >= MAX_ENTRIES:  # type: ignore[attr-defined]
            raise _EnoughError(f"The feed has more than {MAX_ENTRIES:,} entries: the rest wasn't read.")
        super()._start_item(attrs_d)  # type: ignore[misc]

    _start_entry = _start_item

    def _start_hour(self, _attrs_d: object) -> None:
        self.push("hour", 0)  # type: ignore[attr-defined]

    def _end_hour(self) -> None:
        hour = self.pop("hour") or ""  # type: ignore[attr-defined]
        if hour.isascii() and hour.isdecimal() and int(hour) <= _LAST_HOUR + 1:  # RSS 0.91 counts from 1 to 24
            self.skip_hours.add(int(hour) % (_LAST_HOUR + 1))

    def _start_day(self, _attrs_d: object) -> None:
        self.push("day", 0)  # type: ignore[attr-defined]

    def _end_day(self) -> None:
        day = (self.pop("day") or "").lower()  # type: ignore[attr-defined]
        if day in _DAYS:
            self.skip_days.add(_DAYS.index(day))

    def _sync_author_detail(self, key: str = "author") -> None:
        """Leave authors as they are written."""

    def _add_tag(self, term: object, scheme: object, label: object) -> None:
        """Leave tags out."""

    def _start_category(self, _attrs_d: object) -> None:
        self.push("category", 0)  # type: ignore[attr-defined]

    _start_keywords = _start_dc_subject = _start_media_category = _start_category

    def _end_category(self) -> None:
        self.pop("category")  # type: ignore[attr-defined]

    _end_keywords = _end_dc_subject = _end_media_category = _end_category


class _Strict(_Frugal, StrictFeedParser):  # type: ignore[misc]
    """For well-formed XML."""


class _Loose(_Frugal, LooseFeedParser):  # type: ignore[misc]
    """For everything else."""

    def unknown_starttag(self, tag: str, attrs: Any) -> None:  # noqa: ANN401 - feedparser's own
        if tag in ENTRIES:
            self._end_all()
        super().unknown_starttag(tag, attrs)

    def _end_all(self) -> None:
        """End whatever an entry before left open: it would take the next entry for a part of its own text."""
        while self.elementstack:
            with suppress(*STUMBLES):
                self.pop(self.elementstack[-1][0])
        self.contentparams.clear()
        self.incontent = self.inentry = self.insource = self.inimage = self.intextinput = self.inauthor = 0
        self.hasContent = self.svgOK = 0


def read_syndication(text: str) -> Reading:
    """Return what is in a document of RSS or Atom, as far as it can be read."""
    version, data, entities = replace_doctype(_prepared(text))
    parser, problem = _strict(data)
    if problem and not isinstance(problem, _EnoughError):
        parser, found = _loose(data, entities)
        problem = found or problem
    return Reading(
        entries=parser.entries,
        feed=parser.feeddata,
        version=version or parser.version,
        skip_hours=tuple(sorted(parser.skip_hours)),
        skip_days=tuple(sorted(parser.skip_days)),
        problem=_in_words(problem) if problem else None,
    )


def _strict(data: bytes) -> tuple[Any, Exception | None]:
    """Return a parser that has read well-formed XML, or as much of the data as is, and what stopped it."""
    parser = _Strict("", None, "utf-8")
    reader = xml.sax.make_parser()  # noqa: S317 - see the import
    reader.setFeature(xml.sax.handler.feature_namespaces, True)  # noqa: FBT003 - SAX's own
    reader.setFeature(xml.sax.handler.feature_external_ges, False)  # noqa: FBT003 - SAX's own
    reader.setContentHandler(parser)
    reader.setErrorHandler(parser)
    source = xml.sax.xmlreader.InputSource()
    source.setByteStream(io.BytesIO(data))
    try:
        reader.parse(source)
    except (_EnoughError, xml.sax.SAXException, *STUMBLES) as error:
        return parser, error
    return parser, parser.exc


def _loose(data: bytes, entities: Mapping[str, str]) -> tuple[Any, Exception | None]:
    """Return a parser that has read anything, or as much of it as doesn't break it, and what did."""
    parser = _Loose("", None, "utf-8", entities)
    try:
        parser.feed(data.decode("utf-8", "replace"))
    except (_EnoughError, *STUMBLES) as error:
        return parser, error
    return parser, None


def _prepared(text: str) -> bytes:
    """Return a text as UTF-8 that the parsers can take: no declaration, no forbidden characters, bounded."""
    data = text.encode("utf-8", "ignore").translate(None, _CONTROLS).lstrip(_SPACE)
    data = _DECLARATION.sub(_OURS, data, count=1)
    root = _ROOT.search(data)
    if root is None:
        return data[:HEAD_BYTES]
    head, data = data[: root.start()], data[root.start() :]
    if len(head) > SHORT_HEAD_BYTES:  # feedparser's patterns take long over runs of empty lines
        head = _SPACES.sub(b"\n", head) if len(head) <= HEAD_BYTES else b""
    return head + _cut(data)


def _cut(data: bytes) -> bytes:
    """Return the data up to where it holds too many signs."""
    if data.count(b"<") + data.count(b"&") <= MAX_SIGNS:
        return data
    signs = 0
    for start in range(0, len(data), _CUT_BYTES):
        part = data[start : start + _CUT_BYTES]
        signs += part.count(b"<") + part.count(b"&")
        if signs > MAX_SIGNS:
            return data[:start]
    return data


def _in_words(error: Exception) -> str:
    if isinstance(error, _EnoughError):
        return str(error)
    if not isinstance(error, xml.sax.SAXException):
        return f"The feed breaks the feed parser: {type(error).__name__}: {error}".rstrip(".") + "."
    line = error.getLineNumber() if isinstance(error, xml.sax.SAXParseException) else None
    reason = error.getMessage().rstrip(".")
    return f"The feed is malformed: {reason}, line {line}." if line else f"The feed is malformed: {reason}."
