"""Work histories for the tests of planning: brought and read the way people do it."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from itertools import product

from django.db import connections

from backdesk.evidence.eventlog import Mapping
from backdesk.planning import operations
from backdesk.planning.models import Activity, WorkHistory
from backdesk.platform.actor import Actor
from backdesk.platform.jobs.run import execute_on
from backdesk.platform.models import StoredFile
from tests.cast import NOW, Cast

COLUMNS = Mapping(
    case="Order", activity="Task", started_at="Started", ended_at="Done", resource="Who", team="Team"
)
OFFICE = "Mon-Fri 09:00-17:00"
MONDAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
HEAD = "Order,Task,Started,Done,Who,Team"


def orders(count: int = 30) -> str:
    """Orders that are entered by Ada, checked by Bo an hour later, and every third one entered anew."""
    rows = [HEAD]
    for number in range(count):
        begin = MONDAY + timedelta(days=7 * (number // 5) + number % 5)
        tasks = [("Enter", 0, 20, "Ada"), ("Check", 80, 15, "Bo")]
        if number % 3 == 0:
            tasks.append(("Enter", 180, 10, "Ada"))
        for task, after, minutes, who in tasks:
            started = begin + timedelta(minutes=after)
            ended = started + timedelta(minutes=minutes)
            rows.append(f"A-{number:03},{task},{started.isoformat()},{ended.isoformat()},{who},Office")
    return "\n".join(rows) + "\n"


def chain(*, length: int, cases: int = 6, prefix: str = "Task") -> str:
    """Cases that each pass through as many activities, one an hour, in the order of their numbers."""
    rows = [HEAD]
    for number, place in product(range(cases), range(length)):
        started = MONDAY + timedelta(days=7 * number, hours=place)
        ended = started + timedelta(minutes=10 + place % 40)
        who = f"Person {(number + place) % 3}"
        rows.append(
            f"A-{number:03},{prefix} {place:03},{started.isoformat()},{ended.isoformat()},{who},Office"
        )
    return "\n".join(rows) + "\n"


def drifting() -> str:
    """Forty days of ten orders: four of five are checked, from the twenty-first day on one of five."""
    rows = [HEAD]
    for number in range(400):
        at = MONDAY + timedelta(days=number // 10, minutes=number % 10)
        checked = number % 5 < (4 if number < 200 else 1)
        for task in ("Enter", "Check", "Pay") if checked else ("Enter", "Pay"):
            until = at + timedelta(minutes=3 + number * 7 % 11)
            rows.append(f"A-{number:03},{task},{at.isoformat()},{until.isoformat()},Ada,Office")
            at = until
    return "\n".join(rows) + "\n"


def early(weeks: int = 5) -> str:
    """Three of the office who work from six to ten, five days a week, and one of the night; on the clock of UTC."""
    rows = [HEAD]
    for day in (one for one in range(7 * weeks) if one % 7 < 5):
        for number in range(12):
            who, team, hour = [
                ("Ada", "Office", 6),
                ("Bo", "Office", 6),
                ("Cy", "Office", 6),
                ("Dee", "Night", 1),
            ][number % 4]
            at = MONDAY.replace(hour=hour) + timedelta(days=day, hours=number // 4)
            until = at + timedelta(minutes=50)
            rows.append(f"A-{day:03},Enter,{at.isoformat()},{until.isoformat()},{who},{team}")
    return "\n".join(rows) + "\n"


def received(actor: Actor, *, text: str | bytes | None = None, filename: str = "orders.csv") -> WorkHistory:
    content = orders() if text is None else text
    return operations.receive_history(
        actor=actor,
        now=NOW,
        name=filename.partition(".")[0],
        stream=io.BytesIO(content.encode() if isinstance(content, str) else content),
        filename=filename,
        limit=10_000_000,
    )


def confirmed(actor: Actor, *, text: str | bytes | None = None, mapping: Mapping = COLUMNS) -> WorkHistory:
    return operations.confirm_columns(
        actor=actor,
        now=NOW,
        history=received(actor, text=text),
        mapping=mapping,
        zone="Europe/Copenhagen",
        calendar=OFFICE,
    )


def read(actor: Actor, *, text: str | bytes | None = None) -> WorkHistory:
    return read_now(confirmed(actor, text=text))


def file_of(history: WorkHistory) -> StoredFile:
    """The file that was brought."""
    assert history.file is not None
    return history.file


def read_now(history: WorkHistory) -> WorkHistory:
    """Do the reading that waits, and it alone: the plots it asks for are drawn where a test is about them."""
    assert history.job_id is not None
    execute_on(connections["default"], job_id=history.job_id, now=lambda: NOW)
    return WorkHistory.objects.select_related("job").get(pk=history.pk)


def an_activity(cast: Cast, name: str = "Enter") -> Activity:
    """A measured one."""
    return Activity.objects.get(history=read(cast.lead), name=name)
