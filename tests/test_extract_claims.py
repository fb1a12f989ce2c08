"""What a passage claims: each figure with its part and its source, and the figures that are no claims of it."""

from datetime import UTC, datetime

import pytest

from contracts.records import Article
from processors.extract import extract

STORM = "A storm killed 40 people in Nerun on Monday, police said."
BLAST = "An explosion at a plant in Nerun on Monday killed 14 workers."

CLAIMS = {
    "kinds of people among the dead are parts of their own": (
        f"{STORM} Six women and three teenagers were among the dead.",
        ["killed 40 (police)", "killed 6 part", "killed 3 part"],
    ),
    "a known person and another among the dead": (
        f"{STORM} A union said the skipper and a deckhand were among the dead.",
        ["killed 40 (police)", "killed 2 part (union)"],
    ),
    "the one known person among the dead": (
        f"{STORM} Inspector Ana Roe told the Herald the skipper was among the dead.",
        ["killed 40 (police)", "killed 1 part (Inspector Ana Roe)"],
    ),
    "a hospital's own count is no part": (
        f"{STORM} At least 90 people were hurt.\n\nA clinic in Dori received 44 injured, of whom six were critical.",
        ["killed 40 (police)", "injured 90+", "injured 44 (clinic in Dori)", "injured 6 part (clinic in Dori)"],
    ),
    "few whom a rebuttal admits": (
        (
            "The army said it lost only four men in a clash at Nerun on Friday, while 60 rebels were killed. "
            "The group dismissed the figure and spoke of 30 soldiers killed."
        ),
        ["killed 4 (army)", "killed 60 (army)", "killed 30 (group)"],
    ),
    "those left of whom a part was told": (
        (
            "A raid on Nerun killed 11 people on Sunday, a hospital said. Nine of the dead, among them a girl, were "
            "at a market, it said. Two more died at a mill, it added."
        ),
        ["killed 11 (hospital)", "killed 9 part (hospital)", "killed 1 part (hospital)", "killed 2 part (hospital)"],
    ),
    "some of those hurt": (
        f"{BLAST} Dr. Omid Roe told reporters that of the 120 people who were hurt, 45 were still in the wards.",
        ["killed 14", "injured 120 (Dr. Omid Roe)", "injured 45 part (Dr. Omid Roe)"],
    ),
    "those in danger": (
        f"{BLAST} More than 30 were hurt. General Roe said two of the wounded were in danger of losing their lives.",
        ["killed 14", "injured 31+", "injured 2 part (General Roe)"],
    ),
    "dozens of them": (
        "The shelling killed 12 people and wounded 40 in Nerun on Monday, dozens of them severely, the mayor said.",
        ["killed 12 (mayor)", "injured 40 (mayor)", "injured 24+ part (mayor)"],
    ),
    "one of the two hurt": (
        (
            "Two workers were wounded in a blast in Nerun on Monday, Sheriff Omid Roe said. One was flown to Dori "
            "Medical Center."
        ),
        ["injured 2 (Sheriff Omid Roe)", "injured 1 part (Sheriff Omid Roe)"],
    ),
    "four of them, as a source says": (
        f"{BLAST} Rescue chief Ana Roe said four of them were from one family.",
        ["killed 14", "killed 4 part (Rescue chief Ana Roe)"],
    ),
    "what became of the bodies": (
        f'{BLAST} "Of the 14 bodies, five were burned," the agency said.',
        ["killed 14", "killed 5 part (agency)"],
    ),
    "a bulletin's brackets": (
        "On 4 May armed men attacked Lubero. 11 civilians killed (7 men, 4 women), 6 injured, 3 reported missing.",
        ["killed 11", "killed 7 part", "killed 4 part", "injured 6", "missing 3"],
    ),
    "those of whom nothing is known": (
        f"{BLAST} The army said 34 people could not be accounted for.",
        ["killed 14", "missing 34 (army)"],
    ),
    "the wounded, so many": (
        f'{BLAST} "Some of the wounded, at least 20 men, ran into the bush," governor Ana Roe said.',
        ["killed 14", "injured 20+ (governor Ana Roe)"],
    ),
    "a figure of what was told before": (
        f"{BLAST} The ministry said that 33 people were missing. The mayor said the figure stood at 40.",
        ["killed 14", "missing 33 (ministry)", "missing 40 (mayor)"],
    ),
    "those taken hostage": (
        "Pirates seized a tanker off Bonny on Friday and took eight sailors hostage, the navy said.",
        ["abducted 8 (navy)"],
    ),
    "others hurt, after one of those killed": (
        "Nine passengers were killed on a bus in Nerun on Monday, including a colonel, and five others were wounded.",
        ["killed 9", "killed 1 part", "injured 5"],
    ),
    "a toll that may rise": (
        f"{STORM} The mayor later said the toll had reached 57 and could rise to 100.",
        ["killed 40 (police)", "killed 57 (mayor)"],
    ),
    "a monitor that is named": (
        (
            "Air strikes killed 14 people in Tal Amar on Tuesday, a war monitor said.\n\nTwo were children, the "
            "Afrin Observatory for Rights said. Its head, Omid Roe, spoke of a massacre."
        ),
        ["killed 14 (Afrin Observatory for Rights)", "killed 2 part (Afrin Observatory for Rights)"],
    ),
    "the mayor of the area": (
        (
            "A bomb killed at least 31 traders in Nerun on Monday, a mayor of the area said.\n\nOmid Roe, mayor of "
            "the nearby town of Dori, said a curfew was in force."
        ),
        ["killed 31+ (Omid Roe, mayor of the nearby town of Dori)"],
    ),
    "a name with an article that gives a toll": (
        f"{STORM}\n\nThe Blue Caps, who run ambulances in the area, gave a toll of 52 dead.",
        ["killed 40 (police)", "killed 52 (Blue Caps)"],
    ),
    "a name, however": (
        f"{STORM}\n\nA resident of Koro, one of the villages, Omid Isa, however told the Herald that 52 died.",
        ["killed 40 (police)", "killed 52 (Omid Isa)"],
    ),
    "who dismisses and insists": (
        (
            "A storm killed 40 people in Nerun on Monday, police said, but the District Commissioner Omid Roe "
            "dismissed this and insisted only 21 people had died."
        ),
        ["killed 40 (police)", "killed 21 (District Commissioner Omid Roe)"],
    ),
    "another source of the kind": (
        (
            "An air raid on Lashio on Sunday killed nine villagers, a security source said. A hospital source in "
            "Dori said 12 had died. Another hospital source put the toll at 15."
        ),
        [
            "killed 9 (security source)",
            "killed 12 (hospital source in Dori)",
            "killed 15 (Another hospital source)",
        ],
    ),
    "one of two sources named together": (
        (
            "Armed men killed 21 people in Nerun on Saturday, local officials and a security source said. The "
            "security source said ten people were missing. A toll of 21 dead was final, it said."
        ),
        ["killed 21 (local officials and a security source)", "missing 10 (security source)"],
    ),
    "one of the officials speaks": (
        (
            'Armed men struck Nerun on Saturday. "Nine people were killed, among them a baby," one of the officials '
            "said."
        ),
        ["killed 9 (one of the officials)", "killed 1 part (one of the officials)"],
    ),
    "few, as another source insists": (
        "A raid on Nerun killed 14 people on Monday. A police spokeswoman said only five deaths had been reported.",
        ["killed 14", "killed 5 (police spokeswoman)"],
    ),
    "a spokesman who claims a figure": (
        "Rebels killed nine soldiers near Tambo on Friday, the army said. A rebel spokesman claimed 25 had died.",
        ["killed 9 (army)", "killed 25 (rebel spokesman)"],
    ),
    "the WHO": (
        "A drone killed 70 patients in a hospital in El Fasher on Friday, the WHO chief said.",
        ["killed 70 (WHO chief)"],
    ),
    "a coast guard is no person": (
        (
            "Greek rescuers were losing hope on Monday. A boat sank off Pylos on Sunday. The coast guard said 78 "
            "bodies had been found. It had earlier put the toll at 79."
        ),
        ["killed 78 (coast guard)", "killed 79 (coast guard)"],
    ),
    "a doctor speaks of a hospital's patients": (
        f"{BLAST} The Alfred hospital was treating 28 people for burns, director Ana Roe said.",
        ["killed 14", "injured 28 (director Ana Roe)"],
    ),
}

