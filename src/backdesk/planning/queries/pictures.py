"""Plots of a work history and its activities, drawn once and kept beside its steps."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import Any, Literal

import polars as pl
from django.conf import settings
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, gettext_noop

from backdesk.evidence import calendars, charts, measures
from backdesk.evidence.process import drift
from backdesk.planning import records
from backdesk.planning.models import Activity, WorkHistory
from backdesk.planning.queries.addresses import (
    SHOWN,
    arrivals_address,
    cases_address,
    days,
    steps_address,
    steps_of,
)
from backdesk.platform.web.formats import said

WIDTH = 560
SMALL = 420
"""Can be read on a phone as it is."""
MOST_MONTHS_BY_WEEK = 60
TOO_LITTLE = gettext_noop(
    "This record is too short: a forecast needs at least 12 whole weeks, with 100 cases or more in them."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """`svg`, or in words why there is none."""

    title: str
    caption: str
    svg: SafeString
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """A plot to be drawn from the measured steps, and the file it is kept in; what to say where it cannot be."""

    name: str
    title: str
    caption: str
    chart: Callable[[pl.DataFrame], Any]
    problem: str = ""


def of_activity(activity: Activity) -> tuple[Picture, ...]:
    assert activity.history is not None
    place = _folder(activity.history) / f"activity-{activity.pk}"
    return _drawn((_volume(activity), *_ACTIVITY), place, lambda: _steps(activity))


def of_history(history: WorkHistory) -> tuple[Picture, ...]:
    return _drawn(
        _history_plans(history), _folder(history) / "history", lambda: records.measured(history).collect()
    )


def of_people(history: WorkHistory) -> tuple[Picture, ...]:
    """When those work whom the working time is found from: machines, and steps of nobody named, are left out."""
    table, zone = records.working_times(history), history.summary["zone"]
    names = table.filter(level="person")["name"]
    plan = _Plan(
        name="people",
        title=gettext_noop("By weekday and hour"),
        caption=gettext_noop("steps of people ended by weekday and hour, local time"),
        chart=lambda steps: charts.weekday_hour(
            charts.by_weekday_hour(
                steps.filter(pl.col("resource").cast(pl.String).is_in(names.implode())), zone=zone
            ),
            width=WIDTH,
            say=said,
        ),
        problem=gettext_noop("The record names nobody who did the work."),
    )
    return _drawn((plan,), _folder(history) / "history", lambda: records.measured(history).collect())


def of_changes(history: WorkHistory, found: drift.Drift) -> tuple[Picture, ...]:
    """Of each change what changed most clearly, period by period."""
    title = gettext_noop("Week by week") if found.period == "week" else gettext_noop("Day by day")
    links = _arrivals(history, found)
    plans = tuple(
        _Plan(
            name=f"{number}",
            title=title,
            caption=gettext_noop("the clearest of them; thick: its level before and after"),
            chart=lambda _, change=change: charts.shift_over_time(  # type: ignore[misc]
                found, change=change, shift=change.strongest[0], links=links, width=SMALL, say=said
            ),
        )
        for number, change in enumerate(found.changes)
    )
    return _drawn(plans, _folder(history) / f"changes-{records.edition_of(drift)}", pl.DataFrame)


def draw_all(history: WorkHistory, progress: Callable[[float, str], None]) -> None:
    """Draw every plot now, in every language, so that no page waits for one."""
    activities = list(history.activities.select_related("history"))
    drawn = list(product([code for code, _name in settings.LANGUAGES], [None, *activities]))
    for number, (language, activity) in enumerate(drawn, start=1):
        with translation.override(language):
            of_activity(activity) if activity else (of_history(history), of_people(history))
        progress(number / len(drawn), gettext_noop("drawing"))


def _folder(history: WorkHistory) -> Path:
    """Of the plots in the reader's language."""
    return (
        records.pictures(history)
        / f"plots-{records.edition_of(charts)}"
        / (translation.get_language() or settings.LANGUAGE_CODE)
    )


def _steps(activity: Activity) -> pl.DataFrame:
    assert activity.history is not None
    return records.measured(activity.history).filter(pl.col("activity") == activity.name).collect()


def _drawn(plans: tuple[_Plan, ...], place: Path, steps: Callable[[], pl.DataFrame]) -> tuple[Picture, ...]:
    """What is kept is read; the steps are read only where something is to be drawn."""
    if any(not (place / f"{one.name}.svg").exists() for one in plans):
        frame = steps()
        for one in plans:
            records.put(place / f"{one.name}.svg", _draw(one, frame))
    kept = ((one, (place / f"{one.name}.svg").read_text(encoding="utf-8")) for one in plans)
    return tuple(
        Picture(
            title=gettext(one.title),
            caption=gettext(one.caption),
            svg=mark_safe(svg),  # noqa: S308  (our own drawing)
            problem="" if svg else gettext(one.problem),
        )
        for one, svg in kept
        if svg or one.problem
    )


def _draw(plan: _Plan, frame: pl.DataFrame) -> str:
    """Empty where there is nothing to draw, which is kept as well."""
    try:
        return charts.svg(plan.chart(frame), theme="page")
    except charts.NothingToChart:
        return ""


def _volume(activity: Activity) -> _Plan:
    return _Plan(
        name="volume",
        title=gettext_noop("Volume and work, month by month"),
        caption=gettext_noop("steps and hours; the first and the last month may be cut short"),
        chart=lambda steps: charts.monthly_volume(
            _linked(measures.monthly(steps), lambda first, end: steps_of(activity, shown=days(first, end))),
            width=WIDTH,
            say=said,
        ),
    )


