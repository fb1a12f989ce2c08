"""Any input gives an answer, the same one each time, in any process."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.codec import encode
from contracts.records import Article
from processors.extract import extract

CASES = Path(__file__).parent / "data" / "articles"
PUBLISHED = datetime(2020, 1, 31, tzinfo=UTC)
PIECES = [
    "killed", "12", "people", "wounded", "at least", "in Aleppo", "two", "soldiers", "and", ",", ".", "\n\n", "said",
    "police", "on Monday", "according to", "the toll", "rose to", "including", "children", "(", ")", '"', "Syria",
    "were", "dozens of", "from 28", "-", "of them", "a woman and her", "John Roe, 23,", "last month", "since 2011",
]  # fmt: skip


def _article(title: str, text: str, published: datetime | None = PUBLISHED) -> Article:
    return Article(id="a", revision="r", title=title, text=text, published=published)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=60), st.text(max_size=400))
def test_any_text(title: str, text: str) -> None:
    """No text makes the extractor fail, and the same text gives the same reports."""
    assert extract(_article(title, text)) == extract(_article(title, text))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(PIECES), max_size=60).map(" ".join))
def test_any_order_of_telling_words(text: str) -> None:
    """Words for harm in any order give claims whose spans hold their words."""
    for report in extract(_article("Bomb kills 12 people in Aleppo", text)):
        for claim in report.claims:
            source = text if claim.span.part == "text" else report.title
            assert " ".join(source[claim.span.start : claim.span.end].split()) == claim.words
            assert claim.high is None or claim.low <= claim.high


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("killed" * 800_000, id="no spaces"),
        pytest.param("12 " * 1_700_000, id="only digits"),
        pytest.param("قتل عشرة أشخاص " * 300_000, id="right to left"),
        pytest.param("\x00\x07\x1b killed 12 people \u202e" * 150_000, id="control characters"),
        pytest.param("A" * 5_000_000, id="one capital word"),
        pytest.param("(" * 2_000_000 + ")" * 2_000_000, id="brackets"),
        pytest.param("Gunmen killed 12 people in Aleppo, Syria, police said. " * 90_000, id="long report"),
        pytest.param(
            "Gunmen killed 12 people in Aleppo.\n" + ("the " * 150 + "\n") * 5_000, id="one word, many lines"
        ),
        pytest.param("Gunmen killed 12 people.\n" + ("The Army of the " * 40 + "\n") * 5_000, id="an endless name"),
    ],
)
def test_large_and_strange_texts(text: str) -> None:
    """Large and strange texts are answered."""
    assert isinstance(extract(_article("Bomb kills five", text)), tuple)


def test_same_bytes_in_another_process() -> None:
    """The reports don't depend on the order of sets, which differs from process to process."""
    line = (CASES / "armanaz" / "article.json").read_text("utf-8").replace("\n", " ")
    outputs = {
        subprocess.run(
            [sys.executable, "-m", "processors.extract"],
            input=line,
            capture_output=True,
            check=True,
            text=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=Path(__file__).parent.parent,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(outputs) == 1
    assert '"incidents"' in outputs.pop()


def test_reports_can_be_encoded() -> None:
    """Reports are records that the codec writes."""
    text = "Gunmen killed 12 people in Aleppo, Syria, on Monday, police said."
    (report,) = extract(_article("Gunmen kill 12 in Aleppo", text))
    assert b'"killed"' in encode(report)
