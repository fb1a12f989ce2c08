"""An explanation in a terminal."""

from collections.abc import Iterable, Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from contracts.records import Report
from contracts.vocabulary import Measure
from sinks.fields import in_words
from tallywire.explain import wording
from tallywire.explain.explanation import Explanation, IncidentEntry, RejectedEntry
from tallywire.explain.marks import Kind, Mark
from tallywire.explain.markup import visible
from tallywire.explain.segments import Segment
from tallywire.views import NOTHING, days, figure

MEASURE_STYLES = {
    Measure.KILLED: "bold red",
    Measure.INJURED: "bold yellow",
    Measure.MISSING: "bold magenta",
    Measure.ABDUCTED: "bold bright_magenta",
    Measure.DISPLACED: "bold cyan",
    Measure.ARRESTED: "bold bright_green",
}
KIND_STYLES = {
    Kind.REJECTED: "dim strike",
    Kind.PLACE: "green underline",
    Kind.TIME: "blue underline",
    Kind.PERPETRATOR: "bright_red italic",
    Kind.CLAIMANT: "italic underline",
}
KIND_LABELS = {
    Kind.REJECTED: "refused",
    Kind.PLACE: "place",
    Kind.TIME: "time",
    Kind.PERPETRATOR: "alleged perpetrator",
    Kind.CLAIMANT: "who says so",
}


def view(explanation: Explanation) -> RenderableType:
    """Return the article with its marks, then each incident with its figures, then the refused ones."""
    return Group(
        Text.assemble(_marked(explanation.title), style="bold"),
        Text(),
        _marked(explanation.text),
        Text(),
        _legend(explanation),
        *_incidents(explanation),
        *_rejected(explanation.rejected),
    )


def _marked(segments: Iterable[Segment]) -> Text:
    text = Text()
    for segment in segments:
        text.append(visible(segment.text), _style(segment.marks[0]) if segment.marks else "")
        for mark in segment.ending:
            if mark.number is not None:
                text.append(f"[{_label(mark.number, refused=mark.kind is Kind.REJECTED)}]", "dim")
    return text


def _style(mark: Mark) -> str:
    if mark.measure is None:
        return KIND_STYLES[mark.kind]
    return f"{MEASURE_STYLES[mark.measure]}{' italic underline' if mark.kind is Kind.PART else ''}"


def _label(number: int, *, refused: bool) -> str:
    return f"R{number}" if refused else str(number)


def _legend(explanation: Explanation) -> Text:
    marks = [mark for segment in explanation.segments for mark in segment.marks]
    measures, kinds = {mark.measure for mark in marks}, {mark.kind for mark in marks}
    samples = [(in_words(measure), style) for measure, style in MEASURE_STYLES.items() if measure in measures]
    samples += [("part of another claim", "italic underline")] if Kind.PART in kinds else []
    samples += [(KIND_LABELS[kind], style) for kind, style in KIND_STYLES.items() if kind in kinds]
    return Text("   ").join(Text(label, style) for label, style in samples)


def _incidents(explanation: Explanation) -> Iterator[RenderableType]:
    if not explanation.incidents:
        yield Text("No incident is reported in this article, so no figure of it was taken.", style="bold")
    for number, incident in enumerate(explanation.incidents, start=1):
        heading = "The incident" if len(explanation.incidents) == 1 else f"Incident {number}"
        yield Text(f"\n{heading}", style="bold")
        yield _indented(_facts(incident.report))
        if incident.claims:
            yield Text("\nFigures that were taken", style="bold")
            yield _indented(_claims(incident))


def _facts(report: Report) -> Table:
    table = _table()
    place, when = report.place, report.when
    time = f"{days(when.start, when.end)}, {wording.TIME_PRECISION[when.precision]}" if when.start else "not known"
    rows = [
        ("what", in_words(report.event_type)),
        ("where", wording.place_name(place) or "not known"),
        ("written", ", ".join(place.as_written)),
        ("when", time),
        *((in_words(measure), wording.toll_words(toll)) for measure, toll in report.tolls.items()),
        *(("who did it", wording.perpetrator_note(perpetrator)) for perpetrator in report.perpetrators),
        *(("who took part", wording.actor_note(actor)) for actor in report.actors),
    ]
    for name, said in rows:
        if said:
            table.add_row(Text(name, style="dim"), _plain(said))
    return table


def _claims(incident: IncidentEntry) -> Table:
    table = _table("no.", "measure", "low to high", "whose", "part or whole", "who says so", "words")
    for entry in incident.claims:
        claim = entry.claim
        table.add_row(
            _label(entry.number, refused=False),
            Text(in_words(claim.measure), MEASURE_STYLES[claim.measure]),
            figure(claim.low, claim.high),
            _plain(claim.whose or NOTHING),
            "part" if claim.subset else "whole",
            _plain(claim.claimant or wording.OUTLET),
            _plain(f"“{claim.words}”"),
        )
    return table


def _rejected(entries: tuple[RejectedEntry, ...]) -> Iterator[RenderableType]:
    if not entries:
        return
    table = _table("no.", "words", "reason", "why")
    for entry in entries:
        words, reason = _plain(f"“{entry.figure.words}”"), in_words(entry.figure.reason)
        table.add_row(_label(entry.number, refused=True), words, reason, entry.why)
    yield Text("\nFigures that were refused", style="bold")
    yield _indented(table)


def _table(*columns: str) -> Table:
    return Table(
        *columns, box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim", show_header=bool(columns)
    )


def _indented(body: Table) -> RenderableType:
    return Padding(body, (0, 0, 0, 2))


def _plain(text: str) -> Text:
    """Return an article's words as they are: neither markup of rich's nor orders to the terminal."""
    return Text(visible(text))
