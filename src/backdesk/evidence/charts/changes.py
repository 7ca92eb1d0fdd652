"""A figure of a process over time, and the change that was found in it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final

from backdesk.evidence.charts._panels import FOOT, PLOT, TITLE, Panel, Periods, greatest_of
from backdesk.evidence.charts.styling import ACCENT, COLUMN, INK, SMALL, SOFT, STRONG, Canvas, NothingToChart
from backdesk.evidence.process.saying import Say, duration, in_english, percent

if TYPE_CHECKING:
    import altair as alt

    from backdesk.evidence.process.drift import Change, Drift, Shift

TITLES: Final = {
    "follows": "“{activity}”, then “{next}”, % of the time",
    "begins": "Cases that begin with “{next}”, %",
    "ends": "“{activity}” as the last step, % of the time",
    "done": "Cases in which “{activity}” is done, %",
    "waits": "How long “{activity}” waits, median",
    "takes": "How long “{activity}” takes, median",
    "case takes": "How long a case takes, median",
}
"""By `Shift.sentence`."""
_PERCENT: Final = 100.0
TEXTS: Final = tuple(TITLES.values())


def shift_over_time(
    drift: Drift,
    *,
    change: Change,
    shift: Shift,
    links: Sequence[str | None] = (),
    width: int = COLUMN,
    say: Say = in_english,
) -> alt.LayerChart:
    """Chart a figure period by period, with its level before and after a change.

    Args:
        drift: of which the change is one.
        change: from when to when the levels hold.
        shift: what changed.
        links: where the cases of each period are listed, which then leads there and says how many they are.
        width: of the whole picture in pixels.
        say: fills a template with values by their names, in the language of who looks at it.

    Raises:
        NothingToChart: the figure is known in no period.

    >>> import numpy as np
    >>> from backdesk.evidence.process.drift import drift
    >>> from backdesk.evidence.process.drift._example import checked_less
    >>> found = drift(checked_less(), rng=np.random.default_rng(1), rounds=99, period="week")
    >>> change = found.changes[0]
    >>> done = next(one for one in change.strongest if one.figure.kind == "done")
    >>> shift_over_time(found, change=change, shift=done).description
    'Cases in which “Check” is done, %: 80 % before 3 Mar, then 41 %.'
    """
    if not any(value is not None for value in shift.series):
        raise NothingToChart("The figure is known in no period.")
    days = [one.date() for one in drift.starts]
    periods = Periods(days=days, width=width, weekly=True, say=say, links=links)
    if links:
        each = zip(days, shift.series, drift.sizes, strict=True)
        doors = [_told(periods, day, shift, value, cases) for day, value, cases in each]
        periods = replace(periods, told=doors)
    panel = _panel(shift, say)
    title = say(TITLES[shift.sentence], activity=shift.figure.activity, next=shift.figure.next)
    before, after = (_said(value, shift, say) for value in (shift.before, shift.after))
    canvas = Canvas(width=width, height=TITLE + PLOT + FOOT)
    panel.frame(canvas, title=title, width=width)
    canvas.line(panel.points(periods), colour=SOFT, thick=1)
    since, at, until = (
        periods.left(bisect_left(drift.starts, moment)) for moment in (change.since, change.at, change.until)
    )
    canvas.rules([{"x": at, "x2": at, "y": panel.y(panel.end), "y2": panel.y(0)}], colour=INK, dash=(4, 3))
    for value, said, begin, end in ((shift.before, before, since, at), (shift.after, after, at, until)):
        y = panel.y(_PERCENT * value if shift.figure.is_share else value)
        canvas.rules([{"x": begin, "x2": end, "y": y, "y2": y}], colour=ACCENT, thick=2.5)
        label = {"x": at + (6 if begin == at else -6), "y": y - 5, "text": said}
        canvas.texts([label], align="left" if begin == at else "right", weight=STRONG, size=SMALL, halo=True)
    periods.label(canvas, y=canvas.height - 18)
    told = say(
        "{title}: {before} before {day}, then {after}.",
        title=title,
        before=before,
        day=periods.day(change.at.date()),
        after=after,
    )
    return canvas.finish(name=title, description=told)


def _told(periods: Periods, day: date, shift: Shift, value: float | None, cases: int) -> str:
    """Say what a period leads to: its figure, if it has one, and how many cases arrived in it."""
    if value is None:
        return periods.say("{period}, cases that arrived: {count}", period=periods.named(day), count=cases)
    said = _said(value, shift, periods.say)
    return periods.say(
        "{period}: {value}; cases that arrived: {count}", period=periods.named(day), value=said, count=cases
    )


def _panel(shift: Shift, say: Say) -> Panel:
    if shift.figure.is_share:
        shares = [value if value is None else _PERCENT * value for value in shift.series]
        return Panel.of(shares, top=0, most=_PERCENT, say=say)
    return Panel.timed(shift.series, most=greatest_of(shift.series), elapsed=True, say=say)


def _said(value: float, shift: Shift, say: Say) -> str:
    if shift.figure.is_share:
        return percent(value, say=say)
    # Where "under 1 s" turns to "under 1 s", nothing is said of the change.
    return say("{number} ms", number=round(1_000 * value)) if 0 < value < 0.95 else duration(value, say=say)
