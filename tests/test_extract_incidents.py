"""How many incidents an article reports, and of what kind: one short article a case."""

from datetime import UTC, datetime

import pytest

from contracts.records import Article, Report
from contracts.vocabulary import Measure
from processors.extract import extract

BUS = "A bus plunged into a ravine near Pokhara on Sunday and killed 12 people, police said."
SHELLING = "Artillery shells hit a market in Idlib on Sunday and killed 11 people, the civil defence said."


def _read(title: str, text: str) -> tuple[Report, ...]:
    published = datetime(2021, 3, 16, tzinfo=UTC)
    return extract(Article(id="a", revision="r", title=title, text=text, published=published))


SEVERAL = {
    "across the border": (
        "",
        (
            f"{SHELLING} Rescuers dug all night.\n\nOn the other side of the border, a drone hit a minibus and killed"
            " six passengers, the governor of Hatay said."
        ),
        [11, 6],
    ),
    "another kind, place and day": (
        "",
        (
            f"{BUS} The driver lost control. Rain had made the road slippery.\n\nOn Saturday gunmen kidnapped a"
            " trader in Birgunj and shot two policemen dead, officials said."
        ),
        [12, 2],
    ),
    "another label": (
        "Monitors on the weekend's dead",
        (
            f"Idlib countryside: {SHELLING} Many were hurt.\n\nHoms desert: A landmine went off under a"
            " tractor near Palmyra yesterday. Three shepherds were killed."
        ),
        [11, 3],
    ),
    "a headline of two halves": (
        "Bus crash near Pokhara kills 12; two die in Birgunj fire",
        (
            f"{BUS} The driver lost control. Rain had made the road slippery.\n\nA fire in a Birgunj warehouse"
            " killed two guards early on Sunday, officials said."
        ),
        [12, 2],
    ),
    "a later day elsewhere": (
        "",
        (
            f"{SHELLING} Many were hurt. The market was full.\n\nOn Monday, a landmine killed three shepherds between"
            " Palmyra and Sukhna, the army said."
        ),
        [11, 3],
    ),
    "an earlier count turns nowhere": (
        "",
        f"{SHELLING} Many were hurt. The market was full.\n\nHours before, the police had given a toll of seven.",
        [11],
    ),
    "a second attack on the same spot is none": (
        "",
        (
            f"{SHELLING} A second salvo hit the rescuers.\n\nOn Sunday evening the market was still burning in Idlib,"
            " volunteers said. They counted 20 wounded."
        ),
        [11],
    ),
}


@pytest.mark.parametrize(
    ("title", "text", "killed"), [pytest.param(*case, id=name) for name, case in SEVERAL.items()]
)
def test_incidents(title: str, text: str, killed: list[int]) -> None:
    """Each incident that an article reports has its own toll."""
    assert [report.tolls[Measure.KILLED].best for report in _read(title, text)] == killed


RECALLED = {
    "a date long before": "On Feb. 3, five people died in a bombing in the same city.",
    "a year's last night": "On New Year's Eve of 2017, 36 people were killed at nearby Migaa.",
    "that siege": "In July 2019 gunmen stormed a hotel in the city. That siege left 26 people dead.",
    "a spot's whole past": "The crossing has claimed hundreds of lives.",
    "since fighting grew": "Since the escalation of fighting near the city in May, 780 civilians have been killed.",
    "in May": "In May, six traders were killed in the same town.",
    "years of war": "Nine years of war have killed more than 300,000 people.",
    "an offensive": "The offensive has killed 4,065 people, most of them women.",
    "a fire of long ago": "The market fire of 1983 killed 75 people.",
    "a day before, of another kind": "On Saturday, nine people died in floods.",
    "died then": "Aleppo saw heavy fighting from 2012. Some 31,000 people died then, the United Nations estimates.",
    "summed on in another country": (
        "More than 400 people have been killed in Lebanon since October. In Israel, 18 soldiers have died."
    ),
    "whose beginning is told": (
        "The war has killed 42,000 people in a year. It began after an attack in which 1,139 people died."
    ),
    "days before, at the same place": "At least 28 people died there on Thursday night, 41 by a later count.",
    "a day within the sentence": "Since the bombing that killed 28 on Thursday, few have come to the market.",
    "people who were displaced before": "More than 735,000 people are internally displaced in the north.",
    "since a month": "At least 91 people have lost their lives in floods since the middle of June.",
}


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in RECALLED.items()])
def test_what_is_recalled_is_no_claim(text: str) -> None:
    """Figures of earlier incidents, and of many, are refused."""
    (report,) = _read("", f"{SHELLING} Rescuers dug all night. The market was full.\n\n{text}")
    assert [claim.low for claim in report.claims] == [11]
    assert report.rejected


