"""Time zones of a log: the one given, the one its offsets fit, and what its clocks did twice or never."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, reduce
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

import numpy as np
import polars as pl

from backdesk.evidence.eventlog.errors import UnknownZone
from backdesk.evidence.sentences import say

# Tried in this order where several zones fit: places with much office work, then the rest of the database.
COMMON: Final = (
    *("UTC", "Europe/Amsterdam", "Europe/Berlin", "Europe/London", "Europe/Paris", "Europe/Madrid"),
    *("Europe/Rome", "Europe/Warsaw", "Europe/Helsinki", "Europe/Athens", "Europe/Istanbul", "Europe/Moscow"),
    *("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Phoenix"),
    *("America/Toronto", "America/Mexico_City", "America/Bogota", "America/Sao_Paulo", "Asia/Dubai"),
    *("Asia/Karachi", "Asia/Kolkata", "Asia/Dhaka", "Asia/Bangkok", "Asia/Manila", "Asia/Singapore"),
    *("Asia/Shanghai", "Asia/Tokyo", "Asia/Seoul", "Australia/Brisbane", "Australia/Sydney"),
    *("Pacific/Auckland", "Africa/Johannesburg", "Africa/Cairo", "Africa/Lagos", "Africa/Nairobi"),
)
QUARTER: Final = 15 * 60 * 10**6  # microseconds
QUARTERS: Final = 96  # of a day
TOGETHER: Final = 10_000  # instants, of which the clocks of all zones are held
_FIXED: Final = ("Etc/", "GMT", "UTC", "UCT", "Zulu", "Universal", "Greenwich", "posix", "right", "SystemV")


@dataclass(frozen=True, slots=True, kw_only=True)
class Localised:
    """Local times in a zone: `at` in UTC, null where the clocks skipped that time; `ambiguous` ones twice."""

    at: pl.Series
    ambiguous: int


def checked_zone(name: str) -> str:
    """Give the name of an IANA time zone as the database writes it.

    Raises `UnknownZone`, with the closest names, where there is no such zone.

    >>> checked_zone("europe/amsterdam")
    'Europe/Amsterdam'
    """
    known = _known_zones()
    if found := known.get(name.strip().lower().replace(" ", "_")):
        return found
    close = _close_zones(name.strip().lower().replace(" ", "_"), known)
    if close:
        hint = say("Did you mean {}?", reduce(lambda one, other: say("{} or {}", one, other), close))
    else:
        hint = say("Write for example Europe/Amsterdam.")
    raise UnknownZone(say('There is no time zone "{}". {}', name, hint))


def fitting_zones(at: pl.Series, offsets: pl.Series) -> list[str]:
    """Find the zones whose clocks show every one of the offsets (minutes) at its instant; common ones first."""
    if not at.count():
        return []
    shown = [
        pl.select(at=_quarters(at.filter(offsets == offset)), offset=pl.lit(offset, pl.Int32))
        for offset in offsets.drop_nulls().unique()
    ]
    seen = pl.concat(shown).sort("at", "offset")
    changed = (pl.col("offset") != pl.col("offset").shift(1)).fill_null(True)
    turns = changed | changed.shift(-1, fill_value=True)
    telling = pl.concat([seen.filter(turns), seen.gather_every(max(seen.height // 50, 1))])
    return list(_fitting(seen, _fitting(telling, telling_order())))


def _quarters(at: pl.Series) -> pl.Series:
    """Give the first and the last quarter of an hour of each day in which instants are, in order.

    No clocks change within a quarter, nor twice within a day.
    """
    moments = at.drop_nulls().to_physical().to_numpy()
    first = moments.min(initial=0) // QUARTER
    met = np.zeros(moments.max(initial=0) // QUARTER - first + 1, np.bool_)
    for some in np.array_split(moments, moments.size // TOGETHER + 1):  # to spare memory
        met[some // QUARTER - first] = True
    quarters = np.flatnonzero(met) + first
    days = quarters // QUARTERS
    ends = np.ones(days.size, np.bool_)
    ends[1:-1] = (days[1:-1] != days[:-2]) | (days[1:-1] != days[2:])
    return pl.Series(quarters[ends] * QUARTER).cast(pl.Datetime("us", "UTC"))


def localised(local: pl.Series, zone: str) -> Localised:
    """Place local times in a zone; of a time that came twice in autumn the first is taken."""
    first = local.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    second = local.dt.replace_time_zone(zone, ambiguous="latest", non_existent="null")
    return Localised(at=first.dt.convert_time_zone("UTC"), ambiguous=int((first != second).sum()))


def instants(written: pl.DataFrame, zone: str) -> tuple[pl.Series, int]:
    """Give the instants of times as written, null where the local time never was; and how many came twice."""
    exact = written.select(_utc(written["offset"]).dt.replace_time_zone("UTC").alias("at"))["at"]
    bare = written["local"].is_not_null() & written["offset"].is_null()
    if not bare.any():
        return exact, 0
    placed = localised(written.select(pl.when(bare).then("local").alias("local"))["local"], zone)
    return exact.fill_null(placed.at) if exact.null_count() < exact.len() else placed.at, placed.ambiguous


def _utc(offsets: pl.Series) -> pl.Expr:
    """What the clocks of UTC show; where all are ahead alike, without a column of by how much."""
    local, least = pl.col("local"), offsets.min()
    if offsets.has_nulls() or not isinstance(least, int) or least != offsets.max():
        return local - pl.duration(minutes=pl.col("offset"))
    return local - timedelta(minutes=least) if least else local


def gap_around(local: datetime, zone: str) -> str:
    """Say between which times the clocks of a zone jumped, around a local time they never showed.

    >>> gap_around(datetime(2024, 3, 31, 2, 30), "Europe/Amsterdam")
    'from 02:00 to 03:00'
    """
    place = ZoneInfo(zone)
    before, after = (local.replace(tzinfo=place, fold=fold).utcoffset() or timedelta() for fold in (0, 1))
    low, high = local - timedelta(days=1), local + timedelta(days=1)
    while high - low > timedelta(seconds=1):  # the last local time that still runs on the old offset
        middle = low + (high - low) / 2
        if middle.replace(tzinfo=place, fold=0).utcoffset() == before and _exists(middle, place):
            low = middle
        else:
            high = middle
    start = (low + timedelta(seconds=1)).replace(second=0, microsecond=0)
    end = start + (after - before)
    form = "%H:%M" if start.date() == end.date() else "%Y-%m-%d %H:%M"
    return f"from {start:{form}} to {end:{form}}"


@cache
def telling_order() -> tuple[str, ...]:
    """Give all zones of places, the common ones first, and last those of a fixed offset."""
    zones = _known_zones().values()
    places = sorted(zone for zone in zones if "/" in zone and not zone.startswith(_FIXED))
    fixed = sorted(zone for zone in zones if zone.startswith("Etc/"))
    return tuple(dict.fromkeys((*COMMON, *places, *fixed)))


@cache
def _known_zones() -> dict[str, str]:
    return {name.lower(): name for name in sorted(available_timezones()) if name != "localtime"}


def _close_zones(name: str, known: dict[str, str]) -> list[str]:
    by_place = {key.rpartition("/")[2]: zone for key, zone in known.items() if "/" in key}
    if name in by_place:
        return [by_place[name]]
    close = [by_place[key] for key in difflib.get_close_matches(name.rpartition("/")[2], by_place, n=3)]
    close += [known[key] for key in difflib.get_close_matches(name, known, n=3, cutoff=0.75)]
    return list(dict.fromkeys(close))[:3]


def _fitting(seen: pl.DataFrame, zones: Sequence[str]) -> Sequence[str]:
    """The zones of which every offset seen is right, all asked at once: an expression a zone takes longest."""
    for some in seen.iter_slices(TOGETHER):
        if not zones:
            break
        utc, offset = (some[name].to_numpy()[:, None] for name in seen.columns)
        clocks = some.select(
            pl.col("at").dt.convert_time_zone(zone).dt.replace_time_zone(None).alias(zone) for zone in zones
        )
        right = np.trunc((clocks.to_numpy() - utc) / np.timedelta64(1, "m")) == offset
        zones = [zone for zone, fits in zip(zones, right.all(axis=0), strict=True) if fits]
    return zones


def _exists(local: datetime, place: ZoneInfo) -> bool:
    there = local.replace(tzinfo=place)
    return there.astimezone(ZoneInfo("UTC")).astimezone(place).replace(tzinfo=None) == local
