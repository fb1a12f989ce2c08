"""Making Elasticsearch ready for the sink: what `tallywire setup` runs."""

from collections.abc import Callable

from elastic_transport import TransportError
from elasticsearch import ApiError, BadRequestError

from sinks.client import connect, describe, errors_in_words, wait_until_ready
from sinks.errors import SinkError, UnavailableError
from sinks.indices import Index
from sinks.settings import SinkSettings
from sinks.templates import create_indices


def set_up(settings: SinkSettings, say: Callable[[str], object]) -> None:
    """Create every template, index and alias that is missing; doing it again changes nothing.

    Raises:
        SinkError: Elasticsearch is down, or an index is there with fields of other types.
    """
    with connect(settings) as client:
        wait_until_ready(client, settings)
        try:
            made = create_indices(client, settings)
        except BadRequestError as error:
            raise SinkError(
                f"An index of {settings.index_prefix}-* doesn't fit this version ({describe(error)}): delete it"
                " and replay the topics, or choose another TALLYWIRE_INDEX_PREFIX."
            ) from error
        except (ApiError, TransportError) as error:
            raise UnavailableError(f"Elasticsearch couldn't create the indices: {describe(error)}.") from error
    say(f"Indices: {len(made)} created, {len(Index) - len(made)} were there.")


def tear_down(settings: SinkSettings) -> None:
    """Delete every index of this installation with all that it holds; those that aren't there are no error.

    Raises:
        SinkError: Elasticsearch is down.
    """
    with connect(settings) as client, errors_in_words(settings):
        client.indices.delete(
            index=[index.versioned(settings.index_prefix) for index in Index], ignore_unavailable=True
        )
