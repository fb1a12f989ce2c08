"""The indices and their names: each is an alias over a versioned index."""

from enum import StrEnum

MAPPING_VERSION = 1
"""Grows when a mapping changes in more than added fields: a new index is then filled beside the old one."""


class Index(StrEnum):
    """What the sink keeps, one index each."""

    INCIDENTS = "incidents"
    """One document an incident."""
    CLAIMS = "claims"
    """One flat document a claim."""
    REVISIONS = "incident-revisions"
    """One document a line of an incident's history."""
    ARTICLES = "articles"
    """Full text, with the ids of the incidents that the article tells of."""
    FEEDS = "feeds"
    """Health of the subscriptions."""
    DEAD_LETTERS = "dead-letters"

    def alias(self, prefix: str) -> str:
        """Return the name that everything reads and writes."""
        return f"{prefix}-{self.value}"

    def versioned(self, prefix: str) -> str:
        """Return the name of the index that the alias stands for."""
        return f"{self.alias(prefix)}-v{MAPPING_VERSION}"
