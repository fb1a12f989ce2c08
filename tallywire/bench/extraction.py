"""Extraction: against spaCy's small model run whole, its start, and its memory."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from tallywire.bench import spacy_worker
from tallywire.bench.cases import Options
from tallywire.bench.figures import pair_ratios, repeated, seconds, size, times
from tallywire.bench.tables import Table
from tallywire.bench.texts import Row, TextSet, gold_sets, plain, sample_sets
from tallywire.bench.workers import Worker
from tallywire.errors import UserError

PAIRS = 3
MOST_ARTICLES = 25
STARTS = 3
KIB = 1024


@dataclass(frozen=True, slots=True)
class Start:
    """One run of the program."""

    wall: float
    """Seconds from its start to its end."""
    cpu: float
    """Seconds that it had a core for."""
    peak: int
    """Most resident memory, in bytes."""


def run(options: Options) -> tuple[Table, ...]:
    """Return how much faster than spaCy the extractor is, how long its start takes and how much memory it needs.

    Raises:
        UserError: spaCy isn't installed, or the gold isn't where the options say.
    """
    if not options.spacy_python.exists():
        raise UserError(
            f"There is no {options.spacy_python}: `make bench` installs spaCy there, or name an interpreter that has "
            f"it with --spacy-python."
        )
    sets = gold_sets(options.gold, MOST_ARTICLES) if options.gold else sample_sets()
    return (_against_spacy(sets, options.spacy_python), _starts(sets[0].rows))


def _against_spacy(sets: Sequence[TextSet], spacy_python: Path) -> Table:
    """Return both programs' times on the same articles in the same run, in pairs."""
    with (
        Worker([sys.executable, "-m", "tallywire.bench.extract_worker"]) as ours,
        Worker([str(spacy_python), str(Path(spacy_worker.__file__))]) as theirs,
    ):
        rows = tuple(_pairs(texts, ours, theirs) for texts in sets)
    return Table(
        title="Extraction and spaCy's small model",
        columns=(
            "articles",
            "how many",
            "extraction, an article",
            "spaCy, an article",
            "faster",
            "memory",
            "spaCy's",
        ),
        rows=rows,
        note=(
            f"`en_core_web_sm` 3.8.0 whole, headline and text as one document; {PAIRS} pairs, each program on all "
            "the articles in turn, after one pass that isn't counted. CPU time of one thread on one core; medians, "
            "and in brackets the range of the pairs. Memory is the resident memory after the articles."
        ),
    )


def _pairs(texts: TextSet, ours: Worker, theirs: Worker) -> tuple[str, ...]:
    rows, plains = list(texts.rows), [plain(row) for row in texts.rows]
    ours.ask(rows)
    theirs.ask(plains[:10])
    pairs = [(ours.ask(rows), theirs.ask(plains)) for _ in range(PAIRS)]
    own, spacy = ([pair[side]["seconds"] for pair in pairs] for side in (0, 1))
    return (
        texts.name,
        str(len(rows)),
        seconds(repeated(own).median / len(rows)),
        seconds(repeated(spacy).median / len(rows)),
        times(pair_ratios(spacy, own)),
        size(pairs[-1][0]["resident"]),
        size(pairs[-1][1]["resident"]),
    )


def _starts(rows: Sequence[Row]) -> Table:
    line = orjson.dumps(dict(rows[0])) + b"\n"
    one = [_start(line) for _ in range(STARTS)]
    every = _start(b"".join(orjson.dumps(dict(row)) + b"\n" for row in rows))
    return Table(
        title="The start of `tallywire extract`",
        columns=("input", "from start to end", "CPU time", "most memory"),
        rows=(
            ("one article", *_figures(one)),
            (f"{len(rows)} articles", *_figures([every])),
        ),
        note=f"The whole program, its start included; the first line is the median of {STARTS} runs.",
    )


def _figures(starts: Sequence[Start]) -> tuple[str, ...]:
    return (
        seconds(repeated([start.wall for start in starts]).median),
        seconds(repeated([start.cpu for start in starts]).median),
        size(repeated([start.peak for start in starts]).median),
    )


def _start(data: bytes) -> Start:
    """Run the program once; the system says what it used."""
    command = [sys.executable, "-m", "tallywire", "extract"]
    started = time.perf_counter()
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as child:  # noqa: S603 - our own
        assert child.stdin is not None  # noqa: S101 - a pipe was asked for
        child.stdin.write(data)
        child.stdin.close()
        _, status, used = os.wait4(child.pid, 0)
        wall = time.perf_counter() - started
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise UserError("`tallywire extract` failed: the lines above say why.")
    return Start(wall=wall, cpu=used.ru_utime + used.ru_stime, peak=used.ru_maxrss * KIB)
