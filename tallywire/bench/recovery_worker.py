"""Recovers a resolver's incidents from Kafka in a process of its own, as the resolve stage does, and times it."""

import asyncio
import json
import resource
import sys
import time

from contracts.settings import StageSettings
from processors.resolve import Resolver
from processors.resolve_app import taken
from processors.state import State

KIBIBYTE = 1024
"""Unit of the most memory that a process had, on Linux."""


def main() -> None:
    """Answer each line, `[servers, topic_prefix]`."""
    Resolver()  # loads the tables that every resolver needs; a stage does so before it has partitions
    for line in sys.stdin:
        servers, prefix = json.loads(line)
        sys.stdout.write(json.dumps(asyncio.run(measure(servers, prefix))) + "\n")
        sys.stdout.flush()


async def measure(servers: str, prefix: str) -> dict[str, float]:
    """Return how many seconds reading and making took, by the clock and of CPU, and the most memory, in bytes."""
    settings = StageSettings(kafka_servers=servers, topic_prefix=prefix)
    started, busy = time.monotonic(), time.process_time()
    held = await State(settings.kafka_server_list, settings.topics.incidents).of_partition(0, 1)
    read = time.monotonic()
    Resolver(taken(held))
    made = time.monotonic()
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    cpu = time.process_time() - busy
    return {"read": read - started, "rebuild": made - read, "cpu": cpu, "memory": most * KIBIBYTE}


if __name__ == "__main__":
    main()
