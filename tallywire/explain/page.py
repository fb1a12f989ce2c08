"""An explanation as one self-contained HTML page: no script, no request to anywhere, light and dark."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, time
from importlib import resources

from contracts.records import Claim, Report
from contracts.vocabulary import Measure
from sinks.fields import in_words
from tallywire.explain import wording
from tallywire.explain.explanation import Explanation, IncidentEntry, RejectedEntry
from tallywire.explain.marks import Kind, Mark
from tallywire.explain.markup import Content, Markup, element, joined, style_sheet
from tallywire.explain.segments import Segment
from tallywire.views import NOTHING, days, figure, moment

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""What the page may load: nothing but its own style."""

LEGEND = (
    (Kind.PART.value, "part of another claim", "dashed line"),
    (Kind.REJECTED.value, "refused figure", "dotted line"),
    (Kind.PLACE.value, "place", "double line"),
    (Kind.TIME.value, "time", "line above"),
    (Kind.PERPETRATOR.value, "alleged perpetrator", "wavy line"),
    (Kind.CLAIMANT.value, "who says so", "thin line"),
)
"""Style, what it means and the look that tells it apart without colour; measures come before these."""

PERPETRATORS = "Who did it"
ACTORS = "Who took part"

_PARAGRAPH = re.compile(r"\n[^\S\n]*\n\s*")


