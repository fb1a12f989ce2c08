"""The one codec: records to bytes and back.

orjson writes, orjson and msgspec read and validate.  Keys are sorted, so the same record gives the same bytes.
"""

from typing import TypeVar

import msgspec
import orjson

Record = TypeVar("Record")

JsonValue = dict[str, "JsonValue"] | list["JsonValue"] | str | int | float | bool | None


class DecodeError(ValueError):
    """The bytes aren't the record that they should be; the message says where and why."""


def encode(record: object) -> bytes:
    """Return a record as UTF-8 JSON with sorted keys and times in UTC."""
    return orjson.dumps(record, option=orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS)


def decode(data: bytes, record_type: type[Record]) -> Record:
    """Return the record in the bytes.

    Fields that this version doesn't know are left out.

    Raises:
        DecodeError: The bytes aren't JSON, or a field is missing or of another type.
    """
    try:
        raw = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise DecodeError(f"not JSON: {error}") from error
    return from_builtins(raw, record_type)


def from_builtins(raw: object, record_type: type[Record]) -> Record:
    """Return the record in a value made of dicts, lists, strings and numbers.

    Raises:
        DecodeError: A field is missing or of another type.
    """
    try:
        return msgspec.convert(raw, record_type)
    except msgspec.ValidationError as error:
        raise DecodeError(f"not {record_type.__name__}: {error}") from error


def to_builtins(record: object) -> JsonValue:
    """Return a record as dicts, lists, strings and numbers, as its JSON would be read."""
    value: JsonValue = orjson.loads(encode(record))
    return value
