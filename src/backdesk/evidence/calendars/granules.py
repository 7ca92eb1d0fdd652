"""Granules of the week in which somebody was seen at work, and which of them are a habit."""

from __future__ import annotations

from itertools import groupby

import polars as pl

from backdesk.evidence.calendars.model import Calendar, Window

_MINUTE_OF_DAY = pl.col("at").dt.hour().cast(pl.Int32) * 60 + pl.col("at").dt.minute().cast(pl.Int32)
_GRANULE = ["name", "weekday", "granule"]
_HOURS_OF_NOBODY = 16  # of the day, on the usual one
_DAYS_TO_TELL = 10


def granules_of(times: pl.DataFrame, *, granularity: int) -> pl.DataFrame:
    """Count, for each granule of the week in which a name was seen, how often, and how regularly.

    `times` are local: `name`, `activity`, `at`. Returns `name`, `weekday` (0 for Monday), `granule` (of the
    day), `times`, and for the activity done most regularly in it `hits`, the days on which it was done there,
    of `chances`, the days of that weekday on which it was done at all, with `confidence`, their ratio.

    >>> import datetime as dt
    >>> at = [dt.datetime(2026, 3, 2, 8), dt.datetime(2026, 3, 2, 9), dt.datetime(2026, 3, 9, 9)]
    >>> times = pl.DataFrame({"name": "Ann", "activity": "check", "at": at})
    >>> granules_of(times, granularity=60).select("granule", "hits", "chances").rows()
    [(8, 1, 2), (9, 2, 2)]
    """
    placed = times.select(
        "name",
        "activity",
        pl.col("at").dt.date().alias("date"),
        (pl.col("at").dt.weekday() - 1).alias("weekday"),
        (_MINUTE_OF_DAY // granularity).alias("granule"),
    )
    chances = placed.group_by("name", "activity", "weekday").agg(chances=pl.col("date").n_unique())
    hits = placed.group_by(*_GRANULE, "activity").agg(hits=pl.col("date").n_unique(), times=pl.len())
    rated = hits.join(chances, on=["name", "activity", "weekday"]).with_columns(
        confidence=pl.col("hits") / pl.col("chances")
    )
    best_first = ["confidence", "chances", "activity"]
    return (
        rated.sort(best_first, descending=[True, True, False])
        .group_by(_GRANULE, maintain_order=True)
        .agg(pl.col("times").sum(), pl.col("hits", "chances", "confidence").first())
        .sort(_GRANULE)
    )


def participation(times: pl.DataFrame) -> pl.DataFrame:
    """Return for each name its `times`, `days`, and `participation`: its share of what the busiest did.

    The busiest is taken for each activity apart; activities a name never did do not count against it.

    >>> import datetime as dt
    >>> day = dt.datetime(2026, 3, 2, 8)
    >>> times = pl.DataFrame({"name": ["Ann", "Ann", "Bo"], "activity": "check", "at": [day] * 3})
    >>> participation(times).sort("name").rows()
    [('Ann', 2, 1, 1.0), ('Bo', 1, 1, 0.5)]
    """
    done = times.group_by("name", "activity").agg(done=pl.len())
    shares = (
        done.with_columns(most=pl.col("done").max().over("activity"))
        .group_by("name")
        .agg(participation=pl.col("done").sum() / pl.col("most").sum())
    )
    counted = times.group_by("name").agg(times=pl.len(), days=pl.col("at").dt.date().n_unique())
    return counted.join(shares, on="name")


def never_resting(times: pl.DataFrame) -> list[str]:
    """Name those seen in sixteen hours of the day or more on half of their days or more, ten days at least.

    `times` are local: `name`, `at`. No person works so: Directive 2003/88/EC, article 3, leaves thirteen hours.

    >>> import datetime as dt
    >>> at = [dt.datetime(2026, 3, day, hour) for day in range(1, 11) for hour in range(16)]
    >>> times = pl.DataFrame({"name": "112", "at": at})
    >>> never_resting(times), never_resting(times.filter(pl.col("at").dt.hour() > 0))
    (['112'], [])
    """
    days = times.group_by("name", pl.col("at").dt.date().alias("date")).agg(
        hours=pl.col("at").dt.hour().n_unique()
    )
    seen = days.group_by("name").agg(pl.len().alias("days"), pl.col("hours").median())
    restless = (pl.col("days") >= _DAYS_TO_TELL) & (pl.col("hours") >= _HOURS_OF_NOBODY)
    return seen.filter(restless)["name"].sort().to_list()


def choose(granules: pl.DataFrame, *, confidence: float, support: float) -> pl.DataFrame:
    """Keep the granules that are confident, and the busiest others until the support is reached.

    The names without a confident granule have nothing kept. Adds `chosen` to the granules.

    >>> granules = pl.DataFrame({"name": "Ann", "weekday": 0, "granule": [8, 9, 10], "times": [5, 3, 2],
    ...                          "confidence": [0.9, 0.05, 0.05]})
    >>> choose(granules, confidence=0.1, support=0.7)["chosen"].to_list()
    [True, True, False]
    """
    sure = pl.col("confidence") >= confidence
    ranking = ["sure", "times", "confidence", "weekday", "granule"]
    ranked = granules.with_columns(sure=sure).sort(
        "name", *ranking, descending=[False, True, True, True, False, False]
    )
    reached = (pl.col("times").cum_sum() - pl.col("times")).over("name") / pl.col("times").sum().over("name")
    wanted = pl.col("sure") | ((reached < support) & pl.col("sure").any().over("name"))
    return ranked.with_columns(chosen=wanted).drop("sure")


def totals(chosen: pl.DataFrame) -> pl.DataFrame:
    """Return for each name that has a granule the `confidence` and `support` (0 to 1) of those chosen.

    Confidence is hits over chances, of all granules chosen; support is the share of the times inside them.

    >>> chosen = pl.DataFrame({"name": "Ann", "times": [3, 1], "hits": [2, 1], "chances": [4, 4],
    ...                        "chosen": [True, False]})
    >>> totals(chosen).rows()
    [('Ann', 0.5, 0.75)]
    """
    inside = pl.col("chosen")
    return (
        chosen.group_by("name")
        .agg(
            confidence=pl.col("hits").filter(inside).sum() / pl.col("chances").filter(inside).sum(),
            support=pl.col("times").filter(inside).sum() / pl.col("times").sum(),
            any_chosen=inside.any(),
        )
        .filter("any_chosen")
        .drop("any_chosen")
    )


def calendars_of(chosen: pl.DataFrame, *, zone: str, granularity: int) -> dict[str, Calendar]:
    """Join granules that follow one another into windows, and those into a calendar for each name.

    >>> chosen = pl.DataFrame({"name": "Ann", "weekday": 0, "granule": [8, 9, 23], "chosen": True})
    >>> str(calendars_of(chosen, zone="UTC", granularity=60)["Ann"])
    'Mon 08:00-10:00,23:00-24:00'
    """
    rows = chosen.filter("chosen").select(_GRANULE).sort(_GRANULE).iter_rows()
    return {
        name: Calendar(zone=zone, week=_windows([(day, granule) for _, day, granule in mine], granularity))
        for name, mine in groupby(rows, key=lambda row: row[0])
    }


def _windows(granules: list[tuple[int, int]], granularity: int) -> tuple[Window, ...]:
    """Unite granules, sorted, of weekdays: those in a row differ from their place by the same number."""
    runs = groupby(enumerate(granules), key=lambda item: (item[1][0], item[1][1] - item[0]))
    windows = []
    for (weekday, _), run in runs:
        own = [granule for _, (_, granule) in run]
        window = Window(weekday=weekday, start=own[0] * granularity, end=(own[-1] + 1) * granularity)
        windows.append(window)
    return tuple(windows)
