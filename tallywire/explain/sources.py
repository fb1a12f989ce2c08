"""Where an article to explain comes from: a file, an address on the web, or the index."""

import asyncio
import re
from datetime import datetime
from pathlib import Path

import orjson

from contracts.ids import ID_HEX_DIGITS, article_id, article_revision
from contracts.records import Article
from contracts.settings import load
from processors.extract.offline import RowError, read_row
from producers.canonical import canonical_url
from producers.fetch import Fetcher
from producers.outcomes import Fetched, Validators
from producers.parse.html import clean_text
from producers.parse.page import read_page
from producers.settings import ProducerSettings
from sinks.articles import get_article
from sinks.client import connect
from sinks.settings import SinkSettings
from tallywire.engines_found import use_local_engines
from tallywire.errors import UserError

MAX_FILE_BYTES = 50_000_000

_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_ID = re.compile(rf"[0-9a-f]{{{ID_HEX_DIGITS}}}")


def read_source(source: str, published: datetime | None) -> Article:
    """Return the article that a file, an address or an article's id stands for.

    Args:
        source: A file's name, an address, or an id.
        published: When it was published, where the source itself doesn't say.

    Raises:
        UserError: There is no such file, address or article, or no text in it.
        SinkError: Elasticsearch is down, not set up, or has no such article.
    """
    if _ADDRESS.match(source):
        return from_address(source, published)
    if Path(source).exists():
        return from_file(Path(source), published)
    if _ID.fullmatch(source):
        return from_index(source)
    raise UserError(
        f"There is no file {source}: name a file, an address that begins with http:// or https://, "
        f"or an article's id of {ID_HEX_DIGITS} hexadecimal digits."
    )


def from_file(path: Path, published: datetime | None) -> Article:
    """Return the article in a file: plain text with the headline first, a JSON object, or the first JSON line.

    Raises:
        UserError: It can't be read, isn't UTF-8 text, or is JSON but no article.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise UserError(f"{path} can't be read: {error.strerror}.") from error
    if len(data) > MAX_FILE_BYTES:
        raise UserError(f"{path} is larger than {MAX_FILE_BYTES:,} bytes: give one article.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError(f"{path} isn't UTF-8 text (byte {error.start}): convert it first.") from error
    return from_json(text, str(path)) if text.lstrip().startswith("{") else from_text(text, path, published)


def from_json(text: str, name: str) -> Article:
    """Return the article in a JSON object, or in the first of JSON lines.

    Raises:
        UserError: It is neither.
    """
    try:
        row = orjson.loads(text)
    except orjson.JSONDecodeError:
        row = _first_line(text, name)
    try:
        return read_row(row)
    except RowError as error:
        raise UserError(f"{name}: {error}.") from error


def _first_line(text: str, name: str) -> dict[str, object]:
    try:
        row: dict[str, object] = orjson.loads(text.lstrip().partition("\n")[0])
    except orjson.JSONDecodeError as error:
        raise UserError(f"{name} begins as JSON and isn't: {error}.") from error
    return row


def from_text(text: str, path: Path, published: datetime | None) -> Article:
    """Return the article in plain text whose first line is the headline."""
    title, _, body = clean_text(text).partition("\n")
    title, body = title.strip(), body.strip()
    return Article(
        id=article_id(f"file:{path.name}"),
        revision=article_revision(title, body),
        title=title,
        text=body,
        published=published,
    )


def from_address(url: str, published: datetime | None) -> Article:
    """Return the article on a web page.

    Raises:
        UserError: The address can't be read, or no article stands there.
    """
    try:
        key = canonical_url(url)
    except ValueError as error:
        raise UserError(f"{url} isn't an address: {error}.") from error
    answer = asyncio.run(_fetch(url))
    page = read_page(answer.body, answer.url)
    if page is None:
        raise UserError(f"No article's text was found at {url}: save the text to a file and explain that.")
    return Article(
        id=article_id(key),
        revision=article_revision(page.title, page.text),
        url=answer.url,
        title=page.title,
        text=page.text,
        outlet=page.outlet,
        language=page.language,
        published=page.published or published,
    )


async def _fetch(url: str) -> Fetched:
    settings = load(ProducerSettings).model_copy(update={"fetch_allow_private": True})  # who asks knows the address
    async with Fetcher(settings) as fetcher:
        answer = await fetcher.fetch(url, Validators())
    if isinstance(answer, Fetched):
        return answer
    raise UserError(f"{url} can't be read: {getattr(answer, 'reason', 'the server sends nothing.')}")


def from_index(wanted: str) -> Article:
    """Return an article as it is indexed.

    Raises:
        SinkError: Elasticsearch is down, not set up, or has no such article.
    """
    use_local_engines()
    settings = load(SinkSettings)
    with connect(settings) as client:
        return get_article(client, settings, wanted)
