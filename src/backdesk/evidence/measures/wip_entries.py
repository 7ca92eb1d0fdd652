"""The figures of work in progress, each defined."""

from __future__ import annotations

from typing import Final

from backdesk.evidence.measures.definition import Measure

WIP_ENTRIES: Final = (
    Measure(
        name="age_hours",
        title="Age, elapsed",
        unit="h",
        definition="elapsed time from when the step could have begun until now",
        of_each=True,
        limits="nights and weekends are in it",
    ),
    Measure(
        name="age_working_hours",
        title="Age, working",
        unit="h",
        definition="working time from when the step could have begun until now, on the calendar",
        of_each=True,
        limits="on one calendar for all: who works other hours is not told apart",
    ),
    Measure(
        name="in_hand_hours",
        title="In hand",
        unit="h",
        definition="working time from the start of the step until now, on the calendar, less suspensions",
        needs_starts=True,
        of_each=True,
        limits="says how long it has been begun, not how much is done",
    ),
    Measure(
        name="standard_minutes",
        title="Standard time",
        unit="min",
        definition="time the step's activity is to take, as given",
        of_each=True,
        limits="as good as whoever gave it: compare it with the touch time",
    ),
    Measure(
        name="overdue_hours",
        title="Past due",
        unit="h",
        definition="working time from when the step, or its case, was due until now; none where it is not past due",
        of_each=True,
        limits="only of what says when it is due",
    ),
    Measure(
        name="suspended_steps",
        title="Suspended",
        unit="steps",
        definition="open steps that were suspended and not resumed",
        limits="where systems do not record suspensions there seem to be none",
    ),
    Measure(
        name="overdue_steps",
        title="Overdue",
        unit="steps",
        definition="open steps past due; none known where no step says when it is due",
        limits="where few steps say when they are due, few can be overdue",
    ),
    Measure(
        name="backlog_hours",
        title="Backlog in work",
        unit="h",
        definition="sum of the standard times of open steps; those suspended, and those without one, are left out",
        limits="every open step is taken to need its standard time, however much of it is done",
    ),
    Measure(
        name="age_working_hours_median",
        title="Age, working, median",
        unit="h",
        definition="median working time from when an open step could have begun until now, on the calendar",
        limits="falls when much new work comes, though the old has not moved: read it with the oldest",
    ),
    Measure(
        name="age_working_hours_max",
        title="Age, working, oldest",
        unit="h",
        definition="longest working time from when an open step could have begun until now, on the calendar",
        limits="one forgotten step is enough",
    ),
    Measure(
        name="days_to_clear",
        title="Days to clear",
        unit="days",
        definition="backlog in hours / (hours of work that can be done a day - hours of work that come a day); never, "
        "where no more can be done than comes",
        limits="takes capacity and inflow to stay as given",
    ),
)
