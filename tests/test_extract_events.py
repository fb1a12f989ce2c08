"""What kind of incident a sentence tells of."""

import pytest

from contracts.vocabulary import EventType
from processors.extract.incidents.events import kinds

TOLD = {
    "a storm": ("A storm hit the coast of Nerun.", EventType.STORM),
    "who storm a prison": ("Thousands escape as gangs storm Nerun prison", EventType.ARMED_ATTACK),
    "a ship on fire": ("26 dead in passenger ship fire off Nerun", EventType.FIRE),
    "what caught fire": ("A tanker caught fire in the harbour of Nerun.", EventType.FIRE),
    "a crush at a named place": ("Crush at Nerun shrine kills 47", EventType.STAMPEDE),
    "people crushed by a crowd": (
        "47 people were crushed to death when thousands rushed to leave a tent.",
        EventType.STAMPEDE,
    ),
    "bombs that helicopters dropped": ("Helicopters dropped barrel bombs on Nerun.", EventType.AIR_STRIKE),
}

NOT_TOLD = {
    "a verb is no storm": ("Inmates fled after gangs stormed it and rebels storm the jail.", EventType.STORM),
    "food that helicopters drop": ("Helicopters drop rice to villages cut off by mud.", EventType.AIR_STRIKE),
    "an air force that brings help": (
        "Air force helicopters began dropping food and medicine.",
        EventType.AIR_STRIKE,
    ),
}


@pytest.mark.parametrize(("text", "kind"), [pytest.param(*case, id=name) for name, case in TOLD.items()])
def test_kind(text: str, kind: EventType) -> None:
    """The words of a kind of event tell it."""
    assert kind in {found for found, _ in kinds(text, "en")}


@pytest.mark.parametrize(("text", "kind"), [pytest.param(*case, id=name) for name, case in NOT_TOLD.items()])
def test_another_sense(text: str, kind: EventType) -> None:
    """The same words in another sense don't."""
    assert kind not in {found for found, _ in kinds(text, "en")}
