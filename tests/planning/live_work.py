"""Live work on a service as the record keeps it, without anybody having to do it: two tasks an item, day by day."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import polars as pl

from backdesk.planning import operations
from backdesk.planning.models import WorkHistory
from backdesk.work.records import keeping
from backdesk.work.records.keeping import AsOf
from backdesk.work.records.tables import TABLES
from tests.cast import NOW, Cast
from tests.planning.histories import MONDAY, read_now
from tests.work.services import ENTER, a_process, a_service

TASKS = ("enter", "check")
PROCESS = a_process(ENTER, '<userTask id="check" name="Check"/>')


def a_recorded_service(cast: Cast, *, items: int = 12, key: str = "invoices") -> int:
    """Its number. Every third item is entered anew after its check."""
    work = a_service(cast, key=key, process=PROCESS)
    version = work.service.current_id
    rows = []
    for item, place in product(range(items), range(3)):
        if place < 2 or item % 3 == 0:
            began = MONDAY + timedelta(days=item, hours=place)
            ended = began + timedelta(minutes=20)
            person = cast.agent.person_id
            at = (began, began, ended, 1200)
            rows.append(
                (3 * item + place, item, version, TASKS[place % 2], "do", cast.provider.pk, person, *at)
            )
    steps = pl.DataFrame(rows, schema=TABLES["steps"].schema, orient="row")
    keeping.put_current([(work.service.pk, "steps", steps)], AsOf(at=NOW, event=1, begins=None))
    return work.service.pk


def read_live(cast: Cast, service_id: int) -> WorkHistory:
    return read_now(operations.read_live_work(actor=cast.lead, now=NOW, service_id=service_id))
