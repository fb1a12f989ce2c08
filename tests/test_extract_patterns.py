"""Rules found by the strings that they need: none is ever overlooked."""

import re
import sys
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from processors.extract.text.language import load
from processors.extract.text.literals import fold_case, needed
from processors.extract.text.patterns import Rule, Rules, between


def _sources() -> Iterator[tuple[str, int]]:
    """Yield the expressions of the English rules, whose matches hypothesis can make up."""
    raw = load("en").raw
    for kind in raw["events"]["types"].values():
        yield from ((rule, re.IGNORECASE) for rule in kind["rules"])
    for rules in raw["rejections"]["background"].values():
        yield from ((rule, re.IGNORECASE) for rule in rules)
    yield from ((rule, re.IGNORECASE) for rule in raw["evidence"]["signs"].values())
    yield from ((rule, 0) for rule in raw["places"]["hints"].values())
    yield from ((rule, re.IGNORECASE | re.MULTILINE) for rule in raw["furniture"]["skip"])


SOURCES = tuple(_sources())
RULES = Rules(Rule(number, source, flags) for number, (source, flags) in enumerate(SOURCES))
PIECES = st.text(st.sampled_from("ab \N{LATIN SMALL LETTER LONG S}\N{KELVIN SIGN}.-'É"), max_size=4)


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(st.data(), st.sampled_from(range(len(SOURCES))), PIECES, PIECES)
def test_no_match_is_hidden(data: st.DataObject, number: int, before: str, after: str) -> None:
    """A rule that matches a text is among those that may match it."""
    pattern = re.compile(*SOURCES[number])
    text = before + data.draw(st.from_regex(pattern)) + after
    if pattern.search(text):
        assert number in [rule.kind for rule in RULES.likely(text)]


def test_rules_keep_their_order() -> None:
    """Whichever word comes first in a text, the rules come as they were given."""
    rules = Rules(Rule(number, rf"\b{word}\b") for number, word in enumerate(["bombed", "raided", "shelled", "."]))
    assert [rule.kind for rule in rules.likely("Shelled, raided, bombed.")] == [0, 1, 2, 3]
    assert [rule.kind for rule in rules.likely("Unbombed and raided")] == [1, 3]


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        pytest.param(r"\bkill(?:ed|ing)?\b", [{"kill"}], id="what all forms of a word begin with"),
        pytest.param(r"\b(?:car|bus) (?:\w+ )?crash", [{"bus ", "car "}, {"crash"}], id="anything between"),
        pytest.param(r"shot|hit", [{"hit", "shot"}], id="one of several"),
        pytest.param(r"shot|\d+ dead|\w+", [], id="one of several can be anything"),
        pytest.param(r"(?:shot)?(?:dead)+", [{"dead"}], id="what may be left out isn't needed"),
        pytest.param(r"[Ff]ire (?!works)", [{"fire "}], id="what mustn't follow isn't needed"),
        pytest.param(r"é.*ü", [], id="letters that aren't ASCII are left out"),
    ],
)
def test_needed(pattern: str, found: list[set[str]]) -> None:
    """A match needs one string of each set."""
    assert [{literal.string for literal in need} for need in needed(pattern)] == found


@pytest.mark.parametrize(
    ("pattern", "beginning"),
    [
        pytest.param(r"\bbombed\b", "bomb", id="so many letters"),
        pytest.param(r"\bgun\b", "gun", id="a whole word"),
        pytest.param(r"\bgun\w*", "gun", id="the beginning of a word"),
        pytest.param(r"gun", "", id="anywhere"),
        pytest.param(r".in May", "may", id="after a space"),
        pytest.param(r"\bif\b", "if", id="a short word"),
        pytest.param(r"\bif\w+", "", id="a short beginning"),
    ],
)
def test_beginnings(pattern: str, beginning: str) -> None:
    """A string is found by a word in it whose beginning is sure."""
    ((literal,),) = needed(pattern)
    assert literal.beginning == beginning


def test_letters_that_match_others_fold_alike() -> None:
    """Whatever matches an ASCII letter where case doesn't matter becomes that letter."""
    alike = [sign for sign in map(chr, range(sys.maxunicode + 1)) if re.fullmatch("[a-z]", sign, re.IGNORECASE)]
    assert len(alike) > 2 * 26
    assert all(re.fullmatch(fold_case(sign), sign, re.IGNORECASE) for sign in alike)
    assert all(fold_case(sign) in "abcdefghijklmnopqrstuvwxyz" for sign in alike)


@pytest.mark.parametrize(
    ("rule", "text", "told"),
    [
        pytest.param(
            r"WHO claimed (?:the )?responsibility", "They claimed responsibility.", True, id="after the name"
        ),
        pytest.param(r"\bblamed WHO for the raid", "The army blamed nobody.", False, id="one part is missing"),
        pytest.param(r"(?:said WHO|or) did it", "Who did it?", True, id="a name inside brackets is left out"),
    ],
)
def test_what_stands_between_names(rule: str, text: str, *, told: bool) -> None:
    """What stands between the places of names is needed, as far as it is an expression by itself."""
    assert all(part.search(text) for part in between(rule, ("WHO",))) is told


def test_a_rule_with_names() -> None:
    """Names are filled in where they stand, and matched."""
    who = r"(?P<who>[A-Z]\w+)(?: |\b)"
    rules = Rules([Rule("claimed", r"\bWHO ?(?:has )?claimed it", fill=[("WHO", who)])])
    (rule,) = rules.likely("Later Hizb claimed it.")
    assert [match["who"] for match in rule.matches("Later Hizb claimed it.")] == ["Hizb"]
    assert rules.likely("Later Hizb denied it.") == []
