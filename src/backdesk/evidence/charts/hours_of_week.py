"""When work happens: the hours of the week."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import polars as pl

from backdesk.evidence.charts.styling import ACCENT, COLUMN, LINE, SMALL, SOFT, Canvas, NothingToChart
from backdesk.evidence.process.saying import DAYS, Say, in_english, percent

if TYPE_CHECKING:
    import altair as alt


def weekday_hour(hours: pl.DataFrame, *, width: int = COLUMN, say: Say = in_english) -> alt.LayerChart:
    """Chart when work happens: a row for each weekday, a cell for each hour, darker where more steps end.

    Args:
        hours: `weekday` (0 Monday to 6 Sunday), `hour` (0 to 23) and `steps`, as `by_weekday_hour` gives
            them; hours without steps may be missing.
        width: of the whole picture in pixels.
        say: fills a template with values by their names, in the language of who looks at it.

    Raises:
        NothingToChart: there is no step.

    >>> weekday_hour(pl.DataFrame({"weekday": [0, 1], "hour": [9, 14], "steps": [30, 10]})).description
    'Busiest: Mon 9 to 10 h. Mon 75 %, Tue 25 % of 40 steps.'
    """
    total = int(hours["steps"].sum())
    if not total:
        raise NothingToChart("There is no step to chart.")
    left, right, step = 34.0, 46.0, 18.0
    cell = (width - left - right) / 24
    canvas = Canvas(width=width, height=7 * step + 22)
    canvas.bars(list(_grid(left, cell, step)), colour=LINE, opacity=0.35)
    canvas.bars(list(_cells(hours, left, cell, step)), colour=ACCENT)
    names, shares = [say(name) for name in DAYS], _weekday_shares(hours, total, say)
    for x, align, words in ((0, "left", names), (width, "right", shares)):
        days = [{"x": x, "y": day * step + 13, "text": text or "–"} for day, text in enumerate(words)]
        canvas.texts(days, align=align, colour=SOFT, size=SMALL)
    clock = [
        {"x": left + hour * cell, "y": 7 * step + 14, "text": say("{number} h", number=hour)}
        for hour in (0, 6, 12, 18, 24)
    ]
    canvas.texts(clock, align="center", colour=SOFT, size=SMALL)
    busiest = hours.sort("steps", "weekday", "hour", descending=[True, False, False]).row(0, named=True)
    by_day = ", ".join(f"{day} {share}" for day, share in zip(names, shares, strict=True) if share)
    told = say(
        "Busiest: {day} {hour} to {next} h. {days} of {count} steps.",
        day=names[busiest["weekday"]],
        hour=busiest["hour"],
        next=busiest["hour"] + 1,
        days=by_day,
        count=total,
    )
    return canvas.finish(name=say("When work happens"), description=told)


def by_weekday_hour(steps: pl.DataFrame, *, zone: str) -> pl.DataFrame:
    """Count the steps that end in each hour of the week, on the clock of `zone`.

    Ends rather than starts are counted: every log records them.

    Args:
        steps: one row a step, with `ended_at` (UTC).
        zone: IANA name.

    >>> from datetime import UTC, datetime
    >>> by_weekday_hour(pl.DataFrame({"ended_at": [datetime(2026, 1, 5, 9, 30, tzinfo=UTC)]}),
    ...                 zone="Europe/Amsterdam").rows()
    [(0, 10, 1)]
    """
    local = pl.col("ended_at").dt.convert_time_zone(zone)
    return (
        steps.group_by(weekday=local.dt.weekday() - 1, hour=local.dt.hour())
        .agg(steps=pl.len())
        .sort("weekday", "hour")
    )


def _grid(left: float, cell: float, step: float) -> Iterator[dict[str, float]]:
    for day in range(7):
        yield {"x": left, "x2": left + 24 * cell, "y": day * step + 1, "y2": (day + 1) * step - 1}


def _cells(hours: pl.DataFrame, left: float, cell: float, step: float) -> Iterator[dict[str, float]]:
    most = hours["steps"].max()
    for row in hours.filter(pl.col("steps") > 0).to_dicts():
        x, y = left + row["hour"] * cell, row["weekday"] * step
        opacity = round(0.04 + 0.96 * row["steps"] / most, 2)
        yield {"x": x + 0.5, "x2": x + cell - 0.5, "y": y + 1, "y2": y + step - 1, "opacity": opacity}


def _weekday_shares(hours: pl.DataFrame, total: int, say: Say) -> list[str]:
    """Write the share of each day; nothing of a day without steps."""
    by_day = dict(hours.group_by("weekday").agg(pl.col("steps").sum()).rows())
    return [percent(by_day[day] / total, say=say) if by_day.get(day) else "" for day in range(7)]