_ACTIVITY = (
    _Plan(
        name="waiting",
        title=gettext_noop("How long it waits before anyone starts"),
        caption=gettext_noop("working time"),
        chart=lambda steps: charts.waiting_distribution(steps, working=True, width=WIDTH, say=said),
    ),
    _Plan(
        name="touch",
        title=gettext_noop("How long it takes"),
        caption=gettext_noop("working time from start to end"),
        chart=lambda steps: charts.touch_distribution(steps, width=WIDTH, say=said),
    ),
)


def _history_plans(history: WorkHistory) -> tuple[_Plan, ...]:
    zone = history.summary["zone"]
    calendar = calendars.parse(history.reckoned_with, zone=zone)
    return (
        _backlog(history, calendar),
        _Plan(
            name="load",
            title=gettext_noop("What lies open and what is in work"),
            caption=gettext_noop("steps, week by week; averages over working time"),
            chart=lambda steps: charts.load_over_time(
                _load(history, measures.workload(steps, calendar=calendar, every="week")),
                width=WIDTH,
                say=said,
            ),
        ),
        _Plan(
            name="expected",
            title=gettext_noop("What is to be expected"),
            caption=gettext_noop(
                "cases a week: the level, smoothed with a damped trend, and the band that is to hold 8 of 10 weeks"
            ),
            chart=lambda steps: charts.expected_arrivals(
                _forecast(history, steps, calendar), width=WIDTH, say=said
            ),
            problem=TOO_LITTLE,
        ),
        _Plan(
            name="cycle",
            title=gettext_noop("How long a case takes"),
            caption=gettext_noop("elapsed time from arrival to completion"),
            chart=lambda steps: charts.cycle_distribution(
                measures.cases(steps, calendar=calendar), width=WIDTH, say=said
            ),
        ),
        _Plan(
            name="week",
            title=gettext_noop("When work is done"),
            caption=gettext_noop("steps ended by weekday and hour, local time"),
            chart=lambda steps: charts.weekday_hour(
                charts.by_weekday_hour(steps, zone=zone), width=WIDTH, say=said
            ),
        ),
        _Plan(
            name="hours",
            title=gettext_noop("Where the hours go"),
            caption=gettext_noop("hours of work a month, by activity"),
            chart=lambda steps: charts.hours_by_activity(
                _hours(history, steps), width=WIDTH, per="month", say=said
            ),
        ),
    )


def _backlog(history: WorkHistory, calendar: calendars.Calendar) -> _Plan:
    """Week by week, of many years month by month."""
    by_week = (history.summary["months"] or 0) <= MOST_MONTHS_BY_WEEK
    every: Literal["week", "month"] = "week" if by_week else "month"
    return _Plan(
        name="backlog",
        title=gettext_noop("What arrives, what is completed, what lies open"),
        caption=gettext_noop("cases a week; each is completed with its last recorded step")
        if by_week
        else gettext_noop("cases a month; each is completed with its last recorded step"),
        chart=lambda steps: charts.backlog(
            _linked(
                measures.flow(measures.cases(steps, calendar=calendar), zone=calendar.zone, every=every),
                lambda first, end: cases_address(history.pk, shown=days(first, end)),
            ),
            width=WIDTH,
            say=said,
        ),
    )


def _linked(periods: pl.DataFrame, address: Callable[[date, date], str]) -> pl.DataFrame:
    """Each month or week with the address of its rows, from its first day to before the next one's."""
    every, long = ("week", "1w") if "week" in periods.columns else ("month", "1mo")
    firsts = periods[every].cast(pl.Date)
    found = map(address, firsts, firsts.dt.offset_by(long))
    return periods.with_columns(href=pl.Series(found, dtype=pl.String))


def _load(history: WorkHistory, weeks: pl.DataFrame) -> pl.DataFrame:
    """Each week with the addresses of the steps that were open, and in work, when most were."""
    dated = weeks.with_columns(week=pl.col("period").dt.date())
    hrefs = {
        f"{held}_href": _linked(
            dated,
            lambda first, end, held=held: steps_address(  # type: ignore[misc]
                history.pk, shown={**days(first, end), "held": held}
            ),
        )["href"]
        for held in measures.HELD
    }
    return weeks.with_columns(**hrefs)


def _forecast(history: WorkHistory, steps: pl.DataFrame, calendar: calendars.Calendar) -> measures.Forecast:
    """With the address of what arrived in each week that is over."""
    arrivals = steps.group_by("case").agg(pl.col("started_at").min())["started_at"]
    try:
        found = measures.forecast(arrivals, calendar=calendar)
    except measures.TooLittleHistory as error:
        raise charts.NothingToChart(str(error)) from error
    past = _linked(found.history, lambda first, end: arrivals_address(history.pk, first=first, end=end))
    return replace(found, history=past)


def _arrivals(history: WorkHistory, found: drift.Drift) -> tuple[str, ...]:
    """The address of the cases each period was judged by; of the last, without those that may not be over."""
    long = timedelta(weeks=1) if found.period == "week" else timedelta(days=1)
    firsts = [one.date() for one in found.starts]
    latest = [*(None for _ in firsts[1:]), found.arrived_by]
    return tuple(
        arrivals_address(history.pk, first=first, end=first + long, by=by)
        for first, by in zip(firsts, latest, strict=True)
    )


def _hours(history: WorkHistory, steps: pl.DataFrame) -> pl.DataFrame:
    """Each with the address of its steps, the longest first."""
    name = "touch_hours_per_month"
    table = measures.aggregate(steps, by="activity", only=[name, "estimated_share"])
    addresses = [
        steps_address(history.pk, of=activity, shown=SHOWN[name])
        for activity in table["activity"].cast(pl.String)
    ]
    return table.select(
        "activity",
        hours=name,
        estimated=pl.col("estimated_share") > 0.5,
        href=pl.Series(addresses, dtype=pl.String),
    )
