"""A phrase for people: how many they are, how they are called, where they stand."""

# Small numbers below are of words looked back or ahead, or of digits; a name each would hide them.
# ruff: noqa: PLR2004

from dataclasses import dataclass

from contracts.vocabulary import RejectionReason

COUNTED, INDEFINITE, NAMED, BARE, LISTED, DEFINITE, PRONOUN, NOBODY = (
    "counted", "indefinite", "named", "bare",
    "listed",
    "definite", "pronoun", "nobody",
)  # fmt: skip
_ROLES = frozenset(
    {
        "soldiers",
        "police",
        "security forces",
        "militants",
        "attackers",
        "civilians",
        "medics",
        "rescuers",
        "journalists",
        "protesters",
        "villagers",
    }
)
"""Groups that reports count apart: "three soldiers and two civilians" are two claims."""

_HOSTILE = frozenset({"attackers", "militants"})


@dataclass(frozen=True, slots=True)
class Group:
    """A phrase for people: tokens from `first` to before `last`, how many, and how they are called."""

    kind: str
    first: int
    core: int
    last: int
    low: int
    high: int | None
    plural: bool
    whose: str | None = None
    head: str | None = None
    plural_head: bool = False
    """Whether its noun is a plural: "17 civilians", and not "17 civilian deaths"."""
    name: str | None = None
    partitive: bool = False
    """"Five of the passengers"."""
    reason: RejectionReason | None = None
    """Why the figure doesn't count people."""
    state: int | None = None
    """Position of a word for harm inside, as in "12 wounded soldiers"."""
    more: bool = False
    """"Three others", "two more"."""
    members: tuple["Group", ...] = ()
    """The groups of a list: "A, 23, and B, 19", "a woman and her two children"."""

    @property
    def counts(self) -> bool:
        """Whether it says how many."""
        return self.kind in {COUNTED, INDEFINITE, NAMED, LISTED, NOBODY} or (self.kind == BARE and not self.plural)


def listed(series: list[Group]) -> list[Group]:
    """Return a series as one group where it counts people of a kind: "two women and three children" are five.

    Those "of them" stay apart: "12 people, two of them children" are twelve.
    """
    parts = [group for group in series[1:] if group.partitive]
    if len(series) > 1 and series[0].partitive and not parts:
        return series  # "six of the children, and two adults"
    if parts:
        return [*listed([group for group in series if group not in parts]), *parts]
    whose = {group.whose for group in series}
    apart = len(whose) > 1 and whose & _ROLES and any(group.low > 1 for group in series)
    if len(series) < 2 or (apart and not _are_joined(series)):
        return series
    highs = [group.high for group in series]
    first, last = series[0], series[-1]
    return [
        Group(
            LISTED,
            first.first,
            first.core,
            last.last,
            sum(group.low for group in series),
            None if None in highs else sum(high for high in highs if high is not None),
            plural=True,
            whose=first.whose if len(whose) == 1 else None,
            members=tuple(series),
        )
    ]


def _are_joined(series: list[Group]) -> bool:
    """Whether persons are counted with those after them: "the captain and seven other crew members" are eight."""
    *ones, rest = series
    return rest.more and all(group.low == group.high == 1 and group.whose not in _HOSTILE for group in ones)
