"""The command that shows why each figure of an article was taken or refused."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from tallywire.errors import UserError


def add_to(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command()(explain)


def explain(
    source: Annotated[str, typer.Argument(metavar="FILE|URL|ARTICLE_ID", help="The article to explain.")],
    *,
    html: Annotated[bool, typer.Option("--html", help="Write one self-contained web page.")] = False,
    out: Annotated[
        Path | None, typer.Option(help="Where to write the page; standard output otherwise.", show_default=False)
    ] = None,
    published: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M"],
            help="When it was published (UTC), where the source doesn't say.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Show an article with every span marked, and why each figure was taken or refused.

    FILE is text with the headline on its first line, a JSON object, or JSON lines as `extract` takes them; the first
    line counts.
    """
    from processors.extract import extract
    from tallywire.explain import explain as explain_article
    from tallywire.explain.sources import read_source

    if out is not None and not html:
        raise UserError("--out takes the web page: say --html too.")
    article = read_source(source, None if published is None else published.replace(tzinfo=UTC))
    explanation = explain_article(article, extract(article))
    if html:
        from tallywire.explain.page import page

        _write(page(explanation), out)
        return
    from tallywire.explain.terminal import view
    from tallywire.terminal import console

    console().print(view(explanation))


def _write(text: str, out: Path | None) -> None:
    if out is None:
        typer.echo(text.encode("utf-8"), nl=False)
        return
    try:
        out.write_text(text, "utf-8")
    except OSError as error:
        raise UserError(f"{out} can't be written: {error.strerror}.") from error
