"""Commands by which people decide about incidents; `search` and `show` look at them."""

import getpass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from contracts.settings import load
from tallywire.engines_found import use_local_engines

if TYPE_CHECKING:
    from contracts.records import Decision
    from sinks.incident_documents import IncidentDocument
    from sinks.settings import SinkSettings

By = Annotated[str | None, typer.Option("--by", help="Who decides; your login name otherwise.", show_default=False)]
Reason = Annotated[str | None, typer.Option("--reason", help="Why, for those who read it later.", show_default=False)]

incidents = typer.Typer(no_args_is_help=True, help="Decide that incidents are one, or that reports tell of another.")


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.add_typer(incidents, name="incidents")


@incidents.command()
def merge(
    one: Annotated[str, typer.Argument(help="An incident's id, as `search` lists it.")],
    other: Annotated[str, typer.Argument(help="The id of the incident that is the same.")],
    *,
    by: By = None,
    reason: Reason = None,
) -> None:
    """Decide that two incidents are one: the younger is merged into the older."""
    from tallywire import decisions

    settings, known = _begin()
    first, second = _looked_up(settings, one), _looked_up(settings, other)
    decision = decisions.merge(first, second, by or getpass.getuser(), _moment(known), reason)
    decisions.check_resolved_together(settings, first, second)
    _write(settings, decision)


@incidents.command()
def split(
    incident: Annotated[str, typer.Argument(help="The incident's id, as `search` lists it.")],
    *,
    report: Annotated[list[str], typer.Option("--report", help="A report that leaves; may be given again.")],
    by: By = None,
    reason: Reason = None,
) -> None:
    """Decide that reports of an incident tell of another one; `show` lists the reports."""
    from tallywire import decisions

    settings, known = _begin()
    whole = _looked_up(settings, incident)
    _write(settings, decisions.split(whole, report, by or getpass.getuser(), _moment(known), reason))


@incidents.command()
def undo(
    decision: Annotated[str, typer.Argument(help="The decision's id, as `decisions` lists it.")],
    *,
    by: By = None,
    reason: Reason = None,
) -> None:
    """Undo a decision; undo that undo, and the decision counts again."""
    from tallywire import decisions

    settings, known = _begin()
    _write(settings, decisions.undo(known, decision, by or getpass.getuser(), _moment(known), reason))


@incidents.command("decisions")
def list_decisions() -> None:
    """List what was decided: when, by whom, what, and whether it was undone."""
    from tallywire.terminal import console
    from tallywire.views import decision_table

    _, known = _begin()
    console().print(decision_table(known) if known else "Nothing has been decided yet.")


def _begin() -> "tuple[SinkSettings, tuple[Decision, ...]]":
    """Return the settings and all decisions so far."""
    from sinks.settings import SinkSettings
    from tallywire import decisions, kafka
    from tallywire.errors import UserError

    use_local_engines()
    settings = load(SinkSettings)
    if settings.topics.decisions.name in kafka.missing_topics(settings):
        raise UserError(f"Kafka has no topic {settings.topics.decisions.name}: create it with `tallywire setup`.")
    return settings, decisions.read(settings)


def _looked_up(settings: "SinkSettings", incident_id: str) -> "IncidentDocument":
    """Return an incident as it is indexed; one that was merged away leads to the one that it turned out to be."""
    from sinks import search
    from sinks.client import connect

    with connect(settings) as client:
        return search.get_incident(client, settings, incident_id).incident


def _moment(known: "tuple[Decision, ...]") -> datetime:
    from tallywire.decisions import next_moment

    return next_moment(known, datetime.now(UTC))


def _write(settings: "SinkSettings", decision: "Decision") -> None:
    from tallywire import decisions

    decisions.write(settings, decision)
    typer.echo(f"Decided, and obeyed at once where resolvers run. To undo it: tallywire incidents undo {decision.id}")
