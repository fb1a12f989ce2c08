"""Place names: what they mean, and which is the incident's own."""

from datetime import UTC, datetime

import pytest

from contracts.records import Article, Place
from contracts.vocabulary import PlacePrecision
from processors.extract import extract
from processors.extract.folding import fold
from processors.extract.gazetteer import load


def _place(text: str) -> Place:
    published = datetime(2021, 3, 12, tzinfo=UTC)
    (report,) = extract(Article(id="a", revision="r", title="Gunmen kill five", text=text, published=published))
    return report.place


@pytest.mark.parametrize(
    ("where", "name", "country", "precision"),
    [
        pytest.param("in Springfield, Illinois,", "Springfield", "US", "settlement", id="state after it"),
        pytest.param("near Mardan in northwestern Pakistan", "Mardan", "PK", "near", id="near"),
        pytest.param("in Somalia", "Somalia", "SO", "country", id="country alone"),
        pytest.param("in Kaduna state, Nigeria,", "Kaduna", "NG", "admin1", id="province"),
        pytest.param("in the Iraqi city of Kirkuk", "Kirkuk", "IQ", "settlement", id="demonym"),
    ],
)  # fmt: skip
def test_place(where: str, name: str, country: str, precision: str) -> None:
    """The incident's place is the one where the text says it happened."""
    place = _place(f"Gunmen killed five people {where} on Friday.")
    assert (place.country, place.precision.value) == (country, precision)
    assert place.name == name


def test_reporter_is_elsewhere() -> None:
    """The city that a report is sent from isn't the incident's place."""
    place = _place("LONDON (Agency) - Gunmen killed five people in the Iraqi city of Kirkuk on Friday.")
    assert place.country == "IQ"


def test_country_has_no_point() -> None:
    """A country's middle is never given as if it were the place."""
    place = _place("Gunmen killed five people in Somalia on Friday.")
    assert place.precision is PlacePrecision.COUNTRY
    assert place.lat is None
    assert place.lon is None


def test_gazetteer_is_large_and_knows_other_names() -> None:
    """The gazetteer has over 200,000 entries, with alternate names, units and countries."""
    gazetteer = load()
    assert len(gazetteer) > 200_000
    assert {entry.country for entry in gazetteer.find("Burma")} >= {"MM"}
    assert any(entry.name == "Armanāz" for entry in gazetteer.find("Armanaz"))


@pytest.mark.parametrize(
    ("one", "other"),
    [("Armanāz", "armanaz"), ("St. Louis", "Saint Louis"), ("Xi'an", "XIAN"), ("Deir-ez-Zor", "deir ez zor")],
)
def test_folding(one: str, other: str) -> None:
    """Names that differ only in writing are the same."""
    assert fold(one) == fold(other)
