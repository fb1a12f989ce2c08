"""The second look at articles in doubt: what the sentence encoder makes of texts, and what is decided from it."""

import hashlib
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.extract.screening import encoder, meaning
from processors.extract.screening.evidence import is_in_doubt
from processors.extract.train import encoder as packaged
from tallywire.engines.artifacts import read_lock

BLAST = "A car bomb tore through a market in the north of the city and left nine people dead."
SAME_BLAST = "Nine were killed when an explosive-laden vehicle blew up among the stalls in the city's north."
LEAGUE = "The club signed two strikers on loan before the window closed, and sold its captain."


def test_the_encoder_is_the_one_that_the_lock_names() -> None:
    """The file in the package was made from the locked artifact."""
    (artifact,) = read_lock(packaged.LOCK)
    assert packaged.is_current(encoder.MODEL, artifact.sha256)


def test_texts_that_mean_the_same_are_nearer() -> None:
    """Two tellings of one blast are much nearer to each other than to news of football."""
    blast, same, league = (encoder.windows(text)[0] for text in (BLAST, SAME_BLAST, LEAGUE))
    assert blast @ same > blast @ league + 0.3


@pytest.mark.parametrize(
    ("text", "count"),
    [
        pytest.param("", 1, id="empty"),
        pytest.param("\x00\u200b \n", 1, id="nothing to read"),
        pytest.param(BLAST, 1, id="one sentence"),
        pytest.param("word " * 450, 2, id="a little over one window"),
        pytest.param("a " * 100_000, 3, id="much too long"),
        pytest.param("x" * 100_000, 1, id="no spaces"),
    ],
)
def test_a_text_gives_one_vector_a_window(text: str, count: int) -> None:
    """However long or odd it is, there are one to three vectors of length 1."""
    found = encoder.windows(text)
    assert found.shape == (count, encoder.SIZE)
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=300))
def test_any_text_has_a_meaning(text: str) -> None:
    """No text makes the encoder fail, and what it gives is finite."""
    assert np.isfinite(encoder.windows(text)).all()


def test_vectors_are_the_same_in_any_process() -> None:
    """Another process with another hash seed gives the same bytes."""
    program = (
        "import hashlib, sys; from processors.extract.screening import encoder; "
        "print(hashlib.sha256(encoder.windows(sys.argv[1]).tobytes()).hexdigest())"
    )
    other = subprocess.run(
        [sys.executable, "-c", program, BLAST],
        env={**os.environ, "PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert other.stdout.strip() == hashlib.sha256(encoder.windows(BLAST).tobytes()).hexdigest()


def test_capitals_have_weights_of_their_own() -> None:
    """What is said of text in capitals stands beside the common features, and is nothing for other text."""
    windows = encoder.windows(BLAST)
    plain = meaning.features(windows, 1.0, told=True, capitals=False)
    loud = meaning.features(windows, 1.0, told=True, capitals=True)
    half = len(plain) // 2
    assert not plain[half:].any()
    assert (loud[:half] == plain[:half]).all()
    assert (loud[half:-1] == plain[:half]).all()
    assert loud[-1] == 1


@pytest.mark.parametrize(
    ("evidence", "doubt"),
    [
        pytest.param(-8.0, False, id="surely none"),
        pytest.param(-1.0, True, id="perhaps none"),
        pytest.param(0.5, True, id="perhaps one"),
        pytest.param(5.0, False, id="surely one"),
    ],
)
def test_only_doubt_calls_for_a_second_look(evidence: float, doubt: bool) -> None:  # noqa: FBT001 - a case's data
    """What close reading is sure of isn't looked at again."""
    assert is_in_doubt(evidence) is doubt
