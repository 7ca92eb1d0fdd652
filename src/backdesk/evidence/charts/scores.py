"""What speaks for and against handing activities over, added up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import polars as pl

from backdesk.evidence.charts._rows import Rows
from backdesk.evidence.charts.styling import (
    ACCENT,
    COLUMN,
    INK,
    PAPER,
    SMALL,
    SOFT,
    STRONG,
    Canvas,
    NothingToChart,
)
from backdesk.evidence.process import text
from backdesk.evidence.process.saying import Say, in_english

if TYPE_CHECKING:
    import altair as alt

_TOTAL_ROOM: Final = 44.0
_IN_BAR: Final = 10.0


def score_contributions(
    points: pl.DataFrame,
    *,
    totals: pl.DataFrame | None = None,
    width: int = COLUMN,
    say: Say = in_english,
) -> alt.LayerChart:
    """Chart what speaks for handing each activity over (to the right) and what against (to the left).

    Args:
        points: `activity`, `criterion` (its title) and `points` (positive for, negative against), in the order
            in which activities and criteria are to be shown.
        totals: `activity`, `total`, and `low` and `high`: between these the total lies whatever the unknown
            turns out to be; drawn as a thin line. An activity without points may stand here alone.
        width: of the whole picture in pixels.
        say: in what language, see `process.saying`.

    Raises:
        NothingToChart: there is no activity.

    >>> points = {"activity": ["Check"] * 2, "criterion": ["No hands", "Value added"], "points": [30.0, -10.0]}
    >>> score_contributions(pl.DataFrame(points)).description
    'Check: for No hands 30; against Value added 10; total +20.'
    """
    activities = _activities(points, totals)
    if not activities:
        raise NothingToChart("There are no scores to chart.")
    ranged = any(activity.high > activity.low for activity in activities)
    rows = Rows.of([activity.name for activity in activities], width, head=("",), bar=22.0)
    canvas = Canvas(width=width, height=rows.height + (24 if ranged else 4))
    scale = _Diverging.over(activities, rows)
    scale.frame(canvas, rows, say)
    rows.name(canvas, [])
    _stacks(canvas, rows, scale, activities)
    _totals(canvas, rows, scale, activities, say)
    if ranged:
        thin = say("Thin line: between these the total ends up once the unknown is told.")
        note = text.wrap(thin, size=SMALL, room=width, lines=1)[0]
        canvas.texts([{"x": 0, "y": rows.height + 18, "text": note}], colour=SOFT, size=SMALL)
    told = " ".join(activity.told(say) for activity in activities)
    return canvas.finish(name=say("What speaks for and against handing over"), description=told)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Activity:
    """One row: its points by criterion, their total, and how far the unknown can move it."""

    name: str
    points: Sequence[tuple[str, float]]
    total: float
    low: float
    high: float

    def told(self, say: Say) -> str:
        parts = []
        if speaking := self._said(1):
            parts.append(say("for {criteria}", criteria=speaking))
        if against := self._said(-1):
            parts.append(say("against {criteria}", criteria=against))
        total, low, high = (_signed(one) for one in (self.total, self.low, self.high))
        if self.high > self.low:
            parts.append(say("total {total} (between {low} and {high})", total=total, low=low, high=high))
        else:
            parts.append(say("total {total}", total=total))
        return f"{self.name}: {'; '.join(parts)}."

    def _said(self, sign: int) -> str:
        told = (f"{criterion} {abs(points):.0f}" for criterion, points in self.points if points * sign >= 0.5)
        return ", ".join(told)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Diverging:
    """A scale of points around a zero line."""

    zero: float
    unit: float
    """Pixels a point."""

    @classmethod
    def over(cls, activities: Sequence[_Activity], rows: Rows) -> _Diverging:
        """Make room for the longest bar or line on either side, and for the totals at the right."""
        high = max(max(one.high, _sum(one, 1)) for one in activities)
        low = min(min(one.low, _sum(one, -1)) for one in activities)
        unit = (rows.room - _TOTAL_ROOM) / max(max(high, 1.0) - min(low, -1.0), 1e-9)
        return cls(zero=rows.left - min(low, -1.0) * unit, unit=unit)

    def x(self, points: float) -> float:
        return self.zero + points * self.unit

    def frame(self, canvas: Canvas, rows: Rows, say: Say) -> None:
        """Name the two sides, and draw the zero line."""
        canvas.rules([{"x": self.zero, "x2": self.zero, "y": 2, "y2": rows.height}], colour=SOFT)
        against = {"x": self.zero - 6, "y": 13, "text": say("← against")}
        canvas.texts([against], align="right", colour=SOFT, weight=STRONG)
        canvas.texts([{"x": self.zero + 6, "y": 13, "text": say("for →")}], colour=ACCENT, weight=STRONG)


def _activities(points: pl.DataFrame, totals: pl.DataFrame | None) -> list[_Activity]:
    by_name: dict[str, list[tuple[str, float]]] = {}
    rows = points.select(pl.col("activity", "criterion").cast(pl.String), "points").rows()
    for name, criterion, value in rows:
        by_name.setdefault(name, []).append((criterion, value))
    bounds: Mapping[str, tuple[float, float, float]] = {}
    if totals is not None:
        named = totals.select(pl.col("activity").cast(pl.String), "total", "low", "high").rows()
        bounds = {name: (total, low, high) for name, total, low, high in named}
    return [
        _activity(name, by_name.get(name, []), bounds.get(name))
        for name in dict.fromkeys((*by_name, *bounds))
    ]


def _activity(
    name: str, points: Sequence[tuple[str, float]], bounds: tuple[float, float, float] | None
) -> _Activity:
    summed = sum(value for _, value in points)
    total, low, high = bounds or (summed, summed, summed)
    return _Activity(name=name, points=points, total=total, low=low, high=high)


def _sum(activity: _Activity, sign: int) -> float:
    return sum(points for _, points in activity.points if points * sign > 0)


def _stacks(canvas: Canvas, rows: Rows, scale: _Diverging, activities: Sequence[_Activity]) -> None:
    """Stack points outwards from zero, each criterion named where its name fits."""
    bars = [
        bar for row, activity in enumerate(activities) for bar in _bars(rows.middle(row) - 3, scale, activity)
    ]
    for side, colour in ((1, ACCENT), (-1, SOFT)):
        canvas.bars([bar.rectangle for bar in bars if bar.side == side], colour=colour, opacity=0.9)
    canvas.texts([bar.label for bar in bars if bar.fitting], align="center", colour=PAPER, size=_IN_BAR)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bar:
    side: int
    criterion: str
    start: float
    end: float
    y: float

    @property
    def rectangle(self) -> dict[str, object]:
        return {"x": self.start + 0.5, "x2": self.end - 0.5, "y": self.y - 8, "y2": self.y + 8}

    @property
    def label(self) -> dict[str, object]:
        return {"x": (self.start + self.end) / 2, "y": self.y + 3.5, "text": self.fitting}

    @property
    def fitting(self) -> str:
        """Give the criterion's name, else its first word where that tells, else nothing, as there is room."""
        first = (self.criterion.split() or [""])[0]
        tries = (self.criterion, first if len(first) > len("No") else "")
        room = self.end - self.start - 6
        return next((words for words in tries if text.width(words, size=_IN_BAR) <= room), "")


