"""Place names: what they mean, and which is the incident's own."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.geo import bearing, destination, kilometres
from contracts.records import Article, Place
from contracts.vocabulary import PlacePrecision
from processors.extract import extract
from processors.extract.places.folding import fold
from processors.extract.places.gazetteer import load


def _place(text: str, title: str = "Gunmen kill five") -> Place:
    published = datetime(2021, 3, 12, tzinfo=UTC)
    report, *_ = extract(Article(id="a", revision="r", title=title, text=text, published=published))
    return report.place


KIRKUK = (35.46806, 44.39222)
MOSUL = (36.335, 43.11889)


@pytest.mark.parametrize(
    ("where", "name", "country", "precision"),
    [
        pytest.param("in Springfield, Illinois,", "Springfield", "US", "settlement", id="state after it"),
        pytest.param("near Mardan in northwestern Pakistan", "Mardan", "PK", "near", id="near"),
        pytest.param("in Somalia", "Somalia", "SO", "country", id="country alone"),
        pytest.param("in Kaduna state, Nigeria,", "Kaduna", "NG", "admin1", id="province"),
        pytest.param("in the Iraqi city of Kirkuk", "Kirkuk", "IQ", "settlement", id="demonym"),
        pytest.param("in the besieged city of Kirkuk in Iraq", "Kirkuk", "IQ", "settlement", id="adjective"),
    ],
)  # fmt: skip
def test_place(where: str, name: str, country: str, precision: str) -> None:
    """The incident's place is the one where the text says it happened."""
    place = _place(f"Gunmen killed five people {where} on Friday.")
    assert (place.country, place.precision.value) == (country, precision)
    assert place.name == name


def test_a_country_that_owns_something_contains_nothing() -> None:
    """A country after a comma says where a town lies, but not with "'s"."""
    text = "Gunmen killed five soldiers in the Menaka region of Mali on Friday. A Frenchman was wounded near Menaka, "
    assert _place(f"{text}France's presidency said.").name == "Ménaka"


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


@pytest.mark.parametrize(
    ("where", "km", "course"),
    [
        pytest.param("12 km south of Kirkuk in Iraq", 12.0, 180.0, id="kilometres"),
        pytest.param("about 20 miles (32 km) north-east of the city of Kirkuk, Iraq,", 32.19, 45.0, id="miles"),
        pytest.param("15 kilometers to the west of Kirkuk in Iraq", 15.0, 270.0, id="to the west"),
        pytest.param("twenty kilometres north of Kirkuk in Iraq", 20.0, 0.0, id="in words"),
    ],
)  # fmt: skip
def test_offset(where: str, km: float, course: float) -> None:
    """The point lies as far from the named town, and in the direction, as the text says; the precision says near."""
    place = _place(f"Gunmen killed five people {where} on Friday.")
    assert place.name == "Kirkuk"
    assert place.precision is PlacePrecision.NEAR
    assert place.lat is not None
    assert place.lon is not None
    assert kilometres(*KIRKUK, place.lat, place.lon) == pytest.approx(km, abs=0.1)
    assert (bearing(*KIRKUK, place.lat, place.lon) - course + 180) % 360 - 180 == pytest.approx(0, abs=0.5)


@pytest.mark.parametrize(
    "where", ["20 km from Kirkuk in Iraq", "near Kirkuk in Iraq", "900 km south of Kirkuk in Iraq"]
)
def test_no_direction_leaves_the_point_of_the_town(where: str) -> None:
    """Without a direction, or from too far away, the point is the named town's own, said to be near."""
    place = _place(f"Gunmen killed five people {where} on Friday.")
    assert (place.lat, place.lon) == KIRKUK
    assert place.precision is PlacePrecision.NEAR


def test_halfway() -> None:
    """Halfway between two towns is equally far from both."""
    place = _place("Gunmen killed five people halfway between Kirkuk and Mosul in Iraq on Friday.")
    assert place.lat is not None
    assert place.lon is not None
    half = kilometres(*KIRKUK, *MOSUL) / 2
    assert kilometres(*KIRKUK, place.lat, place.lon) == pytest.approx(half, rel=0.02)
    assert kilometres(*MOSUL, place.lat, place.lon) == pytest.approx(half, rel=0.02)


