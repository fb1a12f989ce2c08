"""Bytes to characters, whatever a feed and its server say about its encoding.

Bytes that are valid UTF-8 beyond ASCII are UTF-8, since other encodings practically never look so; then what is
declared is tried, in the order of RFC 7303; then what the bytes look like.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

from charset_normalizer import from_bytes

MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Byte order marks, the longer first where one begins with another."""

STARTS: tuple[tuple[bytes, str], ...] = (
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0\0\0", "utf-32-le"),
    (b"\0<\0", "utf-16-be"),
    (b"<\0", "utf-16-le"),
    (b"\x4c\x6f\xa7\x94", "cp037"),
)
"""What `<` or `<?xml` looks like in encodings that have no ASCII in them (XML 1.0, appendix F)."""

SUPERSETS = {
    "ascii": "cp1252",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "shift_jis": "cp932",
}
"""What is meant by what is said, after the WHATWG's Encoding Standard."""

NO_ENCODINGS = frozenset({"idna", "punycode", "raw-unicode-escape", "unicode-escape", "undefined", "mbcs", "oem"})
"""Codecs of Python that no document is written in, some of which take very long."""

LATIN_SHARE = 0.05
"""With fewer bytes beyond ASCII a text is in Latin letters, and too few of them tell in which encoding."""

SAMPLE_BYTES = 65_536
"""How much of a document is looked at when its encoding has to be guessed."""

_DECLARED = re.compile(r"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_CHARSET = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """A document's characters."""

    text: str
    problem: str | None = None
    """What is wrong with the declared encoding, in one sentence."""


def decode(body: bytes, content_type: str | None = None) -> Decoded:
    """Return a document's characters; bytes that are none become U+FFFD, and never is there an error."""
    for mark, encoding in MARKS:
        if body.startswith(mark):
            return Decoded(text=body[len(mark) :].decode(encoding, "replace"))
    declared = tuple(_declared(body, content_type))
    for encoding in _candidates(body, declared):
        text = _strictly(body, encoding)
        if text is not None:
            return Decoded(text=text, problem=_mismatch(declared, encoding, text))
    encoding = _likely(body)
    return Decoded(text=body.decode(encoding, "replace"), problem=_mismatch(declared, encoding, None))


def _declared(body: bytes, content_type: str | None) -> Iterator[str]:
    """Yield the encodings that the server and the document name, by the names that Python gives them."""
    start = _start_encoding(body)
    server = _CHARSET.search(content_type or "")
    document = _DECLARED.match(body[:512].decode(start or "latin-1", "replace"))
    for found in (server, document):
        name = _known(found.group(1)) if found else None
        if name:
            yield name


def _candidates(body: bytes, declared: tuple[str, ...]) -> Iterator[str]:
    """Yield the encodings to try, the likeliest first."""
    start = _start_encoding(body)
    if start:
        yield start
    if not body.isascii():
        yield "utf-8"
    yield from (SUPERSETS.get(name, name) for name in declared)
    yield "utf-8"


def _start_encoding(body: bytes) -> str | None:
    return next((encoding for start, encoding in STARTS if body.startswith(start)), None)


def _known(name: str) -> str | None:
    """Return Python's name of an encoding, or None where there is no such text encoding."""
    try:
        info = codecs.lookup(name)
    except LookupError:
        return None
    usable = info._is_text_encoding and info.name not in NO_ENCODINGS  # noqa: SLF001 - as bytes.decode asks it
    return info.name if usable else None


def _strictly(body: bytes, encoding: str) -> str | None:
    try:
        return body.decode(encoding)
    except (UnicodeError, ValueError):
        return None


def _likely(body: bytes) -> str:
    """Return what bytes look like that are neither valid UTF-8 nor what is declared.

    Damaged UTF-8 has more whole letters than stray bytes.  Where few letters are beyond ASCII, it is nearly always
    Windows' western encoding.
    """
    sample = body[:SAMPLE_BYTES]
    beyond = [character for character in sample.decode("utf-8", "replace") if character > "\x7f"]
    stray = beyond.count("\ufffd")
    if len(beyond) > 2 * stray:
        return "utf-8"
    best = from_bytes(sample).best() if len(beyond) > LATIN_SHARE * len(sample) else None
    return best.encoding if best else "cp1252"


def _mismatch(declared: tuple[str, ...], encoding: str, text: str | None) -> str | None:
    """Return what is wrong with a declaration; nothing is where the text is the same either way."""
    names = [SUPERSETS.get(name, name) for name in declared] or ["utf-8"]
    if text is not None and (text.isascii() or any(encoding.startswith(name) for name in names)):
        return None
    said = declared[0] if declared else "nothing"
    return f"The feed's encoding is declared wrongly: it says {said} and is {encoding}."
