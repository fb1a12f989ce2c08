"""The loader believes what Kibana says, not that it answered."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import orjson
import pytest

from sinks.errors import SinkError, UnavailableError
from sinks.kibana.build import DEFAULT_PREFIX, ndjson
from sinks.kibana.load import load
from sinks.settings import SinkSettings

ALL = len(ndjson(DEFAULT_PREFIX).splitlines())


@dataclass
class FakeKibana:
    """What a Kibana answers, and what it was asked."""

    url: str = ""
    not_ready: int = 0
    """How often it says first that it isn't ready."""
    status: int = 200
    """What it says of itself when it is."""
    answer: tuple[int, object] = (200, None)
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)

    def reply(self, method: str, path: str) -> tuple[int, bytes]:
        """Return status and body of the answer to a request."""
        if method == "GET" and path == "/api/status":
            if self.not_ready:
                self.not_ready -= 1
                return 503, b"Kibana server is not ready yet"
            return self.status, b"{}"
        if method == "POST" and path == "/api/saved_objects/_import?overwrite=true":
            status, body = self.answer
            return status, body if isinstance(body, bytes) else orjson.dumps(body)
        return 404, b"{}"


@pytest.fixture
def kibana(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeKibana]:
    """Serve a Kibana that takes everything, unless a test says otherwise."""
    monkeypatch.setattr("sinks.kibana.load.POLL_SECONDS", 0.01)
    fake = FakeKibana(answer=(200, {"success": True, "successCount": ALL, "warnings": []}))

    class Handler(BaseHTTPRequestHandler):
        def _handle(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            fake.asked.append((self.command, self.path, dict(self.headers), body))
            status, answer = fake.reply(self.command, self.path)
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_POST = _handle  # noqa: N815 - the base class asks for these names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            """Say nothing on standard error."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    fake.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield fake
    server.shutdown()
    thread.join()
    server.server_close()


def settings(url: str, **others: object) -> SinkSettings:
    """Return settings with this Kibana."""
    return SinkSettings.model_validate({"kibana_url": url, "kibana_wait_seconds": 5, **others})


def test_all_objects_are_sent_once_kibana_is_ready(kibana: FakeKibana) -> None:
    """It waits with a message, sends the whole file with the header that Kibana asks for, and says what it did."""
    kibana.not_ready = 3
    said: list[str] = []
    load(settings(kibana.url, elasticsearch_password="secret"), said.append)  # noqa: S106 - no password of anything
    assert [path for _, path, _, _ in kibana.asked] == ["/api/status"] * 4 + [
        "/api/saved_objects/_import?overwrite=true"
    ]
    _, _, headers, body = kibana.asked[-1]
    assert headers["kbn-xsrf"]
    assert headers["authorization"] == "Basic ZWxhc3RpYzpzZWNyZXQ="
    assert ndjson(DEFAULT_PREFIX) in body
    assert b'filename="saved_objects.ndjson"' in body
    assert said == [
        f"Waiting up to 5 s for Kibana at {kibana.url} ...",
        f"Kibana: {ALL} saved objects loaded; see {kibana.url}/app/dashboards.",
    ]


def test_an_installation_of_another_name_gets_its_own_data_views(kibana: FakeKibana) -> None:
    """The objects show the indices that the sink writes."""
    load(settings(kibana.url, index_prefix="other"), lambda _: None)
    assert ndjson("other") in kibana.asked[-1][3]


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        pytest.param(
            (
                200,
                {
                    "success": False,
                    "successCount": 3,
                    "errors": [{"id": "x", "error": {"type": "missing_references"}}],
                },
            ),
            "missing_references",
            id="a reference dangles",
        ),
        pytest.param(
            (200, {"success": True, "successCount": ALL - 1}), f"only {ALL - 1} of {ALL}", id="one is missing"
        ),
        pytest.param((200, b"<html>log in</html>"), "can't be read", id="another page"),
        pytest.param((200, {"took": 1}), "can't be read", id="another answer"),
        pytest.param((422, {"message": "newer than the server"}), "status 422.*newer", id="too new"),
        pytest.param((500, {"message": "internal"}), "status 500", id="it breaks"),
    ],
)
def test_anything_but_all_objects_is_an_error(answer: tuple[int, object], message: str, kibana: FakeKibana) -> None:
    """The error holds Kibana's own words."""
    kibana.answer = answer
    with pytest.raises(SinkError, match=message):
        load(settings(kibana.url), lambda _: None)


def test_a_kibana_that_is_never_ready_is_an_error(kibana: FakeKibana) -> None:
    """It isn't waited for without end, and nothing is sent."""
    kibana.not_ready = 10**9
    with pytest.raises(UnavailableError, match="isn't ready after 0 s"):
        load(settings(kibana.url, kibana_wait_seconds=0.1), lambda _: None)
    assert {method for method, *_ in kibana.asked} == {"GET"}


def test_no_kibana_at_all_is_an_error() -> None:
    """The sentence names the variable to set."""
    with pytest.raises(UnavailableError, match="TALLYWIRE_KIBANA_URL"):
        load(settings("http://127.0.0.1:9", kibana_wait_seconds=0), lambda _: None)


def test_a_refused_user_is_not_waited_for(kibana: FakeKibana) -> None:
    """A wrong password doesn't get right by waiting."""
    kibana.status = 401
    with pytest.raises(SinkError, match="TALLYWIRE_ELASTICSEARCH_PASSWORD"):
        load(settings(kibana.url, kibana_wait_seconds=600), lambda _: None)
