"""Measures the resolver by itself in a process: its memory, its rebuilding, and the time that a report takes."""

import gc
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import psutil

from contracts.codec import decode, encode
from contracts.records import ArticleReports
from processors.garbage import collect_rarely
from processors.resolve import Resolver
from processors.resolve.encoded import Written

LENGTH_BYTES = 4
CHUNK = 25
"""Reports that one resolver takes before it is the next one's turn."""


def main() -> None:
    """Answer each line, `[incidents, batches, sizes]`: two files, and how many incidents are open.

    The first holds records and what stands beside each, with their lengths before them; the second, a batch a line.
    """
    collect_rarely()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    for line in sys.stdin:
        incidents, batches, sizes = json.loads(line)
        sys.stdout.write(json.dumps(measure(Path(incidents), Path(batches), sizes)) + "\n")
        sys.stdout.flush()


def measure(incidents: Path, batches: Path, sizes: Sequence[int]) -> dict[str, object]:
    """Return what each size costs; the largest is built first, into an untouched process."""
    resolvers, rebuild, memory = {}, {}, {}
    Resolver()  # loads the tables that every resolver shares
    for size in sorted(sizes, reverse=True):
        gc.collect()
        before, started = psutil.Process().memory_info().rss, time.process_time()
        resolvers[size] = Resolver(_records(incidents, size))
        rebuild[size] = time.process_time() - started
        gc.collect()
        memory[size] = psutil.Process().memory_info().rss - before
    taken = _reports(resolvers, batches)
    return {
        "rebuild": rebuild,
        "memory": memory,
        "plan": {size: [pair[0] for pair in pairs] for size, pairs in taken.items()},
        "whole": {size: [pair[1] for pair in pairs] for size, pairs in taken.items()},
    }


def _records(path: Path, most: int) -> Iterator[Written]:
    with path.open("rb") as file:
        for _ in range(most):
            yield Written(_part(file), _part(file))


def _part(file: BinaryIO) -> bytes:
    return file.read(int.from_bytes(file.read(LENGTH_BYTES), "little"))


def _reports(resolvers: dict[int, Resolver], batches: Path) -> dict[int, list[tuple[float, float]]]:
    """Return what each report took in each resolver; they take turns, so that what slows the machine slows all."""
    taken: dict[int, list[tuple[float, float]]] = {size: [] for size in resolvers}
    lines = batches.read_bytes().splitlines()
    for start in range(0, len(lines), CHUNK):
        for size, resolver in resolvers.items():
            taken[size] += [_handle(resolver, line) for line in lines[start : start + CHUNK]]
    return taken


def _handle(resolver: Resolver, line: bytes) -> tuple[float, float]:
    """Return the CPU seconds for planning and applying a report, and those with decoding and encoding."""
    began = time.process_time()
    batch = decode(line, ArticleReports)
    decoded = time.process_time()
    planned = resolver.plan(batch)
    decided = time.process_time()
    written = [encode(incident) for incident in planned]
    for incident in planned:
        resolver.index_of(incident)
    encoded = time.process_time()
    resolver.apply(planned, written)
    done = time.process_time()
    return (decided - decoded) + (done - encoded), done - began


if __name__ == "__main__":
    main()
