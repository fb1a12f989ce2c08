"""Who stands behind a figure: one claim of a short text, and the source that it must have."""

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.records import Article, Claim
from contracts.vocabulary import Measure
from processors.extract import extract
from processors.extract.train import logistic

LEAD = "A bomb exploded at a bus stop in Kabul on Monday and killed 30 people, the interior ministry said."


def claims(text: str, title: str = "") -> list[Claim]:
    """Return the claims of an article of a Tuesday."""
    published = datetime(2021, 3, 16, tzinfo=UTC)
    article = Article(id="a", revision="r", title=title, text=text, published=published)
    return [claim for report in extract(article) for claim in report.claims]


def claimant(text: str, low: int, title: str = "") -> str | None:
    """Return who gives the one figure of a text that begins at a number."""
    (found,) = [claim for claim in claims(text, title) if claim.low == low]
    return found.claimant


CASES = {
    "a quotation over two sentences": (
        f'{LEAD}\n\n"We laid out 33 dead in the yard. Others are missing," hospital director Omid Rahmani said.',
        33,
        "hospital director Omid Rahmani",
    ),
    "he, after a subject that doesn't speak": (
        f'{LEAD}\n\nThe mayor of the district, Omid Rahmani, doubts it. "There were 41 killed," he said.',
        41,
        "mayor of the district, Omid Rahmani",
    ),
    "an office that lists": (f"{LEAD}\n\nThe Red Crescent listed 36 dead.", 36, "Red Crescent"),
    "a name inverted after a figure": (
        f"{LEAD}\n\nBy the evening the toll had reached 38, said regional governor Omid Rahmani.",
        38,
        "regional governor Omid Rahmani",
    ),
    "a second verb of the same subject": (
        f"{LEAD}\n\nA military source confirmed the attack but said 45 people were killed.",
        45,
        "military source",
    ),
    "a home, an age and a loss between name and verb": (
        f"{LEAD}\n\nOmid Rahmani, 30, of Herat, who lost a cousin, claimed that 47 people died.",
        47,
        "Omid Rahmani",
    ),
    "an office before a name between commas": (
        f"{LEAD}\n\nAt the clinic 34 people died, its chief, Dr. Omid Rahmani, said.",
        34,
        "its chief, Dr. Omid Rahmani",
    ),
    "an office after a name": (
        f"{LEAD}\n\nOmid Rahmani, a doctor at the central hospital, said 35 people were killed.",
        35,
        "Omid Rahmani, a doctor at the central hospital",
    ),
    "an office after an inverted name": (
        f"{LEAD}\n\nBy noon 39 people had died, said Omid Rahmani, the mayor of the district.",
        39,
        "Omid Rahmani, the mayor of the district",
    ),
    "a clause of who speaks": (
        f'{LEAD}\n\n"There were 36 dead," a porter who washed the bodies said at dawn.',
        36,
        "porter",
    ),
    "who is told isn't who tells": (
        f"{LEAD}\n\nIts spokeswoman, Laila Rahmani, told Radio Kabul that 37 people were killed.",
        37,
        "Its spokeswoman, Laila Rahmani",
    ),
    "what a second source has heard is the first one's": (
        f"{LEAD}\n\nA union leader, Omid Rahmani, said residents were told that 42 people died.",
        42,
        "union leader, Omid Rahmani",
    ),
    "he, in the same sentence": (
        f"{LEAD}\n\nThe mayor, Omid Rahmani, spoke of rain on the radio; 43 people died, he later added.",
        43,
        "mayor, Omid Rahmani",
    ),
    "he is no crowd": (
        f"{LEAD}\n\nHospital director Omid Rahmani was there, residents said.\n\nHe said 44 people were killed.",
        44,
        "Hospital director Omid Rahmani",
    ),
    "a statement is its office's": (
        f"{LEAD}\n\nAnother 51 people were wounded, the statement said.",
        51,
        "interior ministry",
    ),
    "letters of an office": (
        (
            f"{LEAD}\n\nDeputy Commissioner Omid Rahmani toured the ward, and said it was full.\n\n"
            "Another 53 people were wounded, the DC added."
        ),
        53,
        "Deputy Commissioner Omid Rahmani",
    ),
    "an agent of the passive": (
        f"{LEAD}\n\nAs many as 61 people were injured, a figure confirmed by the Red Crescent.",
        1,
        "Red Crescent",
    ),
    "a part of whom the sentence before counted": (
        f"{LEAD}\n\nThe Red Crescent said 62 people were wounded. Five of the wounded are children.",
        5,
        "Red Crescent",
    ),
    "between two sentences of one source": (
        (
            f"{LEAD}\n\nThe Red Crescent said its teams were at the gate. Another 63 people were wounded. "
            "The Red Crescent said it needed blood."
        ),
        63,
        "Red Crescent",
    ),
    "another sentence of a paragraph is the outlet's": (
        f"{LEAD}\n\nThe Red Crescent said its teams were at the gate. Another 64 people were wounded.",
        64,
        None,
    ),
    "what precedes a source's own clause is the outlet's": (
        f"{LEAD}\n\nAnother 65 people were wounded, and the Red Crescent said it needed blood.",
        65,
        None,
    ),
    "a search that continues says nothing": (
        f"{LEAD}\n\nThe search continued for 12 people who are missing.",
        12,
        None,
    ),
    "it is no spokesman": (
        f"{LEAD}\n\nIt said another 52 people were wounded.",
        52,
        "interior ministry",
    ),
}


