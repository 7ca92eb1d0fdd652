"""When a company works, as a work history shows it, beside the working time it is reckoned with."""

from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from backdesk.evidence import calendars, measures
from backdesk.planning import policies, records
from backdesk.planning.models import WorkHistory
from backdesk.platform.actor import Actor
from backdesk.platform.disclosure import disclosed_fields

LONGEST = WorkHistory._meta.get_field("calendar").max_length or 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingTime:
    """`whole`: the figures of all together; `proposed`: what to reckon with instead, where that is another time."""

    found: measures.WorkingTimeFound
    whole: dict[str, Any]
    proposed: str | None


def working_time_of(history: WorkHistory) -> WorkingTime:
    table = records.working_times(history)
    found = measures.working_time_found(table)
    whole = next(table.filter(level="whole").iter_rows(named=True), {})
    return WorkingTime(found=found, whole=whole, proposed=_proposed(history, found.calendar))


def working_times_of(actor: Actor, history: WorkHistory) -> pl.DataFrame:
    """Those of its teams, and of its people for those who may see what a named person did; most outside first."""
    shown = ["team", *(["person"] if disclosed_fields(actor, policies.STEP).shows("resource") else [])]
    each = records.working_times(history).filter(pl.col("level").is_in(shown))
    return each.sort("outside_share", descending=True, maintain_order=True)


def _proposed(history: WorkHistory, found: str | None) -> str | None:
    """The week found, with the holidays and special days said before; what a service is agreed on stays with it."""
    if found is None or history.file_id is None:
        return None
    week, reckoned, settled = (
        calendars.parse(text, zone=history.summary["zone"])
        for text in (found, history.reckoned_with, history.calendar)
    )
    text = str(replace(settled, week=week.week))
    return text if week.week != reckoned.week and len(text) <= LONGEST else None
