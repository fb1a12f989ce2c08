"""What a sentence says happened to people, as the rules find it."""

from dataclasses import dataclass

from contracts.vocabulary import Measure, RejectionReason
from processors.extract.people.groups import DEFINITE, PRONOUN, Group
from processors.extract.text.document import Sentence

TELLING = frozenset({Measure.KILLED, Measure.INJURED, Measure.MISSING, Measure.ABDUCTED})
"""What happens to people in an incident, and makes a report of it."""


@dataclass(frozen=True, slots=True)
class Mention:
    """People in a sentence and what happened to them; measure None: hit, with the outcome told elsewhere."""

    measure: Measure | None
    group: Group
    sentence: Sentence
    trigger: str
    trigger_first: int
    trigger_last: int
    form: str
    subset: bool = False
    reason: RejectionReason | None = None
    series: int = 0
    """Position of the series of groups that it belongs to, 0 for none."""
    apart: bool = False
    """Whether it is no part of a greater figure told before: it adds to it, or was given before it."""

    @property
    def low(self) -> int:
        """The lowest number."""
        return self.group.low

    @property
    def high(self) -> int | None:
        """The highest number; None: open."""
        return self.group.high

    @property
    def words(self) -> str:
        """The figure with its noun, as written."""
        return self.sentence.words(self.group.first, self.group.last)


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence's groups and mentions."""

    sentence: Sentence
    groups: tuple[Group, ...]
    mentions: tuple[Mention, ...]


def counted(mention: Mention) -> bool:
    """Whether a mention says how many, and isn't refused."""
    return mention.group.counts and mention.reason is None


def definite(mention: Mention) -> bool:
    """Whether a mention is about people who were introduced before."""
    return mention.group.kind in {DEFINITE, PRONOUN}
