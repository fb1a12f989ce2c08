"""Where an article to explain comes from, and what a user can get wrong."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tallywire.engines.ports import free_ports
from tallywire.errors import UserError
from tallywire.explain.sources import read_source

BODY = (
    "Nine people were hurt when a tram left its rails in Lindow on Tuesday morning, the transport office said.",
    "The line between the station and the lake will stay closed until the rails have been checked by engineers.",
    "Witnesses said that the tram had braked hard before the bend, and that its last car tipped against a wall.",
)
PAGE = f"""<!doctype html><html lang="en"><head><title>Nine hurt as tram leaves rails</title>
<meta property="article:published_time" content="2021-03-02T09:30:00Z">
<meta property="og:site_name" content="Lakeside Courier"></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li></ul></nav>
<article><h1>Nine hurt as tram leaves rails</h1>{"".join(f"<p>{paragraph}</p>" for paragraph in BODY)}</article>
<footer><p>All rights reserved. Subscribe to our newsletter.</p></footer></body></html>"""
PAGES = {"/tram": PAGE, "/empty": "<html><body></body></html>"}


class Pages(BaseHTTPRequestHandler):
    """Serves the pages above, and 404 for others."""

    def do_GET(self) -> None:
        """Answer with a page."""
        found = PAGES.get(self.path)
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write((found or "").encode())

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[str]:
    """Return the address of a small site."""
    with HTTPServer(("127.0.0.1", 0), Pages) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("content", "title", "text"),
    [
        pytest.param("Headline\n\nFirst.\n\nSecond.\n", "Headline", "First.\n\nSecond.", id="text"),
        pytest.param("Only a headline", "Only a headline", "", id="one line"),
        pytest.param('{"id": "1", "title": "T", "text": "Body"}', "T", "Body", id="object"),
        pytest.param('{\n "id": "1",\n "title": "T",\n "text": "Body"}\n', "T", "Body", id="object on many lines"),
        pytest.param('{"id": "1", "title": "T"}\n{"id": "2", "title": "U"}\n', "T", "", id="first of JSON lines"),
        pytest.param("\ufeffHeadline\r\n\r\nBody\r\n", "Headline", "Body", id="byte order mark and Windows lines"),
    ],
)
def test_a_file_is_an_article(tmp_path: Path, content: str, title: str, text: str) -> None:
    """Plain text has its headline first; JSON is as `extract` takes it."""
    file = tmp_path / "article"
    file.write_text(content, "utf-8", newline="")
    found = read_source(str(file), None)
    assert (found.title, found.text) == (title, text)


def test_the_day_is_taken_where_a_file_does_not_say(tmp_path: Path) -> None:
    """Without it, `on Saturday` would stay unknown."""
    file = tmp_path / "article.txt"
    file.write_text("Headline\n\nBody", "utf-8")
    day = datetime(2021, 3, 2, tzinfo=UTC)
    assert read_source(str(file), day).published == day


def test_a_web_page_is_its_article(site: str) -> None:
    """Navigation and footer stay out; day, outlet and headline are the page's own."""
    found = read_source(f"{site}/tram", None)
    assert found.text.split("\n\n")[-len(BODY) :] == list(BODY)
    assert "newsletter" not in found.text
    assert (found.title, found.outlet) == ("Nine hurt as tram leaves rails", "Lakeside Courier")
    assert found.published == datetime(2021, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b"\xff\xfe\x00", "isn't UTF-8 text", id="binary"),
        pytest.param(b'{"id": ', "begins as JSON and isn't", id="broken JSON"),
        pytest.param(b'{"title": "T"}', "an article needs an id", id="no id"),
        pytest.param(b'{"id": "1", "published": "soon"}', "published must be", id="bad day"),
    ],
)
def test_a_file_that_is_no_article(tmp_path: Path, content: bytes, said: str) -> None:
    """One sentence says what is wrong with it."""
    file = tmp_path / "article"
    file.write_bytes(content)
    with pytest.raises(UserError, match=said):
        read_source(str(file), None)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        pytest.param("no-such-file.txt", "There is no file no-such-file.txt", id="file"),
        pytest.param(".", "can't be read", id="folder"),
        pytest.param("http://[", "isn't an address", id="address"),
    ],
)
def test_a_source_that_is_not_there(source: str, said: str) -> None:
    """One sentence says what is wrong with it."""
    with pytest.raises(UserError, match=said):
        read_source(source, None)


@pytest.mark.parametrize(
    ("path", "said"),
    [pytest.param("/gone", "answers 404", id="not found"), pytest.param("/empty", "No article's text", id="empty")],
)
def test_a_page_without_article(site: str, path: str, said: str) -> None:
    """One sentence says why."""
    with pytest.raises(UserError, match=said):
        read_source(f"{site}{path}", None)


def test_a_server_that_does_not_answer() -> None:
    """One sentence names the address."""
    (port,) = free_ports(1)
    with pytest.raises(UserError, match=f"http://127.0.0.1:{port}/ can't be read: No connection"):
        read_source(f"http://127.0.0.1:{port}/", None)
