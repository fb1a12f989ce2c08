"""Codec: what writing and reading a record costs."""

import time
from collections.abc import Callable

from contracts.codec import decode, encode
from contracts.records import Article, ArticleReports, Incident
from tallywire.bench import synthetic
from tallywire.bench.cases import Options
from tallywire.bench.figures import repeated, seconds, significant, size
from tallywire.bench.tables import Table

ROUNDS = 15
CALLS = 300
RETELLINGS = 19
SEED = 1


def run(_options: Options) -> tuple[Table, ...]:
    """Return the cost of each kind of record."""
    source, chance = synthetic.world(SEED), synthetic.dice(SEED)
    told = synthetic.report(source, chance, 0)
    again = tuple(synthetic.retelling(source, chance, told, number) for number in range(1, 1 + RETELLINGS))
    records: tuple[tuple[str, type, object], ...] = (
        ("article", Article, synthetic.article(source, chance, 0, "codec")),
        ("an article's reports", ArticleReports, synthetic.batch(told)),
        ("incident of 1 report", Incident, synthetic.incident(told)),
        (f"incident of {1 + RETELLINGS} reports", Incident, synthetic.incident(told, *again)),
    )
    note = f"Medians of {ROUNDS} rounds of {CALLS:,} calls, CPU time on one core; encoding and decoding take turns."
    columns = ("record", "size", "encode", "decode and validate", "both, a second")
    return (Table(title="A record", columns=columns, rows=tuple(_row(*record) for record in records), note=note),)


def _row(name: str, record_type: type, record: object) -> tuple[str, ...]:
    data = encode(record)
    rounds = [(_time(lambda: encode(record)), _time(lambda: decode(data, record_type))) for _ in range(ROUNDS)]
    encoding, decoding = (repeated([pair[side] for pair in rounds]).median for side in (0, 1))
    return (name, size(len(data)), seconds(encoding), seconds(decoding), significant(1 / (encoding + decoding)))


def _time(call: Callable[[], object]) -> float:
    """Return the CPU seconds of one call."""
    started = time.process_time()
    for _ in range(CALLS):
        call()
    return (time.process_time() - started) / CALLS