def _bars(y: float, scale: _Diverging, activity: _Activity) -> Iterator[_Bar]:
    reached = {1: 0.0, -1: 0.0}
    for criterion, points in activity.points:
        side = 1 if points >= 0 else -1
        start, end = sorted((scale.x(reached[side]), scale.x(reached[side] + points)))
        reached[side] += points
        if end - start > 1:
            yield _Bar(side=side, criterion=criterion, start=start, end=end, y=y)


def _totals(canvas: Canvas, rows: Rows, scale: _Diverging, activities: Sequence[_Activity], say: Say) -> None:
    """Draw the range of each total as a thin line beneath its bar, the total as a tick and a number."""
    lines, marks, numbers = [], [], []
    for row, activity in enumerate(activities):
        y = rows.middle(row) + 10
        tick = scale.x(activity.total)
        lines.append({"x": scale.x(activity.low), "x2": scale.x(activity.high), "y": y, "y2": y})
        marks.append({"x": tick, "x2": tick, "y": y - 4, "y2": y + 4})
        numbers.append({"x": rows.width, "y": y - 6, "text": _signed(activity.total)})
    canvas.rules(lines, colour=INK)
    canvas.rules(marks, colour=INK, thick=2.5)
    canvas.texts([{"x": rows.width, "y": 13, "text": say("total")}], align="right", colour=SOFT, size=SMALL)
    canvas.texts(numbers, align="right", weight=STRONG)


def _signed(value: float) -> str:
    return f"{round(value):+d}".replace("-", "−") if round(value) else "0"
