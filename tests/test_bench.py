"""The pure parts of the benchmarks: figures, tables, the document, and the made-up reports."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.codec import decode, encode
from contracts.records import ArticleReports, Incident
from processors.extract import extract
from tallywire.bench import synthetic
from tallywire.bench.figures import pair_ratios, repeated, seconds, significant, size, times
from tallywire.bench.machine import describe
from tallywire.bench.tables import Table, in_markdown, section, with_section
from tallywire.bench.texts import Row, gold_sets, plain, sample_sets, spread
from tallywire.errors import UserError

TABLE = Table(title="Speed", columns=("what", "how fast"), rows=(("a|b", "1 ms"),), note="Medians.")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        pytest.param(0, "0", id="zero"),
        pytest.param(0.012345, "0.0123", id="small"),
        pytest.param(2.5, "2.5", id="no needless zeros"),
        pytest.param(99.96, "100", id="rounded up to three digits"),
        pytest.param(1_234_567, "1,230,000", id="large"),
    ],
)
def test_three_digits_are_enough(value: float, said: str) -> None:
    """More would claim more than was measured."""
    assert significant(value) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        pytest.param(12.0, "12 s", id="seconds"),
        pytest.param(0.0025, "2.5 ms", id="milliseconds"),
        pytest.param(0.0000042, "4.2 µs", id="microseconds"),
    ],
)
def test_durations_for_people(value: float, said: str) -> None:
    """The unit fits the size."""
    assert seconds(value) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        pytest.param(900, "900 B", id="bytes"),
        pytest.param(4_350, "4.35 KB", id="kilobytes"),
        pytest.param(169_000_000, "169 MB", id="megabytes"),
    ],
)
def test_sizes_for_people(value: float, said: str) -> None:
    """The unit fits the size."""
    assert size(value) == said


def test_a_ratio_is_the_median_of_the_pairs_ratios() -> None:
    """A pair that was slowed as a whole changes nothing, which the ratio of two medians wouldn't promise."""
    slowed = pair_ratios([2.0, 20.0, 6.0], [1.0, 10.0, 2.0])
    assert slowed.median == 2.0
    assert times(slowed) == "2 times (2 to 3)"


def test_pairs_must_be_whole() -> None:
    """A measurement without its partner is a mistake of ours."""
    with pytest.raises(ValueError, match="shorter"):
        pair_ratios([1.0, 2.0], [1.0])


def test_nothing_measured_has_no_median() -> None:
    """An empty run can't look like a result."""
    with pytest.raises(ValueError, match="nothing was measured"):
        repeated([])


@given(st.lists(st.floats(0.001, 1000), min_size=1))
def test_the_median_lies_within_the_range(values: list[float]) -> None:
    """Whatever was measured."""
    measured = repeated(values)
    assert measured.low <= measured.median <= measured.high


def test_a_table_in_markdown() -> None:
    """Figures stand to the right, and a bar in a cell doesn't end it."""
    assert in_markdown(TABLE) == "### Speed\n\nMedians.\n\n| what | how fast |\n| --- | --: |\n| a\\|b | 1 ms |\n"


def test_a_section_is_written_in_place_of_its_earlier_one() -> None:
    """A run of one case leaves the other sections and what people wrote as they are."""
    first, second = (section("codec", "Codec", when, [TABLE]) for when in ("Monday.", "Tuesday."))
    other = section("flow", "Flow", "Monday.", [TABLE])
    document = with_section(with_section("# Benchmarks\n\nWritten by hand.\n", "codec", first), "flow", other)
    again = with_section(document, "codec", second)
    assert again == document.replace(first, second)
    assert again.startswith("# Benchmarks\n\nWritten by hand.\n")
    assert "Tuesday." in again


def test_the_machine_is_described_with_the_day() -> None:
    """A figure without its machine and day says nothing."""
    assert describe(datetime(2026, 3, 1, tzinfo=UTC)).startswith("Measured on 2026-03-01: ")


@given(st.integers(0, 50), st.integers(1, 20))
def test_rows_are_spread_evenly(number: int, most: int) -> None:
    """As many as asked for or all, each once and in order."""
    rows: list[Row] = [{"id": str(position)} for position in range(number)]
    chosen = [int(row["id"] or "") for row in spread(rows, most)]
    assert len(chosen) == min(number, most)
    assert chosen == sorted(set(chosen))


def test_the_sample_articles_are_all_there() -> None:
    """Both kinds have text."""
    sets = sample_sets()
    assert [bool(texts.rows) for texts in sets] == [True, True]
    assert all(plain(row).strip() for texts in sets for row in texts.rows)


def test_a_folder_without_gold(tmp_path: Path) -> None:
    """One sentence says which files are missed."""
    with pytest.raises(UserError, match=r"holds none of gva\.jsonl"):
        gold_sets(tmp_path, 10)


@pytest.fixture(scope="module")
def world() -> synthetic.World:
    """Return what made-up reports are made of."""
    return synthetic.world(1)


def test_made_up_records_are_records(world: synthetic.World) -> None:
    """The codec takes them, and the same seed gives the same bytes."""
    first, again = (synthetic.report(world, synthetic.dice(7), 7) for _ in range(2))
    assert encode(first) == encode(again)
    batch, incident = synthetic.batch(first), synthetic.incident(first)
    assert decode(encode(batch), ArticleReports) == batch
    assert decode(encode(incident), Incident) == incident


def test_a_retelling_shares_place_day_and_words(world: synthetic.World) -> None:
    """It is another article about the same incident, not a copy of it."""
    chance = synthetic.dice(7)
    told = synthetic.report(world, chance, 1)
    again = synthetic.retelling(world, chance, told, 2)
    assert again.article_id != told.article_id
    assert (again.place, again.when) == (told.place, told.when)
    shared = told.key_terms.keys() & again.key_terms.keys()
    assert len(told.key_terms) // 2 < len(shared) < len(told.key_terms)
    assert not set(told.text_sketch) & set(again.text_sketch)


def test_a_made_up_article_tells_of_an_incident(world: synthetic.World) -> None:
    """The extractor finds its incident, so that the flow carries one a round."""
    reports = extract(synthetic.article(world, synthetic.dice(7), 1, "test"))
    assert reports
    assert reports[0].claims
