"""Articles and reports as JSON lines: rows in, rows out, for use without any engine."""

import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, TextIO

import orjson
from dateutil.parser import isoparse

from contracts.ids import article_revision
from contracts.records import Article, Claim, Report, Toll
from processors.extract.pipeline import extract


class RowError(ValueError):
    """A line isn't an article; the message says which line, and why."""


def read_row(row: dict[str, Any]) -> Article:
    """Return the article in a row with `id`, and where known `url`, `title`, `text` and `published`.

    Raises:
        RowError: A field is missing or of another type.
    """
    if not isinstance(row.get("id"), str):
        raise RowError("an article needs an id, as a string")
    title, text = row.get("title") or "", row.get("text") or ""
    if not isinstance(title, str) or not isinstance(text, str):
        raise RowError(f"title and text of article {row['id']} must be strings")
    return Article(
        id=row["id"],
        revision=article_revision(title, text),
        url=row.get("url") or None,
        title=title,
        text=text,
        outlet=row.get("outlet") or None,
        published=_time(row.get("published")),
    )


def _time(value: object) -> datetime | None:
    if not value:
        return None
    try:
        moment = isoparse(str(value))
    except ValueError as error:
        raise RowError(f"published must be an ISO 8601 date or time, not {value!r}") from error
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def to_row(article_id: str, reports: Iterable[Report]) -> dict[str, Any]:
    """Return an article's incidents, the main one first, as a row of plain values."""
    return {"id": article_id, "incidents": [_incident(report) for report in reports]}


def _incident(report: Report) -> dict[str, Any]:
    place, when = report.place, report.when
    return {
        "event_type": report.event_type.value,
        "place": {
            "name": place.name,
            "as_written": list(place.as_written),
            "admin1": place.admin1,
            "admin2": place.admin2,
            "country": place.country,
            "lat": place.lat,
            "lon": place.lon,
            "precision": place.precision.value,
        },
        "date": {
            "start": when.start.isoformat() if when.start else None,
            "end": when.end.isoformat() if when.end else None,
            "precision": when.precision.value,
            "words": when.words,
        },
        "claims": [_claim(claim) for claim in report.claims],
        "tolls": {measure.value: _toll(toll) for measure, toll in report.tolls.items()},
        "perpetrators": [
            {"name": p.name, "status": p.status.value, "alleged_by": p.alleged_by, "denies": p.denies}
            for p in report.perpetrators
        ],
        "actors": [{"name": actor.name, "role": actor.role} for actor in report.actors],
        "rejected": [
            {
                "words": figure.words,
                "reason": figure.reason.value,
                "measure": figure.measure.value if figure.measure else None,
                "sentence": figure.sentence,
            }
            for figure in report.rejected
        ],
    }


def _claim(claim: Claim) -> dict[str, Any]:
    return {
        "measure": claim.measure.value,
        "low": claim.low,
        "high": claim.high,
        "subset": claim.subset,
        "claimant": claim.claimant,
        "whose": claim.whose,
        "words": claim.words,
        "quote": claim.sentence,
        "part": claim.span.part,
        "start": claim.span.start,
        "end": claim.span.end,
    }


def _toll(toll: Toll) -> dict[str, int | None]:
    return {"low": toll.low, "high": toll.high, "best": toll.best}


def read_articles(lines: Iterable[str]) -> Iterator[Article]:
    """Yield the article of each line that isn't empty.

    Raises:
        RowError: A line isn't an article.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield read_row(orjson.loads(line))
        except (orjson.JSONDecodeError, AttributeError, RowError) as error:
            raise RowError(f"line {number}: {error}") from error


def main(lines_in: Iterable[str], out: TextIO = sys.stdout) -> None:
    """Read articles as JSON lines and write their incidents as JSON lines.

    Raises:
        RowError: A line isn't an article.
    """
    out.writelines(
        orjson.dumps(to_row(article.id, extract(article))).decode() + "\n" for article in read_articles(lines_in)
    )
