"""Why each figure of an article was taken or refused: its text with every span marked, for a terminal or a browser.

::

    file, address or id ─► Article (sources) ─► reports ─► marks ─► segments ─► terminal │ page

`explain` is pure: an article and its reports in, an `Explanation` out, which both renderers show.
"""

from tallywire.explain.explanation import Explanation, explain

__all__ = ["Explanation", "explain"]