@pytest.mark.parametrize(("text", "low", "wanted"), CASES.values(), ids=CASES)
def test_a_figure_has_its_source(text: str, low: int, wanted: str | None) -> None:
    """Quotations, pronouns and offices are followed to who is meant."""
    assert claimant(text, low) == wanted


def test_a_country_before_a_colon_says_nothing() -> None:
    """A headline's place isn't its source."""
    (found,) = {c.claimant for c in claims(LEAD, "Afghanistan: 30 people killed at bus stop") if c.low == 30}
    assert found == "interior ministry"


def test_a_headlines_figure_has_the_source_of_the_text() -> None:
    """A headline rests on the sentence that has its figure, even where that isn't read as a claim."""
    text = "A coal mine blast took the lives of 40 at a pit near Kabul on Monday, the mines ministry said."
    assert claimant(text, 40, "Mine blast kills 40 near Kabul") == "mines ministry"


def test_a_smaller_figure_of_the_same_source_is_a_part() -> None:
    """Some of the dead, told of later, aren't another opinion of how many died."""
    text = f"{LEAD}\n\nNine people died in hospital, the interior ministry said. The Red Crescent listed 26 dead."
    told = [(claim.measure, claim.low, claim.subset) for claim in claims(text)]
    assert told == [(Measure.KILLED, 30, False), (Measure.KILLED, 9, True), (Measure.KILLED, 26, False)]


def test_those_among_them_are_parts() -> None:
    """Parts that stand between a figure and its verb aren't added to it."""
    text = "At least 70 people, ten women and three infants among them, were killed in a raid on Kabul on Monday."
    told = [(claim.low, claim.subset) for claim in claims(text)]
    assert (70, False) in told
    assert all(part for low, part in told if low != 70)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("The medical body asked for a body shop to be searched.", id="a body that isn't dead"),
        pytest.param("Help went to the next of kin of the dead.", id="kin of the dead"),
        pytest.param("Troops came across two burned pickups.", id="burned cars"),
        pytest.param("The insurgency has since cost over 1,000 lives.", id="a whole war"),
    ],
)
def test_nobody_is_counted(text: str) -> None:
    """Words for harm that count nobody add no claim."""
    assert [claim.low for claim in claims(f"{LEAD}\n\n{text}")] == [30]


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=4, max_size=30), st.floats(0.0, 1.0))
def test_no_weight_is_below_its_floor(rows: list[tuple[bool, bool]], floor: float) -> None:
    """Whatever the examples say."""
    examples = [logistic.Row({"fact": float(fact), "other": 1.0}, positive, 1.0) for fact, positive in rows]
    assert logistic.fit(examples, ridge=1.0, floors={"fact": floor})["fact"] >= floor - 1e-9


def test_weights_are_at_the_least_loss() -> None:
    """The gradient of the ridged loss is nought there."""
    generator = np.random.default_rng(5)
    rows = [
        logistic.Row({"a": float(a), "b": float(b)}, bool(a + b + noise > 0), 1.0)
        for a, b, noise in generator.normal(size=(200, 3))
    ]
    weights = logistic.fit(rows, ridge=0.5)
    slope = 0.5 * weights["a"]
    for row in rows:
        chance = 1 / (1 + np.exp(-logistic.log_odds(weights, row.features)))
        slope += (chance - row.positive) * row.features["a"]
    assert abs(slope) < 1e-2