def page(explanation: Explanation) -> str:
    """Return the page as HTML text, to be written as UTF-8."""
    heading = explanation.article.title.strip() or "Article without a headline"
    head = element(
        "head",
        element("meta", charset="utf-8"),
        Markup(f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", f"{heading} – explained by Tallywire"),  # noqa: RUF001 - a dash is meant
        style_sheet(resources.files(__package__).joinpath("page.css").read_text("utf-8")),
    )
    body = element("body", element("main", *_sections(explanation)), _footer(explanation))
    return f"<!doctype html>\n{element('html', head, body, lang='en').html}\n"


def _sections(explanation: Explanation) -> Iterator[Markup]:
    yield _header(explanation)
    if not explanation.incidents:
        yield element("p", "No incident is reported in this article, so no figure of it was taken.", class_="verdict")
    for number, incident in enumerate(explanation.incidents, start=1):
        yield _incident(incident, number, of=len(explanation.incidents))
    yield _article(explanation)
    if explanation.incidents:
        yield _rejected(explanation.rejected)


def _header(explanation: Explanation) -> Markup:
    article = explanation.article
    published = _published(article.published)
    address: Content = article.url or ""
    if article.url and article.url.lower().startswith(("http://", "https://")):
        address = element("a", article.url, href=article.url, rel="noreferrer noopener")
    parts = [element("span", part) for part in (article.outlet or "", published, address) if part]
    title = _marked(explanation.title) if article.title.strip() else joined("Article without a headline")
    return element(
        "header",
        element("p", "Tallywire explains", class_="kicker"),
        element("h1", title, dir="auto", lang=article.language),
        element("p", *parts, class_="source"),
    )


def _published(at: datetime | None) -> str:
    """Return when it was published; midnight stands for a day whose hour isn't known."""
    if at is None:
        return "no day of publication known"
    return f"published {at.date().isoformat()}" if at.time() == time() else f"published {moment(at)} UTC"


def _article(explanation: Explanation) -> Markup:
    return element(
        "section",
        element("h2", "What was read where", id="text"),
        _legend(explanation),
        element("article", *_paragraphs(explanation.text), dir="auto", lang=explanation.article.language),
        aria_labelledby="text",
    )


def _legend(explanation: Explanation) -> Markup:
    """Return what the styles in this article mean; those that don't occur are left out."""
    styles = {_style(mark) for segment in explanation.segments for mark in segment.marks}
    used = {name for style in styles for name in style.split()}
    items = [(measure.value, in_words(measure), "solid line") for measure in Measure]
    samples = [
        element("li", element("mark", label, class_=name), element("span", f" {look}", class_="look"))
        for name, label, look in (*items, *LEGEND)
        if name in used
    ]
    return element("ul", *samples, class_="legend", aria_label="Legend") if samples else Markup("")


def _paragraphs(segments: Iterable[Segment]) -> Iterator[Markup]:
    """Yield the text as paragraphs; a mark that runs over an empty line is marked in both."""
    line: list[Content] = []
    for segment in segments:
        first, *others = _PARAGRAPH.split(segment.text)
        line.append(_segment(segment, first, last=not others))
        for number, part in enumerate(others, start=1):
            yield element("p", *line)
            line = [_segment(segment, part, last=number == len(others))]
    yield element("p", *line)


def _marked(segments: Iterable[Segment]) -> Markup:
    return joined(*(_segment(segment, segment.text, last=True) for segment in segments))


def _segment(segment: Segment, text: str, *, last: bool) -> Content:
    if not segment.marks or not text:
        return text
    note = " ".join(dict.fromkeys(mark.note for mark in segment.marks))
    marked = element("mark", text, class_=_style(segment.marks[0]), title=note)
    return joined(marked, *(_reference(mark) for mark in segment.ending)) if last else marked


def _reference(mark: Mark) -> Markup:
    """Return the raised number behind a claim or refused figure, which leads to its row."""
    if mark.number is None:
        return Markup("")
    row, label = _row(mark.number, refused=mark.kind is Kind.REJECTED)
    link = element("a", label, href=f"#{row}", id=f"{row}-text", aria_label=f"{label}: {mark.note}")
    return element("sup", link)


def _row(number: int, *, refused: bool) -> tuple[str, str]:
    """Return the anchor and the label of a row."""
    return (f"refused-{number}", f"R{number}") if refused else (f"claim-{number}", str(number))


def _style(mark: Mark) -> str:
    return f"{mark.kind.value} {mark.measure.value}" if mark.measure else mark.kind.value


def _incident(incident: IncidentEntry, number: int, of: int) -> Markup:
    anchor = f"incident-{number}"
    heading = "The incident" if of == 1 else f"Incident {number} of {of}"
    return element(
        "section",
        element("h2", heading, id=anchor),
        element("dl", *_facts(incident.report), class_="facts"),
        _claims(incident)
        if incident.claims
        else element("p", "The article gives no figure for it.", class_="verdict"),
        aria_labelledby=anchor,
    )


def _facts(report: Report) -> Iterator[Markup]:
    place, when = report.place, report.when
    spelled = f" (written {', '.join(place.as_written)})" if place.as_written else ""
    facts: list[tuple[str, tuple[Content, ...]]] = [
        ("What", (in_words(report.event_type),)),
        ("Where", (f"{wording.place_name(place) or 'not known'}{spelled}",)),
        (
            "When",
            (
                f"{days(when.start, when.end)}, {wording.TIME_PRECISION[when.precision]}"
                if when.start
                else "not known",
            ),
        ),
    ]
    facts += [(in_words(measure).capitalize(), (wording.toll_words(toll),)) for measure, toll in report.tolls.items()]
    if report.perpetrators:
        notes = tuple(element("div", wording.perpetrator_note(perpetrator)) for perpetrator in report.perpetrators)
        facts.append((PERPETRATORS, notes))
    if report.actors:
        facts.append((ACTORS, tuple(element("div", wording.actor_note(actor)) for actor in report.actors)))
    return (
        element(
            "div",
            element("dt", name),
            element("dd", *said),
            class_="wide" if name in {PERPETRATORS, ACTORS} else None,
        )
        for name, said in facts
    )


def _claims(incident: IncidentEntry) -> Markup:
    rows = [
        element(
            "tr",
            _number_cell(entry.number, refused=False),
            element("td", element("q", entry.claim.words), dir="auto"),
            element("td", element("mark", in_words(entry.claim.measure), class_=_claim_style(entry.claim))),
            element("td", figure(entry.claim.low, entry.claim.high), class_="figure"),
            element("td", entry.claim.whose or NOTHING),
            element("td", "part of another" if entry.claim.subset else "whole"),
            element("td", entry.claim.claimant or wording.OUTLET),
            id=_row(entry.number, refused=False)[0],
        )
        for entry in incident.claims
    ]
    columns = ("No.", "Words", "Measure", "Low to high", "Whose", "Part or whole", "Who says so")
    return _table("Figures that were taken", columns, rows)


def _claim_style(claim: Claim) -> str:
    kind = Kind.PART if claim.subset else Kind.CLAIM
    return f"{kind.value} {claim.measure.value}"


def _rejected(entries: tuple[RejectedEntry, ...]) -> Markup:
    if not entries:
        body = element("p", "No figure of this article was refused.", class_="verdict")
    else:
        rows = [
            element(
                "tr",
                _number_cell(entry.number, refused=True),
                element("td", element("q", entry.figure.words), dir="auto"),
                element("td", in_words(entry.figure.reason)),
                element("td", entry.why, class_="why"),
                element("td", element("q", entry.figure.sentence), dir="auto", class_="sentence"),
                id=_row(entry.number, refused=True)[0],
            )
            for entry in entries
        ]
        body = _table("Figures that were refused", ("No.", "Words", "Reason", "Why", "Sentence"), rows)
    return element(
        "section", element("h2", "What doesn't count, and why", id="refused"), body, aria_labelledby="refused"
    )


def _number_cell(number: int, *, refused: bool) -> Markup:
    row, label = _row(number, refused=refused)
    back = element("a", label, href=f"#{row}-text", aria_label=f"{label}, to its place in the text")
    return element("th", back, scope="row")


def _table(caption: str, columns: Iterable[str], rows: Iterable[Markup]) -> Markup:
    head = element("thead", element("tr", *(element("th", column, scope="col") for column in columns)))
    table = element("table", element("caption", caption), head, element("tbody", *rows))
    return element("div", table, class_="scroll", role="region", aria_label=caption, tabindex="0")


def _footer(explanation: Explanation) -> Markup:
    by = explanation.incidents[0].report.extractor if explanation.incidents else ""
    read = f"Read by {by}. " if by else ""
    return element("footer", element("p", f"{read}A figure counts as a claim only with who says it."))