STILL_TOLD = {
    "who died of wounds": "Two people died in Idlib on Sunday of wounds. Shells killed 28 in the market on Thursday.",
    "day by day": "Floods killed 11 people in Idlib on Sunday. The river rose. On Thursday, 28 people drowned in it.",
    "the same number": "Shells killed 28 in Idlib on Sunday. Many fled. It was like Thursday, when 28 were killed.",
}


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in STILL_TOLD.items()])
def test_what_happened_days_before_may_belong_to_it(text: str) -> None:
    """Some of the wounded die later, and a flood goes on for days."""
    reports = _read("", text)
    assert 28 in {claim.low for report in reports for claim in report.claims}


COMPARED = {
    "in the worst attack since": f"{SHELLING[:-1]}, in the worst attack there since 2015.",
    "the deadliest since": SHELLING.replace("shells hit", "shells, the deadliest salvo since the truce of 2020, hit"),
    "after the heaviest since": "Floods killed 11 people in Idlib on Sunday after the heaviest rain since 2003.",
    "somebody born in a year": "Monitors said a trader, born in 1991, and ten others died in Idlib on Sunday.",
    "these hours": f"{SHELLING[:-1]}, and that no others had died over the past 24 hours.",
}


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in COMPARED.items()])
def test_what_only_compares_is_still_told(text: str) -> None:
    """An aside that compares an incident with earlier ones takes nothing from its figures."""
    (report,) = _read("Shelling of Idlib market kills 11", f"{text} Rescuers dug all night.")
    assert report.tolls[Measure.KILLED].best == 11
    assert not any(refused.measure is Measure.KILLED for refused in report.rejected)


def test_an_aside_has_figures_of_its_own() -> None:
    """What the aside tells of the earlier incident is refused."""
    (report,) = _read("", f"{SHELLING[:-1]}, in the worst attack since March 2020, when 40 people died.")
    assert [claim.low for claim in report.claims] == [11]
    assert [refused.words for refused in report.rejected if refused.measure is Measure.KILLED] == ["40 people"]


def test_the_hardest_hit_place_has_a_part() -> None:
    """Whoever counts there, its dead are among those of the whole country."""
    text = "A typhoon hit the Visayas on Sunday and killed 80 people, the national disaster council said."
    (report,) = _read("", f"{text}\n\nHardest hit was Baybay, where 47 bodies had been found, its mayor said.")
    assert [(claim.low, claim.subset) for claim in report.claims] == [(80, False), (47, True)]


def test_a_wound_of_days_before_is_still_the_incidents() -> None:
    """A date that brings in nothing new doesn't make its figures another incident's."""
    text = "A man died on Sunday after a shooting in Leeds, police said. He was 30. Nobody was held.\n\n"
    (report,) = _read("", f"{text}Two other men were wounded in the shooting on March 3, police said.")
    assert report.tolls[Measure.INJURED].best == 2


