"""When a company, its teams and its people work, found in a record: the hours of the week they are usually seen in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from backdesk.evidence.calendars.granules import calendars_of, totals
from backdesk.evidence.measures.definition import Measure
from backdesk.evidence.sentences import Digits, Sentence, counted, digits, say

_USUAL: Final = 0.2  # of the busiest hour's people, from which on an hour is working time
_DEPARTS: Final = 0.2  # of one's recorded times
_PEOPLE_ENOUGH, _DAYS_ENOUGH, _SUPPORT_ENOUGH, _CONFIDENCE_ENOUGH = 3, 20, 0.7, 0.5
_STARTS_ENOUGH = 0.5  # of the steps, so that beginnings weigh in it
_LEVELS: Final = {"whole": pl.lit("", pl.String), "team": pl.col("team"), "person": pl.col("resource")}
_HOUR: Final = ("name", "weekday", "granule")


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingTimeFound:
    """The weekly working time of the whole, as text that `calendars.parse` reads; or the `problem` that hides it.

    >>> WorkingTimeFound(calendar="Mon-Fri 08:00-17:00", confidence=0.9, support=0.97).problem is None
    True
    """

    calendar: str | None = None
    confidence: float | None = None
    support: float | None = None
    problem: Sentence | None = None


def working_times(steps: pl.DataFrame, *, zone: str) -> pl.DataFrame:
    """Find the weekly working time of the whole, of each team and of each person.

    An hour of the week is working time where at least a fifth as many people were seen in it, day by day, as in the
    busiest hour. `discover_calendars` asks for less, so that nobody who can do a step is missing from a simulation;
    of many people together it finds nearly every hour. Of one team or person an hour of a weekday is seen too seldom
    to judge by: their weekdays are chosen so, and the hours of all these together. Hours are those of the clock of
    `zone`; a step that ends on the hour was done before it.

    Args:
        steps: one row a step, with `resource`, `team`, `started_at`, `ended_at` (UTC) and `start_estimated`; those of
            nobody named are left aside, as are estimated starts.
        zone: IANA name.

    Returns:
        A row for the `level` `whole`, then for each `team` and each `person`: `name` (empty of the whole), `people`
        and `days` seen, `times` (recorded starts and ends), `starts` among them, `calendar` as text, and the figures
        of `WORKING_TIME_ENTRIES`; `departs` says who, seen on twenty days or more, did a fifth of it outside the
        working time of the whole. Of a record that names nobody there is no row.

    >>> from backdesk.evidence.measures.examples import two_orders
    >>> table = working_times(two_orders().steps, zone="Europe/Amsterdam")
    >>> table.filter(pl.col("level") != "team").select("name", "calendar", "outside_share").rows()
    [('', 'Mon 09:00-10:00,11:00-13:00', 0.0), ('Ann', 'Mon 09:00-10:00,12:00-13:00', 0.0), \
('Bob', 'Mon 11:00-13:00', 0.0)]
    """
    seen = _seen(steps, zone)
    levels = {level: _by_hour(seen, name, pooled=level != "whole") for level, name in _LEVELS.items()}
    usual = levels["whole"].filter("chosen").select("weekday", "granule", inside=True)
    return pl.concat(_found(level, hours, seen, usual, zone) for level, hours in levels.items())


def working_time_found(table: pl.DataFrame) -> WorkingTimeFound:
    """Give the working time of the whole in what `working_times` returned, or say why it cannot be told.

    >>> from backdesk.evidence.measures.examples import two_orders
    >>> working_time_found(working_times(two_orders().steps, zone="Europe/Amsterdam")).problem
    'it names 2 people only'
    """
    whole = next(table.filter(level="whole").iter_rows(named=True), None)
    if whole is None:
        return WorkingTimeFound(problem=say("it names nobody who did the work"))
    if problem := _problem(whole):
        return WorkingTimeFound(problem=problem)
    return WorkingTimeFound(
        calendar=whole["calendar"],
        confidence=whole["calendar_confidence"],
        support=whole["calendar_support"],
    )


WORKING_TIME_ENTRIES: Final = (
    Measure(
        name="calendar_hours",
        title="Working time found",
        unit="h",
        definition="hours of the week in which, day by day, at least a fifth as many people were seen as in the "
        "busiest hour of the week; of a team or person, so chosen weekdays and hours of the day",
        limits="an hour few are there in is left out, and one somebody works through without a start or an end",
    ),
    Measure(
        name="calendar_confidence",
        title="Confidence",
        unit="%",
        definition="over the hours of the working time found: days on which somebody was seen in the hour / days of "
        "that weekday on which anybody was seen at all",
        source="confidence as in Lopez-Pintado, Dumas, BPM 2022, of all activities together",
        limits="the more people, the higher it is",
    ),
    Measure(
        name="calendar_support",
        title="Support",
        unit="%",
        definition="recorded starts and ends within the working time found / recorded starts and ends",
        source="Lopez-Pintado, Dumas, BPM 2022",
        limits="what is done at night by machines under a person's name counts as that person's",
    ),
    Measure(
        name="outside_share",
        title="Outside the common working time",
        unit="%",
        definition="recorded starts and ends of the team or person outside the working time found of the whole / their "
        "recorded starts and ends",
        limits="who works less than the others, at the same hours, does not stand out",
    ),
)


def _seen(steps: pl.DataFrame, zone: str) -> pl.DataFrame:
    """Count for each hour in which a person was seen at work, in a team, `times` and the `starts` among them."""
    begun = pl.when(~pl.col("start_estimated")).then("started_at")
    lasted = pl.col("ended_at") > pl.col("started_at")
    done = pl.when(lasted).then(pl.col("ended_at") - pl.duration(microseconds=1)).otherwise("ended_at")
    named = steps.filter(pl.col("resource").is_not_null())
    both = pl.concat(
        named.select("resource", "team", at=at.dt.convert_time_zone(zone).dt.replace_time_zone(None), starts=starts)
        for at, starts in ((begun, pl.lit(1)), (done, pl.lit(0)))
    )  # fmt: skip
    return (
        both.drop_nulls("at")
        .group_by("resource", "team", pl.col("at").dt.truncate("1h"))
        .agg(pl.len().alias("times"), pl.col("starts").sum())
        .with_columns(
            pl.col("resource", "team").cast(pl.String),
            pl.col("at").dt.date().alias("date"),
            (pl.col("at").dt.weekday() - 1).alias("weekday"),
            pl.col("at").dt.hour().alias("granule"),
        )
    )


def _by_hour(seen: pl.DataFrame, name: pl.Expr, *, pooled: bool) -> pl.DataFrame:
    """Rate each hour of the week in which a name was seen, and say whether it is `chosen`; see `working_times`."""
    each = (
        seen.with_columns(name.alias("name"))
        .drop_nulls("name")
        .group_by("name", "resource", "date", "weekday", "granule")
        .agg(pl.col("times", "starts").sum())
    )
    days = each.group_by("name", "weekday").agg(
        pl.struct("resource", "date").n_unique().alias("people_days"),
        pl.col("date").n_unique().alias("chances"),
    )
    rated = each.group_by(_HOUR).agg(
        pl.col("times", "starts").sum(),
        pl.len().alias("people_days"),
        pl.col("date").n_unique().alias("hits"),
    )
    chosen = _usual(rated).select(_HOUR)
    if pooled:
        hours = rated.group_by("name", "granule").agg(pl.col("people_days").sum())
        chosen = _usual(days).join(_usual(hours), on="name").select(_HOUR)
    return (
        rated.join(chosen.with_columns(chosen=True), on=_HOUR, how="full", coalesce=True)
        .join(days.drop("people_days"), on=["name", "weekday"])
        .with_columns(pl.col("chosen").fill_null(value=False), pl.col("times", "starts", "hits").fill_null(0))
    )


def _usual(counted_ones: pl.DataFrame) -> pl.DataFrame:
    """Leave those in which at least a fifth as many people were seen as in the busiest of the name."""
    return counted_ones.filter(pl.col("people_days") >= _USUAL * pl.col("people_days").max().over("name"))


def _found(
    level: str, hours: pl.DataFrame, seen: pl.DataFrame, usual: pl.DataFrame, zone: str
) -> pl.DataFrame:
    """Give one row for each name of the level, in their order."""
    outside = pl.col("times").filter(pl.col("inside").is_null()).sum() / pl.col("times").sum()
    calendars = calendars_of(hours, zone=zone, granularity=60)
    texts = {name: str(calendar) for name, calendar in calendars.items()}
    seen_of = (
        seen.with_columns(_LEVELS[level].alias("name"))
        .group_by("name")
        .agg(pl.col("resource").n_unique().alias("people"), pl.col("date").n_unique().alias("days"))
    )
    return (
        hours.join(usual, on=["weekday", "granule"], how="left")
        .group_by("name")
        .agg(
            pl.col("times", "starts").sum(),
            pl.col("chosen").sum().cast(pl.Float64).alias("calendar_hours"),
            outside.alias("outside_share"),
        )
        .join(seen_of, on="name")
        .join(totals(hours), on="name")
        .sort("name")
        .select(
            pl.lit(level).alias("level"),
            "name",
            pl.col("people", "days", "times", "starts").cast(pl.Int64),
            pl.col("name").replace_strict(texts, return_dtype=pl.String).alias("calendar"),
            "calendar_hours",
            pl.col("confidence").alias("calendar_confidence"),
            pl.col("support").alias("calendar_support"),
            "outside_share",
        )
        .with_columns(
            departs=(pl.col("outside_share") >= _DEPARTS)
            & (pl.col("days") >= _DAYS_ENOUGH)
            & (pl.col("level") != "whole")
        )
    )


def _problem(whole: dict[str, Any]) -> Sentence | None:
    """Say why so little, or so irregular, a record tells no working time."""
    ends = whole["times"] - whole["starts"]
    if whole["starts"] < _STARTS_ENOUGH * ends:
        return say("most of its steps tell when they ended, not when they began")
    if whole["people"] < _PEOPLE_ENOUGH:
        return say("it names {} only", counted(whole["people"], "person"))
    if whole["days"] < _DAYS_ENOUGH:
        return say("it holds work of fewer than {} days", digits(_DAYS_ENOUGH))
    if whole["calendar_support"] < _SUPPORT_ENOUGH:
        return say(
            "only {} of the recorded times lie in hours that many work in",
            _percent(whole["calendar_support"]),
        )
    if whole["calendar_confidence"] < _CONFIDENCE_ENOUGH:
        return say("its hours come back on {} of the days only", _percent(whole["calendar_confidence"]))
    return None


def _percent(share: float) -> Sentence:
    return say("{} %", Digits(f"{100 * share:.0f}"))
