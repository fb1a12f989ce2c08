"""Who gives which figure in reports as agencies, dailies, the police and aid organisations write them."""

from datetime import UTC, datetime

import pytest

from contracts.records import Article
from processors.extract import extract

Told = tuple[str, int, str | None]

CASES: dict[str, tuple[str, list[Told]]] = {
    "officials, of whom one is named below": (
        (
            "A suicide bomber killed at least 18 people at a market in Herat on Monday, officials said.\n\n"
            "Health ministry spokesman Omid Rahmani said 18 people were dead and 30 wounded."
        ),
        [
            ("killed", 18, "Health ministry spokesman Omid Rahmani"),
            ("injured", 30, "Health ministry spokesman Omid Rahmani"),
        ],
    ),
    "officials beside a witness": (
        (
            "A bomb killed 18 people at a market in Herat on Monday, officials said.\n\n"
            "Omid Rahmani, a trader, said he had counted 18 bodies."
        ),
        [("killed", 18, "officials"), ("killed", 18, "Omid Rahmani, a trader")],
    ),
    "an office, its holder's name with it below": (
        (
            "A fire in a school killed 12 people in Adana on Monday, the governor of Adana said.\n\n"
            "Governor Omid Rahmani said that 22 people had been injured."
        ),
        [("killed", 12, "Governor Omid Rahmani"), ("injured", 22, "Governor Omid Rahmani")],
    ),
    "a company by what it does": (
        (
            "A blast killed two workers at a plant in Leuna on Monday, the plant's operator said.\n\n"
            "Virenta, which runs the site, said five men remained missing. It had first spoken of one death."
        ),
        [
            ("killed", 2, "Virenta, plant's operator"),
            ("missing", 5, "Virenta, plant's operator"),
            ("killed", 1, "Virenta, plant's operator"),
        ],
    ),
    "another ministry": (
        (
            "Kenya's Health Ministry said 24 people were killed in a clash near Moyale on Monday.\n\n"
            "The interior ministry said 900 people had fled their homes."
        ),
        [("killed", 24, "Kenya's Health Ministry"), ("displaced", 900, "interior ministry")],
    ),
    "its toll stood at": (
        (
            "A storm has killed 75 people in Samar, the disaster agency said on Monday.\n\n"
            "On Sunday, the agency's toll stood at 54."
        ),
        [("killed", 75, "disaster agency"), ("killed", 54, "disaster agency")],
    ),
    "a ministry statement": (
        (
            "Four soldiers died in a clash near Diffa on Monday, according to a defence ministry statement read on "
            "television. Five were wounded, the statement said."
        ),
        [("killed", 4, "defence ministry"), ("injured", 5, "defence ministry")],
    ),
    "figures that a speaker tells of": (
        (
            "Planes bombed a fair in Hpakant on Monday. A spokesman for the Kachin Union told the agency that "
            "initial figures indicated 60 people had been killed."
        ),
        [("killed", 60, "spokesman for the Kachin Union")],
    ),
    "hospitals that a speaker tells of": (
        (
            "A gas blast hit a mine near Hegang on Monday. Hospitals in Hegang had received 60 injured miners, said "
            "Zhang Min, a spokesman for the mine."
        ),
        [("injured", 60, "Zhang Min, a spokesman for the mine")],
    ),
    "an abbreviated title after said": (
        "Six people were killed in a crash near Dori on Monday, said Col. Omid Rahmani, chief of the police.",
        [("killed", 6, "Col. Omid Rahmani, chief of the police")],
    ),
    "reports that put a toll": (
        "Rain killed 15 people near Nerun on Monday, the governor said. Local reports put the number of dead at 22.",
        [("killed", 15, "governor"), ("killed", 22, "Local reports")],
    ),
    "by Sunday evening": (
        (
            "Gunmen killed 15 people in a bar in Nomzamo on Sunday, police said.\n\n"
            "By Sunday evening the health department said 16 people had died."
        ),
        [("killed", 15, "police"), ("killed", 16, "health department")],
    ),
    "an office in the lead, its holder's bare name below": (
        (
            "Rebels killed 14 soldiers in an ambush in eastern Congo on Tuesday, the army's spokesman in the "
            "province said.\n\n"
            "Lieutenant Jean Mbuyi put the rebels' losses at 22 dead."
        ),
        [
            ("killed", 14, "Lieutenant Jean Mbuyi, army's spokesman in the province"),
            ("killed", 22, "Lieutenant Jean Mbuyi, army's spokesman in the province"),
        ],
    ),
    "a bare name told by another's title is no holder": (
        (
            "A ferry sank on Lake Kivu on Thursday, killing 78 people, the governor of the province said.\n\n"
            "Lake police chief Omar Rahmani told reporters that 90 people had died."
        ),
        [("killed", 78, "governor of the province"), ("killed", 90, "Lake police chief Omar Rahmani")],
    ),
    "a local official, named below": (
        (
            "Six people were killed in a traffic accident in Zabul province, a local official said on Wednesday.\n\n"
            "The bus hit a truck, deputy provincial police chief Omid Rahmani told the agency. "
            "He added that three people were injured."
        ),
        [
            ("killed", 6, "deputy provincial police chief Omid Rahmani"),
            ("injured", 3, "deputy provincial police chief Omid Rahmani"),
        ],
    ),
    "a minister without a name, then with one": (
        (
            "A bomber struck a mosque in Peshawar on Monday, killing 34 people, a provincial minister said.\n\n"
            "The provincial health minister, Riaz Anwar, told reporters that 12 people were wounded."
        ),
        [
            ("killed", 34, "provincial health minister, Riaz Anwar"),
            ("injured", 12, "provincial health minister, Riaz Anwar"),
        ],
    ),
    "the mayor, whose name stands before his office": (
        (
            "Eighteen people died on Sunday when a mine collapsed in the Dori area, the mayor said.\n\n"
            '"There was singing, and then the ground swallowed them," Adamou Garba, mayor of Dori, told this agency.'
        ),
        [("killed", 18, "Adamou Garba, mayor of Dori")],
    ),
    "another office's description": (
        (
            "A landslide killed 15 people in Maco on Tuesday, the municipal disaster office said.\n\n"
            "Some 1,160 people were evacuated, the Department of Social Welfare's regional office said."
        ),
        [
            ("killed", 15, "municipal disaster office"),
            ("displaced", 1160, "Department of Social Welfare's regional office"),
        ],
    ),
    "the police are not their superintendent": (
        (
            "Seven persons were killed when a bus overturned near Khandala on Sunday, police said.\n\n"
            "Nineteen people were injured, Superintendent of Police Ankit Goyal said. "
            "According to the SP, nine of the injured are children."
        ),
        [
            ("killed", 7, "police"),
            ("injured", 19, "Superintendent of Police Ankit Goyal"),
            ("injured", 9, "Superintendent of Police Ankit Goyal"),
        ],
    ),
    "one of them, with a name": (
        (
            "A convoy struck a mine near Djibo on Monday and 29 civilians were killed, the army said.\n\n"
            "Two traders told reporters that they had seen it. One of them, Hamidou Sawadogo, said he had "
            "counted 43 bodies."
        ),
        [("killed", 29, "army"), ("killed", 43, "Hamidou Sawadogo")],
    ),
    "a statement read out": (
        (
            "Gunmen ambushed a patrol near Banibangou on Thursday. Sixty-nine people were killed, according to "
            "a statement "
            "read on public television on Friday by Interior Minister Alkache Garba."
        ),
        [("killed", 69, "Interior Minister Alkache Garba")],
    ),
    "a communique read out for a government": (
        (
            "A crush at a stadium in Dori on Sunday left many dead. The government, in a communiqué read out on "
            "state radio "
            "by Justice Minister Yaya Kaba, says 56 people died."
        ),
        [("killed", 56, "Justice Minister Yaya Kaba")],
    ),
    "a bulletin read on the radio": (
        (
            "At least 25 people were killed in an attack on a village near Dori, residents said.\n\n"
            '"The enemy left 12 bodies behind," the defence ministry said in a bulletin read on state radio.'
        ),
        [("killed", 25, "residents"), ("killed", 12, "defence ministry")],
    ),
    "possessed lawyers": (
        (
            "A crush at a stadium in Dori on Sunday killed 56 people, the government said.\n\n"
            "An association of victims disputes this. Its lawyers have counted 135 dead."
        ),
        [("killed", 56, "government"), ("killed", 135, "Its lawyers")],
    ),
    "who says what its hospital received": (
        (
            "Shells hit a camp near El Fasher on Tuesday and killed five people, residents said.\n\n"
            "The Red Crescent reported that its field hospital received eight injured people."
        ),
        [("killed", 5, "residents"), ("injured", 8, "Red Crescent")],
    ),
    "figures given by somebody in the next sentence": (
        (
            "A cyclone made landfall near Angoche on Monday morning, killing nine people and injuring 20.\n\n"
            "The figures were given on Wednesday by the president of the disaster institute."
        ),
        [
            ("killed", 9, "president of the disaster institute"),
            ("injured", 20, "president of the disaster institute"),
        ],
    ),
    "others, after a source that gave figures": (
        (
            "A landslide buried three houses in Kaski on Thursday night. Eleven people were killed, according to the "
            "District Police Office. Two others were injured."
        ),
        [("killed", 11, "District Police Office"), ("injured", 2, "District Police Office")],
    ),
    "quoted by a broadcaster": (
        (
            "A landslide swept through a village on Monday, killing dozens of people.\n\n"
            '"So far 55 bodies have been recovered," Dagmawi Bekele, administrator of the zone, was quoted by '
            "the state "
            "broadcaster as saying. Local lawmaker Kemal Ahmed put the figure at 83."
        ),
        [
            ("killed", 24, None),
            ("killed", 55, "Dagmawi Bekele, administrator of the zone"),
            ("killed", 83, "Local lawmaker Kemal Ahmed"),
        ],
    ),
    "a later statement": (
        (
            "An explosion ripped through a fuel depot in Conakry on Monday. The government said that 13 people "
            "had been "
            "killed. A later statement raised the death toll to 18."
        ),
        [("killed", 13, "government"), ("killed", 18, "government")],
    ),
    "what he could confirm": (
        (
            "Two bombs went off in Baghdad on Thursday, killing 30 people, the health ministry said.\n\n"
            "The civil defence chief, Kadhim Hassan, told state TV he could confirm 28 dead."
        ),
        [("killed", 30, "health ministry"), ("killed", 28, "civil defence chief, Kadhim Hassan")],
    ),
    "what police can confirm": (
        "A car hit a bus on the A1 near Leeds on Friday. Police can confirm that three people died.",
        [("killed", 3, "Police")],
    ),
    "one officer gives no figure": (
        (
            "A raid in Rio on Tuesday left 21 people dead, state health authorities said.\n\n"
            "Colonel Luiz Souza said 20 men were killed and one officer had received gunshot wounds."
        ),
        [
            ("killed", 21, "state health authorities"),
            ("killed", 20, "Colonel Luiz Souza"),
            ("injured", 1, "Colonel Luiz Souza"),
        ],
    ),
    "a witness who saw so many": (
        (
            "A building collapsed in Lagos on Monday. The emergency agency said five bodies had been pulled out. "
            "A witness saw seven bodies."
        ),
        [("killed", 5, "emergency agency"), ("killed", 7, "witness")],
    ),
    "those whom they buried": (
        (
            "Militants ambushed a convoy near Labbezanga on Friday. The army reported 20 dead.\n\n"
            '"We buried 34 people," said a local youth leader.'
        ),
        [("killed", 20, "army"), ("killed", 34, "local youth leader")],
    ),
    "eight of them, of whom the sentence before counted": (
        (
            "Sixteen people drowned when a canoe capsized on Lake Volta on Sunday, the disaster office said. "
            "A regional director, Divine Boateng, told a daily that eight of them were children."
        ),
        [("killed", 16, "disaster office"), ("killed", 8, "regional director, Divine Boateng")],
    ),
    "for its part": (
        (
            "Protesters clashed with security forces in Dakar on Thursday. Nine people were killed, the "
            "interior minister "
            "said. The Red Cross for its part said 357 people were injured."
        ),
        [("killed", 9, "interior minister"), ("injured", 357, "Red Cross")],
    ),
}


@pytest.mark.parametrize(("text", "told"), [pytest.param(*case, id=name) for name, case in CASES.items()])
def test_each_figure_has_its_source(text: str, told: list[Told]) -> None:
    """Every claim of a passage, in any order, with whoever stands behind it."""
    article = Article(id="a", revision="r", title="", text=text, published=datetime(2024, 3, 13, tzinfo=UTC))
    found = [(claim.measure.value, claim.low, claim.claimant) for r in extract(article) for claim in r.claims]
    assert sorted(found, key=str) == sorted(told, key=str)
