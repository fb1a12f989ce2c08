"""Families of event types: what two outlets may call the same incident."""

from contracts.vocabulary import EventType

FAMILIES: dict[str, frozenset[EventType]] = {
    "strike": frozenset({EventType.AIR_STRIKE, EventType.DRONE_STRIKE, EventType.SHELLING, EventType.MISSILE_ATTACK}),
    "blast": frozenset({EventType.BOMBING, EventType.SUICIDE_BOMBING, EventType.LANDMINE, EventType.EXPLOSION}),
    "attack": frozenset(
        {
            EventType.ARMED_CLASH,
            EventType.ARMED_ATTACK,
            EventType.MASS_SHOOTING,
            EventType.SHOOTING,
            EventType.MASSACRE,
            EventType.ASSASSINATION,
            EventType.EXECUTION,
            EventType.PIRACY,
        }
    ),
    "captivity": frozenset({EventType.ABDUCTION, EventType.SEXUAL_VIOLENCE, EventType.TORTURE}),
    "unrest": frozenset({EventType.RIOT, EventType.PROTEST_VIOLENCE, EventType.STAMPEDE}),
    "accident": frozenset(
        {
            EventType.TRANSPORT_ACCIDENT,
            EventType.FIRE,
            EventType.ARSON,
            EventType.INDUSTRIAL_ACCIDENT,
            EventType.BUILDING_COLLAPSE,
        }
    ),
    "nature": frozenset({EventType.EARTHQUAKE, EventType.FLOOD, EventType.STORM, EventType.LANDSLIDE}),
    "other": frozenset({EventType.OTHER}),
}

RELATED: frozenset[frozenset[str]] = frozenset(
    frozenset(pair)
    for pair in (
        ("strike", "blast"),
        ("strike", "attack"),
        ("blast", "attack"),
        ("blast", "accident"),
        ("attack", "captivity"),
        ("attack", "unrest"),
        ("unrest", "accident"),
        ("nature", "accident"),
    )
)
"""Families that outlets take for each other while little is known."""

FAMILY: dict[EventType, str] = {kind: family for family, kinds in FAMILIES.items() for kind in kinds}
