"""Loading the saved objects into a running Kibana, and making sure that they arrived.

Measured: Kibana answers 200 with `success: false` when a data view is missing, 422 when a stamp is too new, and takes
no file without a `kbn-xsrf` header; so the answer is read, and anything but all objects is an error.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

import urllib3

from contracts.codec import DecodeError, decode
from sinks.errors import SinkError, UnavailableError
from sinks.kibana.build import ndjson
from sinks.settings import SinkSettings

Say = Callable[[str], object]

POLL_SECONDS = 2.0
REQUEST_SECONDS = 60.0
MAX_QUOTED = 300
"""Most characters of Kibana's own words in our message."""


@dataclass(frozen=True, slots=True)
class ImportAnswer:
    """What we read of Kibana's answer to an import."""

    success: bool
    successCount: int = 0  # noqa: N815 - Kibana's name


class Kibana:
    """A Kibana server, reached with the user of Elasticsearch."""

    def __init__(self, settings: SinkSettings) -> None:
        password = settings.elasticsearch_password
        user = None if password is None else f"{settings.elasticsearch_user}:{password.get_secret_value()}"
        ca = settings.elasticsearch_ca
        self.url = settings.kibana_url.rstrip("/")
        self._headers = urllib3.make_headers(basic_auth=user) | {"kbn-xsrf": "tallywire"}
        self._pool = urllib3.PoolManager(
            retries=False, timeout=REQUEST_SECONDS, ca_certs=None if ca is None else str(ca)
        )

    def is_ready(self) -> bool:
        """Return whether Kibana can be used.

        Raises:
            SinkError: It refuses the user.
        """
        try:
            answer = self._pool.request("GET", f"{self.url}/api/status", headers=self._headers)
        except urllib3.exceptions.HTTPError:
            return False
        if answer.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            raise SinkError(
                f"Kibana at {self.url} refuses the user: set TALLYWIRE_ELASTICSEARCH_USER and"
                " TALLYWIRE_ELASTICSEARCH_PASSWORD."
            )
        return answer.status == HTTPStatus.OK

    def import_objects(self, objects: bytes) -> ImportAnswer:
        """Import a file of saved objects, in place of those of the same ids.

        Raises:
            UnavailableError: Kibana doesn't answer.
            SinkError: It takes the file for no import at all.
        """
        try:
            answer = self._pool.request(
                "POST",
                f"{self.url}/api/saved_objects/_import?overwrite=true",
                fields={"file": ("saved_objects.ndjson", objects, "application/ndjson")},
                headers=self._headers,
            )
        except urllib3.exceptions.HTTPError as error:
            raise UnavailableError(f"Kibana at {self.url} didn't answer the import: {error}.") from error
        if answer.status != HTTPStatus.OK:
            raise SinkError(f"Kibana refuses the dashboards (status {answer.status}): {_quoted(answer.data)}")
        try:
            read = decode(answer.data, ImportAnswer)
        except DecodeError as error:
            raise SinkError(f"Kibana's answer can't be read: {_quoted(answer.data)}") from error
        if not read.success:
            raise SinkError(f"Kibana couldn't import the dashboards: {_quoted(answer.data)}")
        return read


def load(settings: SinkSettings, say: Say) -> None:
    """Import data views and dashboards; doing it again replaces them.

    Raises:
        SinkError: Kibana isn't ready within `kibana_wait_seconds`, or doesn't take every object.
    """
    kibana = Kibana(settings)
    wait_until_ready(kibana, settings.kibana_wait_seconds, say)
    objects = ndjson(settings.index_prefix)
    expected = len(objects.splitlines())
    taken = kibana.import_objects(objects).successCount
    if taken != expected:
        raise SinkError(f"Kibana took only {taken} of {expected} saved objects.")
    say(f"Kibana: {taken} saved objects loaded; see {kibana.url}/app/dashboards.")


def wait_until_ready(kibana: Kibana, seconds: float, say: Say) -> None:
    """Return when Kibana can be used.

    Raises:
        UnavailableError: It can't within these seconds.
        SinkError: It refuses the user.
    """
    deadline = time.monotonic() + seconds
    told = False
    while not kibana.is_ready():
        if time.monotonic() >= deadline:
            raise UnavailableError(
                f"Kibana at {kibana.url} isn't ready after {seconds:.0f} s: start it, or set TALLYWIRE_KIBANA_URL."
            )
        if not told:
            say(f"Waiting up to {seconds:.0f} s for Kibana at {kibana.url} ...")
            told = True
        time.sleep(min(POLL_SECONDS, max(0.0, deadline - time.monotonic())))


def _quoted(body: bytes) -> str:
    return body.decode("utf-8", "replace")[:MAX_QUOTED]
