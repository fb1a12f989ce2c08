"""The keys of the feeds topic, which holds three records a feed, all in the partition of its address.

::

    https://outlet.example/feed                  Feed: how the polls go, written by the producer that polls it
    seen:https://outlet.example/feed             FeedMemory: what was published, written by that producer too
    subscription:https://outlet.example/feed     Subscription: what is wanted, written by people and feed lists

Each record has one kind of writer, so that none overwrites what another has just said; and what is written at every
poll is small.
"""

from dataclasses import dataclass
from enum import StrEnum


class FeedKeyKind(StrEnum):
    """Which of a feed's records a key is for; the value is the key's beginning."""

    STATE = ""
    MEMORY = "seen:"
    SUBSCRIPTION = "subscription:"


@dataclass(frozen=True, slots=True)
class FeedKey:
    """Which record of which feed."""

    kind: FeedKeyKind
    url: str

    def __str__(self) -> str:
        return f"{self.kind.value}{self.url}"

    @property
    def data(self) -> bytes:
        """Return the key as Kafka keeps it."""
        return str(self).encode()


def feed_key(data: bytes | None) -> FeedKey:
    """Return the meaning of a record's key; one that was never a feed's is a state's of a feed that nobody wants."""
    text = (data or b"").decode("utf-8", "replace")
    for kind in (FeedKeyKind.MEMORY, FeedKeyKind.SUBSCRIPTION):
        if text.startswith(kind.value):
            return FeedKey(kind, text.removeprefix(kind.value))
    return FeedKey(FeedKeyKind.STATE, text)
