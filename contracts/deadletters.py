"""Making the dead letter of a record that a stage couldn't handle."""

import base64
import traceback as tracebacks
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from contracts.ids import dead_letter_id
from contracts.records import DeadLetter

MAX_REASON_CHARACTERS = 2_000
MAX_TRACEBACK_CHARACTERS = 50_000
"""An error may quote the record that it is about: the letter holds that already, and must stay sendable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginalRecord:
    """A Kafka record as it arrived."""

    topic: str
    partition: int | None
    offset: int | None
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()


def dead_letter(stage: str, original: OriginalRecord, error: BaseException, at: datetime) -> DeadLetter:
    """Return the letter that says which record a stage couldn't handle, and why."""
    return DeadLetter(
        id=dead_letter_id(stage, original.topic, original.partition, original.offset),
        stage=stage,
        reason=f"{type(error).__name__}: {error}"[:MAX_REASON_CHARACTERS],
        traceback="".join(tracebacks.format_exception(error))[-MAX_TRACEBACK_CHARACTERS:],
        topic=original.topic,
        partition=original.partition,
        offset=original.offset,
        at=at,
        key=_base64(original.key),
        value=_base64(original.value),
        headers=tuple(_base64_headers(original.headers)),
    )


def original_value(letter: DeadLetter) -> bytes | None:
    """Return the bytes that the stage couldn't handle."""
    return None if letter.value is None else base64.b64decode(letter.value)


def _base64(data: bytes | None) -> str | None:
    return None if data is None else base64.b64encode(data).decode("ascii")


def _base64_headers(headers: Iterable[tuple[str, bytes]]) -> Iterable[tuple[str, str]]:
    return ((name, base64.b64encode(value).decode("ascii")) for name, value in headers)
