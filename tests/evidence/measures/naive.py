"""The measures once more, counted in half hours with plain loops: the twin of the vectorised ones."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from statistics import fmean, median
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import polars as pl

from backdesk.evidence.calendars import Calendar
from tests.evidence.calendars.naive import works_at
from tests.evidence.measures.logs import SLOT, SYSTEM

Row: TypeAlias = dict[str, Any]

MONTH = dt.timedelta(days=30.4375)


def measured(steps: pl.DataFrame, calendar: Calendar) -> list[Row]:
    """Measure steps one by one."""
    rows = steps.to_dicts()
    for number, row in enumerate(rows):
        row["row"] = number
        row["cause"] = cause = _cause(number, rows)
        row["is_first"] = cause is None
        row["follows"] = None if cause is None else rows[cause]["activity"]
        row["follows_resource"] = None if cause is None else rows[cause]["resource"]
        row["is_handoff"] = None if cause is None else differs(row["resource"], rows[cause]["resource"])
        row["is_crossing"] = None if cause is None else differs(row["party"], rows[cause]["party"])
        arrives = cause is None and row["started_at"] == row["enabled_at"]
        told = not row["start_estimated"] or (row["resource"] is not None and not arrives)
        waited = told and not arrives
        row["touch_s"] = (row["ended_at"] - row["started_at"]).total_seconds() if told else None
        touch = slots(row["started_at"], row["ended_at"], calendar)
        row["touch_working_s"] = seconds(touch) if told else None
        lead = slots(row["enabled_at"], row["ended_at"], calendar)
        row["lead_working_s"] = None if arrives else seconds(lead)
        row["waiting_s"] = (row["started_at"] - row["enabled_at"]).total_seconds() if waited else None
        waiting = slots(row["enabled_at"], row["started_at"], calendar)
        row["waiting_working_s"] = seconds(waiting) if waited else None
        row["by_system"] = None if row["resource"] is None else row["resource"] == SYSTEM
        row["is_rework"] = any(
            other["ended_at"] <= row["started_at"]
            for other in rows[:number]
            if (other["case"], other["activity"]) == (row["case"], row["activity"])
        )
        day = row["ended_at"].astimezone(ZoneInfo(calendar.zone)).date()
        row["month"], row["week"] = day.replace(day=1), day - dt.timedelta(days=day.weekday())
    for number, row in enumerate(rows):
        case = [other for other in rows if other["case"] == row["case"]]
        first, last = min(one["started_at"] for one in case), max(one["ended_at"] for one in case)
        row["cycle_s"] = (last - first).total_seconds()
        row["cycle_working_s"] = seconds(slots(first, last, calendar))
        row["once"] = not any(other["is_rework"] for other in case)
        row["straight"] = straight(case)
        row["way"] = " → ".join(other["activity"] for other in case)
        effects = [other for other in rows if other["cause"] == number]
        row["leads_to"] = effects[0]["activity"] if effects else None
    return rows


def _cause(number: int, rows: Sequence[Row]) -> int | None:
    row = rows[number]
    before = [
        (other["ended_at"], place)
        for place, other in enumerate(rows)
        if other["case"] == row["case"] and (other["ended_at"], place) < (row["enabled_at"], number)
    ]
    return max(before)[1] if before else None


def figures(group: Sequence[Row], record: Sequence[Row]) -> dict[str, Any]:
    """Compute every figure of a group of measured steps."""
    people = Counter(row["resource"] for row in group if row["resource"] is not None)
    first, last = min(row["enabled_at"] for row in record), max(row["ended_at"] for row in record)
    months = max((last - first) / MONTH, 1.0)
    touch, waiting = known(group, "touch_working_s"), known(group, "waiting_working_s")
    lead = known(group, "lead_working_s")
    cases = len({row["case"] for row in group})
    whole = {row["case"]: row for row in group}.values()
    cycles, working = [row["cycle_s"] for row in whole], [row["cycle_working_s"] for row in whole]
    handoffs, crossings = known(group, "is_handoff"), known(group, "is_crossing")
    cv = weekly_cv([row["week"] for row in group])
    weeks = weeks_between([row["week"] for row in group])
    return {
        "steps": len(group),
        "cases": cases,
        "steps_per_case": len(group) / cases,
        "steps_per_month": len(group) / months,
        "touch_hours": sum(touch) / 3600 if touch else None,
        "touch_elapsed_hours": sum(known(group, "touch_s")) / 3600 if touch else None,
        "touch_hours_per_month": sum(touch) / 3600 / months if touch else None,
        "touch_share": share(touch, known(record, "touch_working_s")),
        "touch_minutes_mean": fmean(touch) / 60 if touch else None,
        "touch_minutes_median": median(touch) / 60 if touch else None,
        "touch_minutes_p90": quantile(touch, 0.9) / 60 if touch else None,
        "waiting_hours": sum(waiting) / 3600 if waiting else None,
        "waiting_share": share(waiting, known(record, "waiting_working_s")),
        "waiting_hours_mean": fmean(waiting) / 3600 if waiting else None,
        "waiting_hours_median": median(waiting) / 3600 if waiting else None,
        "waiting_hours_p90": quantile(waiting, 0.9) / 3600 if waiting else None,
        "waiting_elapsed_hours_median": median(known(group, "waiting_s")) / 3600 if waiting else None,
        "lead_hours_median": median(lead) / 3600 if lead else None,
        "rework_share": fmean(row["is_rework"] for row in group),
        "handoff_share": mean_known(group, "is_handoff"),
        "crossing_share": mean_known(group, "is_crossing"),
        "estimated_share": fmean(row["start_estimated"] for row in group),
        "unattributed_share": fmean(row["resource"] is None for row in group),
        "people": len(people) or None,
        "bus_factor_50": bus_factor(people, 50),
        "bus_factor_90": bus_factor(people, 90),
        "top_person_share": max(people.values()) / people.total() if people else None,
        "weekly_cv": cv,
        "weekly_swing": None if cv is None else math.sqrt(max(0.0, cv**2 - weeks / len(group))),
        "variant_entropy": entropy(group, record),
        "first_seen": min(row["started_at"] for row in group),
        "last_seen": max(row["ended_at"] for row in group),
        "rework_steps": sum(row["is_rework"] for row in group),
        "handoffs": sum(handoffs) if handoffs else None,
        "crossings": sum(crossings) if crossings else None,
        "cycle_hours_mean": fmean(cycles) / 3600,
        "cycle_hours_median": median(cycles) / 3600,
        "cycle_working_hours_mean": fmean(working) / 3600,
        "cycle_working_hours_median": median(working) / 3600,
        "cycle_working_hours_p90": quantile(working, 0.9) / 3600,
        "flow_efficiency": sum(touch) / sum(working) if touch and sum(working) else None,
        "straight_through_rate": mean_known(list(whole), "straight"),
        "once_share": fmean(row["once"] for row in whole),
        "variants": len({row["way"] for row in whole}),
        "months_known": (last - min(row["started_at"] for row in group)) / MONTH,
    }


def busy_slots(rows: Iterable[Row], person: str, calendar: Calendar) -> set[dt.datetime]:
    """Collect the working half hours in which a person had a step in hand."""
    steps = (row for row in rows if row["resource"] == person and row["touch_s"] is not None)
    return set().union(*(slots(row["started_at"], row["ended_at"], calendar) for row in steps))


def slots(start: dt.datetime, end: dt.datetime, calendar: Calendar) -> set[dt.datetime]:
    """Collect the working half hours from start to end."""
    count = (end - start) // SLOT
    return {at for at in (start + number * SLOT for number in range(count)) if _works_at(calendar, at)}


_works_at = cache(works_at)


def seconds(worked: set[dt.datetime]) -> float:
    return len(worked) * SLOT.total_seconds()


def differs(one: object, other: object) -> bool | None:
    return None if one is None or other is None else one != other


def known(rows: Iterable[Row], column: str) -> list[Any]:
    return [row[column] for row in rows if row[column] is not None]


def mean_known(rows: Iterable[Row], column: str) -> float | None:
    values = known(rows, column)
    return fmean(values) if values else None


def share(part: Sequence[float], whole: Sequence[float]) -> float | None:
    return sum(part) / sum(whole) if part and sum(whole) else None


def quantile(values: Sequence[float], at: float) -> float:
    """Interpolate linearly between the two closest ranks."""
    ordered, place = sorted(values), at * (len(values) - 1)
    low, high = math.floor(place), math.ceil(place)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def bus_factor(people: Counter[str], percent: int) -> int | None:
    done, needed = 0, people.total() * percent
    for number, (_, steps) in enumerate(people.most_common(), start=1):
        done += steps
        if done * 100 >= needed:
            return number
    return None


def straight(case: Sequence[Row]) -> bool | None:
    """Say whether only systems touched a case: those named as one in these tests."""
    touched = [row["resource"] for row in case]
    if any(one not in (None, SYSTEM) for one in touched):
        return False
    return None if None in touched else True


def weeks_between(weeks: Sequence[dt.date]) -> int:
    return (max(weeks) - min(weeks)).days // 7 + 1


def weekly_cv(weeks: Sequence[dt.date]) -> float | None:
    count = weeks_between(weeks)
    if count < 4:
        return None
    volume = [weeks.count(min(weeks) + dt.timedelta(weeks=number)) for number in range(count)]
    mean = fmean(volume)
    return math.sqrt(fmean((one - mean) ** 2 for one in volume)) / mean


def entropy(group: Sequence[Row], record: Sequence[Row]) -> float:
    contexts = Counter((row["follows"], row["leads_to"]) for row in group)
    bits = -sum(count / len(group) * math.log(count / len(group)) for count in contexts.values())
    most = len({(row["follows"], row["leads_to"]) for row in record})
    return bits / math.log(most) if most > 1 else 0.0
