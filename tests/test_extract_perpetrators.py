"""Who did it and who alleges it, and which organised groups, forces and states have a part in it."""

from datetime import UTC, datetime

import pytest

from contracts.records import Article, Report
from processors.extract import extract

Told = list[tuple[str, str, str | None, bool]]
Parts = list[tuple[str, str]]

PERPETRATORS: dict[str, tuple[str, Told]] = {
    "a group claims it": (
        (
            "A car bomb killed nine people outside a bank in Mogadishu on Monday, police said. "
            "Al-Shabaab claimed responsibility for the bombing in a radio broadcast."
        ),
        [("Al-Shabaab", "claimed", None, False)],
    ),
    "a group described between commas claims it": (
        (
            "A car bomb killed nine people outside a bank in Mogadishu on Monday, police said. "
            "Al-Shabaab, the strongest armed group of the south, claimed responsibility."
        ),
        [("Al-Shabaab", "claimed", None, False)],
    ),
    "an attack is claimed by": (
        (
            "A suicide bomber killed 14 people at a mosque in Quetta on Friday, officials said. "
            "The attack was claimed by the Islamic State group."
        ),
        [("Islamic State group", "claimed", None, False)],
    ),
    "they say that they did it": (
        (
            "An ambush killed eight soldiers near Bambari on Monday, the army said. "
            "The UPC rebels said they carried out the attack."
        ),
        [("UPC rebels", "claimed", None, False)],
    ),
    "nobody has claimed it": (
        (
            "A roadside bomb killed three soldiers near Maiduguri on Sunday, the army said. "
            "No group has claimed responsibility for the attack. There was no immediate claim."
        ),
        [],
    ),
    "accused and denying": (
        (
            "Fighters burned the village of Kiso and killed 12 villagers on Tuesday, residents said. "
            "The governor of Ituri accused the CODECO militia of the killings. CODECO denied any involvement."
        ),
        [("CODECO militia", "alleged", "governor of Ituri", True)],
    ),
    "police blame a group": (
        "Gunmen shot dead five farmers near Jos on Monday. Police blamed the Ansaru group for the attack.",
        [("Ansaru group", "alleged", "Police", False)],
    ),
    "blamed on a group by nobody named": (
        (
            "Twelve people were killed in a raid on a village in eastern Congo on Sunday, an official said. "
            "The attack was blamed on the Allied Democratic Forces."
        ),
        [("Allied Democratic Forces", "alleged", None, False)],
    ),
    "suspected militants": (
        "Suspected Boko Haram militants killed at least 10 people near Chibok on Saturday, residents said.",
        [("Boko Haram militants", "alleged", "residents", False)],
    ),
    "unidentified gunmen": (
        "Unidentified gunmen shot dead a judge and his driver in Kandahar on Thursday, police said.",
        [("Unidentified gunmen", "alleged", "police", False)],
    ),
    "an air strike by a state's warplanes": (
        "An air strike by Saudi warplanes killed 21 people in Saada on Wednesday, the health ministry said.",
        [("Saudi warplanes", "alleged", "health ministry", False)],
    ),
    "warplanes as a fact": (
        "Turkish warplanes bombed a village in northern Iraq on Sunday, killing six people.",
        [("Turkish warplanes", "stated", None, False)],
    ),
    "an army accuses a force": (
        (
            "A drone killed seven people at a petrol station in Tawila on Monday. "
            "The army accused the Rapid Support Forces of firing it."
        ),
        [("Rapid Support Forces", "alleged", "army", False)],
    ),
    "two blame each other": (
        (
            "Shelling killed nine people in the town of Dorin on Friday. "
            "The Northern Front and the government blamed each other for the attack."
        ),
        [
            ("Northern Front", "alleged", "government", False),
            ("government", "alleged", "Northern Front", False),
        ],
    ),
    "each accuses the other in turn": (
        (
            "Rockets hit a hospital in Kadugli on Monday and killed eight patients. "
            "The army accused the SPLM-N of the attack, while the rebels blamed the army."
        ),
        [("SPLM-N", "alleged", "army", False), ("army", "alleged", "rebels", False)],
    ),
    "it isn't clear which of two": (
        (
            "A night raid killed 20 people in the town of Saraq on Monday, rescuers said. "
            "It was not clear whether the raid was carried out by Syrian or Russian jets."
        ),
        [("Syrian jets", "unclear", None, False), ("Russian jets", "unclear", None, False)],
    ),
    "it isn't clear who": (
        "A mortar killed four children in Hodeida on Monday, medics said. It was not clear who fired it.",
        [],
    ),
    "a denial alone": (
        (
            "A drone killed six people in the village of Amna on Monday, medics said. "
            "The Ethiopian army denied any involvement."
        ),
        [("Ethiopian army", "denied", None, True)],
    ),
    "killed by guerrillas": (
        "Four teachers were killed by Maoist guerrillas in Bastar on Sunday, police said.",
        [("Maoist guerrillas", "alleged", "police", False)],
    ),
    "police who fire on protesters": (
        (
            "Police opened fire on protesters in Conakry on Tuesday, killing five people, the opposition said. "
            "The police denied killing anyone."
        ),
        [("Police", "alleged", "opposition", True)],
    ),
    "behind the attack": (
        (
            "A blast killed two people at a market in Lashio on Monday. "
            "The junta said the Arakan Army was behind the attack."
        ),
        [("Arakan Army", "alleged", "junta", False)],
    ),
    "believed to be members": (
        "Armed men believed to be members of the M23 killed 11 people in Kishishe on Tuesday, a local chief said.",
        [("members of the M23", "alleged", "local chief", False)],
    ),
    "a husband is arrested": (
        (
            "A woman of 34 was found stabbed to death at her home in Leeds on Monday, police said. "
            "Her husband was arrested on suspicion of murder."
        ),
        [("Her husband", "alleged", None, False)],
    ),
    "a man is charged": (
        (
            "Three people were shot dead at a bar in Memphis on Saturday night. "
            "Police said Darnell Price, 27, was charged with three counts of murder."
        ),
        [("Darnell Price", "alleged", "Police", False)],
    ),
    "an earthquake": (
        (
            "An earthquake of magnitude 6.1 killed 40 people in Paktika on Tuesday, the disaster authority said. "
            "The army sent helicopters."
        ),
        [],
    ),
    "a flood that some blame on the government": (
        (
            "Floods killed 30 people in Derna on Sunday, officials said. "
            "Residents blamed the government for neglecting the dams."
        ),
        [],
    ),
    "a bus and its driver": (
        (
            "A bus fell into a ravine near Salang on Monday and killed 25 passengers, police said. "
            "Police blamed the driver for speeding."
        ),
        [],
    ),
}

