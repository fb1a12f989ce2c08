"""The command line: what an operator and an analyst type.

Each command loads only what it needs, so that a short one answers at once.  What a user can get wrong ends in one
sentence on standard error and an exit code of its own; everything else is a bug and shows its traceback.
"""

import os
import sys
from typing import Annotated

import typer

from tallywire import processes
from tallywire.commands import engines, explain, feeds, incidents, look, offline, stages
from tallywire.errors import exit_code, user_errors

app = typer.Typer(
    name="tallywire",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def prepare(
    prefix: Annotated[
        str | None,
        typer.Option(
            help="First part of the names of topics and indices: which installation is meant.", show_default=False
        ),
    ] = None,
) -> None:
    """Read news feeds and keep one live record an incident: what, where, when, and who says how many."""
    if prefix is not None:
        os.environ["TALLYWIRE_TOPIC_PREFIX"] = prefix
        os.environ["TALLYWIRE_INDEX_PREFIX"] = prefix


for room in (engines, stages, look, incidents, feeds, offline, explain):
    room.add_to(app)


def main() -> None:
    """Run the command line and exit with its code."""
    processes.end_with_supervisor(os.environ)
    try:
        app()
    except SystemExit:
        raise  # how every command ends; to ask what the user's errors are would load every stage
    except user_errors() as error:
        typer.echo(f"tallywire: {error}", err=True)
        sys.exit(exit_code(error))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader went away, as `head` does
        sys.exit(0)
