"""The causes of waiting once more, told half hour by half hour with plain loops."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache

from backdesk.evidence.calendars import Calendar
from tests.evidence.calendars.naive import works_at
from tests.evidence.measures.logs import SLOT
from tests.evidence.measures.naive import Row


def causes(
    rows: Sequence[Row], calendar: Calendar, people: Mapping[str, Calendar]
) -> list[Counter[str] | None]:
    """Count for each measured step the half hours it waited for each cause; None where that is not known."""
    known = [row for row in rows if row["resource"] is not None and row["touch_s"] is not None]
    batch_of = {id(row): batch for batch in _batches(known) for row in batch}
    return [
        None
        if row["resource"] is None or row["waiting_s"] is None
        else Counter(
            _cause(at, row, batch_of[id(row)], known, people.get(row["resource"], calendar))
            for at in _slots(row["enabled_at"], row["started_at"])
        )
        for row in rows
    ]


def _cause(at: dt.datetime, row: Row, batch: Sequence[Row], known: Sequence[Row], calendar: Calendar) -> str:
    complete = max(member["enabled_at"] for member in batch)
    if at < complete:
        return "batching"
    in_hand = [
        other
        for other in known
        if other["resource"] == row["resource"] and other["started_at"] <= at < other["ended_at"]
    ]
    for other in in_hand:
        together = any(other is member for member in batch)
        if other["enabled_at"] <= (row["enabled_at"] if together else complete):
            return "contention"
    if in_hand:
        return "prioritisation"
    return "extraneous" if _works_at(calendar, at) else "unavailability"


def _batches(known: Sequence[Row]) -> list[list[Row]]:
    groups: dict[tuple[str, str], list[list[Row]]] = {}
    for row in sorted(known, key=lambda row: (row["started_at"], row["ended_at"], row["row"])):
        found = groups.setdefault((row["resource"], row["activity"]), [])
        fits = (
            found
            and row["enabled_at"] <= found[-1][0]["started_at"]
            and row["started_at"] <= max(member["ended_at"] for member in found[-1])
        )
        found[-1].append(row) if fits else found.append([row])
    return [batch for found in groups.values() for batch in found]


def _slots(start: dt.datetime, end: dt.datetime) -> list[dt.datetime]:
    return [start + number * SLOT for number in range((end - start) // SLOT)]


_works_at = cache(works_at)
