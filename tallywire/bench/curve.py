"""A curve of figures as an SVG: a panel for each quantity, over numbers that grow tenfold."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log10
from xml.sax.saxutils import escape

from tallywire.bench.figures import significant

WIDTH, HEIGHT = 420, 260
"""Of a panel, in user units."""
LEFT, RIGHT, TOP, BOTTOM = 58, 24, 40, 46
STYLE = (
    "text{font:12px sans-serif;fill:#222}.small{font-size:11px;fill:#555}.axis{stroke:#888;fill:none}"
    ".bar{stroke:#b33;stroke-dasharray:5 4}.line{stroke:#1f5fa8;stroke-width:2;fill:none}.dot{fill:#1f5fa8}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One quantity, measured at several sizes."""

    title: str
    unit: str
    points: Sequence[tuple[float, float]]
    """Size and value, sizes ascending."""
    limit: float
    """What the value must not exceed: a dashed line."""

    @property
    def top(self) -> float:
        """Return the value at the upper end of the scale."""
        return 1.15 * max(self.limit, *(value for _, value in self.points))


def drawing(panels: Sequence[Panel], under: str) -> str:
    """Return an SVG of panels beside each other; `under` says below them what the sizes are.

    Raises:
        ValueError: A panel has fewer than two points.
    """
    if any(len(panel.points) < 2 for panel in panels):  # noqa: PLR2004 - a line has two ends
        raise ValueError("a curve needs two points or more")
    width = WIDTH * len(panels)
    drawn = [line for number, panel in enumerate(panels) for line in _panel(panel, WIDTH * number, under)]
    frame = f'viewBox="0 0 {width} {HEIGHT}" width="{width}" height="{HEIGHT}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {frame} role="img">',
            f"<style>{STYLE}</style>",
            f'<rect width="{width}" height="{HEIGHT}" fill="white"/>',
            *drawn,
            "</svg>\n",
        ]
    )


def _panel(panel: Panel, left: float, under: str) -> Iterator[str]:
    sizes = [size for size, _ in panel.points]
    spread = log10(sizes[-1] / sizes[0])
    inner_width, inner_height = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def x(size: float) -> float:
        return left + LEFT + inner_width * log10(size / sizes[0]) / spread

    def y(value: float) -> float:
        return TOP + inner_height * (1 - value / panel.top)

    start, end, ground = x(sizes[0]), x(sizes[-1]), y(0)
    yield _text(start, 20, f"{panel.title}, {panel.unit}")
    yield f'<path class="axis" d="M{start:.1f} {TOP} V{ground:.1f} H{end:.1f}"/>'
    yield f'<path class="bar" d="M{start:.1f} {y(panel.limit):.1f} H{end:.1f}"/>'
    yield _text(end, y(panel.limit) - 5, f"at most {significant(panel.limit)}", "end", "small")
    yield _text(start - 6, ground + 4, "0", "end", "small")
    for size, value in panel.points:
        yield f'<circle class="dot" cx="{x(size):.1f}" cy="{y(value):.1f}" r="3.5"/>'
        yield _text(x(size), y(value) + 18, significant(value), "middle", "small")
        yield _text(x(size), ground + 16, f"{size:,.0f}", "middle", "small")
    line = " ".join(f"{x(size):.1f},{y(value):.1f}" for size, value in panel.points)
    yield f'<polyline class="line" points="{line}"/>'
    yield _text((start + end) / 2, HEIGHT - 10, under, "middle", "small")


def _text(x: float, y: float, words: str, anchor: str = "start", kind: str = "") -> str:
    style = f' class="{kind}"' if kind else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{style}>{escape(words)}</text>'
