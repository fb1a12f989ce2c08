"""Which engines a command means: those that the environment names, else those that run on this machine."""

import os

from contracts.settings import load

ADDRESSES = ("TALLYWIRE_KAFKA_SERVERS", "TALLYWIRE_ELASTICSEARCH_URL")


def use_local_engines() -> None:
    """Have this process and its children talk to the engines that `tallywire up` or the demo started, if any run.

    Addresses that the environment names already are left as they are.
    """
    if all(name in os.environ for name in ADDRESSES):
        return
    from tallywire import engines  # noqa: PLC0415 - only where the environment names no engines

    running = engines.find(load(engines.EngineSettings))
    if running is not None:
        os.environ.setdefault("TALLYWIRE_KAFKA_SERVERS", running.bootstrap_servers)
        os.environ.setdefault("TALLYWIRE_ELASTICSEARCH_URL", running.elasticsearch_url)
