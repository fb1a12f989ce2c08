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

_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u2060\ufeff\ufffe\uffff\ud800-\udfff]")
"""Control characters, soft hyphens, zero-width spaces and halves of surrogate pairs."""
_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" *\n *")
_PARAGRAPHS = re.compile(r"\n{2,}")
_ANY_SPACE = re.compile(r"\s+")


class _Text:
    """Collects text while lxml reads; the interface is lxml's parser target."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._dropped = 0

    def start(self, tag: str, _attributes: object) -> None:
        if tag in DROPPED:
            self._dropped += tag not in VOID_DROPPED
        elif tag in BLOCKS:
            self._parts.append(PARAGRAPH)
        elif tag == "br":
            self._parts.append("\n")
        elif tag in CELLS:
            self._parts.append(" ")

    def end(self, tag: str) -> None:
        if tag in DROPPED and tag not in VOID_DROPPED:
            self._dropped = max(0, self._dropped - 1)
        elif tag in BLOCKS:
            self._parts.append(PARAGRAPH)

    def data(self, data: str) -> None:
        if not self._dropped:
            self._parts.append(_ANY_SPACE.sub(" ", data))

    def close(self) -> str:
        return "".join(self._parts)


def html_to_text(markup: str) -> str:
    """Return the text of HTML, whole or a fragment; paragraphs are separated by an empty line."""
    if "<" not in markup and "&" not in markup:
        return clean_text(_ANY_SPACE.sub(" ", markup))
    encoded = _INVISIBLE.sub("", markup).encode("utf-8")
    if not encoded.strip():
        return ""
    target: Any = _Text()  # lxml's stubs want byte strings too, which lxml never passes
    parser = etree.HTMLParser(target=target, encoding="utf-8", remove_comments=True, remove_pis=True)
    parser.feed(encoded)
    text: Any = parser.close()  # what the target's `close` returns
    return clean_text(text)


def clean_text(text: str) -> str:
    """Return plain text with single spaces, no invisible characters, and one empty line between paragraphs."""
    visible = _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = _LINES.sub("\n", _SPACES.sub(" ", visible))
    return _PARAGRAPHS.sub(PARAGRAPH, lines).strip()


def one_line(text: str) -> str:
    """Return text on one line, as a title is."""
    return _ANY_SPACE.sub(" ", clean_text(text))