NO_CLAIMS = {
    "an attack that this one comes after": "The attack comes two weeks after a car bomb in Dori left 90 dead.",
    "one of a church weeks before": "It came to pass, two weeks after a gunman killed five in Dori.",
    "a board of inquiry": "Minister Omid Roe said a body of seven members would probe the accident.",
    "a flight to a city": "Helicopters took the critically injured to AIIMS Dori and Lundo.",
    "a quarter's sum": "In the first quarter the country recorded 2,345 violent deaths.",
    "those pulled out": "Seven were pulled out alive.",
    "a list's total of another war": "About 300,000 people have fled Rafah since Monday.",
}


def _claims(text: str, title: str = "") -> list[str]:
    """Return the main incident's claims as "measure low, + where open, part (source)"."""
    article = Article(id="a", revision="r", title=title, text=text, published=datetime(2024, 5, 8, tzinfo=UTC))
    report, *_ = extract(article)
    return [
        f"{c.measure.value} {c.low}{'+' if c.high is None else ''}{' part' if c.subset else ''}"
        f"{f' ({c.claimant})' if c.claimant else ''}"
        for c in report.claims
    ]


@pytest.mark.parametrize(("text", "told"), CLAIMS.values(), ids=CLAIMS)
def test_claims(text: str, told: list[str]) -> None:
    """A passage makes these claims and no others."""
    assert sorted(_claims(text)) == sorted(told)


@pytest.mark.parametrize("text", NO_CLAIMS.values(), ids=NO_CLAIMS)
def test_no_claims(text: str) -> None:
    """A sentence after a report of 14 dead adds no claim to it."""
    assert _claims(f"{BLAST} {text}") == ["killed 14"]


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("Toll in Nerun blast passes 100", ["killed 104 (mayor)"]),
        ("Dozens killed in Nerun blast", ["killed 104 (mayor)"]),
        ("Hundreds feared dead in Nerun blast", ["killed 104 (mayor)", "killed 200+"]),
        ("As many as 104 killed in Nerun blast", ["killed 104 (mayor)"]),
    ],
)
def test_a_headlines_round_figure(title: str, told: list[str]) -> None:
    """A headline's round figure is no claim beside the exact one, unless it is only feared."""
    assert sorted(_claims("A blast in Nerun on Monday killed 104 people, the mayor said.", title)) == told


def test_an_hour_later_elsewhere() -> None:
    """What happens elsewhere an hour later is another incident; a second bomb of the series isn't."""
    raid = "A suicide bomber killed 16 people on a bus in Jerusalem on Wednesday. Police closed the street."
    elsewhere = "Less than an hour later, helicopters fired at a car in Gaza, killing seven people."
    second = "About an hour later a second bomb killed 19 people in Haifa."
    assert _claims(f"{raid}\n\n{elsewhere}") == ["killed 16"]
    assert _claims(f"{raid}\n\n{second}") == ["killed 16", "killed 19"]
