"""The drawing of figures over sizes."""

import pytest
from lxml import etree

from tallywire.bench.curve import Panel, drawing

SVG = "{http://www.w3.org/2000/svg}"
PANEL = Panel(title="Time & memory", unit="ms", points=[(10, 2.0), (100, 4.0), (1000, 3.0)], limit=5.0)


def test_values_stand_where_their_sizes_and_heights_put_them() -> None:
    """Sizes that grow tenfold are equally far apart, and a greater value stands higher."""
    root = etree.fromstring(drawing([PANEL, PANEL], "sizes"))
    dots = [(float(dot.attrib["cx"]), float(dot.attrib["cy"])) for dot in root.iter(f"{SVG}circle")]
    (first, low), (second, high), (third, middle) = dots[:3]
    assert second - first == pytest.approx(third - second, abs=0.2)
    assert low > middle > high
    assert low - middle == pytest.approx(middle - high, abs=0.2)
    assert len(dots) == 6
    assert dots[3][0] > third


def test_words_are_escaped_and_the_limit_is_named() -> None:
    """The document is XML whatever a title says."""
    root = etree.fromstring(drawing([PANEL], "sizes"))
    texts = [text.text for text in root.iter(f"{SVG}text")]
    assert "Time & memory, ms" in texts
    assert "at most 5" in texts


def test_one_point_is_no_curve() -> None:
    """A single size can't be drawn."""
    with pytest.raises(ValueError, match="two points"):
        drawing([Panel(title="t", unit="s", points=[(10, 1.0)], limit=2.0)], "sizes")
