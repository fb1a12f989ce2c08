"""Figures in digits and words, as the conventions in docs/extraction.md write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.records import Article
from processors.extract.people.numbers import Figure, find_figures
from processors.extract.text import language
from processors.extract.text.document import read_document

ENGLISH = language.load("en")
WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
TENS = {20: "twenty", 30: "thirty", 40: "forty", 50: "fifty", 60: "sixty", 70: "seventy", 80: "eighty", 90: "ninety"}


def _figures(text: str) -> list[Figure]:
    document = read_document(Article(id="a", revision="r", text=text), ENGLISH)
    return [figure for sentence in document.sentences for figure in find_figures(sentence.tokens, ENGLISH)]


@pytest.mark.parametrize(
    ("words", "low", "high"),
    [
        pytest.param("30", 30, 30, id="digits"),
        pytest.param("1,200", 1200, 1200, id="thousands separated"),
        pytest.param("2.5 million", 2_500_000, 2_500_000, id="decimal and scale"),
        pytest.param("twenty-three", 23, 23, id="hyphened words"),
        pytest.param("two hundred and five", 205, 205, id="long words"),
        pytest.param("at least 30", 30, None, id="at least"),
        pytest.param("no fewer than 30", 30, None, id="no fewer than"),
        pytest.param("30 or more", 30, None, id="or more"),
        pytest.param("more than 30", 31, None, id="more than"),
        pytest.param("over 30", 31, None, id="over"),
        pytest.param("about 30", 30, 30, id="about"),
        pytest.param("nearly 30", 30, 30, id="nearly"),
        pytest.param("some 30", 30, 30, id="some"),
        pytest.param("up to 30", 1, 30, id="up to"),
        pytest.param("as many as 30", 1, 30, id="as many as"),
        pytest.param("between 20 and 30", 20, 30, id="between"),
        pytest.param("20 to 30", 20, 30, id="to"),
        pytest.param("20-30", 20, 30, id="hyphen"),
        pytest.param("a dozen", 12, 12, id="a dozen"),
        pytest.param("two dozen", 24, 24, id="two dozen"),
        pytest.param("half a dozen", 6, 6, id="half a dozen"),
        pytest.param("dozens of", 24, None, id="dozens"),
        pytest.param("scores of", 40, None, id="scores"),
        pytest.param("hundreds of", 200, None, id="hundreds"),
        pytest.param("thousands of", 2000, None, id="thousands"),
        pytest.param("hundreds of thousands of", 200_000, None, id="hundreds of thousands"),
        pytest.param("several", 2, None, id="several"),
        pytest.param("a couple of", 2, 2, id="a couple"),
        pytest.param("two-thirds of the 30", 20, 20, id="fraction"),
        pytest.param("70-plus", 70, None, id="plus"),
        pytest.param("no", 0, 0, id="none"),
    ],
)
def test_figure(words: str, low: int, high: int | None) -> None:
    """A figure has the lowest and the highest value that its words mean."""
    (figure,) = _figures(f"Police said {words} people were killed.")
    assert (figure.low, figure.high) == (low, high)


@given(st.integers(min_value=1, max_value=999_999_999))
def test_digits_give_their_number(number: int) -> None:
    """A number in digits, with or without separators, is that number."""
    for written in (str(number), f"{number:,}"):
        (figure,) = _figures(f"Police said {written} people were killed.")
        assert (figure.low, figure.high) == (number, number)


@given(st.integers(min_value=1, max_value=9), st.sampled_from(sorted(TENS)), st.integers(min_value=1, max_value=9))
def test_words_give_their_number(hundreds: int, tens: int, ones: int) -> None:
    """A number in words is that number."""
    written = f"{WORDS[hundreds]} hundred and {TENS[tens]}-{WORDS[ones]}"
    (figure,) = _figures(f"Police said {written} people were killed.")
    assert figure.low == hundreds * 100 + tens + ones
