"""HTML as values: the one place where text becomes markup."""

import html
import re
from dataclasses import dataclass

VOID = frozenset({"meta", "link", "br", "hr"})

_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Characters that HTML forbids or a terminal obeys, and halves of surrogate pairs, which no encoding takes."""

REPLACEMENT = "\ufffd"


@dataclass(frozen=True, slots=True)
class Markup:
    """HTML that is safe to write as it is: only this module makes it from text."""

    html: str


Content = Markup | str
"""Text is escaped, markup is not."""


def visible(text: str) -> str:
    """Return text of the same length whose control characters are seen instead of obeyed."""
    return _UNSEEN.sub(REPLACEMENT, text)


def escaped(text: str) -> Markup:
    """Return text as HTML, in an element or in a quoted attribute."""
    return Markup(html.escape(visible(text), quote=True))


def joined(*children: Content) -> Markup:
    """Return text and markup one after another."""
    return Markup("".join(child.html if isinstance(child, Markup) else escaped(child).html for child in children))


def element(tag: str, *children: Content, **attributes: str | None) -> Markup:
    """Return an element; `class_` is written `class`, `aria_label` is `aria-label`, None is left out.

    Tag and attribute names are our own words, never an article's.
    """
    written = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escaped(value).html}"'
        for name, value in attributes.items()
        if value is not None
    )
    if tag in VOID:
        return Markup(f"<{tag}{written}>")
    return Markup(f"<{tag}{written}>{joined(*children).html}</{tag}>")


def style_sheet(css: str) -> Markup:
    """Return our own style sheet as an element; CSS isn't escaped.

    Raises:
        ValueError: It would end the element early.
    """
    if "</" in css:
        raise ValueError("a style sheet can't hold the end of an element")
    return Markup(f"<style>\n{css}</style>")
