"""How much over time: volume and hours by month, and what lies open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import polars as pl

from backdesk.evidence.charts._panels import BENEATH, TWO_PLOTS, Panel, Periods, links_of, lying, two_lines
from backdesk.evidence.charts.styling import COLUMN, Canvas, NothingToChart
from backdesk.evidence.process.saying import Say, in_english, rounded

if TYPE_CHECKING:
    import altair as alt

_ENDS: Final = {"week": "Cases open at the end of the week", "month": "Cases open at the end of the month"}
_EACH: Final = {"week": "cases a week", "month": "cases a month"}
TEXTS: Final = (*_ENDS.values(), *_EACH.values())
"""What is said from these tables, for those who translate it."""


def monthly_volume(months: pl.DataFrame, *, width: int = COLUMN, say: Say = in_english) -> alt.LayerChart:
    """Chart steps and hours of touch time, month by month.

    Args:
        months: one row a month, as `measures.monthly` gives them: `month` (first day), `steps`,
            `touch_hours`; where `estimated_share` is there and over a half, the hours are called estimated;
            where `href` is there, each month is a link.
        width: of the whole picture in pixels.
        say: fills a template with values by their names, in the language of who looks at it.

    Raises:
        NothingToChart: there is no month.

    >>> from datetime import date
    >>> months = {"month": [date(2026, 1, 1), date(2026, 2, 1)], "steps": [9, 12], "touch_hours": [3.0, 4.5]}
    >>> monthly_volume(pl.DataFrame(months)).description
    'Jan 2026 to Feb 2026: 9 to 12 steps and 3 to 4.5 hours of touch time a month.'
    """
    table = _filled(months, "month", ("steps", "touch_hours"))
    periods = Periods(days=table["month"].to_list(), width=width, say=say, links=links_of(table))
    estimated = _mostly_estimated(months)
    canvas = Canvas(width=width, height=TWO_PLOTS)
    hours = (
        say("Hours of touch time a month (estimated)") if estimated else say("Hours of touch time a month")
    )
    panels = ((say("Steps a month"), "steps"), (hours, "touch_hours"))
    for index, (title, column) in enumerate(panels):
        panel = Panel.of(table[column].to_list(), top=index * BENEATH, say=say)
        panel.frame(canvas, title=title, width=width)
        panel.columns(canvas, periods)
    periods.label(canvas, y=canvas.height - 18)
    told = say(
        "{periods}: {least} to {most} steps and {shortest} to {longest} hours of touch time a month.",
        periods=periods.said,
        least=rounded(min(table["steps"].to_list())),
        most=rounded(max(table["steps"].to_list())),
        shortest=rounded(min(table["touch_hours"].to_list())),
        longest=rounded(max(table["touch_hours"].to_list())),
    )
    return canvas.finish(name=say("Volume by month"), description=told)


def backlog(flow: pl.DataFrame, *, width: int = COLUMN, say: Say = in_english) -> alt.LayerChart:
    """Chart the open cases over time, and beneath them what arrived and what was completed.

    Args:
        flow: one row a month or week, as `measures.flow` gives them: `month` or `week` (first day),
            `arrived`, `completed`, `open_cases` (at its end); where `href` is there, each is a link.
        width: of the whole picture in pixels.
        say: fills a template with values by their names, in the language of who looks at it.

    Raises:
        NothingToChart: there is no period.

    >>> from datetime import date
    >>> weeks = {"week": [date(2026, 1, 5), date(2026, 1, 12)], "arrived": [9, 8], "completed": [5, 9],
    ...          "open_cases": [4, 3]}
    >>> backlog(pl.DataFrame(weeks)).description
    '5 Jan 2026 to 12 Jan 2026: at most 4 cases open, 3 at the end. 17 arrived, 14 were completed.'
    """
    every = "week" if "week" in flow.columns else "month"
    table = _filled(flow, every, ("arrived", "completed", "open_cases"))
    open_cases, arrived, completed = (
        table[name].to_list() for name in ("open_cases", "arrived", "completed")
    )
    periods = Periods(
        days=table[every].to_list(), width=width, weekly=every == "week", say=say, links=links_of(table)
    )
    canvas = Canvas(width=width, height=TWO_PLOTS)
    lying(canvas, periods, values=open_cases, title=say(_ENDS[every]))
    words = (say("Arrived"), say("completed"), say(_EACH[every]))
    two_lines(canvas, periods, came=arrived, went=completed, words=words)
    periods.label(canvas, y=canvas.height - 18)
    told = say(
        "{periods}: at most {most} cases open, {last} at the end. {arrived} arrived, {completed} were completed.",
        periods=periods.said,
        most=max(open_cases),
        last=open_cases[-1],
        arrived=sum(arrived),
        completed=sum(completed),
    )
    return canvas.finish(name=say("Open cases, arrivals and completions"), description=told)


def _filled(table: pl.DataFrame, every: str, zeros: Sequence[str]) -> pl.DataFrame:
    """Sort by period and put in the periods that are missing, with zeros where nothing was counted."""
    if table.is_empty():
        raise NothingToChart("There is no period to chart.")
    step = "1w" if every == "week" else "1mo"
    dated = table.with_columns(pl.col(every).cast(pl.Date))
    whole = dated.select(pl.date_range(pl.col(every).min(), pl.col(every).max(), step))
    return (
        whole.join(dated, on=every, how="left")
        .sort(every)
        .with_columns(pl.col(column).fill_null(0) for column in zeros)
    )


def _mostly_estimated(months: pl.DataFrame) -> bool:
    if "estimated_share" not in months.columns:
        return False
    weighed = months.select((pl.col("estimated_share") * pl.col("steps")).sum() / pl.col("steps").sum())
    share = weighed.item()
    return share is not None and share > 0.5
