"""Marks over an article, and the text cut where they begin and end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.records import Article, Claim, Perpetrator, Place, RejectedFigure, Report, Span, When
from contracts.vocabulary import EventType, Measure, PerpetratorStatus, RejectionReason
from tallywire.explain import explain
from tallywire.explain.marks import Kind, Mark, occurrences
from tallywire.explain.segments import cut
from tallywire.explain.wording import WHY_REFUSED

TEXT = (
    "Six miners, two of them women, died in Orvale overnight, the mine’s owner said.\n\n"  # noqa: RUF001 - as written
    "The Owner had said four. ORVALE lost 90 people in 1911."
)
SENTENCE, LAST = TEXT.split("\n\n")


def article(title: str = "Six dead in Orvale", text: str = TEXT) -> Article:
    """Return an article."""
    return Article(id="a", revision="r", title=title, text=text)


def span(words: str) -> Span:
    """Return where words stand in the text."""
    start = TEXT.index(words)
    return Span(start=start, end=start + len(words))


def claim(words: str, low: int, *, subset: bool = False) -> Claim:
    """Return a claim about killed people by the mine's owner."""
    return Claim(
        measure=Measure.KILLED,
        low=low,
        high=low,
        words=words,
        subset=subset,
        claimant="the mine's owner",
        sentence=SENTENCE,
        span=span(words),
    )


REPORT = Report(
    id="1",
    article_id="a",
    article_revision="r",
    event_type=EventType.INDUSTRIAL_ACCIDENT,
    place=Place(name="Orvale", as_written=("Orvale",), country="ZZ"),
    when=When(words="overnight"),
    claims=(claim("Six miners", 6), claim("two of them", 2, subset=True)),
    perpetrators=(Perpetrator(name="nobody named here", status=PerpetratorStatus.ALLEGED),),
    rejected=(
        RejectedFigure(words="1911", reason=RejectionReason.DATE, sentence=LAST, span=span("1911")),
        RejectedFigure(words="90 people", reason=RejectionReason.CUMULATIVE, sentence=LAST, span=span("90 people")),
    ),
    extractor="test",
)


@st.composite
def marked_texts(draw: st.DrawFn) -> tuple[str, list[Mark]]:
    """Return any text and any marks, some beyond its end, some empty, many overlapping."""
    text = draw(st.text(max_size=40))
    bounds = st.tuples(st.integers(-3, 45), st.integers(-3, 45))
    marks = draw(st.lists(st.builds(_mark, bounds, st.sampled_from(Kind)), max_size=12))
    return text, marks


def _mark(bounds: tuple[int, int], kind: Kind) -> Mark:
    return Mark(kind=kind, span=Span(start=bounds[0], end=bounds[1]), note=f"{kind} {bounds}")


@given(marked_texts())
def test_segments_cover_the_text_exactly_once(given_text: tuple[str, list[Mark]]) -> None:
    """Put together they are the text, each begins where the one before ends, and none is empty."""
    text, marks = given_text
    segments = cut(text, marks)
    assert "".join(segment.text for segment in segments) == text
    assert [segment.start for segment in segments[1:]] == [segment.end for segment in segments[:-1]]
    assert all(segment.text for segment in segments)


@given(marked_texts())
def test_every_character_has_the_marks_that_cover_it(given_text: tuple[str, list[Mark]]) -> None:
    """Character by character, a segment's marks are those whose spans hold it, the most important first."""
    text, marks = given_text
    for segment in cut(text, marks):
        for offset in range(segment.start, segment.end):
            covering = [mark for mark in marks if mark.span.start <= offset < mark.span.end]
            assert sorted(segment.marks, key=marks.index) == sorted(covering, key=marks.index)
        ranks = [list(Kind).index(mark.kind) for mark in segment.marks]
        assert ranks == sorted(ranks)


def test_every_figure_name_and_time_is_marked() -> None:
    """Claims, parts and refused figures by their spans; places, times and claimants wherever they stand."""
    explanation = explain(article(), [REPORT])
    found = {(mark.kind, segment.text) for segment in explanation.segments for mark in segment.marks}
    assert found == {
        (Kind.CLAIM, "Six miners"),
        (Kind.PART, "two of them"),
        (Kind.REJECTED, "90 people"),
        (Kind.REJECTED, "1911"),
        (Kind.PLACE, "Orvale"),
        (Kind.TIME, "overnight"),
        (Kind.CLAIMANT, "the mine’s owner"),  # noqa: RUF001 - as written
    }


def test_claims_are_numbered_through_all_incidents() -> None:
    """Two incidents' claims share no number, and a refused figure that both hold has one row."""
    explanation = explain(article(), [REPORT, REPORT])
    assert [entry.number for incident in explanation.incidents for entry in incident.claims] == [1, 2, 3, 4]
    assert [entry.number for entry in explanation.rejected] == [1, 2]


def test_a_span_beyond_the_article_is_not_marked() -> None:
    """A report of another revision can't break the page."""
    explanation = explain(article(text="Six dead."), [REPORT])
    assert "".join(segment.text for segment in explanation.text) == "Six dead."


@pytest.mark.parametrize(
    ("words", "found"),
    [
        pytest.param("Orvale", ["Orvale", "Orvale"], id="title and text, not other letter case"),
        pytest.param("orvale", ["Orvale", "Orvale", "ORVALE"], id="other letter case where as written there is none"),
        pytest.param("mine's  owner", ["mine’s owner"], id="another apostrophe and space"),  # noqa: RUF001
        pytest.param("Or", [], id="no part of a word"),
        pytest.param("  ", [], id="nothing"),
        pytest.param("(", [], id="a pattern's own mark"),
    ],
)
def test_occurrences_of_words(words: str, found: list[str]) -> None:
    """Words are found whole."""
    source = article()
    parts = {"title": source.title, "text": source.text}
    assert [parts[where.part][where.start : where.end] for where in occurrences(words, source)] == found


@pytest.mark.parametrize("reason", RejectionReason)
def test_every_reason_is_a_full_sentence(reason: RejectionReason) -> None:
    """A reason that the vocabulary gains can't be forgotten."""
    sentence = WHY_REFUSED[reason]
    assert sentence[0].isupper()
    assert sentence.endswith(".")
