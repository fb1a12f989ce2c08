"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from datetime import UTC, datetime

import orjson

from producers.parse.encoding import decode
from producers.parse.fields import absolute_url, language_code
from producers.parse.html import clean_text, html_to_text, one_line
from producers.parse.model import NotAFeedError, ParsedEntry, ParsedFeed
from producers.parse.reader import MAX_ENTRIES

Json = dict[str, object]


def parse_json_feed(body: bytes, url: str) -> ParsedFeed:
    """Return the document in a JSON Feed; items that aren't objects are left out.

    Raises:
        NotAFeedError: The body isn't JSON, or not a JSON Feed.
    """
    document = _document(body)
    items = document.get("items")
    if not isinstance(items, list):
        raise NotAFeedError("The answer is JSON but not a JSON Feed: it has no list of items.")
    read = items[:MAX_ENTRIES]
    objects = [item for item in read if isinstance(item, dict)]
    home = absolute_url(url, document.get("home_page_url"))
    return ParsedFeed(
        title=one_line(_text(document, "title")) or None,
        url=home,
        language=language_code(document.get("language")),
        entries=tuple(_entry(item, home or url) for item in objects),
        problem=_problem(len(items), len(read), len(objects)),
    )


def _problem(items: int, read: int, objects: int) -> str | None:
    if objects < read:
        return f"{read - objects} of the feed's {items} items are not JSON objects."
    return f"The feed has more than {read:,} entries: the rest wasn't read." if read < items else None


def _document(body: bytes) -> Json:
    try:
        document = orjson.loads(decode(body).text)
    except ValueError as error:
        raise NotAFeedError(f"The answer is not valid JSON: {error}.") from None
    if not isinstance(document, dict):
        raise NotAFeedError("The answer is JSON but not a JSON Feed: it is not an object.")
    return document


def _entry(item: Json, base: str) -> ParsedEntry:
    published, updated = _time(item.get("date_published")), _time(item.get("date_modified"))
    texts = (html_to_text(_text(item, "content_html")), *(clean_text(_text(item, name)) for name in _PLAIN))
    text = max(texts, key=len)
    return ParsedEntry(
        guid=_guid(item.get("id")),
        url=absolute_url(base, item.get("url")) or absolute_url(base, item.get("external_url")),
        title=one_line(_text(item, "title")),
        text=text,
        language=language_code(item.get("language")),
        published=published or updated,
        updated=updated,
        podcast=not text and any(map(_is_sound, _list(item, "attachments"))),
    )


_PLAIN = ("content_text", "summary")


def _text(item: Json, name: str) -> str:
    value = item.get(name)
    return value if isinstance(value, str) else ""


def _list(item: Json, name: str) -> list[object]:
    value = item.get(name)
    return value if isinstance(value, list) else []


def _is_sound(attachment: object) -> bool:
    return isinstance(attachment, dict) and str(attachment.get("mime_type")).startswith("audio/")


def _guid(value: object) -> str | None:
    """Return an item's id; numbers are to be read as strings, says the standard."""
    return str(value) if isinstance(value, str | int | float) and value != "" else None


def _time(value: object) -> datetime | None:
    """Return an RFC 3339 time in UTC, or None; one without a zone is taken as UTC."""
    if not isinstance(value, str):
        return None
    try:
        time = datetime.fromisoformat(value.strip())
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
