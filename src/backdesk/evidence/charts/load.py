"""How much lies open and is in work, and what is expected to arrive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from backdesk.evidence.charts._panels import (
    BENEATH,
    FOOT,
    PLOT,
    TITLE,
    TWO_PLOTS,
    Panel,
    Periods,
    greatest_of,
    links_of,
)
from backdesk.evidence.charts.styling import ACCENT, COLUMN, SMALL, SOFT, Canvas, NothingToChart
from backdesk.evidence.process import text
from backdesk.evidence.process.saying import Say, in_english, percent

if TYPE_CHECKING:
    import altair as alt

    from backdesk.evidence.measures import Forecast

_WEEKS_BEFORE = 26
_AT_ONCE: Final = {
    "open": "{period}, steps open at once at most: {count}",
    "in_work": "{period}, steps in work at once at most: {count}",
}
TEXTS: Final = tuple(_AT_ONCE.values())
"""What is said from these tables, for those who translate it."""


def load_over_time(weeks: pl.DataFrame, *, width: int = COLUMN, say: Say = in_english) -> alt.LayerChart:
    """Chart the steps open on average and at most week by week, and beneath them those in work.

    Args:
        weeks: one row a week, as `measures.workload` gives them: `period`, and `open_mean`, `open_peak`,
            `in_work_mean`, `in_work_peak`; where `open_href` or `in_work_href` is there, each week is a link to
            the steps that were open, or in work, when most were.
        width: of the whole picture in pixels.
        say: fills a template with values by their names, in the language of who looks at it.

    Raises:
        NothingToChart: there is no week.

    >>> from datetime import date
    >>> weeks = {"period": [date(2026, 1, 5), date(2026, 1, 12)], "open_mean": [4.5, 3.0], "open_peak": [9, 7],
    ...          "in_work_mean": [1.0, 1.5], "in_work_peak": [2, 3]}
    >>> load_over_time(pl.DataFrame(weeks)).description
    '5 Jan 2026 to 12 Jan 2026: at most 9 steps open at once, at most 3 in work.'
    """
    if not weeks.height:
        raise NothingToChart("There is no week to chart.")
    periods = Periods(days=weeks["period"].dt.date().to_list(), width=width, weekly=True, say=say)
    canvas = Canvas(width=width, height=TWO_PLOTS)
    titles = {
        "open": say("Steps open: the line on average, the area at most"),
        "in_work": say("Steps in work"),
    }
    for index, (name, title) in enumerate(titles.items()):
        mean, peak = (weeks[f"{name}_{figure}"].to_list() for figure in ("mean", "peak"))
        panel = Panel.of(mean, top=index * BENEATH, most=greatest_of(peak), say=say)
        panel.frame(canvas, title=title, width=width)
        canvas.area(panel.band(periods, [0.0] * len(peak), peak))
        canvas.line(panel.points(periods))
        if links := links_of(weeks, name=f"{name}_href"):
            told = [
                say(_AT_ONCE[name], period=periods.named(day), count=count)
                for day, count in zip(periods.days, peak, strict=True)
            ]
            replace(periods, links=links, told=told).open(canvas, top=panel.top, y=panel.y(0))
    periods.label(canvas, y=canvas.height - 18)
    said = say(
        "{periods}: at most {open} steps open at once, at most {in_work} in work.",
        periods=periods.said,
        open=max(weeks["open_peak"].to_list()),
        in_work=max(weeks["in_work_peak"].to_list()),
    )
    return canvas.finish(name=say("Steps open and in work"), description=said)


def expected_arrivals(forecast: Forecast, *, width: int = COLUMN, say: Say = in_english) -> alt.LayerChart:
    """Chart what arrived in the last half year, week by week, and what is expected next, with its interval.

    What such forecasts were worth on the record itself stands beneath. Where the history of the forecast has a column
    `href`, each week that is over is a link; each to come says what is expected, and how that is reckoned.

    >>> import datetime as dt
    >>> from backdesk.evidence.calendars import parse
    >>> from backdesk.evidence.measures import forecast
    >>> record = [dt.datetime(2026, 1, 5 + day, 9, tzinfo=dt.UTC) + dt.timedelta(weeks=week)
    ...           for week in range(40) for day in range(4)]
    >>> found = forecast(pl.Series(record), calendar=parse("Mon-Fri 09:00-17:00", zone="UTC"), weeks=2)
    >>> expected_arrivals(found).description[:66]
    'Week of 5 Oct 2026: 4 cases expected, 80 % certain between 2 and 7'
    """
    before, ahead = forecast.history.tail(_WEEKS_BEFORE), forecast.weeks
    arrived, none = before["arrived"].to_list(), [None] * before.height
    expected, low, high = (none + ahead[name].to_list() for name in ("expected", "low", "high"))
    periods = Periods(days=[*before["week"], *ahead["week"]], width=width, weekly=True, say=say)
    weeks = [_expected(forecast, row, periods) for row in ahead.iter_rows(named=True)]
    links = links_of(before)
    tried = _tried(forecast, say)
    note = text.wrap(tried, size=SMALL, room=width, lines=3)
    canvas = Canvas(width=width, height=TITLE + PLOT + FOOT + 6 + 14 * len(note))
    panel = Panel.of(
        [*arrived, *(None for _ in range(ahead.height))],
        top=0,
        most=greatest_of([*arrived, *high]),
        say=say,
    )
    panel.frame(canvas, title=say("Cases a week: what arrived, and what is expected"), width=width)
    canvas.line(panel.points(periods), colour=SOFT)
    canvas.area(panel.band(periods, low, high))
    canvas.line(Panel.of(expected, top=0, most=panel.end).points(periods), colour=ACCENT)
    foot = TITLE + PLOT + FOOT
    replace(
        periods,
        links=[*(links or none), *(None for _ in weeks)],
        told=[
            *(_arrived(row, periods) if links else "" for row in before.iter_rows(named=True)),
            *(f"{week} {_reckoned(say)}" for week in weeks),
        ],
    ).label(canvas, y=foot - 18)
    rows = [{"x": 0, "y": foot + 12 + 14 * row, "text": line} for row, line in enumerate(note)]
    canvas.texts(rows, colour=SOFT, size=SMALL)
    return canvas.finish(name=say("Expected arrivals"), description=f"{weeks[0]} {tried}")


def _arrived(week: Mapping[str, Any], periods: Periods) -> str:
    named = periods.named(week["week"])
    return periods.say("{period}, cases that arrived: {count}", period=named, count=week["arrived"])


def _expected(forecast: Forecast, week: Mapping[str, Any], periods: Periods) -> str:
    return periods.say(
        "Week of {day} {year}: {expected} cases expected, {share} certain between {low} and {high}.",
        day=periods.day(week["week"]),
        year=str(week["week"].year),
        expected=round(week["expected"]),
        share=percent(forecast.confidence, say=periods.say),
        low=round(week["low"]),
        high=round(week["high"]),
    )


def _reckoned(say: Say) -> str:
    """Say how a week to come is reckoned."""
    from backdesk.evidence.measures import CATALOGUE

    return say("Reckoned as: {definition}.", definition=say(CATALOGUE["expected"].definition))


def _tried(forecast: Forecast, say: Say) -> str:
    """Say how the forecast did on the record cut short."""
    from backdesk.evidence.measures.forecasting_model import AS_MANY
    from backdesk.evidence.measures.forecasting_trials import AS_LAST_WEEK

    did = {row["method"]: row for row in forecast.test.filter(every="week").iter_rows(named=True)}
    ours, naive = did["forecast"], did[AS_LAST_WEEK]
    said = [say("Tried on {count} past weeks.", count=ours["forecasts"])]
    if ours["coverage"] is not None:
        said.append(say("The band held {share} of them.", share=percent(ours["coverage"], say=say)))
    if forecast.method in (AS_MANY, AS_LAST_WEEK):
        said.append(say("Nothing tried missed less than expecting as many as last week."))
    elif naive["mase"]:
        better = percent(ours["mase"] / naive["mase"], say=say)
        said.append(say("Its error is {share} of that of saying “as last week”.", share=better))
    return " ".join(said)
