"""The full text of articles, from their pages: most feeds carry two sentences.

`complete` fetches and states its flow; `robots` and `text` are pure.
"""

from producers.pages.complete import FullText

__all__ = ["FullText"]
