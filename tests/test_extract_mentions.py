"""What a sentence says happened to how many: one sentence a case, with all that it must and may tell."""

import pytest

from contracts.records import Article
from contracts.vocabulary import Measure
from processors.extract.harm.mentions import counted
from processors.extract.harm.reading import read_sentence
from processors.extract.text import language
from processors.extract.text.document import read_document

ENGLISH = language.load("en")
CASES = {
    "an age in tokens": (
        "A 63 - year - old man was shot dead at Nerun .",
        ["killed 1"],
    ),
    "somebody known by an age in tokens": (
        "A 16 - year - old was killed by police at Nerun .",
        ["killed 1"],
    ),
    "parts among them": (
        "Nine workers, three women and a boy among them, died in the fire.",
        ["killed 9", "killed 3 part", "killed 1 part"],
    ),
    "a known person as a part": (
        "The blast killed 12 people, among them two nurses and the village priest.",
        ["killed 12", "killed 2 part", "killed 1 part"],
    ),
    "a part whose noun isn't known": (
        "The raid killed eight people, including the ward head of Nerun.",
        ["killed 8", "killed 1 part"],
    ),
    "a division in parentheses": (
        "The commissioner spoke of nine dead (six herders and three soldiers) at Nerun.",
        ["killed 9", "killed 6 part", "killed 3 part"],
    ),
    "a division between dashes": (
        "Ten people - seven adults and three children - died at Nerun.",
        ["killed 10", "killed 7 part", "killed 3 part"],
    ),
    "the dead are named by kind": (
        "The dead were two policemen and a driver.",
        ["killed 2 part", "killed 1 part"],
    ),
    "a couple and their son are told of as one": (
        "The dead include a couple and their four-year-old son.",
        ["killed 3 part"],
    ),
    "some of the victims": ("Five of the victims were nurses.", ["killed 5 part"]),
    "a relative of victims is none": ("Omid Rahmani, a friend of two of the victims, spoke of a good man.", []),
    "one of many": (
        "The mayor was one of 16 people to die when the hall fell in.",
        ["killed 16", "killed 1 part"],
    ),
    "among many": ("Four children were among the 12 people killed.", ["killed 12", "killed 4 part"]),
    "how badly": ("Six people were hurt, one seriously.", ["injured 6", "injured 1 part"]),
    "half of them": ("The attack killed 12 people, half of them children.", ["killed 12", "killed 6 part"]),
    "as many": ("Four guards were killed and as many were wounded.", ["killed 4", "injured 4"]),
    "one a driver and one a fireman": (
        "The fire claimed the lives of six people, four of whom were clerks, one a driver and one a firefighter.",
        ["killed 6", "killed 4 part", "killed 1 part", "killed 1 part"],
    ),
    "she and others": ("She and four others were taken to the Nerun Level Five Hospital.", ["injured 5"]),
    "taken to a hospital with a long name": (
        "Officials said 14 people had been taken to Saint Ann and Nerun General hospitals.",
        ["injured 14"],
    ),
    "died in the hospital": ("Two men were taken to Nerun Hospital, where they were pronounced dead.", []),
    "a hospital's patients": ("The clinic has treated 30 so far.", ["injured 30"]),
    "still searched for": ("Divers continued the search for nine fishermen.", ["missing 9"]),
    "their fate": ("The fate of two miners remained unknown.", ["missing 2"]),
    "under the rubble": ("Some 20 people were believed to be under the rubble.", ["missing 20"]),
    "in shelters": ("More than 900 residents were sleeping in two schools.", ["displaced 901+"]),
    "who fled": ("The governor ordered food for 250 survivors who fled.", ["displaced 250"]),
    "carried off": ("The gunmen made off with 22 women.", ["abducted 22"]),
    "took hostages": ("The raiders took 17 hostages.", ["abducted 17"]),
    "captured by the army": (
        "The army said it had killed 15 militants and captured four.",
        ["killed 15", "arrested 4"],
    ),
    "fell in an ambush": ("Seventeen soldiers fell in an ambush.", ["killed 17"]),
    "an organisation lost members": ("The guard said it had lost four members.", ["killed 4"]),
    "a list of victims": ("The group was able to list 86 victims by name.", ["killed 86"]),
    "a list of missing people": ("The council has drawn up a list of 48 missing people.", ["missing 48"]),
    "bodies that take a toll higher": (
        "Firefighters recovered 44 bodies, taking the death toll to 47.",
        ["killed 44 part", "killed 47"],
    ),
    "dead and wounded put at": (
        "He put the number of dead at 13 and that of the wounded at 37.",
        ["killed 13", "injured 37"],
    ),
    "a toll that could rise": ("Officials said the death toll could reach 100.", []),
    "no reports of casualties": ("There were no immediate reports of casualties.", ["killed 0", "injured 0"]),
    "without casualties": ("Our unit withdrew without suffering any casualties.", ["killed 0", "injured 0"]),
    "no one, within a sentence": ("On the coast, the agency said, no one had been hurt.", ["injured 0"]),
    "ages aren't people": ("Two men, aged 27 and 31, were arrested.", ["arrested 2"]),
    "an inverted passive": ("Also hurt were 11 passengers.", ["injured 11"]),
    "wounded and moved out": ("The medics evacuated 76 wounded.", ["injured 76"]),
    "swept away or electrocuted": ("Some 18 residents were swept away or electrocuted.", ["killed 18"]),
    "a dash without spaces": ("NERUN CITY—At least 58 people were reported dead.", ["killed 58+"]),
    "among the dead, he said": ("Among the dead, he said, is a chief.", ["killed 1 part"]),
    "among the dead, inside a sentence": (
        "The mayor told reporters that among the dead are two minors.",
        ["killed 2 part"],
    ),
    "a boy aged about eight, at a list's end": (
        "The dead are six men, two women and a boy aged about eight, he said.",
        ["killed 6 part", "killed 2 part", "killed 1 part"],
    ),
    "a number that went up to": ("The number of injured had gone up to 14 by the evening.", ["injured 14"]),
    "up to so many": ("Up to 14 people were injured.", ["injured 1"]),
    "some of the deaths": ("Six of the deaths were in Nerun.", ["killed 6 part"]),
    "of a known number": ("Fifty of the nearly 400 people hurt were children.", ["injured 400"]),
    "one of them between a subject and its verb": (
        "Three civilians, one of them a pregnant woman, were slightly hurt by glass.",
        ["injured 3", "injured 1 part"],
    ),
    "attackers sent to hell": ("All six terrorists were sent to hell.", ["killed 6"]),
    "attackers who fell": ("Four of the attackers fell.", ["killed 4"]),
    "those who fall into a ravine": ("Four soldiers fell into a ravine.", []),
    "a lost limb": ("One of them, a girl of 11, lost a foot.", ["injured 1"]),
    "brought in lifeless": ("Around a hundred people had been brought in lifeless.", ["killed 100"]),
    "a night in tents": ("About 13,000 people spent the night in tents.", ["displaced 13000"]),
    "those who live in a camp": ("Shells hit a camp which hosts half a million displaced people.", []),
    "head of cattle": ("The raiders made off with over 4,000 head of cattle.", []),
    "the body of a fifth person": ("The body of a fifth person was recovered on Sunday.", ["killed 5"]),
    "the killing of a third person": ("Police confirmed the killing of a third person.", ["killed 1"]),
    "a doctor's patients": ("She was treating six patients.", ["injured 6"]),
    "those who were buried": ("We have already buried 34 people.", ["killed 34"]),
    "the figure of the dead": ("He put the figure of the dead at 11.", ["killed 11"]),
    "a number of those killed under a landslide": (
        "The number of people killed in the landslide that buried two buses in the hills has gone up to 15.",
        ["killed 15"],
    ),
    "26 of which": (
        "The morgue had taken in 90 bodies, 26 of which were those of women.",
        ["killed 90", "killed 26 part"],
    ),
    "a later count": ("The service first announced 12 dead, and later 19.", ["killed 12", "killed 19"]),
    "an earlier count": ("The office reports 25 deaths, up from 19 on Monday.", ["killed 25", "killed 19"]),
    "a count that is raised": (
        "The governorate gave 31 dead before raising its count to 34.",
        ["killed 31", "killed 34"],
    ),
    "bodies elsewhere": (
        "Divers said 40 bodies had been found off Nerun, while 22 were recovered up the coast.",
        ["killed 40", "killed 22"],
    ),
    "both, and another likewise": (
        "Both gunmen died, as did a guard who had run after them.",
        ["killed 2", "killed 1"],
    ),
    "both in an aside are told of before": ("Two brothers, both farmers, were shot dead.", ["killed 2"]),
    "the other": (
        "She said that nine of the dead were pupils and the other was their driver.",
        ["killed 9 part", "killed 1 part"],
    ),
    "the other three": (
        "Four men were injured, of whom one was in critical condition and the other three were stable.",
        ["injured 4", "injured 1 part", "injured 3 part"],
    ),
    "two towns": ("Shells killed nine people in Nerun and five in Dori.", ["killed 9", "killed 5"]),
    "somebody taken to hospital": ("Her crews had taken 28 people to hospital.", ["injured 28"]),
    "to the morgue": ("Volunteers brought 14 people to the morgue.", ["killed 14"]),
    "patients with wounds": (
        "A nurse at a clinic in Nerun said it had taken in 36 people with gunshot wounds.",
        ["injured 36"],
    ),
    "those in front of a hospital": ("Omid Rahmani, a trader, stood in front of the Nerun hospital.", []),
    "how badly, without a word between": (
        "The blast injured 40 people, five seriously.",
        ["injured 40", "injured 5 part"],
    ),
    "wounded people who are evacuated": ("Helicopters evacuated seven wounded people to Nerun.", ["injured 7"]),
    "one person who was displaced": ("Umm Salim, who has been displaced four times, wept.", []),
    "missing, and feared abducted": (
        "About 20 women were still unaccounted for and feared kidnapped.",
        ["missing 20"],
    ),
    "buried by their kin": ("Another 39 victims were buried in the town on Friday.", ["killed 39"]),
    "inside a ship": ("No more than 80 people were believed to be inside the ferry.", ["missing 1"]),
    "moved out of a zone": ("Some 9,000 civilians had been moved out of the border zone.", ["displaced 9000"]),
    "people known by their faith": ("Six Copts and four Druze were killed.", ["killed 10"]),
    "the captain and others": (
        "Pirates kidnapped the captain and seven other crew members.",
        ["abducted 8"],
    ),
    "raiders": ("Eleven of the raiders were killed.", ["killed 11"]),
    "a known attacker who died": ("The attacker was shot dead by guards.", ["killed 1"]),
    "somebody known who died too": ("The driver was also killed.", ["killed 1"]),
    "nobody, as somebody denies": ("The governor denied that any protester had died.", ["killed 0"]),
    "survivors among bodies": ("They found 54 bodies and, with them, ten survivors.", ["killed 54"]),
    "one of the bodies": ("A letter lay on one of the bodies.", []),
    "a small wound": ("An old man who was fishing nearby suffered a cut on his arm.", ["injured 1"]),
    "found already dead": ("Officers found 12 people already dead.", ["killed 12"]),
    "an opened shelter": (
        "The town has opened nine centres, which were hosting 2,300 displaced people.",
        ["displaced 2300"],
    ),
    "a foreigner among others": (
        "The dead include 12 Nepalis, five Indians and a South Korean.",
        ["killed 12 part", "killed 5 part", "killed 1 part"],
    ),
    "a flag is nobody": ("A South Korean flag was burned.", []),
    "a gang's members and others": (
        "He said 27 members of the Nerun gang and nine prison guards were hurt.",
        ["injured 27", "injured 9"],
    ),
    "those hurt, after those killed": (
        "It killed an officer and two civilians, and seven people, including four police, were hurt.",
        ["killed 1", "killed 2", "injured 7", "injured 4 part"],
    ),
    "somebody who wasn't hurt": ("The driver and a guard had not been hurt.", []),
    "an organisation's driver": (
        "Two nurses and a driver with Doctors Without Borders were shot dead.",
        ["killed 2", "killed 1"],
    ),
    "a mayor": ("Gunmen killed the mayor of Nerun and his bodyguard.", ["killed 2"]),
    "an age without its second hyphen": ("Police said an 18-month old was killed.", ["killed 1"]),
    "one who died in hospital in his sixties": ("A man in his 60s died in hospital.", ["killed 1"]),
    "two nouns after one figure": ("Twenty-two monks and nuns were hurt.", ["injured 22"]),
    "employees of a programme": ("Three staff of the World Food Programme died.", ["killed 3"]),
    "a number of dead, and those hurt": (
        "He gave the same number of dead but said 68 had been hurt.",
        ["injured 68"],
    ),
    "an ankle": ("A deputy sprained an ankle.", ["injured 1"]),
    "a regiment is nobody": ("Seven soldiers of the presidential guard regiment died.", ["killed 7"]),
}


def _told(text: str) -> list[str]:
    document = read_document(Article(id="a", revision="r", text=text), ENGLISH)
    readings = [read_sentence(sentence, ENGLISH, cased=True) for sentence in document.sentences]
    return [
        f"{m.measure} {m.low}{'+' if m.high is None else ''}{' part' if m.subset else ''}"
        for reading in readings
        for m in reading.mentions
        if isinstance(m.measure, Measure) and counted(m)
    ]


@pytest.mark.parametrize(("text", "expected"), [pytest.param(*case, id=name) for name, case in CASES.items()])
def test_sentence(text: str, expected: list[str]) -> None:
    """A sentence gives the figures that it tells, each once, parts marked, and no others."""
    assert sorted(_told(text)) == sorted(expected)
