"""Resolution: what a report costs with few and with many open incidents, their memory, and recovery."""

import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import quantiles
from typing import Any

from contracts.codec import encode
from contracts.records import Report
from tallywire.bench import synthetic
from tallywire.bench.cases import Options
from tallywire.bench.curve import Panel, drawing
from tallywire.bench.figures import pair_ratios, repeated, seconds, significant, size, times
from tallywire.bench.resolution_worker import LENGTH_BYTES
from tallywire.bench.tables import Table
from tallywire.bench.workers import Worker

SIZES = (1_000, 3_000, 10_000, 30_000, 100_000)
CURVE = "resolution-cost.svg"
MOST_MICROSECONDS, MOST_KILOBYTES = 1_000.0, 6.0
"""What a report may take on one core, and an open incident of memory."""
REPORTS = 1_000
"""Reports that are timed; every second one tells of an incident that is open."""
CHUNK = 100
SEED = 1


def run(options: Options) -> tuple[Table, ...]:
    """Return what a report costs, and what an open incident does."""
    with tempfile.TemporaryDirectory(prefix="tallywire-bench-") as folder:
        incidents, batches = Path(folder) / "incidents", Path(folder) / "batches.jsonl"
        octets = _write(incidents, batches)
        with Worker([sys.executable, "-m", "tallywire.bench.resolution_worker"]) as worker:
            found = worker.ask([str(incidents), str(batches), SIZES])
    if options.drawings is not None:
        (options.drawings / CURVE).write_text(_curve(found), encoding="utf-8")
    return (_report_table(found), _incident_table(found, octets / max(SIZES)))


def _curve(found: Mapping[str, Any]) -> str:
    """Return the drawing of time and memory over the number of open incidents."""
    spent = [(held, 1e6 * repeated(found["plan"][str(held)]).median) for held in SIZES]
    taken = [(held, found["memory"][str(held)] / held / 1e3) for held in SIZES]
    return drawing(
        (
            Panel(title="Time a report", unit="µs, median", points=spent, limit=MOST_MICROSECONDS),
            Panel(title="Memory an open incident", unit="KB", points=taken, limit=MOST_KILOBYTES),
        ),
        "open incidents",
    )


def _write(incidents: Path, batches: Path) -> int:
    """Write the records that are worked on; return the size of the incidents in bytes."""
    source, chance = synthetic.world(SEED), synthetic.dice(SEED)
    retold: list[Report] = []
    octets = 0
    with incidents.open("wb") as lines:
        for number in range(max(SIZES)):
            told = synthetic.report(source, chance, number)
            if number < min(SIZES):
                retold.append(told)
            written = synthetic.written(synthetic.incident(told))
            octets += len(written.record)
            for part in (written.record, written.index):
                lines.write(len(part).to_bytes(LENGTH_BYTES, "little") + part)
    with batches.open("wb") as lines:
        for number in range(max(SIZES), max(SIZES) + REPORTS):
            fresh = (
                synthetic.report(source, chance, number)
                if number % 2
                else synthetic.retelling(source, chance, chance.choice(retold), number)
            )
            lines.write(encode(synthetic.batch(fresh)) + b"\n")
    return octets


def _report_table(found: Mapping[str, Any]) -> Table:
    few = _chunks(found["plan"][str(min(SIZES))])
    rows = []
    for open_incidents in SIZES:
        plan, whole = found["plan"][str(open_incidents)], found["whole"][str(open_incidents)]
        rows.append(
            (
                f"{open_incidents:,}",
                seconds(repeated(plan).median),
                seconds(quantiles(plan, n=20)[-1]),
                times(pair_ratios(_chunks(plan), few)),
                significant(len(plan) / sum(plan)),
                significant(len(whole) / sum(whole)),
            )
        )
    return Table(
        title="A report, by how many incidents are open",
        columns=(
            "open incidents",
            "a report, median",
            "95 of 100 within",
            "against 1,000 open",
            "reports a second",
            "with decoding and encoding",
        ),
        rows=tuple(rows),
        note=(
            f"{REPORTS:,} synthetic reports, every second one of an incident that is open, planned and applied; CPU "
            f"time on one core. The resolvers of all sizes take turns in one process; the ratio is that of each "
            f"{CHUNK} reports' sums: its median, and in brackets its range."
        ),
    )


def _incident_table(found: Mapping[str, Any], octets: float) -> Table:
    rows = tuple(
        (
            f"{open_incidents:,}",
            size(found["memory"][str(open_incidents)] / open_incidents),
            seconds(found["rebuild"][str(open_incidents)]),
        )
        for open_incidents in SIZES
    )
    return Table(
        title="Open incidents: memory and recovery",
        columns=("open incidents", "memory an incident", "rebuilding the resolver"),
        rows=rows,
        note=(
            f"Of one report each, {size(octets)} an encoded record, and beside it what is indexed. Memory is the "
            "growth of the resident memory, largest resolver first; rebuilding is making the resolver from the "
            "encoded records, in CPU time on one core, without Kafka."
        ),
    )


def _chunks(values: Sequence[float]) -> list[float]:
    return [sum(values[start : start + CHUNK]) for start in range(0, len(values), CHUNK)]
