"""The record that reports amount to: tolls across voices, the past, and bounds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zlib import crc32

import pytest

from contracts import codec
from contracts.records import Actor, Claim, Departure, Report, Span, Toll
from contracts.topics import MAX_MESSAGE_BYTES
from contracts.vocabulary import Agreement, EventType, Measure
from processors.resolve.claimants import Claimants
from processors.resolve.copies import copies, resemblance
from processors.resolve.profile import profile_of
from processors.resolve.record import Content, as_of, build
from processors.sketch import MAX_KEY_TERMS, ages, key_terms, sketch

START = datetime(2024, 5, 1, 6, tzinfo=UTC)


def claim(
    low: int,
    *,
    by: str | None = None,
    words: str | None = None,
    subset: bool = False,
    whose: str | None = None,
) -> Claim:
    """Return a claim of so many killed, open if the words say "at least"."""
    written = words or str(low)
    return Claim(
        measure=Measure.KILLED,
        low=low,
        high=None if written.startswith(("at least", "dozens")) else low,
        words=written,
        whose=whose,
        subset=subset,
        claimant=by,
        sentence=f"{written} people died, it was said in the town on Wednesday.",
        span=Span(start=0, end=len(written)),
    )


def report(number: int, *claims: Claim, outlet: str | None = None, hours: int | None = None) -> Report:
    """Return the report of one article, an hour later than the one numbered before."""
    return Report(
        id=f"r{number}",
        article_id=f"a{number}",
        article_revision="a",
        outlet=outlet or f"Outlet {number}",
        reported=START + timedelta(hours=number if hours is None else hours),
        event_type=EventType.FLOOD,
        claims=claims,
        extractor="test",
    )


@pytest.mark.parametrize(
    ("reports", "toll", "agreement"),
    [
        pytest.param([report(1, claim(5))], Toll(low=5, high=5, best=5), Agreement.SINGLE_SOURCE, id="one outlet"),
        pytest.param(
            [report(1, claim(5, words="at least 5"))],
            Toll(low=5, high=None, best=5),
            Agreement.SINGLE_SOURCE,
            id="one open figure",
        ),
        pytest.param(
            [report(1, claim(5)), report(2, claim(5))],
            Toll(low=5, high=5, best=5),
            Agreement.CORROBORATED,
            id="two outlets, one figure",
        ),
        pytest.param(
            [report(1, claim(28, words="at least 28", by="SOHR"), claim(40, words="at least 40", by="Anadolu"))],
            Toll(low=28, high=40, best=40),
            Agreement.DISPUTED,
            id="two claimants in one article",
        ),
        pytest.param(
            [report(1, claim(5), outlet="Signal"), report(2, claim(9), outlet="Signal")],
            Toll(low=9, high=9, best=9),
            Agreement.SINGLE_SOURCE,
            id="an outlet's later article supersedes its earlier one",
        ),
        pytest.param(
            [report(1, claim(5, by="police")), report(2, claim(5, by="Springfield police"))],
            Toll(low=5, high=5, best=5),
            Agreement.SINGLE_SOURCE,
            id="one claimant under two names",
        ),
        pytest.param(
            [report(1, claim(5), claim(5, by="the mayor"))],
            Toll(low=5, high=5, best=5),
            Agreement.SINGLE_SOURCE,
            id="an outlet that echoes its claimant",
        ),
        pytest.param(
            [report(1, claim(28), claim(4, subset=True))],
            Toll(low=28, high=28, best=28),
            Agreement.SINGLE_SOURCE,
            id="a part isn't added",
        ),
        pytest.param(
            [report(1, claim(3, whose="soldiers"), claim(4, whose="civilians"))],
            Toll(low=7, high=7, best=7),
            Agreement.SINGLE_SOURCE,
            id="groups apart are summed",
        ),
        pytest.param(
            [report(1, claim(24, words="dozens")), report(2, claim(31))],
            Toll(low=31, high=31, best=31),
            Agreement.SINGLE_SOURCE,
            id="vague words dispute nothing",
        ),
        pytest.param(
            [report(1, claim(5)), report(2, claim(7)), report(3, claim(5))],
            Toll(low=5, high=7, best=5),
            Agreement.DISPUTED,
            id="the figure of most voices is best",
        ),
    ],
)
def test_tolls_across_voices(reports: list[Report], toll: Toll, agreement: Agreement) -> None:
    """Each voice counts once, with the figure that it stands by."""
    incident = build(Content(id="i", reports=tuple(reports)))
    assert incident.tolls[Measure.KILLED] == toll
    assert incident.agreement is agreement


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param("SOHR", "Syrian Observatory for Human Rights", True, id="initials"),
        pytest.param("the police", "Springfield police", True, id="a part of the name"),
        pytest.param("the health ministry", "the interior ministry", False, id="two ministries"),
        pytest.param("Anadolu", "the Anadolu news agency", True, id="fillers"),
    ],
)
def test_claimant_is_known_again(one: str, other: str, *, same: bool) -> None:
    """A claimant under another form of its name is the same voice."""
    names = Claimants()
    assert (names.name(one) == names.name(other)) is same


def test_an_actor_stands_once_with_all_its_roles() -> None:
    """Reports that give one actor several parts make it a party; the first spelling stays."""
    first = replace(report(1), actors=(Actor(name="Rebels", role="attacker"), Actor(name="army", role="target")))
    second = replace(report(2), actors=(Actor(name="rebels", role="target"),))
    record = build(Content(id="i", reports=(first, second)))
    assert record.actors == (Actor(name="Rebels", role="party"), Actor(name="army", role="target"))


def test_past_can_be_read_back() -> None:
    """The record as of a time holds what was reported until then, superseded revisions included."""
    first, edited = report(1, claim(28)), report(1, claim(40), hours=9)
    other = report(2, claim(28))
    gone = Departure(
        at=START + timedelta(hours=20),
        report_id="r2",
        article_id="a2",
        article_revision="b",
        outlet=other.outlet,
        why="Outlet 2 tells of it no more",
    )
    now = build(Content(id="i", reports=(edited,), superseded=(first, other), departures=(gone,)))
    then = as_of(now, START + timedelta(hours=3))
    later = as_of(now, START + timedelta(hours=10))
    assert then is not None
    assert then.reports == (first, other)
    assert then.tolls[Measure.KILLED] == Toll(low=28, high=28, best=28)
    assert later is not None
    assert later.tolls[Measure.KILLED] == Toll(low=28, high=40, best=40)
    assert as_of(now, START + timedelta(hours=30)) == now
    assert as_of(now, START) is None


def test_record_of_thousands_of_reports_stays_small() -> None:
    """An incident with a thousand reports keeps every claim, in half of the largest message."""
    text = " ".join(f"word{number}" for number in range(300))
    told = [
        Report(
            id=f"r{number:05}",
            article_id=f"a{number:05}",
            article_revision="a",
            outlet=f"Outlet {number % 40}",
            title="The river rose over the town in the night and took the bridge",
            reported=START + timedelta(minutes=number),
            event_type=EventType.FLOOD,
            claims=(claim(number % 7 + 1), claim(9, by="the mayor")),
            text_sketch=sketch("", f"{text} number {number}") if number < 5 else (number,),
            key_terms=key_terms("", text),
            extractor="test",
        )
        for number in range(1000)
    ]
    incident = build(Content(id="i", reports=tuple(told[:1])))
    incident = build(Content(id="i", reports=tuple(told)), incident)
    assert len(codec.encode(incident)) < MAX_MESSAGE_BYTES / 4
    assert incident.revision == 1000
    kept = [each.words for report in incident.reports for each in report.claims]
    assert kept == [each.words for report in told for each in report.claims]


def test_copy_with_a_paragraph_cut_is_recognised() -> None:
    """A wire story that lost a paragraph is a copy; another reporter's story of the same event isn't."""
    paragraphs = [
        "The dam above Lindow gave way at four in the morning, and the mill was gone by five.",
        "Firemen rowed from roof to roof with lanterns, calling the names on the tenants' list.",
        "The county engineer had asked for new sluice gates three times since the spring.",
    ]
    own = "Water from the broken dam swept through Lindow before dawn, our reporter writes from the church tower."
    whole, cut, other = (
        Report(
            id=f"c{number}",
            article_id=f"c{number}",
            article_revision="a",
            event_type=EventType.FLOOD,
            text_sketch=sketch("", text),
            extractor="test",
        )
        for number, text in enumerate(("\n\n".join(paragraphs), "\n\n".join(paragraphs[:2]), own))
    )
    assert copies([whole, cut, other]) == {"c1": "c0"}
    assert resemblance(whole.text_sketch, whole.text_sketch) == 1.0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("A 27-year-old driver and a six-year-old girl", [27, 6], id="hyphens, digits and words"),
        pytest.param("Ann Lee, 41, and a 5-month-old", [41, 0], id="commas, and months"),
        pytest.param("a 27 - year - old driver and a 6 year old", [27, 6], id="tokens set apart"),
        pytest.param("the 900-year-old church", [], id="not of a person"),
    ],
)
def test_ages_are_read(text: str, expected: list[int]) -> None:
    """Ages of people are found as news gives them."""
    assert ages(text) == expected


def test_key_terms_are_few_and_telling() -> None:
    """Names come before what every report says, and no text gives more than the most."""
    text = "Police said on Monday that Ottilie Brandvold was found. " + " ".join(f"filler{n}" for n in range(200))
    found = key_terms("Police find Ottilie Brandvold", text)
    assert len(found) <= MAX_KEY_TERMS
    assert {"ottilie", "brandvold", "ottilie brandvold"} <= found.keys()
    assert "police" not in found


def test_endings_set_apart_are_no_words() -> None:
    """A text that came in tokens has the words that it would have as it was written."""
    apart, written = (f"She didn{mark}t see the teenager{mark}s mother." for mark in (" ’ ", "'"))  # noqa: RUF001
    assert key_terms("", apart) == key_terms("", written)


def test_plurals_are_told_alike() -> None:
    """One outlet's boats are another's boat; what ends in s by itself stays as it is."""
    assert key_terms("", "trawlers") == key_terms("", "trawler")
    assert key_terms("", "Brandvold Boats") == key_terms("", "Brandvold Boat")
    assert {"virus", "boss"} <= key_terms("", "the boss of a virus").keys()


def test_name_that_begins_like_an_age_is_a_name() -> None:
    """The charity Age Concern is no age; the text's ages are still read beside it."""
    terms = key_terms("", "Age Concern visited Ruta Vance, 81, after the flood. Age Concern will come again.")
    compared = profile_of(replace(report(1), key_terms=terms))
    assert "age concern" in terms
    assert compared.ages == 1 << 81
    assert crc32(b"age concern") in compared.names
