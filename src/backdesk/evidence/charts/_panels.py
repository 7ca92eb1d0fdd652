"""Plots over months or weeks: their place side by side, and a scale of values from zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from backdesk.evidence.charts.styling import ACCENT, INK, PAPER, SMALL, SOFT, STRONG, Canvas, ticks
from backdesk.evidence.process import text
from backdesk.evidence.process.saying import LONG, MONTHS, Say, in_english

if TYPE_CHECKING:
    import polars as pl

LEFT: Final = 40.0
PLOT: Final = 110.0
TITLE: Final = 26.0
FOOT: Final = 34.0
GAP: Final = 12.0
BENEATH: Final = TITLE + PLOT + GAP
"""How far a plot stands beneath the one above it."""
TWO_PLOTS: Final = BENEATH + TITLE + PLOT + FOOT
"""Height of a picture of two plots."""
_LABEL_ROOM: Final = 34.0
_DAY_ROOM: Final = 40.0
_STRIDES: Final = (1, 2, 3, 4, 6, 12, 24, 60, 120, 600)
_UNITS: Final = (("d", 86_400.0), ("h", 3_600.0), ("min", 60.0), ("s", 1.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Periods:
    """Months or weeks side by side, equally wide, each with its first day and, where `links` are, a way to its rows.

    `told`: what each says to who points at it or hears it, also where it leads nowhere; else a link says its name.
    """

    days: Sequence[date]
    width: float
    weekly: bool = False
    say: Say = in_english
    links: Sequence[str | None] = ()
    told: Sequence[str] = ()

    @property
    def every(self) -> str:
        return "week" if self.weekly else "month"

    @property
    def said(self) -> str:
        """Name the first and the last period."""
        return self.say("{first} to {last}", first=self.named(self.days[0]), last=self.named(self.days[-1]))

    @property
    def step(self) -> float:
        return (self.width - LEFT) / len(self.days)

    def left(self, index: int) -> float:
        return LEFT + index * self.step

    def middle(self, index: int) -> float:
        return self.left(index) + self.step / 2

    def month(self, day: date) -> str:
        return self.say(MONTHS[day.month - 1])

    def day(self, day: date) -> str:
        """Name it without its year."""
        return self.say("{day} {month}", day=day.day, month=self.month(day))

    def named(self, day: date) -> str:
        """Name it with its year."""
        return f"{self.day(day) if self.weekly else self.month(day)} {day.year}"

    def label(self, canvas: Canvas, *, y: float) -> None:
        """Name the months there is room for, with the year at the first one of it; each week where there are few."""
        by_week = self.weekly and self.step >= _DAY_ROOM
        shown = range(len(self.days)) if by_week else self._labelled()
        years = {self.days[index].year: index for index in reversed(shown)}
        rows = []
        for index in shown:
            day = self.days[index]
            name = self.day(day) if by_week else self.month(day)
            year = f"\n{day.year}" if years[day.year] == index else ""
            rows.append({"x": self.middle(index), "y": y, "text": f"{name}{year}"})
        canvas.texts(rows, align="center", colour=SOFT, size=SMALL)
        self.open(canvas, y=y)

    def open(self, canvas: Canvas, *, y: float, top: float = 0.0) -> None:
        """Make each period, from `top` down to `y`, a link to its rows, or have it say what is to be known of it."""
        told = self.told or [
            self.named(day) if link else "" for link, day in zip(self.links, self.days, strict=False)
        ]
        links = self.links or [None] * len(told)
        canvas.doors(
            {"x": self.left(index), "x2": self.left(index + 1), "y": top, "y2": y, "told": words}
            | ({"href": link} if link else {})
            for index, (link, words) in enumerate(zip(links, told, strict=True))
            if words
        )

    def _labelled(self) -> list[int]:
        """Choose the first periods of months, every second, third … where all are too close."""
        months = [(day.year, day.month) for day in self.days]
        firsts = [index for index, month in enumerate(months) if not index or month != months[index - 1]]
        apart = (self.width - LEFT) / len(firsts)
        stride = next((number for number in _STRIDES if apart * number >= _LABEL_ROOM), _STRIDES[-1])
        regular = [index for index in firsts if (months[index][0] * 12 + months[index][1] - 1) % stride == 0]
        kept: list[int] = []
        for index in reversed(regular or firsts[:1]):
            if not kept or self.middle(kept[-1]) - self.middle(index) >= _LABEL_ROOM:
                kept.append(index)
        return kept[::-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A plot with a scale of values from zero, its lines labelled at the left."""

    values: Sequence[float | None]
    marks: tuple[float, ...]
    labels: tuple[str, ...]
    end: float
    top: float

    @classmethod
    def of(
        cls,
        values: Sequence[float | None],
        *,
        top: float,
        most: float | None = None,
        say: Say = in_english,
    ) -> Panel:
        """Make a panel for numbers, whose scale ends at `most` or the greatest of them."""
        greatest = greatest_of(values) if most is None else most
        marks = ticks(greatest or 1.0)
        if all(value is None or value == round(value) for value in values):
            marks = tuple(
                mark for mark in marks if mark == round(mark)
            )  # of what is counted there is no half
        labels = tuple(_short(mark, say) for mark in marks)
        return cls(values=values, marks=marks, labels=labels, end=max(greatest, marks[-1]), top=top)

    @classmethod
    def timed(cls, values: Sequence[float | None], *, most: float, elapsed: bool, say: Say) -> Panel:
        """Make a panel for seconds, marked in the unit that suits; days only where they are of 24 hours."""
        units = _UNITS if elapsed else _UNITS[1:]
        unit, size = next((pair for pair in units if most >= 2 * pair[1]), units[-1])
        marks = tuple(mark * size for mark in ticks(max(most / size, 1e-3)))
        labels = tuple(say(LONG[unit], number=_short(mark / size, say)) if mark else "0" for mark in marks)
        return cls(values=values, marks=marks, labels=labels, end=max(most, marks[-1]), top=0.0)

    def y(self, value: float) -> float:
        return self.top + TITLE + PLOT * (1 - value / (self.end or 1.0))

    def frame(self, canvas: Canvas, *, title: str, width: float) -> None:
        rows = text.wrap(title, size=12, room=width, lines=1)
        if title:
            canvas.texts([{"x": 0, "y": self.top + 12, "text": rows[0]}], weight=STRONG)
        lines = [{"x": LEFT, "x2": width, "y": self.y(mark), "y2": self.y(mark)} for mark in self.marks]
        canvas.rules(lines[1:])
        canvas.rules(lines[:1], colour=SOFT)
        labels = [
            {"x": LEFT - 6, "y": self.y(mark) + 4, "text": label}
            for mark, label in zip(self.marks, self.labels, strict=True)
        ]
        canvas.texts(labels, align="right", colour=SOFT, size=SMALL)

    def columns(self, canvas: Canvas, periods: Periods) -> None:
        gap = min(3.0, periods.step * 0.12)
        bars = [
            {
                "x": periods.left(index) + gap,
                "x2": periods.left(index + 1) - gap,
                "y": self.y(value),
                "y2": self.y(0),
            }
            for index, value in enumerate(self.values)
            if value
        ]
        canvas.bars(bars, colour=PAPER, opacity=1)  # so that no grid line shows through
        canvas.bars(bars)

    def points(self, periods: Periods, *, base: bool = False) -> list[dict[str, float | None]]:
        return [
            {"x": periods.middle(index), "y": None if value is None else self.y(value)}
            | ({"y2": self.y(0)} if base else {})
            for index, value in enumerate(self.values)
        ]

    def band(
        self, periods: Periods, low: Sequence[float | None], high: Sequence[float | None]
    ) -> list[dict[str, float | None]]:
        return [
            {
                "x": periods.middle(index),
                "y": None if top is None else self.y(top),
                "y2": None if bottom is None else self.y(bottom),
            }
            for index, (bottom, top) in enumerate(zip(low, high, strict=True))
        ]

    def target(self, canvas: Canvas, value: float, width: float, *, said: str) -> None:
        y = self.y(value)
        canvas.rules([{"x": LEFT, "x2": width, "y": y, "y2": y}], colour=INK, dash=(4, 3))
        canvas.texts([{"x": width, "y": y - 4, "text": said}], align="right", size=SMALL, halo=True)


