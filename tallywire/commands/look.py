"""Commands that look: incidents for analysts, progress for operators."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from contracts.settings import load
from contracts.vocabulary import Agreement, EventType
from tallywire.engines_found import use_local_engines


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command()(search)
    app.command()(show)
    app.command()(status)
    app.command(name="settings")(list_settings)


def search(
    words: Annotated[list[str] | None, typer.Argument(help="Words to find; none: what was reported last.")] = None,
    *,
    event_type: Annotated[EventType | None, typer.Option("--type", help="Only this event type.")] = None,
    country: Annotated[str | None, typer.Option(help="Only this country, ISO 3166-1 alpha-2.")] = None,
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Not before this day.")] = None,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Not after this day.")] = None,
    agreement: Annotated[Agreement | None, typer.Option(help="Only with this agreement.")] = None,
    killed: Annotated[int | None, typer.Option(help="At least so many killed, by the lowest claim.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 20,
) -> None:
    """Find incidents."""
    from sinks import search as searching
    from sinks.client import connect
    from sinks.settings import SinkSettings
    from tallywire.terminal import console
    from tallywire.views import incident_table

    use_local_engines()
    settings = load(SinkSettings)
    filters = searching.Filters(
        event_type=event_type,
        country=country,
        since=since.date() if since else None,
        until=until.date() if until else None,
        agreement=agreement,
        killed=killed,
    )
    with connect(settings) as client:
        found = searching.search_incidents(client, settings, " ".join(words or ()), filters, limit)
    console().print(incident_table(found) if found else "Nothing found.")


def show(
    incident: Annotated[str, typer.Argument(help="The incident's id, as `search` lists it.")],
    *,
    at: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M"], help="As it was known at this time (UTC)."),
    ] = None,
) -> None:
    """Show one incident whole: who says how many, how that changed, and where it stands."""
    from sinks import search as searching
    from sinks.client import connect
    from sinks.settings import SinkSettings
    from tallywire.terminal import console
    from tallywire.views import incident_view, revision_view

    use_local_engines()
    settings = load(SinkSettings)
    with connect(settings) as client:
        view = searching.get_incident(client, settings, incident)
    out = console()
    if view.redirected_from:
        out.print(f"{incident} turned out to be {view.incident.id}.")
    if at is None:
        out.print(incident_view(view.incident, view.claims, view.revisions))
    else:
        out.print(revision_view(view.revisions, at.replace(tzinfo=UTC)))


def status() -> None:
    """Show how far each stage is, which feeds are in trouble, dead letters, and how much there is."""
    from tallywire.status import read_status
    from tallywire.status_view import status_view
    from tallywire.terminal import console

    use_local_engines()
    console().print(status_view(read_status()))


def list_settings(
    *,
    markdown: Annotated[bool, typer.Option("--markdown", help="As the table in docs/operating.md.")] = False,
) -> None:
    """List every environment variable, what it holds now and what it means."""
    import os

    from tallywire import reference

    rows = reference.variables()
    if markdown:
        typer.echo(reference.markdown(rows), nl=False)
        return
    from tallywire.terminal import console

    console().print(reference.table(rows, os.environ))
