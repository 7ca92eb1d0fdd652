"""One look for all charts, and a canvas in pixels that they are composed on.

A chart decides itself where everything goes, so that labels stand beside what they name and a phone gets its own
arrangement; Altair holds the result as one specification for page, PNG and PDF.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from math import floor, log10
from typing import TYPE_CHECKING, Any, Final

from backdesk.evidence.process.theme import INKS

if TYPE_CHECKING:
    import altair as alt

INK: Final = INKS["ink"]
SOFT: Final = INKS["ink-soft"]
LINE: Final = INKS["line"]
PAPER: Final = INKS["paper"]
ACCENT: Final = INKS["accent"]

COLUMN: Final = 720
"""Width of a page's column in pixels; a phone has about 340."""
NARROW: Final = 520
"""Under this width a chart puts names above bars and labels fewer ticks."""
TEXT: Final = 12
SMALL: Final = 11
STRONG: Final = 600
BAR: Final = 0.72
"""Opacity of bars: quieter than lines and text."""

Row = Mapping[str, object]


class NothingToChart(ValueError):
    """There is no value to chart."""


class Canvas:
    """Marks in pixels from the upper left corner, later ones above earlier ones.

    >>> canvas = Canvas(width=200, height=40)
    >>> canvas.texts([{"x": 0, "y": 20, "text": "Volume"}])
    >>> canvas.finish(name="Volume", description="Nothing yet").usermeta
    {'name': 'Volume'}
    """

    def __init__(self, *, width: float, height: float) -> None:
        """Make an empty canvas of this size in pixels."""
        self.width, self.height = width, height
        self._layers: list[alt.Chart] = []

    def bars(self, rows: Iterable[Row], *, colour: str = ACCENT, opacity: float = BAR) -> None:
        """Add rectangles: `x`, `x2`, `y`, `y2`, and `href` or `opacity` where rows have them."""
        self._add(rows, {"type": "rect", "color": colour, "opacity": opacity}, self._both)

    def doors(self, rows: Iterable[Row]) -> None:
        """Add links over what is drawn: `x`, `x2`, `y`, `y2`, `href`, and in `told` what is behind.

        One without `href` leads nowhere, and can be pointed at and heard all the same.
        """
        import altair as alt

        look, doors = {"type": "rect", "opacity": 0, "aria": True}, list(rows)
        channels = [*self._both, alt.Description(field="told", type="nominal")]
        for linked in (True, False):
            self._add([row for row in doors if ("href" in row) is linked], look, channels)

    def rules(
        self, rows: Iterable[Row], *, colour: str = LINE, thick: float = 1, dash: Sequence[int] | None = None
    ) -> None:
        """Add straight lines: `x`, `x2`, `y`, `y2`."""
        look: dict[str, object] = {"type": "rule", "color": colour, "strokeWidth": thick}
        self._add(rows, look | ({"strokeDash": list(dash)} if dash else {}), self._both)

    def line(self, rows: Iterable[Row], *, colour: str = ACCENT, thick: float = 2) -> None:
        """Add a line through `x`, `y`, in order; it is broken where `y` is None. A point alone is drawn as a point."""
        points = list(rows)
        look = {"type": "line", "color": colour, "strokeWidth": thick, "strokeJoin": "round"}
        self._add(points, look, [self._x, self._y])
        self._add(
            _alone(points), {"type": "circle", "color": colour, "size": 36, "opacity": 1}, [self._x, self._y]
        )

    def area(self, rows: Iterable[Row], *, colour: str = ACCENT, opacity: float = 0.18) -> None:
        """Add an area between `y` and `y2` along `x`; it is broken where `y` is None. A point alone is a bar."""
        points, channels = list(rows), [self._x, self._y, self._y2]
        self._add(points, {"type": "area", "color": colour, "opacity": opacity}, channels)
        bar = {"type": "rule", "color": colour, "opacity": opacity, "strokeWidth": 8}
        self._add(_alone(points), bar, channels)

    def texts(
        self,
        rows: Iterable[Row],
        *,
        align: str = "left",
        colour: str = INK,
        size: float = TEXT,
        weight: int = 400,
        halo: bool = False,
    ) -> None:
        """Add texts with their base line at `x`, `y`: `text`, and `href` where rows have it.

        A `halo` of paper keeps a text legible over lines; a new line in a text is one in the picture.
        """
        look: dict[str, object] = {
            "type": "text",
            "align": align,
            "baseline": "alphabetic",
            "color": colour,
            "fontSize": size,
            "fontWeight": weight,
            "lineBreak": "\n",
            "lineHeight": size + 3,
        }
        if halo:
            look |= {"stroke": PAPER, "strokeWidth": 3}
        self._add(rows, look, [self._x, self._y, self._text])

    def finish(self, *, name: str, description: str) -> alt.LayerChart:
        """Return the chart, with its name and what it says in words."""
        import altair as alt

        chart = alt.LayerChart(layer=self._layers, width=self.width, height=self.height)
        chart.usermeta = {"name": name}
        chart.description = description
        chart.config = {
            "aria": False,
            "background": "transparent",
            "font": "sans-serif",
            "padding": 0,
            "autosize": "none",
            "view": {"stroke": None},
        }
        return chart

    def _add(self, rows: Iterable[Row], look: Mapping[str, object], channels: Sequence[Any]) -> None:
        import altair as alt

        values = [dict(row) for row in rows]
        if not values:
            return
        extra: list[Any] = [self._href] if "href" in values[0] else []
        extra += [self._opacity] if "opacity" in values[0] else []
        chart = alt.Chart(alt.InlineData(values=values))
        chart.mark = dict(look)
        self._layers.append(chart.encode(*channels, *extra))

    @property
    def _both(self) -> list[Any]:
        return [self._x, self._x2, self._y, self._y2]

    @cached_property
    def _x(self) -> alt.X:
        import altair as alt

        scale = alt.Scale(domain=[0, self.width], range=[0, self.width], nice=False, zero=False)
        return alt.X(field="x", type="quantitative", scale=scale, axis=None)

    @cached_property
    def _y(self) -> alt.Y:
        import altair as alt

        scale = alt.Scale(domain=[0, self.height], range=[0, self.height], nice=False, zero=False)
        return alt.Y(field="y", type="quantitative", scale=scale, axis=None)

    @cached_property
    def _x2(self) -> alt.X2:
        import altair as alt

        return alt.X2(field="x2")

    @cached_property
    def _y2(self) -> alt.Y2:
        import altair as alt

        return alt.Y2(field="y2")

    @cached_property
    def _text(self) -> alt.Text:
        import altair as alt

        return alt.Text(field="text", type="nominal")

    @cached_property
    def _href(self) -> alt.Href:
        import altair as alt

        return alt.Href(field="href", type="nominal")

    @cached_property
    def _opacity(self) -> alt.Opacity:
        import altair as alt

        return alt.Opacity(field="opacity", type="quantitative", scale=None)


def _alone(points: Sequence[Row]) -> list[Row]:
    """Return the points that no line leads to, nor from."""
    known = [False, *(point["y"] is not None for point in points), False]
    return [
        point
        for place, point in enumerate(points)
        if known[place + 1] and not known[place] and not known[place + 2]
    ]


def ticks(most: float, *, about: int = 3) -> tuple[float, ...]:
    """Return round values from 0 up to `most`, in about that many steps.

    >>> ticks(430), ticks(7), ticks(0.9)
    ((0, 200, 400), (0, 2, 4, 6), (0.0, 0.2, 0.4, 0.6, 0.8))
    """
    rough = max(most, 1e-9) / about
    power = 10.0 ** floor(log10(rough))
    step = min((power * factor for factor in (1, 2, 5, 10)), key=lambda size: abs(log10(size / rough)))
    step = int(step) if step >= 1 else step
    return tuple(round(step * index, 12) for index in range(floor(most / step + 1e-9) + 1))
