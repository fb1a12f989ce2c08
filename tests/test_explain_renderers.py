"""The explanation in a browser and in a terminal, hostile text included."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from rich.console import Console

from contracts.records import Article, Claim, Place, RejectedFigure, Report, Span, Toll, When
from contracts.vocabulary import EventType, Measure, RejectionReason
from tallywire.explain import Explanation, explain
from tallywire.explain.markup import element, style_sheet, visible
from tallywire.explain.page import page
from tallywire.explain.terminal import view

HOSTILE = '</p><script>alert(1)</script><img src=x onerror="alert(2)">\'"&lt;\x1b]0;owned\x07\ud800\u202e'
TITLE = "Four drowned as ferry sank"
TEXT = "Four passengers drowned off Marrow Point, the harbour office said.\n\nThe ferry was built in 1988."

ARTICLE = Article(
    id="a",
    revision="r",
    title=TITLE,
    text=TEXT,
    url="https://news.example/ferry",
    published=datetime(2020, 5, 1, tzinfo=UTC),
)
REPORT = Report(
    id="1",
    article_id="a",
    article_revision="r",
    event_type=EventType.TRANSPORT_ACCIDENT,
    place=Place(name="Marrow Point", as_written=("Marrow Point",), country="GB"),
    when=When(),
    claims=(
        Claim(
            measure=Measure.KILLED,
            low=4,
            high=4,
            words="Four passengers",
            whose="passengers",
            claimant="harbour office",
            sentence=TEXT.split("\n", maxsplit=1)[0],
            span=Span(start=0, end=15),
        ),
    ),
    tolls={Measure.KILLED: Toll(low=4, high=4, best=4)},
    rejected=(
        RejectedFigure(
            words="1988",
            reason=RejectionReason.DATE,
            sentence="The ferry was built in 1988.",
            span=Span(start=TEXT.index("1988"), end=TEXT.index("1988") + 4),
        ),
    ),
    extractor="test",
)


def hostile(text: str) -> Explanation:
    """Return an explanation that holds a text wherever an article's words can stand."""
    (claim,) = REPORT.claims
    (figure,) = REPORT.rejected
    whole = Span(start=0, end=len(text))
    report = replace(
        REPORT,
        place=Place(name=text, as_written=(text,)),
        claims=(replace(claim, words=text, whose=text, claimant=text, sentence=text, span=whole),),
        rejected=(replace(figure, words=text, sentence=text, span=whole),),
        extractor=text,
    )
    return explain(replace(ARTICLE, title=text, text=text, outlet=text, url=text), [report])


def drawn(explanation: Explanation) -> str:
    """Return what the terminal shows, colours and all."""
    console = Console(width=100, force_terminal=True, color_system="truecolor", highlight=False)
    with console.capture() as shown:
        console.print(view(explanation))
    return shown.get()


def test_the_page_holds_the_article_and_its_figures() -> None:
    """Its text is all there, and each figure leads to a row with all that is known of it, and back."""
    tree = html.document_fromstring(page(explain(ARTICLE, [REPORT])))
    (body,) = tree.xpath("//article")
    assert "".join(body.xpath(".//text()[not(ancestor::sup)]")) == TEXT.replace("\n\n", "")
    (row,) = tree.xpath("//tr[@id='claim-1']")
    assert [cell.text_content() for cell in row] == [
        "1",
        "Four passengers",
        "killed",
        "4",
        "passengers",
        "whole",
        "harbour office",
    ]
    (refused,) = tree.xpath("//tr[@id='refused-1']")
    assert "It is a date" in refused.text_content()


@pytest.mark.parametrize("reports", [pytest.param([REPORT], id="an incident"), pytest.param([], id="none")])
def test_every_link_within_the_page_leads_somewhere(reports: list[Report]) -> None:
    """No link is broken and no id stands twice."""
    tree = html.document_fromstring(page(explain(ARTICLE, reports)))
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in tree.xpath("//@href") if link.startswith("#")} <= set(ids)


def test_the_page_asks_for_nothing() -> None:
    """There is no script, no image and no sheet to fetch, and the policy forbids them too."""
    tree = html.document_fromstring(page(explain(ARTICLE, [REPORT])))
    assert tree.xpath("//script | //link | //img | //iframe | //@src | //@onclick") == []
    (policy,) = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'")


@settings(max_examples=50, deadline=None)
@given(st.one_of(st.just(HOSTILE), st.text(max_size=60)))
def test_no_text_becomes_markup(text: str) -> None:
    """Whatever an article holds, the page has the elements that it has for plain words, and can be encoded."""
    written = page(hostile(text or "words"))
    written.encode("utf-8")
    tree = html.document_fromstring(written)
    plain = html.document_fromstring(page(hostile("words")))
    assert {node.tag for node in tree.iter()} <= {node.tag for node in plain.iter()} | {"a"}
    assert not [name for name in tree.xpath("//@*/..") if any(key.startswith("on") for key in name.attrib)]


def test_an_address_that_is_no_web_address_is_no_link() -> None:
    """A `javascript:` address from a feed can't be clicked."""
    written = page(explain(replace(ARTICLE, url="javascript:alert(1)"), [REPORT]))
    assert 'href="javascript' not in written
    assert "javascript:alert(1)" in written


def test_the_terminal_obeys_nothing_in_the_text() -> None:
    """No escape sequence and no bell of the article's reaches the terminal; rich's markup stays text."""
    shown = drawn(hostile(f"{HOSTILE}[red]"))
    assert "\x1b]" not in shown
    assert "\x07" not in shown
    assert "[red]" in shown


def test_the_terminal_shows_each_figure_and_why() -> None:
    """Numbers lead from the text to the tables."""
    shown = drawn(explain(ARTICLE, [REPORT]))
    for words in ("Four passengers", "harbour office", "R1", "It is a date", "transport accident"):
        assert words in shown


def test_an_article_without_incident_says_so() -> None:
    """Both renderers say that nothing was taken."""
    explanation = explain(ARTICLE, [])
    assert "No incident is reported" in page(explanation)
    assert "No incident is reported" in drawn(explanation)


@given(st.text())
def test_visible_text_keeps_its_length(text: str) -> None:
    """Offsets stay true."""
    assert len(visible(text)) == len(text)


def test_elements_escape_children_and_attributes() -> None:
    """Text is escaped in both places; an attribute without a value is left out."""
    assert element("a", "<&", href='"', rel=None).html == '<a href="&quot;">&lt;&amp;</a>'


def test_a_style_sheet_cannot_end_its_element() -> None:
    """CSS isn't escaped, so what would end it is refused."""
    with pytest.raises(ValueError, match="end of an element"):
        style_sheet("</style>")
