"""Regular expressions made of many rules."""

import re
from collections.abc import Sequence


def any_of(rules: Sequence[str]) -> re.Pattern[str]:
    """Return a pattern that matches where one of several does, whatever the case.

    Those that begin at a word's beginning are looked for there only, which is several times faster.
    """
    apart = [rule for rule in rules if not rule.startswith(r"\b")]
    words = [rule.removeprefix(r"\b") for rule in rules if rule.startswith(r"\b")]
    return re.compile("|".join([*([rf"\b(?:{'|'.join(words)})"] if words else []), *apart]), re.IGNORECASE)
