"""HTML to plain text that keeps paragraphs; scripts, styles and other machinery are left out."""

import re
from typing import Any

from lxml import etree

BLOCKS = frozenset(
    """
    address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption
    figure footer h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol optgroup option p
    pre section summary table tbody tfoot thead title tr ul
    """.split()  # noqa: SIM905 - names in a row read better than quoted ones
)
"""Elements that begin and end a paragraph, after the HTML standard's rendering chapter (15.3)."""

DROPPED = frozenset(
    """
    applet audio button canvas embed frame frameset head iframe input map math noembed noframes noscript
    object progress script select style svg template textarea video
    """.split()  # noqa: SIM905 - names in a row read better than quoted ones
)
"""Elements whose content is nothing to read."""

VOID_DROPPED = frozenset({"embed", "frame", "input"})
"""Those of them that never have content, nor an end tag to wait for."""

CELLS = frozenset({"td", "th"})

PARAGRAPH = "\n\n"

MAX_MARKUP = 2_000_000
"""Characters of one piece of markup that are read: far more than any article has."""

_LINE_END, _BLOCK_END = "\x1e", "\x1d"
"""Stand in for the ends of lines and blocks while the source's own line ends are only white space."""

_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u2060\ufeff\ufffe\uffff\ud800-\udfff]")
"""Control characters, soft hyphens, zero-width spaces and halves of surrogate pairs."""
_EMPTY_LINES = re.compile(r"\n{3,}")


class _Text:
    """Collects text while lxml reads; the interface is lxml's parser target."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._dropped = 0

    def start(self, tag: str, _attributes: object) -> None:
        if tag in BLOCKS:
            self._parts.append(_BLOCK_END)
        elif tag in DROPPED:
            self._dropped += tag not in VOID_DROPPED
        elif tag == "br":
            self._parts.append(_LINE_END)
        elif tag in CELLS:
            self._parts.append(" ")

    def end(self, tag: str) -> None:
        if tag in BLOCKS:
            self._parts.append(_BLOCK_END)
        elif tag in DROPPED and tag not in VOID_DROPPED:
            self._dropped = max(0, self._dropped - 1)

    def data(self, data: str) -> None:
        if not self._dropped:
            self._parts.append(data)

    def close(self) -> str:
        return "".join(self._parts)


def html_to_text(markup: str) -> str:
    """Return the text of HTML, whole or a fragment; paragraphs are separated by an empty line."""
    if "<" not in markup and "&" not in markup:
        return one_line(markup)
    encoded = markup[:MAX_MARKUP].replace("\0", "").encode("utf-8", "ignore")
    if not encoded.strip():
        return ""
    target: Any = _Text()  # lxml's stubs want byte strings too, which lxml never passes
    parser = etree.HTMLParser(target=target, encoding="utf-8", remove_comments=True, remove_pis=True)
    parser.feed(encoded)
    collected: Any = parser.close()  # what the target's `close` returns
    blocks = (_joined(block.split(_LINE_END)) for block in collected.split(_BLOCK_END))
    return PARAGRAPH.join(block for block in blocks if block)


def clean_text(text: str) -> str:
    """Return plain text with single spaces, no invisible characters, and one empty line between paragraphs."""
    return _joined(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))


def one_line(text: str) -> str:
    """Return text on one line, as a title is, without invisible characters."""
    if "  " not in text and text.isprintable():  # neither is there any space but the usual one
        return text.strip()
    return " ".join(_INVISIBLE.sub("", " ".join(text.split())).split())


def _joined(lines: list[str]) -> str:
    return _EMPTY_LINES.sub(PARAGRAPH, "\n".join(map(one_line, lines))).strip()
