"""Phrases, found in a sentence's tokens."""

from hypothesis import given
from hypothesis import strategies as st

from processors.extract.text.document import Token
from processors.extract.text.phrases import phrases

WORDS = st.sampled_from(["in", "the", "war", "of"])


@given(st.lists(st.lists(WORDS, min_size=1, max_size=4), max_size=12), st.lists(WORDS, min_size=1, max_size=6))
def test_the_longest_phrase(known: list[list[str]], words: list[str]) -> None:
    """At each position the longest phrase that stands there is found, as looking at each of them finds it."""
    found = phrases(" ".join(phrase) for phrase in known)
    tokens = tuple(Token(word, word, 0, 0, capital=False) for word in words)
    for position in range(len(words)):
        there = [len(phrase) for phrase in known if words[position : position + len(phrase)] == phrase]
        assert found.match(tokens, position) == max(there, default=0)
