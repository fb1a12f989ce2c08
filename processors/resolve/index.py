"""What the working state indexes of an incident's record, and the packed form in which that stands beside the record.

Working it out again was more than half of recovery.  So the stage writes it to Kafka with the record, as a header,
and whoever recovers reads it back.  It follows from the record alone: where there is none, or one of another format,
it is worked out.
"""

import sys
from array import array
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from hashlib import blake2b
from typing import Generic, TypeVar

import msgspec

from contracts.codec import DecodeError
from contracts.vocabulary import EventType
from processors.resolve.articles import articles_of
from processors.resolve.encoded import AnyIncident
from processors.resolve.grouping import members_of
from processors.resolve.profile import KNOWN_PLACES, Profile, Profiles, Site, Terms, day_of
from processors.sketch import common_terms

FORMAT = 1
"""To be raised when the same report gives another profile, or a profile has other fields: what was packed before is
then worked out anew.  `tests/test_resolve_index.py` tells when."""

TAG_BYTES = 8


Member = TypeVar("Member")
Other = TypeVar("Other")


class Entry(msgspec.Struct, Generic[Member], frozen=True, gc=False, array_like=True):
    """What is indexed of a record; nothing of closed incidents is kept so."""

    id: str
    merged_into: str | None
    last: float | None
    """Day of its last report, as `profile.day_of` gives it."""
    articles: tuple[str, ...]
    """Ids of the articles that it rests or rested on, ascending."""
    merges: tuple[str, ...]
    """Ids of the incidents that turned out to be this one."""
    members: tuple[Member, ...]
    """The profiles that stand for it in comparisons, as they are or packed; nothing where it was merged away."""


def entry_of(incident: AnyIncident, profiles: Profiles, former: Iterable[Profile] = ()) -> Entry[Profile]:
    """Return what is indexed of a record; `former` profiles of it, which mostly stay, needn't be made again."""
    return Entry(
        id=incident.id,
        merged_into=incident.merged_into,
        last=day_of(incident.last_reported),
        articles=tuple(sorted(articles_of(incident))),
        merges=tuple(merge.incident_id for merge in incident.merges),
        members=members_of(incident, profiles, former) if incident.merged_into is None else (),
    )


class _PackedProfile(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """The fields of `Profile`, with bytes in place of arrays and of numbers of more than 64 bits."""

    report_id: str
    article: int
    """Which of the entry's articles."""
    version: int
    event_type: EventType
    site: bytes
    first_day: int | None
    last_day: int | None
    reported_day: float | None
    killed: int | None
    injured: int | None
    ages: bytes
    streets: bytes
    figures: bytes
    clock: int
    weekdays: int
    magnitudes: bytes
    names: bytes
    source: int
    terms: tuple[bytes, bytes]
    title: tuple[bytes, bytes]
    sketch: bytes


_ENCODER = msgspec.msgpack.Encoder()
_ENTRY = msgspec.msgpack.Decoder(Entry[_PackedProfile])
_SITE = msgspec.msgpack.Decoder(Site)


def pack(entry: Entry[Profile]) -> bytes:
    """Return an entry as it stands beside its record."""
    return tag() + _ENCODER.encode(_with_members(entry, _packed))


def unpack(packed: bytes) -> Entry[Profile] | None:
    """Return a packed entry; None where there is none, or it is of another format.

    Raises:
        DecodeError: It bears this format's tag and isn't an entry.
    """
    if not packed.startswith(tag()):
        return None
    try:
        found = _ENTRY.decode(memoryview(packed)[TAG_BYTES:])
    except msgspec.DecodeError as error:
        raise DecodeError(f"not what was packed of an incident's record: {error}") from error
    return _with_members(found, _unpacked)


@cache
def tag() -> bytes:
    """Return what tells this format from others: also from that of other common terms, or of another processor."""
    digest = blake2b(f"{FORMAT} {sys.byteorder}".encode(), digest_size=TAG_BYTES)
    for term, bits in sorted(common_terms().items()):
        digest.update(f"{term} {bits}\n".encode())
    return digest.digest()


def _with_members(entry: Entry[Member], convert: Callable[[Member, Sequence[str]], Other]) -> Entry[Other]:
    return Entry(
        id=entry.id,
        merged_into=entry.merged_into,
        last=entry.last,
        articles=entry.articles,
        merges=entry.merges,
        members=tuple(convert(member, entry.articles) for member in entry.members),
    )


def _packed(profile: Profile, articles: Sequence[str]) -> _PackedProfile:
    return _PackedProfile(
        report_id=profile.report_id,
        article=articles.index(profile.article_id),
        version=profile.version,
        event_type=profile.event_type,
        site=_packed_site(profile.site),
        first_day=profile.first_day,
        last_day=profile.last_day,
        reported_day=profile.reported_day,
        killed=profile.killed,
        injured=profile.injured,
        ages=_bits(profile.ages),
        streets=_bits(profile.streets),
        figures=_bits(profile.figures),
        clock=profile.clock,
        weekdays=profile.weekdays,
        magnitudes=_bits(profile.magnitudes),
        names=_octets(profile.names),
        source=profile.source,
        terms=_packed_terms(profile.terms),
        title=_packed_terms(profile.title),
        sketch=_octets(profile.sketch),
    )


def _unpacked(packed: _PackedProfile, articles: Sequence[str]) -> Profile:
    return Profile(
        report_id=packed.report_id,
        article_id=articles[packed.article],
        version=packed.version,
        event_type=packed.event_type,
        site=_site(packed.site),
        first_day=packed.first_day,
        last_day=packed.last_day,
        reported_day=packed.reported_day,
        killed=packed.killed,
        injured=packed.injured,
        ages=int.from_bytes(packed.ages, "little"),
        streets=int.from_bytes(packed.streets, "little"),
        figures=int.from_bytes(packed.figures, "little"),
        clock=packed.clock,
        weekdays=packed.weekdays,
        magnitudes=int.from_bytes(packed.magnitudes, "little"),
        names=array("I", packed.names),
        source=packed.source,
        terms=_terms(packed.terms),
        title=_terms(packed.title),
        sketch=array("I", packed.sketch),
    )


def _packed_terms(terms: Terms) -> tuple[bytes, bytes]:
    return _octets(terms.hashes), array("H", terms.weights).tobytes()


def _terms(packed: tuple[bytes, bytes]) -> Terms:
    hashes, weights = packed
    return Terms(array("I", hashes), array("H", weights))


def _bits(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8, "little")


def _octets(hashes: Sequence[int]) -> bytes:
    return array("I", hashes).tobytes()


@lru_cache(maxsize=KNOWN_PLACES)
def _packed_site(site: Site) -> bytes:
    return _ENCODER.encode(site)


@lru_cache(maxsize=KNOWN_PLACES)
def _site(packed: bytes) -> Site:
    """Return a place's site, which the profiles that tell of it share."""
    return _SITE.decode(packed)
