"""The Elasticsearch client, and waiting until the cluster can be used."""

import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from elastic_transport import ConnectionTimeout, TlsError, TransportError
from elasticsearch import ApiError, AuthenticationException, AuthorizationException, Elasticsearch, NotFoundError
from elasticsearch.serializer import OrjsonSerializer

from contracts import logs
from sinks.errors import SinkError, UnavailableError
from sinks.settings import SinkSettings

log = logs.get(__name__)

FIRST_PAUSE_SECONDS = 0.5


def connect(settings: SinkSettings) -> Elasticsearch:
    """Return a client; nothing is sent yet.

    Raises:
        SinkError: The authority's file can't be read.
    """
    password = settings.elasticsearch_password
    return Elasticsearch(
        settings.elasticsearch_url,
        basic_auth=None if password is None else (settings.elasticsearch_user, password.get_secret_value()),
        ssl_context=_ssl_context(settings),
        request_timeout=settings.elasticsearch_timeout_seconds,
        serializer=OrjsonSerializer(),
        # Our own loops try again, and say so in the log.
        max_retries=0,
    )


def _ssl_context(settings: SinkSettings) -> ssl.SSLContext | None:
    """Return what the certificate is checked with; None: the system's authorities."""
    ca = settings.elasticsearch_ca
    if ca is None:
        return None
    try:
        return ssl.create_default_context(cafile=ca)
    except (OSError, ssl.SSLError) as error:
        raise SinkError(f"TALLYWIRE_ELASTICSEARCH_CA: {ca} isn't a readable PEM file ({error}).") from error


def wait_until_ready(client: Elasticsearch, settings: SinkSettings, stop: threading.Event | None = None) -> None:
    """Return when the cluster can take reads and writes, or when `stop` is set.

    Raises:
        SinkError: It can't within `startup_wait_seconds`, or the user or certificate is refused.
    """
    stop = stop or threading.Event()
    deadline = time.monotonic() + settings.startup_wait_seconds
    pause = FIRST_PAUSE_SECONDS
    while not stop.is_set():
        try:
            check(client, settings)
        except UnavailableError as error:
            if time.monotonic() + pause > deadline:
                raise
            log.warning("waiting for Elasticsearch", url=settings.elasticsearch_url, error=str(error))
            stop.wait(pause)
            pause = min(pause * 2, settings.sink_retry_max_seconds)
        else:
            return


def check(client: Elasticsearch, settings: SinkSettings) -> None:
    """Ask the cluster how it is.

    Raises:
        UnavailableError: It doesn't answer, or some of its data can't be reached.
        SinkError: The user or the certificate is refused.
    """
    with errors_in_words(settings):
        health = client.cluster.health()
    if health["status"] == "red":
        raise UnavailableError(f"Elasticsearch at {settings.elasticsearch_url} can't reach some of its shards.")


@contextmanager
def errors_in_words(settings: SinkSettings) -> Iterator[None]:
    """Turn the client's errors into a sentence that says what to do.

    Raises:
        UnavailableError: Elasticsearch doesn't answer, or can't now.
        SinkError: The user or the certificate is refused, or the indices aren't there.
    """
    url = settings.elasticsearch_url
    try:
        yield
    except NotFoundError as error:
        raise SinkError(
            f"Elasticsearch at {url} has no indices {settings.index_prefix}-*: create them with `tallywire setup`."
        ) from error
    except (AuthenticationException, AuthorizationException) as error:
        raise SinkError(
            f"Elasticsearch at {url} refuses the user {settings.elasticsearch_user!r}: set"
            " TALLYWIRE_ELASTICSEARCH_USER and TALLYWIRE_ELASTICSEARCH_PASSWORD."
        ) from error
    except TlsError as error:
        raise SinkError(
            f"The certificate of Elasticsearch at {url} isn't trusted: set TALLYWIRE_ELASTICSEARCH_CA."
        ) from error
    except (ApiError, TransportError) as error:
        raise UnavailableError(
            f"Elasticsearch at {url} doesn't answer ({describe(error)}): start it with `tallywire up`, or set"
            " TALLYWIRE_ELASTICSEARCH_URL."
        ) from error


def describe(error: ApiError | TransportError) -> str:
    """Return an error of the client in a few words."""
    if isinstance(error, ApiError):
        return f"status {error.status_code}: {error.message}"
    if isinstance(error, ConnectionTimeout):
        return "timed out"
    return f"{type(error).__name__}: {error.message}"
