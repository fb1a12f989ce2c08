"""`python -m tallywire.bench`: run the benchmarks and show or write their figures."""

import importlib
import sys
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from tallywire.bench.cases import SPACY_PYTHON, Options
from tallywire.bench.machine import describe
from tallywire.bench.tables import Table, on_screen, section, with_section
from tallywire.errors import UserError, exit_code, user_errors
from tallywire.terminal import console


class Case(StrEnum):
    """The benchmarks, each a module of this package with a function `run`."""

    EXTRACTION = "extraction"
    RESOLUTION = "resolution"
    RECOVERY = "recovery"
    CODEC = "codec"
    POLLING = "polling"
    FLOW = "flow"


HEADINGS = {
    Case.EXTRACTION: "Extraction",
    Case.RESOLUTION: "Resolution",
    Case.RECOVERY: "Recovery",
    Case.CODEC: "Codec",
    Case.POLLING: "Polling",
    Case.FLOW: "The whole flow",
}


app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def bench(
    *,
    only: Annotated[list[Case] | None, typer.Option(help="Only this case; may be given more than once.")] = None,
    gold: Annotated[
        Path | None, typer.Option(help="Folder of the development gold; the sample feeds' articles otherwise.")
    ] = None,
    spacy_python: Annotated[
        Path, typer.Option(help="Interpreter that has spaCy and its small model.")
    ] = SPACY_PYTHON,
    markdown: Annotated[
        Path | None,
        typer.Option(help="Document whose sections are written anew, docs/benchmarks.md; curves go beside it."),
    ] = None,
) -> None:
    """Measure how fast and how large each part is on this machine."""
    options = Options(gold=gold, spacy_python=spacy_python, drawings=markdown.parent if markdown else None)
    out = console()
    for case in only or Case:
        measured_on = describe(datetime.now(UTC))
        out.print(f"[bold]{HEADINGS[case]}[/]: {measured_on}", highlight=False)
        tables: tuple[Table, ...] = importlib.import_module(f"tallywire.bench.{case.value}").run(options)
        for table in tables:
            out.print(on_screen(table))
        if markdown is not None:
            _write(markdown, case, section(case.value, HEADINGS[case], measured_on, tables))


def _write(document: Path, case: Case, text: str) -> None:
    try:
        before = document.read_text("utf-8") if document.exists() else ""
        document.write_text(with_section(before, case.value, text), "utf-8")
    except OSError as error:
        raise UserError(f"{document} can't be written: {error.strerror}.") from error


def main() -> None:
    """Run the command line and exit with its code."""
    try:
        app()
    except user_errors() as error:
        typer.echo(f"bench: {error}", err=True)
        sys.exit(exit_code(error))


if __name__ == "__main__":
    main()