KINDS = {
    "jets": (
        "Jets flattened a school in Idlib on Monday and killed 12 people, the civil defence said.",
        "air_strike",
    ),
    "storming isn't a storm": (
        (
            "Police fired on a crowd that tried to storm the airport of Juliaca on Monday. Seven protesters were"
            " killed, the ombudsman said."
        ),
        "protest_violence",
    ),
    "a raid by bandits": (
        "Bandits stormed a village in Zamfara on Monday and shot nine people dead, residents said.",
        "armed_attack",
    ),
    "a gunman in an office": (
        "A clerk opened fire in an office in Denver on Monday. Five people were shot dead, police said.",
        "mass_shooting",
    ),
    "methane": (
        "Two explosions of methane in a coal mine near Jastrzebie killed four miners on Monday, officials said.",
        "industrial_accident",
    ),
    "blown up by herself": (
        (
            "A girl strapped with explosives blew herself up at a market in Kano on Monday and killed four people,"
            " police said."
        ),
        "suicide_bombing",
    ),
    "a cleric": (
        "Gunmen on a motorcycle shot dead a prominent Muslim cleric in Aden on Monday, a security official said.",
        "assassination",
    ),
    "machetes": (
        "Rebels with machetes killed 26 villagers in an attack near Beni on Monday, officials said.",
        "massacre",
    ),
    "bound hands": (
        "Nine bodies were found by a road near Jerez on Monday, hands bound and with bullet wounds to the head.",
        "execution",
    ),
    "a cattle raid": (
        "Armed youths killed 30 people in a cattle raid near Bor on Monday, the commissioner said.",
        "armed_attack",
    ),
    "an attack beaten back": (
        "The army repelled an attack on its base near Diffa on Monday and killed nine rebels, it said.",
        "armed_clash",
    ),
    "a crush": (
        "Nine fans died in a crush at a stadium in Lima on Monday after police fired tear gas, officials said.",
        "stampede",
    ),
    "floods and landslides": (
        "Floods and landslides killed nine people in Kandy on Monday. Flood waters cut off villages, officials said.",
        "flood",
    ),
    "a chemical park": (
        "An explosion in a chemical park in Leuna on Monday killed two workers, its operator said.",
        "industrial_accident",
    ),
    "a jail": (
        (
            "Inmates fought with knives during a riot in a jail in Manaus on Monday. Nine prisoners were killed,"
            " officials said."
        ),
        "riot",
    ),
}


@pytest.mark.parametrize(("text", "kind"), [pytest.param(*case, id=name) for name, case in KINDS.items()])
def test_kind(text: str, kind: str) -> None:
    """An incident is of the kind that its text speaks of most, or of that one's special case."""
    (report,) = _read("", text)
    assert report.event_type.value == kind


PARTS = {
    "two figures that add up": (
        f"{BUS} The commissioner said seven people died on the spot and five succumbed on the way.",
        {7: True, 5: True},
    ),
    "another source's opinion": (f"{BUS} The hospital's director, Omid Rahmani, spoke of 14 dead.", {14: False}),
    "another source's figure of some": (
        f"{BUS.removesuffix(', police said.')}. The mayor of Nerun said two villagers were killed.",
        {2: True},
    ),
    "what a sentence adds of the dead": (f"{BUS} Ten were pupils.", {10: True}),
    "those among them": (f"{BUS} Three children, aged two to five, were among them.", {3: True}),
    "of these": (f"{BUS} Of these, nine were pupils.", {9: True}),
    "a group that consists of": (
        f"{BUS} The group consisted of nine Nepalis and two Germans.",
        {9: True, 2: True},
    ),
    "another one": (f"{BUS} A soldier also died when he fell from a helicopter.", {1: False}),
    "a fifth person": (f"{BUS} A thirteenth person died later. A fifth person was dead on arrival.", {5: None}),
    "an earlier count": (f"{BUS} The police had first spoken of four dead.", {4: False}),
    "up to so many": (f"{BUS} Police said up to 24 people had died in all.", {1: False}),
    "one place's dead": (
        f"{BUS} Another fell from a bridge at Nerun. Seven people died there, an officer at the bridge said.",
        {7: True},
    ),
    "two places' dead": (
        f"{BUS} A doctor said six bodies were found in the wreck and five were recovered from the river.",
        {6: True, 5: True},
    ),
}


@pytest.mark.parametrize(("text", "parts"), [pytest.param(*case, id=name) for name, case in PARTS.items()])
def test_parts_across_sentences(text: str, parts: dict[int, bool]) -> None:
    """A figure is a part of an earlier sentence's where it adds up to it, or counts some of the same people."""
    (report,) = _read("", text)
    said = {claim.low: claim.subset for claim in report.claims if claim.measure is Measure.KILLED}
    assert {low: said.get(low) for low in parts} == parts