ACTORS: dict[str, tuple[str, Parts]] = {
    "both sides of a clash": (
        "Clashes between the Somali army and Al-Shabaab fighters killed 12 people near Beledweyne on Monday.",
        [("Somali army", "party"), ("Al-Shabaab fighters", "party")],
    ),
    "who is ambushed, and who claims it": (
        (
            "Gunmen ambushed an army convoy near Bambari on Monday, killing eight soldiers, an official said. "
            "The UPC rebels claimed responsibility."
        ),
        [("army", "target"), ("soldiers", "target"), ("UPC rebels", "attacker")],
    ),
    "once, under the fullest name": (
        (
            "M23 rebels attacked the village of Kiso on Monday and killed nine people, residents said. "
            "The rebels also killed two traders who fled, residents said."
        ),
        [("M23 rebels", "attacker")],
    ),
    "who acts and is hit": (
        (
            "Members of the Sinaloa cartel killed four policemen in Culiacan on Saturday. "
            "Two Sinaloa cartel gunmen were killed, prosecutors said."
        ),
        [("Sinaloa cartel", "attacker"), ("policemen", "target")],
    ),
    "police who only speak": (
        "A man was stabbed to death outside a bar in Leeds on Monday, police said. Police appealed for witnesses.",
        [],
    ),
    "a person who is held is no organisation": (
        (
            "Three people were shot dead at a bar in Memphis on Saturday night. "
            "Police said Darnell Price, 27, was charged with three counts of murder."
        ),
        [],
    ),
    "an army that helps after a quake": (
        (
            "An earthquake killed at least 40 people in Paktika on Tuesday, the disaster authority said. "
            "The army sent helicopters."
        ),
        [],
    ),
}


def report(text: str) -> Report:
    """Return the main incident of an article of a Tuesday."""
    article = Article(id="a", revision="r", text=text, published=datetime(2021, 3, 16, tzinfo=UTC))
    return extract(article)[0]


@pytest.mark.parametrize(("text", "told"), PERPETRATORS.values(), ids=PERPETRATORS)
def test_who_is_said_to_have_done_it(text: str, told: Told) -> None:
    """Name, status, who alleges it, and whether they deny it."""
    found = report(text).perpetrators
    assert [(who.name, who.status.value, who.alleged_by, who.denies) for who in found] == told


@pytest.mark.parametrize(("text", "parts"), ACTORS.values(), ids=ACTORS)
def test_who_takes_part(text: str, parts: Parts) -> None:
    """Organised groups, forces and states that act, are hit or fight, each once, in the order of the text."""
    assert [(actor.name, actor.role) for actor in report(text).actors] == parts
