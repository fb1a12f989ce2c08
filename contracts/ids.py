"""Stable ids: hashes of content, so that a replay gives the same ids."""

import hashlib

ID_HEX_DIGITS = 24
"""96 bits: among 10^9 ids the chance of any collision is below 10^-10 (birthday bound)."""


def content_id(*parts: str | int | None) -> str:
    """Return a hash of the parts in their order, as lower-case hexadecimal digits.

    Each part is preceded by its length, so that ("ab", "c") and ("a", "bc") differ; None differs from "".
    """
    digest = hashlib.sha256()
    for part in parts:
        encoded = b"" if part is None else str(part).encode("utf-8", "surrogatepass")
        digest.update(b"-1:" if part is None else b"%d:" % len(encoded))
        digest.update(encoded)
    return digest.hexdigest()[:ID_HEX_DIGITS]


def article_id(canonical_url: str) -> str:
    """Return the id of the article at a canonical address."""
    return content_id("article", canonical_url)


def article_revision(title: str, text: str) -> str:
    """Return the revision of an article with this content."""
    return content_id("revision", title, text)


def report_id(article: str, position: int) -> str:
    """Return the id of an article's incident number `position`."""
    return content_id("report", article, position)


def dead_letter_id(stage: str, topic: str, partition: int | None, offset: int | None) -> str:
    """Return the id of the dead letter for one record of a topic."""
    return content_id("dead-letter", stage, topic, partition, offset)