def links_of(table: pl.DataFrame, *, name: str = "href") -> Sequence[str | None]:
    """Give where each row leads, of a table that says so."""
    return table[name].to_list() if name in table.columns else ()


def lying(canvas: Canvas, periods: Periods, *, values: Sequence[float], title: str) -> None:
    """Draw how much lay there at the end of each period, as the upper one of two plots."""
    panel = Panel.of(values, top=0, say=periods.say)
    panel.frame(canvas, title=title, width=periods.width)
    canvas.area(panel.points(periods, base=True))
    canvas.line(panel.points(periods))


def two_lines(
    canvas: Canvas,
    periods: Periods,
    *,
    came: Sequence[float],
    went: Sequence[float],
    words: tuple[str, str, str],
) -> None:
    """Draw what came and what went on one scale, as the lower plot, with their names in their colours as its title."""
    say, most = periods.say, max(greatest_of(came), greatest_of(went))
    panel = Panel.of(came, top=BENEATH, most=most, say=say)
    panel.frame(canvas, title="", width=periods.width)
    first, second, every = words
    x = 0.0
    for word, colour in ((first, SOFT), (say("and"), INK), (second, ACCENT), (every, INK)):
        canvas.texts([{"x": x, "y": BENEATH + 12, "text": word}], colour=colour, weight=STRONG)
        x += text.width(word, size=12) + 4
    canvas.line(panel.points(periods), colour=SOFT, thick=1.5)
    canvas.line(Panel.of(went, top=BENEATH, most=most).points(periods))


def greatest_of(values: Sequence[float | None]) -> float:
    """Return the greatest value, 0 where there is none."""
    return max((float(value) for value in values if value is not None), default=0.0)


def _short(value: float, say: Say) -> str:
    """Write a number on an axis: 12k for 12,000."""
    if value >= 1e6:
        return say("{number}M", number=round(value / 1e6, 1))
    if value >= 1e3:
        return say("{number}k", number=round(value / 1e3, 1))
    return say("{number}", number=value if value < 1 else round(value, 1))
