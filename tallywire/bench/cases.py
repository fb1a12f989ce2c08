"""What every case is given."""

from dataclasses import dataclass
from pathlib import Path

SPACY_PYTHON = Path(".venv-bench/bin/python")
"""Where `make bench` installs spaCy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the user chose."""

    gold: Path | None = None
    """Folder of the development gold; None: the articles of the sample feeds."""
    spacy_python: Path = SPACY_PYTHON
    """An interpreter that has spaCy and its small model."""
    drawings: Path | None = None
    """Folder that curves are written to; None: none are."""
