"""How long things take: waiting, touch and cycle time as shares of the work, over everyday durations."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations, product
from math import log
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from backdesk.evidence.charts.styling import (
    ACCENT,
    COLUMN,
    INK,
    NARROW,
    SMALL,
    SOFT,
    STRONG,
    Canvas,
    NothingToChart,
)
from backdesk.evidence.process import text
from backdesk.evidence.process.saying import Say, duration, in_english, percent

if TYPE_CHECKING:
    import altair as alt

_MINUTE, _HOUR, _DAY = 60.0, 3_600.0, 86_400.0
_SHORT: Final = tuple(unit * _MINUTE for unit in (1 / 60, 1 / 6, 0.5, 1, 2, 5, 15, 30))
_ELAPSED: Final = (
    *_SHORT,
    *(unit * _HOUR for unit in (1, 2, 4, 8)),
    *(unit * _DAY for unit in (1, 2, 4, 8, 15, 30, 60, 120, 365)),
)
_WORKING: Final = (*_SHORT, *(unit * _HOUR for unit in (1, 2, 4, 8, 16, 40, 80, 160, 320, 640, 1_280)))
_PLOT: Final = 150.0
_ROW: Final = 17.0
_LEAST_LABELLED: Final = 0.03


def waiting_distribution(
    steps: pl.DataFrame,
    *,
    width: int = COLUMN,
    working: bool = False,
    target_seconds: float | None = None,
    say: Say = in_english,
) -> alt.LayerChart:
    """Chart how long steps wait before they start.

    Args:
        steps: one row a step, with `waiting_s` (or `waiting_working_s` where `working`) in seconds; nulls are
            left out.
        width: of the whole picture in pixels.
        working: count working time rather than elapsed time.
        target_seconds: drawn as a thin line.
        say: fills a template with values by their names, in the language of who looks at it.

    Raises:
        NothingToChart: no step has a waiting time.

    >>> waits = pl.DataFrame({"waiting_s": [60.0, 3600.0, 7200.0]})
    >>> waiting_distribution(waits).description
    'Waiting of 3 steps, elapsed time. Half wait up to 1 h, 90 % up to 1.8 h.'
    """
    shape = _shape(
        steps["waiting_working_s" if working else "waiting_s"],
        width=width,
        elapsed=not working,
        target=target_seconds,
        say=say,
    )
    told = (
        say("Waiting of {count} steps, working time.", count=shape.size)
        if working
        else say("Waiting of {count} steps, elapsed time.", count=shape.size)
    )
    most = say("Half wait up to {median}, 90 % up to {p90}.", **shape.usual)
    return _drawn(shape, width).finish(name=say("Waiting time"), description=f"{told} {most}")


def touch_distribution(
    steps: pl.DataFrame,
    *,
    width: int = COLUMN,
    target_seconds: float | None = None,
    say: Say = in_english,
) -> alt.LayerChart:
    """Chart how long steps are worked on, in working time.

    Args:
        steps: one row a step, with `touch_working_s` in seconds; nulls are left out.
        width: of the whole picture in pixels.
        target_seconds: drawn as a thin line.
        say: fills a template with values by their names, in the language of who looks at it.

    Raises:
        NothingToChart: no step has a touch time.

    >>> touch_distribution(pl.DataFrame({"touch_working_s": [30.0, 600.0]})).description
    'Touch time of 2 steps, working time. Half take up to 5.2 min, 90 % up to 9.1 min.'
    """
    shape = _shape(steps["touch_working_s"], width=width, elapsed=False, target=target_seconds, say=say)
    told = say("Touch time of {count} steps, working time.", count=shape.size)
    return _drawn(shape, width).finish(name=say("Touch time"), description=f"{told} {shape.taking}")


def cycle_distribution(
    cases: pl.DataFrame,
    *,
    width: int = COLUMN,
    working: bool = False,
    target_seconds: float | None = None,
    say: Say = in_english,
) -> alt.LayerChart:
    """Chart how long cases take from arrival to completion.

    Args:
        cases: one row a case, with `cycle_hours` (or `cycle_working_hours` where `working`).
        width: of the whole picture in pixels.
        working: count working time rather than elapsed time.
        target_seconds: drawn as a thin line.
        say: fills a template with values by their names, in the language of who looks at it.

    Raises:
        NothingToChart: no case has a cycle time.

    >>> cycle_distribution(pl.DataFrame({"cycle_hours": [24.0, 48.0, 72.0]})).description
    'Cycle time of 3 cases, elapsed time. Half take up to 2 d, 90 % up to 2.8 d.'
    """
    hours = cases["cycle_working_hours" if working else "cycle_hours"]
    shape = _shape(hours * _HOUR, width=width, elapsed=not working, target=target_seconds, say=say)
    told = (
        say("Cycle time of {count} cases, working time.", count=shape.size)
        if working
        else say("Cycle time of {count} cases, elapsed time.", count=shape.size)
    )
    return _drawn(shape, width).finish(name=say("Cycle time"), description=f"{told} {shape.taking}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    """A distribution over classes of duration, drawn equally wide."""

    edges: tuple[float, ...]
    """Upper ends of the classes in seconds, exclusive; the last class has none."""
    shares: tuple[float, ...]
    size: int
    median: float
    p90: float
    target: float | None
    elapsed: bool
    say: Say

    @property
    def usual(self) -> dict[str, str]:
        return {"median": self.said(self.median), "p90": self.said(self.p90)}

    @property
    def taking(self) -> str:
        say = self.say
        return say("Half take up to {median}, 90 % up to {p90}.", **self.usual)

    def said(self, seconds: float) -> str:
        return duration(seconds, say=self.say, elapsed=self.elapsed)

    def place(self, seconds: float) -> float:
        """Return where a duration lies, 0 to 1; within its class by its logarithm."""
        index = bisect_right(self.edges, seconds)
        within = 0.5
        if index < len(self.edges):
            high = self.edges[index]
            low = self.edges[index - 1] if index else high / 4
            within = max(0.0, log(max(seconds, low) / low) / log(high / low))
        return (index + within) / len(self.shares)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mark:
    """A line at a duration, whose label stands to the right or left of it on a row of its own."""

    x: float
    label: str
    colour: str
    row: int = 0
    to_right: bool = True

    @property
    def span(self) -> tuple[float, float]:
        room = text.width(self.label, size=SMALL) + 10
        return (self.x, self.x + room) if self.to_right else (self.x - room, self.x)


def _shape(seconds: pl.Series, *, width: int, elapsed: bool, target: float | None, say: Say) -> _Shape:
    values = np.sort(seconds.cast(pl.Float64).drop_nulls().drop_nans().to_numpy())
    if not values.size:
        raise NothingToChart("There is no duration to chart.")
    edges = _edges(values, _ELAPSED if elapsed else _WORKING, most=7 if width < NARROW else 13)
    below = np.searchsorted(values, np.array(edges), side="left")
    shares = np.diff([0, *below, values.size]) / values.size
    return _Shape(
        edges=edges,
        shares=tuple(float(share) for share in shares),
        size=int(values.size),
        median=float(np.quantile(values, 0.5)),
        p90=float(np.quantile(values, 0.9)),
        target=target,
        elapsed=elapsed,
        say=say,
    )


def _edges(values: npt.NDArray[np.float64], ladder: Sequence[float], *, most: int) -> tuple[float, ...]:
    """Take the rungs between which nearly all values lie; where these are too many, every second or third."""
    low, high = np.quantile(values, [0.02, 0.985])
    first = max(0, bisect_right(ladder, low) - 1)
    last = min(len(ladder), bisect_right(ladder, high) + 1)
    rungs = ladder[first:last]
    stride = -(-len(rungs) // most)
    return tuple(rungs[::-1][::stride][::-1])


def _drawn(shape: _Shape, width: int) -> Canvas:
    marks = _settled(_marks(shape, width), width)
    top = _ROW * (1 + max(mark.row for mark in marks)) + 8
    base = top + _PLOT
    canvas = Canvas(width=width, height=base + 20)
    bars = list(_bars(shape, width, base))
    canvas.bars(bars)
    canvas.rules([{"x": 0, "x2": width, "y": base, "y2": base}], colour=SOFT)
    canvas.texts(list(_edge_labels(shape, width, base)), align="center", colour=SOFT, size=SMALL)
    for mark in marks:
        row = top - 8 - _ROW * mark.row
        canvas.rules([{"x": mark.x, "x2": mark.x, "y": row - 10, "y2": base}], colour=mark.colour, thick=1.2)
    for mark in marks:
        at = {"x": mark.x + (5 if mark.to_right else -5), "y": top - 8 - _ROW * mark.row, "text": mark.label}
        align = "left" if mark.to_right else "right"
        canvas.texts([at], align=align, colour=mark.colour, weight=STRONG, halo=True)
    labels = [
        {"x": (bar["x"] + bar["x2"]) / 2, "y": bar["y"] - 5, "text": percent(share, say=shape.say)}
        for bar, share in zip(bars, shape.shares, strict=True)
        if share >= _LEAST_LABELLED
    ]
    canvas.texts(labels, align="center", colour=SOFT, size=SMALL, halo=True)
    return canvas


def _bars(shape: _Shape, width: int, base: float) -> Iterator[dict[str, float]]:
    step = width / len(shape.shares)
    scale = (_PLOT - 16) / max(shape.shares)
    for index, share in enumerate(shape.shares):
        left = index * step
        yield {"x": left + 1.5, "x2": left + step - 1.5, "y": base - share * scale, "y2": base}


def _edge_labels(shape: _Shape, width: int, base: float) -> Iterator[dict[str, object]]:
    step = width / len(shape.shares)
    for index, edge in enumerate(shape.edges, start=1):
        yield {"x": index * step, "y": base + 15, "text": shape.said(edge)}


def _marks(shape: _Shape, width: int) -> list[_Mark]:
    say = shape.say
    told = [
        (shape.median, say("half within {time}", time=shape.said(shape.median)), INK),
        (shape.p90, say("90 % within {time}", time=shape.said(shape.p90)), INK),
    ]
    if shape.target is not None:
        told.append((shape.target, say("target {time}", time=shape.said(shape.target)), ACCENT))
    return [
        _Mark(x=shape.place(seconds) * width, label=label, colour=colour) for seconds, label, colour in told
    ]


def _settled(marks: Sequence[_Mark], width: int) -> list[_Mark]:
    """Choose rows and sides so that labels stay inside and no line runs through the label of another."""

    def arranged() -> Iterator[list[_Mark]]:
        for sides in product((True, False), repeat=len(marks)):
            for rows in permutations(range(len(marks))):
                yield [
                    _Mark(x=mark.x, label=mark.label, colour=mark.colour, row=row, to_right=side)
                    for mark, side, row in zip(marks, sides, rows, strict=True)
                ]

    return min(arranged(), key=lambda tried: _faults(tried, width))


def _faults(marks: Sequence[_Mark], width: int) -> float:
    """Add up how far labels stick out, and how many lines run through them."""
    out = sum(max(0.0, -mark.span[0]) + max(0.0, mark.span[1] - width) for mark in marks)
    cut = sum(
        mark.span[0] <= other.x <= mark.span[1] and other.row >= mark.row
        for mark in marks
        for other in marks
        if other is not mark
    )
    return out + 1_000 * cut
