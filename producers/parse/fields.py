"""Small values that every format shares: languages and absolute addresses."""

import re
from urllib.parse import urljoin, urlsplit

_LANGUAGE = re.compile(r"([a-z]{2})(?:[-_].*)?", re.IGNORECASE)


def language_code(tag: object) -> str | None:
    """Return the ISO 639-1 code that a language tag such as `en-GB` begins with, or None."""
    match = _LANGUAGE.fullmatch(tag.strip()) if isinstance(tag, str) else None
    return match.group(1).lower() if match else None


def absolute_url(base: str, link: object) -> str | None:
    """Return a link as an absolute http or https address, or None where it isn't one."""
    if not isinstance(link, str) or not link.strip():
        return None
    try:
        joined = urljoin(base, link.strip())
        parts = urlsplit(joined)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # such as a port that isn't a number
        return None
    return joined if usable else None
