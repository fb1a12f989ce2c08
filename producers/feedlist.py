"""The feed list: TOML or OPML bytes to subscriptions, and back.

TOML holds one table a feed, of which only `url` is needed::

    [[feeds]]
    url = "https://outlet.example/feed.xml"
    outlet = "The Outlet"
    group = "Europe"
    language = "en"
    interval_seconds = 600
    full_text = true

In OPML every `outline` with an `xmlUrl` is a feed, and the outline around it its group.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
from lxml import etree

from contracts.records import Subscription

FIELDS = ("url", "outlet", "group", "language", "interval_seconds", "full_text")
_FLAGS = {"true": True, "false": False}
MAX_BYTES = 20_000_000
"""A feed list larger than this is not one."""


class FeedListError(ValueError):
    """The feed list can't be read; the message names the file, the place in it, and what is wrong."""


def read_feed_list(path: Path) -> tuple[Subscription, ...]:
    """Return the subscriptions in a feed list file.

    Raises:
        FeedListError: The file can't be read, or isn't a feed list.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise FeedListError(f"Feed list {path} can't be read: {error.strerror}.") from None
    return parse_feed_list(data, str(path))


def parse_feed_list(data: bytes, name: str) -> tuple[Subscription, ...]:
    """Return the subscriptions in a feed list's bytes, each feed once; `name` is for messages.

    Raises:
        FeedListError: The bytes aren't a feed list.
    """
    if len(data) > MAX_BYTES:
        raise FeedListError(f"Feed list {name} is larger than {MAX_BYTES:,} bytes.")
    is_xml = data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    found = tuple(_from_opml(data, name) if is_xml else _from_toml(data, name))
    if not found:
        raise FeedListError(f"Feed list {name} names no feed.")
    return tuple({subscription.url: subscription for subscription in reversed(found)}.values())[::-1]


def to_toml(subscriptions: Iterable[Subscription]) -> str:
    """Return subscriptions as a TOML feed list."""
    return "\n".join(_toml_table(subscription) for subscription in subscriptions)


def to_opml(subscriptions: Iterable[Subscription], title: str = "Tallywire feeds") -> bytes:
    """Return subscriptions as OPML 2.0, one outline a group; it has no room for intervals."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = title
    body = etree.SubElement(root, "body")
    groups: dict[str, etree._Element] = {}
    for subscription in subscriptions:
        parent = body
        if subscription.group:
            if subscription.group not in groups:
                groups[subscription.group] = etree.SubElement(body, "outline", text=subscription.group)
            parent = groups[subscription.group]
        etree.SubElement(parent, "outline", _opml_attributes(subscription))
    return etree.tostring(root, pretty_print=True, xml_declaration=True, encoding="UTF-8")


def _from_toml(data: bytes, name: str) -> Iterator[Subscription]:
    try:
        text = data.decode("utf-8-sig")
        tables = tomllib.loads(text).get("feeds", [])
    except UnicodeDecodeError as error:
        raise FeedListError(f"Feed list {name} is not UTF-8 at byte {error.start}.") from None
    except tomllib.TOMLDecodeError as error:
        raise FeedListError(f"Feed list {name} is not valid TOML: {error}.") from None
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise FeedListError(f"Feed list {name}: write each feed as a table that begins with [[feeds]].")
    lines = [
        text.count("\n", 0, match.start()) + 1 for match in re.finditer(r"(?m)^[ \t]*\[\[[ \t]*feeds[ \t]*]]", text)
    ]
    for number, table in enumerate(tables, 1):
        line = f", line {lines[number - 1]}" if number <= len(lines) else ""
        yield _subscription(table, f"Feed list {name}, feed {number}{line}")


def _subscription(table: dict[str, object], where: str) -> Subscription:
    unknown = sorted(set(table) - set(FIELDS))
    if unknown:
        raise FeedListError(f"{where}: there is no field {unknown[0]!r}; fields are {', '.join(FIELDS)}.")
    try:
        subscription = msgspec.convert(table, Subscription)
    except msgspec.ValidationError as error:
        raise FeedListError(f"{where}: {error}.") from None
    return _checked(subscription, where)


def _checked(subscription: Subscription, where: str) -> Subscription:
    try:
        parts = urlsplit(subscription.url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise FeedListError(f"{where}: url {subscription.url!r} is not an http or https address.")
    if subscription.interval_seconds is not None and subscription.interval_seconds < 1:
        raise FeedListError(f"{where}: interval_seconds must be 1 or more.")
    return subscription


def _from_opml(data: bytes, name: str) -> Iterator[Subscription]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise FeedListError(f"Feed list {name} is not valid OPML: {error.msg}.") from None
    if root.tag != "opml":
        raise FeedListError(f"Feed list {name} is XML but not OPML: its first element is <{root.tag}>.")
    for outline in root.iter("outline"):
        url = outline.get("xmlUrl") or outline.get("xmlurl")
        if url is None:
            continue
        found = Subscription(
            url=url.strip(),
            outlet=outline.get("title") or outline.get("text"),
            group=_group(outline),
            language=outline.get("language"),
            full_text=_FLAGS.get((outline.get("fullText") or "").lower()),
        )
        yield _checked(found, f"Feed list {name}, line {outline.sourceline}")


def _group(outline: etree._Element) -> str | None:
    parent = outline.getparent()
    if parent is None or parent.tag != "outline":
        return None
    return parent.get("text") or parent.get("title")


def _toml_table(subscription: Subscription) -> str:
    values = ((field, getattr(subscription, field)) for field in FIELDS)
    lines = [f"{field} = {_toml_value(value)}\n" for field, value in values if value is not None]
    return "[[feeds]]\n" + "".join(lines)


def _toml_value(value: str | int | bool) -> str:  # noqa: FBT001 - one of the values that a field may have
    """Return a TOML value; a JSON string is a TOML string but for DEL, which TOML wants escaped."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _opml_attributes(subscription: Subscription) -> dict[str, str]:
    name = subscription.outlet or subscription.url
    attributes = {"type": "rss", "text": name, "title": name, "xmlUrl": subscription.url}
    if subscription.language:
        attributes["language"] = subscription.language
    if subscription.full_text is not None:
        attributes["fullText"] = str(subscription.full_text).lower()
    return attributes
