from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backdesk.planning import operations, records
from backdesk.planning.models import Function
from backdesk.work.models import Service
from tests.cast import NOW, Cast
from tests.permissions import Route
from tests.planning import live_work
from tests.planning.histories import an_activity, early, read, received
from tests.planning.processes import Upload, compared

LEAD = frozenset({"operations_lead"})
READERS = frozenset({"operations_lead", "employee", "controller", "auditor"})
COST_READERS = READERS - {"employee"}
ANSWERERS = frozenset({"operations_lead", "employee"})


def a_received_history(cast: Cast) -> Mapping[str, int]:
    return {"pk": received(cast.lead).pk}


def a_history(cast: Cast) -> Mapping[str, int]:
    return {"pk": read(cast.lead).pk}


def an_early_history(cast: Cast) -> Mapping[str, int]:
    return {"pk": read(cast.lead, text=early()).pk}


def a_recorded_service(cast: Cast) -> Mapping[str, int]:
    return {"pk": live_work.a_recorded_service(cast, key=f"recorded-{Service.objects.count()}")}


def a_report(cast: Cast) -> Mapping[str, Any]:
    history = read(cast.lead)
    place = records.report(history, kind="html", language="en")
    place.parent.mkdir()
    place.write_text("made before")
    return {"pk": history.pk, "kind": "html"}


def a_function(cast: Cast) -> Mapping[str, int]:
    name = f"Ledger {Function.objects.count()}"
    made = operations.add_function(actor=cast.lead, now=NOW, name=name, office=Function.Office.BACK)
    return {"pk": made.pk}


def an_entered_activity(cast: Cast) -> Mapping[str, int]:
    function = Function.objects.get(pk=a_function(cast)["pk"])
    made = operations.add_activity(
        actor=cast.lead, now=NOW, function=function, name="Book travel", steps_per_month=40, minutes_each=25
    )
    return {"pk": made.pk}


def a_measured_activity(cast: Cast) -> Mapping[str, int]:
    return {"pk": an_activity(cast).pk}


def a_compared_history(cast: Cast) -> Mapping[str, int]:
    return {"pk": compared(cast.lead, read(cast.lead)).pk}


CASE = {"case": "A-003"}
ROUTES = {
    "planning:plan": Route(roles=READERS),
    "planning:inventory": Route(roles=READERS),
    "planning:functions": Route(roles=READERS),
    "planning:function-new": Route(roles=LEAD),
    "planning:function": Route(roles=LEAD, of=a_function),
    "planning:function-removal": Route(roles=LEAD, of=a_function, method="post"),
    "planning:activity-new": Route(roles=LEAD),
    "planning:activity": Route(roles=READERS, of=a_measured_activity),
    "planning:activity-edit": Route(roles=LEAD, of=an_entered_activity),
    "planning:activity-removal": Route(roles=LEAD, of=an_entered_activity, method="post"),
    "planning:answer": Route(roles=ANSWERERS, of=an_entered_activity),
    "planning:candidates": Route(roles=READERS),
    "planning:histories": Route(roles=READERS),
    "planning:history-new": Route(roles=LEAD),
    "planning:history": Route(roles=READERS, of=a_history),
    "planning:live-history": Route(roles=LEAD, of=a_recorded_service, method="post"),
    "planning:history-columns": Route(roles=LEAD, of=a_received_history),
    "planning:history-removal": Route(roles=LEAD, of=a_received_history, method="post"),
    "planning:history-rejects": Route(roles=READERS, of=a_history),
    "planning:history-map": Route(roles=READERS, of=a_history),
    "planning:history-model": Route(roles=READERS, of=a_history),
    "planning:history-handovers": Route(roles=READERS, of=a_history),
    "planning:history-working-time": Route(roles=READERS, of=a_history),
    "planning:history-reckonings": Route(roles=LEAD, of=an_early_history, method="post"),
    "planning:history-steps": Route(roles=READERS, of=a_history),
    "planning:history-cases": Route(roles=READERS, of=a_history),
    "planning:history-case": Route(roles=READERS, of=a_history, data=CASE),
    "planning:history-comparison": Route(roles=READERS, of=a_history),
    "planning:history-comparisons": Route(roles=LEAD, of=a_history, method="post", data={"file": Upload()}),
    "planning:history-changes": Route(roles=READERS, of=a_history),
    "planning:history-reports": Route(roles=COST_READERS, of=a_history, method="post", data={"kind": "pdf"}),
    "planning:history-report": Route(roles=COST_READERS, of=a_report),
    "planning:rates": Route(roles=COST_READERS),
}
