"""Making an installation ready: wait for the engines, create topics, index templates, indices and dashboards."""

import time
from collections.abc import Callable

from contracts.settings import StageSettings, load
from sinks import setup as indices
from sinks.settings import SinkSettings
from tallywire import kafka
from tallywire.errors import UserError

Say = Callable[[str], object]
"""Takes one sentence for the user."""


def set_up(say: Say, *, kibana: bool = False) -> None:
    """Create what isn't there yet, in the engines that the environment names; doing it again changes nothing.

    Raises:
        UserError: An engine isn't there, or holds something that doesn't fit.
    """
    settings = load(SinkSettings)
    kafka.wait_for_kafka(settings, settings.startup_wait_seconds, say)
    made = kafka.create_topics(settings)
    say(f"Topics: {len(made)} created, {len(settings.topics.all) - len(made)} were there.")
    indices.set_up(settings, say)
    if kibana:
        from sinks.kibana import load as dashboards  # noqa: PLC0415 - most set-ups have no Kibana

        dashboards.load(settings, say)


def wait_for_topics(settings: StageSettings, say: Say) -> None:
    """Return once Kafka answers and has our topics.

    Raises:
        UserError: Not in time; the message says what is missing.
    """
    deadline = time.monotonic() + settings.startup_wait_seconds
    kafka.wait_for_kafka(settings, deadline - time.monotonic(), say)
    told = False
    while missing := kafka.missing_topics(settings):
        if time.monotonic() >= deadline:
            raise UserError(f"Kafka has no topic {missing[0]}: create the topics with `tallywire setup`.")
        if not told:
            say("Waiting for the topics that `tallywire setup` creates ...")
            told = True
        time.sleep(1)
