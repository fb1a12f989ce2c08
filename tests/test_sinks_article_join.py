"""An article's document is the same in whatever order, and however often, its records come."""

from dataclasses import replace
from functools import reduce
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.codec import decode, encode
from contracts.records import Article, Incident
from sinks.article_documents import ArticleDocument, Link, content, join, links

DATA = Path(__file__).parent / "data" / "sinks"
WRITTEN = {"article-a-1": 100, "article-a-2-edited": 200, "article-b": 150, "article-c": 160}


def article(name: str) -> ArticleDocument:
    """Return what the article in a data file knows."""
    return content(decode((DATA / f"{name}.json").read_bytes(), Article), WRITTEN[name])


def incident(name: str) -> Incident:
    """Return the incident in a data file."""
    return decode((DATA / f"{name}.json").read_bytes(), Incident)


def links_of(name: str, article_id: str) -> list[ArticleDocument]:
    """Return what an incident's record knows of one article."""
    return [part for part in links(incident(name)) if part.id == article_id]


@st.composite
def parts(draw: st.DrawFn) -> ArticleDocument:
    """Draw what some record may know of one article: few values, so that ties and repeats are common."""
    revision = draw(st.sampled_from(["", "r1", "r2"]))
    link_of = st.builds(
        Link,
        incident_id=st.sampled_from(["x", "y", "z"]),
        incident_revision=st.integers(1, 3),
        linked=st.booleans(),
    )
    linked = [ArticleDocument(id="a", links=(link,)) for link in draw(st.lists(link_of, max_size=4))]
    known = ArticleDocument(
        id="a",
        written=draw(st.integers(0, 2)),
        revision=revision,
        title=draw(st.sampled_from([None, "t", "u"])),
        feeds=tuple(sorted(draw(st.sets(st.sampled_from(["f", "g", "h"]))))),
    )
    return reduce(join, linked, known)


def test_an_article_of_two_feeds_names_both() -> None:
    """The same article in two feeds of one outlet is one document with the feeds of both records."""
    world, front = (
        content(Article(id="a", revision="r", title="t", feed=f"https://outlet.example/{name}"), written)
        for written, name in enumerate(["world", "front"], 1)
    )
    joined = join(world, front)
    assert joined.feeds == ("https://outlet.example/front", "https://outlet.example/world")
    assert joined.feed == "https://outlet.example/front"


@given(parts(), parts())
def test_order_does_not_matter(first: ArticleDocument, second: ArticleDocument) -> None:
    """Joining is commutative."""
    assert join(first, second) == join(second, first)


@given(parts(), parts(), parts())
def test_grouping_does_not_matter(first: ArticleDocument, second: ArticleDocument, third: ArticleDocument) -> None:
    """Joining is associative."""
    assert join(join(first, second), third) == join(first, join(second, third))


@given(parts(), parts())
def test_repetition_does_not_matter(first: ArticleDocument, second: ArticleDocument) -> None:
    """Joining what is known already changes nothing."""
    joined = join(first, second)
    assert join(joined, second) == joined
    assert join(joined, joined) == joined


@given(parts(), parts())
def test_links_and_ids_agree(first: ArticleDocument, second: ArticleDocument) -> None:
    """The ids are those of the links that hold, in order and each once."""
    joined = join(first, second)
    assert list(joined.incident_ids) == sorted({link.incident_id for link in joined.links if link.linked})
    assert len({link.incident_id for link in joined.links}) == len(joined.links)


@pytest.mark.parametrize(
    ("texts", "incidents", "title", "of"),
    [
        pytest.param(
            ["article-a-1", "article-a-2-edited"],
            ["armanaz-1", "armanaz-3-edited"],
            "Bombs kill 40 in Armanaz",
            ["armanaz-1"],
            id="an edit",
        ),
        pytest.param(
            ["article-b"],
            ["armanaz-2", "harem-1"],
            "Dozens dead after night of raids on Amanaz",
            ["armanaz-2", "harem-1"],
            id="an article in two incidents",
        ),
        pytest.param(
            ["article-b"],
            ["armanaz-2", "harem-1", "armanaz-4-merged", "harem-2-redirect"],
            "Dozens dead after night of raids on Amanaz",
            ["armanaz-2"],
            id="a merge of an article's two incidents",
        ),
        pytest.param(
            ["article-c"],
            ["harem-1", "armanaz-4-merged", "harem-2-redirect"],
            "Harem clinic treats raid victims",
            ["armanaz-4-merged"],
            id="a merge that changes the incident's id",
        ),
    ],
)
def test_every_order_of_the_records_ends_in_the_same_bytes(
    texts: list[str], incidents: list[str], title: str, of: list[str]
) -> None:
    """Text before link or link before text, late or twice: one document, with the right incidents."""
    known = [article(name) for name in texts]
    known += [part for name in incidents for part in links_of(name, known[0].id)]
    results = {encode(reduce(join, [*order, order[0]])) for order in permutations(known)}
    assert len(results) == 1
    document = decode(results.pop(), ArticleDocument)
    assert document.title == title
    assert document.incident_ids == tuple(sorted(incident(name).id for name in of))


def test_an_article_that_no_longer_tells_of_an_incident_loses_its_link() -> None:
    """An edit that takes the report away leaves the article out of the incident."""
    before = incident("armanaz-2")
    report = before.reports[0]
    after = replace(before, revision=3, reports=before.reports[1:], superseded=(report,))
    (linked,) = [part for part in links(before) if part.id == report.article_id]
    (unlinked,) = [part for part in links(after) if part.id == report.article_id]
    assert join(linked, unlinked).incident_ids == ()
    assert join(unlinked, linked).incident_ids == ()


def test_two_articles_are_not_joined() -> None:
    """Joining different articles is a mistake in our code, and says so."""
    with pytest.raises(ValueError, match="two"):
        join(ArticleDocument(id="a"), ArticleDocument(id="b"))
