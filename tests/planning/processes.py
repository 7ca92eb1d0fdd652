"""A process that the orders of the tests are compared with: Enter, Check, and that is all."""

from __future__ import annotations

import io

from django.db import connections

from backdesk.evidence.process.bpmn import write_bpmn
from backdesk.planning import operations
from backdesk.planning.models import WorkHistory
from backdesk.platform.actor import Actor
from backdesk.platform.jobs.run import execute_on
from tests.cast import NOW
from tests.evidence.process.bpmn.made import Run, Task, built

ENTER_CHECK = write_bpmn(built(Run((Task("Enter"), Task("Check")))))


class Upload:
    """The process as a file that can be sent again and again."""

    name = "orders.bpmn"

    def read(self) -> bytes:
        return ENTER_CHECK


def compared(actor: Actor, history: WorkHistory, *, data: bytes = ENTER_CHECK) -> WorkHistory:
    found = operations.compare_history(
        actor=actor, now=NOW, history=history, stream=io.BytesIO(data), filename="orders.bpmn"
    )
    return compared_now(found)


def compared_now(history: WorkHistory) -> WorkHistory:
    """Do the comparing that waits, and it alone."""
    assert history.comparing_id is not None
    execute_on(connections["default"], job_id=history.comparing_id, now=lambda: NOW)
    return WorkHistory.objects.select_related("process", "comparing").get(pk=history.pk)
