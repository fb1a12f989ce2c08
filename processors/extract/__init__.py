"""News text to reports of incidents: what happened, where, when, and who says how many.

`extract` is the whole of it; `processors.extract.pipeline` states the flow, docs/extraction.md which room holds what.
"""

from processors.extract.pipeline import EXTRACTOR, extract, load

__all__ = ["EXTRACTOR", "extract", "load"]
