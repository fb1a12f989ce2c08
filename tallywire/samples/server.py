"""A loopback HTTP server that plays the sample feeds, first as they were and then as they became.

::

    with SampleServer(advance_by_itself=True) as server:
        server.write_feed_list(path)      # addresses filled in
        ...                               # poll; once every feed was read, the later stage is served

Answers carry ETag and Last-Modified, and 304 where the client holds that very state.  A client that already holds
the later state of a feed is never shown the earlier one, so that the demo can be run again over the same data.
"""

import hashlib
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self

CONTENT_TYPES = MappingProxyType(
    {
        ".rss": "application/rss+xml",
        ".atom": "application/atom+xml",
        ".rdf": "application/rdf+xml",
        ".json": "application/feed+json",
    }
)
FIRST_MODIFIED = "Sat, 30 Sep 2017 16:00:00 GMT"
LATER_MODIFIED = "Mon, 02 Oct 2017 14:00:00 GMT"


@dataclass(frozen=True, slots=True)
class Document:
    """One state of a feed, as it is served."""

    body: bytes
    content_type: str
    last_modified: str

    @property
    def etag(self) -> str:
        """Return the strong validator of this state."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:16]}"'


def documents(*, later: bool) -> Mapping[str, Document]:
    """Return every feed of one stage by its path; a feed that doesn't change is the same in both stages."""
    folder = resources.files(__package__) / "feeds"
    names = sorted(entry.name for entry in folder.iterdir() if entry.is_file())
    return {f"/feeds/{name}": _document(name, later=later) for name in names}


def _document(name: str, *, later: bool) -> Document:
    folder = resources.files(__package__) / "feeds"
    changed = folder / "later" / name
    use_later = later and changed.is_file()
    return Document(
        body=(changed if use_later else folder / name).read_bytes(),
        content_type=CONTENT_TYPES[Path(name).suffix],
        last_modified=LATER_MODIFIED if use_later else FIRST_MODIFIED,
    )


class Playback:
    """Which stage is served, and who has read what; safe to use from several threads."""

    def __init__(self, *, advance_by_itself: bool) -> None:
        self._first, self._later = documents(later=False), documents(later=True)
        self._advance_by_itself = advance_by_itself
        self._unread = set(self._first)
        self._unread_later = {path for path in self._later if self._later[path] != self._first[path]}
        self._is_later = False
        self._lock = threading.Lock()

    @property
    def is_later(self) -> bool:
        """Return whether the later stage is served."""
        return self._is_later

    @property
    def all_read(self) -> bool:
        """Return whether every feed's last state has been asked for."""
        with self._lock:
            return not self._unread and not self._unread_later

    def advance(self) -> None:
        """Serve the later stage from now on."""
        with self._lock:
            self._is_later = True

    def answer(self, path: str, etag: str | None, modified_since: str | None) -> tuple[HTTPStatus, Document | None]:
        """Return the status and the document for a request with these validators."""
        with self._lock:
            if path not in self._first:
                return HTTPStatus.NOT_FOUND, None
            holds_later = etag == self._later[path].etag
            document = self._later[path] if self._is_later or holds_later else self._first[path]
            self._note_read(path, document)
            held = etag == document.etag if etag else modified_since == document.last_modified
            return (HTTPStatus.NOT_MODIFIED if held else HTTPStatus.OK), document

    def _note_read(self, path: str, document: Document) -> None:
        self._unread.discard(path)
        if document == self._later[path]:
            self._unread_later.discard(path)
        if self._advance_by_itself and not self._unread:
            self._is_later = True


class _Handler(BaseHTTPRequestHandler):
    """Answers one connection from the server's playback."""

    protocol_version = "HTTP/1.1"
    server: "_Server"

    def do_GET(self) -> None:
        status, document = self.server.playback.answer(
            self.path, self.headers.get("If-None-Match"), self.headers.get("If-Modified-Since")
        )
        body = document.body if document and status is HTTPStatus.OK else b""
        self.send_response(status)
        if document:
            self.send_header("ETag", document.etag)
            self.send_header("Last-Modified", document.last_modified)
            self.send_header("Content-Type", document.content_type)
        if status is not HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
        """Say nothing: the producer logs its polls."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int, playback: Playback) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.playback = playback


class SampleServer:
    """Serves the sample feeds on loopback while its context is open.

    `port` 0 takes a free one.  With `advance_by_itself` the later stage is served as soon as every feed has been
    read once; otherwise `advance` switches.

    Raises:
        OSError: The port is in use (when the context is entered).
    """

    def __init__(self, port: int = 0, *, advance_by_itself: bool = False) -> None:
        self._port = port
        self._playback = Playback(advance_by_itself=advance_by_itself)
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._server = _Server(self._port, self._playback)
        self._port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()

    @property
    def address(self) -> str:
        """Return the server's address, without a slash at its end."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def feed_urls(self) -> tuple[str, ...]:
        """Return the address of every feed."""
        return tuple(f"{self.address}{path}" for path in documents(later=False))

    @property
    def is_later(self) -> bool:
        """Return whether the later stage is served."""
        return self._playback.is_later

    @property
    def all_read(self) -> bool:
        """Return whether every feed has been read in its last state."""
        return self._playback.all_read

    def advance(self) -> None:
        """Serve the later stage from now on."""
        self._playback.advance()

    def feed_list(self) -> str:
        """Return the feed list (TOML) with this server's address."""
        text = (resources.files(__package__) / "feeds.toml").read_text("utf-8")
        return text.replace("{server}", self.address)

    def write_feed_list(self, path: Path) -> None:
        """Write the feed list with this server's address."""
        path.write_text(self.feed_list(), "utf-8")