@given(
    st.floats(-80, 80), st.floats(-179, 179), st.floats(0, 359), st.floats(1, 5_000),
)  # fmt: skip
def test_destination_lies_as_far_and_that_way(lat: float, lon: float, course: float, km: float) -> None:
    """A destination's distance and bearing are those that it was made with."""
    there = destination(lat, lon, course, km)
    assert kilometres(lat, lon, *there) == pytest.approx(km, rel=1e-6)
    assert abs((bearing(lat, lon, *there) - course + 180) % 360 - 180) < 1e-3


@pytest.mark.parametrize(
    ("where", "name", "admin1"),
    [
        pytest.param(
            "at Birhaul village under Konch police station of Gaya District in India", "Gayā", "Bihār", id="chain",
        ),
        pytest.param("at Raipur in Bankura District, India,", "Bankura", "West Bengal", id="namesake elsewhere"),
        pytest.param("in East Champaran District of Bihar, India,", "Pūrba Champāran", "Bihār", id="direction"),
        pytest.param("in Germantown, a neighborhood of Philadelphia,", "Germantown", "Pennsylvania", id="part"),
        pytest.param("in the Roxbury neighborhood of Phoenix, Arizona,", "Phoenix", "Arizona", id="unknown part"),
    ],
)  # fmt: skip
def test_what_contains_it(where: str, name: str, admin1: str) -> None:
    """A name means the place inside what the text names after it, or else what contains it."""
    place = _place(f"Gunmen killed five people {where} on Friday.")
    assert (place.name, place.admin1) == (name, admin1)


def test_the_company_of_other_names_decides_between_namesakes() -> None:
    """Of places of one name, that near the other names of the text is meant, though another is larger."""
    place = _place(
        "Five people were shot dead in Wilmington on Friday. The gunmen fled to Newark, Delaware, and were caught in"
        " Elkton. They had come from Middletown and from New Castle."
    )
    assert (place.name, place.admin1) == ("Wilmington", "Delaware")


@pytest.mark.parametrize(
    "told",
    [
        pytest.param("a source in Baghdad said", id="source"),
        pytest.param("an officer told reporters in Baghdad", id="reporters"),
        pytest.param("said the ministry in Baghdad", id="ministry"),
    ],
)
def test_where_somebody_speaks(told: str) -> None:
    """The place where somebody speaks isn't the incident's."""
    place = _place(f"Gunmen killed five people outside Kirkuk's bazaar on Friday, {told}.")
    assert place.name == "Kirkuk"


def test_the_second_clause_of_a_title_is_another_matter() -> None:
    """What a title tells after its first clause doesn't place the incident that it begins with."""
    title = "Market bomb kills five in Kirkuk; two hurt in Basra crash"
    place = _place("A bomb killed five people at a market of the Iraqi city of Kirkuk on Friday.", title)
    assert place.name == "Kirkuk"


def test_a_district_without_a_point_has_that_of_what_contains_it_or_its_seat() -> None:
    """A district that holds no settlement of the gazetteer still has a point, with the precision said."""
    place = _place("Gunmen killed five people in Macomia district, Mozambique, on Friday.")
    assert (place.country, place.admin1) == ("MZ", "Cabo Delgado")
    assert place.lat is not None
    assert place.precision in {PlacePrecision.ADMIN2, PlacePrecision.ADMIN1}


def test_a_plain_word_of_the_text_is_no_place() -> None:
    """A headline's first word is written large, and may be a place's name elsewhere."""
    text = "Four patients died on Friday when a shell came through the roof of the hospital in Mosul."
    assert _place(text, title="Shell hits hospital ward, four dead").name == "Mosul"


def test_a_locality_is_looked_for_by_its_city() -> None:
    """A namesake far away isn't meant."""
    place = _place("Shells killed five people at a market in the Karari locality of Omdurman on Friday.")
    assert (place.name, place.country) == ("Omdurman", "SD")
