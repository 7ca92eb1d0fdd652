"""How a service goes: what comes and goes and lies there, and how much of it was right and in time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import polars as pl

from backdesk.evidence.charts._panels import FOOT, MONTHS, PLOT, TITLE, Panel, Periods, greatest_of
from backdesk.evidence.charts.styling import ACCENT, COLUMN, INK, SMALL, SOFT, STRONG, Canvas, NothingToChart
from backdesk.evidence.process import text

if TYPE_CHECKING:
    import altair as alt

_GAP: Final = 12
_DAYS_APART: Final = 7
_SHARES: Final = (
    ("attainment", "Turnaround kept", "", ""),
    (
        "first_pass_yield",
        "First-pass yield of what was judged, with its 95 % interval",
        "first_pass_low",
        "first_pass_high",
    ),
    ("accuracy", "Accuracy of what was sampled, with its 95 % interval", "accuracy_low", "accuracy_high"),
)


def service_flow(figures: pl.DataFrame, *, every: str, width: int = COLUMN) -> alt.LayerChart:
    """Chart the backlog at the end of each period, and beneath it what was received and delivered.

    Args:
        figures: one row a period, as `measures.service_figures` gives them.
        every: "day", "week" or "month".
        width: of the whole picture in pixels.

    Raises:
        NothingToChart: nothing was received or delivered, and nothing lies there.

    >>> from datetime import date
    >>> table = {"period": [date(2026, 1, 1), date(2026, 2, 1)], "received": [9, 8], "delivered": [5, 9],
    ...          "open_items": [4, 3]}
    >>> service_flow(pl.DataFrame(table), every="month").description
    'Jan 2026 to Feb 2026: at most 4 items open, 3 at the end. 17 received, 14 delivered.'
    """
    lying, came, went = (figures[name].to_list() for name in ("open_items", "received", "delivered"))
    if not any((*lying, *came, *went)):
        raise NothingToChart("Nothing was received in these periods.")
    periods = _periods(figures, every, width)
    canvas = Canvas(width=width, height=2 * (TITLE + PLOT) + _GAP + FOOT)
    backlog = Panel.of(lying, top=0)
    backlog.frame(canvas, title=f"Items open at the end of the {every}", width=width)
    canvas.area(backlog.points(periods, base=True))
    canvas.line(backlog.points(periods))
    top, most = TITLE + PLOT + _GAP, max(greatest_of(came), greatest_of(went))
    received = Panel.of(came, top=top, most=most)
    received.frame(canvas, title="", width=width)
    _head(canvas, (("Received", SOFT), ("and", INK), ("delivered", ACCENT), (f"a {every}", INK)), top=top)
    canvas.line(received.points(periods), colour=SOFT, thick=1.5)
    canvas.line(Panel.of(went, top=top, most=most).points(periods))
    _label(canvas, periods, every)
    told = (
        f"{periods.said}: at most {text.count(max(lying))} items open, {text.count(lying[-1])} at the end. "
        f"{text.count(sum(came))} received, {text.count(sum(went))} delivered."
    )
    return canvas.finish(name="Backlog, received and delivered", description=told)


def service_quality(
    figures: pl.DataFrame, *, every: str, targets: Mapping[str, float] | None = None, width: int = COLUMN
) -> alt.LayerChart:
    """Chart turnaround kept, first-pass yield and sampled accuracy of each period, one above the other, from zero.

    Args:
        figures: one row a period, as `measures.service_figures` gives them; a share that is null breaks its line.
        every: "day", "week" or "month".
        targets: a share from 0 to 1 for some of `attainment`, `first_pass_yield` and `accuracy`: a thin line.
        width: of the whole picture in pixels.

    Raises:
        NothingToChart: none of the shares is known in any period.

    >>> from datetime import date
    >>> table = {"period": [date(2026, 1, 1)], "attainment": [0.9], "first_pass_yield": [1.0], "accuracy": [None],
    ...          "first_pass_low": [0.2], "first_pass_high": [1.0], "accuracy_low": [None], "accuracy_high": [None]}
    >>> service_quality(pl.DataFrame(table), every="month", targets={"attainment": 0.95}).description
    'Jan 2026 to Jan 2026. Turnaround kept 90 % at last. First-pass yield 100 % at last.'
    """
    known = [share for share in _SHARES if figures[share[0]].null_count() < figures.height]
    if not known:
        raise NothingToChart("Nothing was delivered or looked at in these periods.")
    periods = _periods(figures, every, width)
    canvas = Canvas(width=width, height=len(known) * (TITLE + PLOT + _GAP) - _GAP + FOOT)
    for place, (name, title, low, high) in enumerate(known):
        panel = Panel.of(_percent(figures[name]), top=place * (TITLE + PLOT + _GAP), most=100.0)
        panel.frame(canvas, title=f"{title}, %", width=width)
        if low:
            canvas.area(panel.band(periods, _percent(figures[low]), _percent(figures[high])))
        points = panel.points(periods)
        canvas.line(points)
        _dots(canvas, points)
        if targets and name in targets:
            share = 100 * targets[name]
            panel.target(canvas, share, width, said=f"{share:g} %")
    _label(canvas, periods, every)
    said = (
        f"{title.partition(' of ')[0]} {figures[name].drop_nulls()[-1]:.0%} at last."
        for name, title, _, _ in known
    )
    told = f"{periods.said}. {' '.join(said)}".replace("%", " %")
    return canvas.finish(name="Turnaround kept, first-pass yield, accuracy", description=told)


def _periods(figures: pl.DataFrame, every: str, width: float) -> Periods:
    return Periods(days=figures["period"].to_list(), width=width, weekly=every != "month")


def _percent(shares: pl.Series) -> list[float | None]:
    return [None if share is None else 100 * share for share in shares]


def _dots(canvas: Canvas, points: Sequence[Mapping[str, float | None]]) -> None:
    """A value between two that are missing has no line: a short stroke shows it."""
    values = [
        (point["x"], point["y"]) for point in points if point["x"] is not None and point["y"] is not None
    ]
    canvas.rules(
        [{"x": x - 2, "x2": x + 2, "y": y, "y2": y} for x, y in values if x is not None and y is not None],
        colour=ACCENT,
        thick=4,
    )


def _head(canvas: Canvas, words: Sequence[tuple[str, str]], *, top: float) -> None:
    x = 0.0
    for word, colour in words:
        canvas.texts([{"x": x, "y": top + 12, "text": word}], colour=colour, weight=STRONG)
        x += text.width(word, size=12) + 4


def _label(canvas: Canvas, periods: Periods, every: str) -> None:
    y = canvas.height - 18
    if every != "day":
        periods.label(canvas, y=y)
        return
    last = len(periods.days) - 1
    rows = [
        {"x": periods.middle(place), "y": y, "text": f"{day.day} {MONTHS[day.month - 1]}"}
        for place, day in enumerate(periods.days)
        if (last - place) % _DAYS_APART == 0
    ]
    canvas.texts(rows, align="center", colour=SOFT, size=SMALL)
