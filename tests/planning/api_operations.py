"""Who may call which operation of planning."""

from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.api.listing import ApiOperation
from tests.cast import Cast
from tests.planning.histories import COLUMNS, orders
from tests.planning.routes import (
    ANSWERERS,
    COST_READERS,
    LEAD,
    READERS,
    a_compared_history,
    a_function,
    a_history,
    a_measured_activity,
    a_received_history,
    a_recorded_service,
    a_report,
    an_early_history,
    an_entered_activity,
)


def a_file() -> Mapping[str, Any]:
    return {"file": SimpleUploadedFile("orders.csv", orders(3).encode()), "name": "Orders"}


def a_new_function(cast: Cast) -> dict[str, Any]:
    return {"name": "Payroll", "office": "back"}


def a_new_activity(cast: Cast) -> dict[str, Any]:
    return {**a_move(cast), "name": "Book rooms", "steps_per_month": 20, "minutes_each": 15.5}


def a_move(cast: Cast) -> dict[str, Any]:
    return {"function_id": a_function(cast)["pk"]}


def an_answer(cast: Cast) -> dict[str, Any]:
    return {"value": 2, "hurts": 5, "comment": "Nights before month end."}


def the_columns(cast: Cast) -> dict[str, Any]:
    roles = {name: value for name, value in COLUMNS.to_dict().items() if value is not None}
    return {**roles, "zone": "UTC", "calendar": "Mon-Fri 09:00-17:00"}


def the_rates(cast: Cast) -> dict[str, Any]:
    return {"rates": [{"kind": "default", "name": "", "rate": "35.125", "currency": "EUR"}]}


API_OPERATIONS = {
    "get_inventory": ApiOperation(roles=READERS),
    "list_functions": ApiOperation(roles=READERS),
    "add_function": ApiOperation(roles=LEAD, tell=a_new_function),
    "get_function": ApiOperation(roles=READERS, of=a_function),
    "change_function": ApiOperation(roles=LEAD, of=a_function, tell=a_new_function),
    "remove_function": ApiOperation(roles=LEAD, of=a_function),
    "list_activities": ApiOperation(roles=READERS),
    "add_activity": ApiOperation(roles=LEAD, tell=a_new_activity),
    "get_activity": ApiOperation(roles=READERS, of=a_measured_activity),
    "change_activity": ApiOperation(roles=LEAD, of=a_measured_activity, tell=a_move),
    "remove_activity": ApiOperation(roles=LEAD, of=an_entered_activity),
    "get_neighbours": ApiOperation(roles=READERS, of=a_measured_activity),
    "list_performers": ApiOperation(roles=COST_READERS, of=a_measured_activity),
    "get_answers": ApiOperation(roles=READERS, of=a_measured_activity),
    "answer_activity": ApiOperation(roles=ANSWERERS, of=an_entered_activity, tell=an_answer),
    "get_assessment": ApiOperation(roles=READERS, of=a_measured_activity),
    "list_candidates": ApiOperation(roles=READERS),
    "list_plans": ApiOperation(roles=READERS),
    "list_histories": ApiOperation(roles=READERS),
    "receive_history": ApiOperation(roles=LEAD, files=a_file),
    "get_history": ApiOperation(roles=READERS, of=a_history),
    "remove_history": ApiOperation(roles=LEAD, of=a_received_history),
    "get_columns": ApiOperation(roles=LEAD, of=a_received_history),
    "confirm_columns": ApiOperation(roles=LEAD, of=a_received_history, tell=the_columns),
    "order_report": ApiOperation(roles=COST_READERS, of=a_history, tell=lambda cast: {"kind": "pdf"}),
    "get_report": ApiOperation(roles=COST_READERS, of=a_report),
    "list_steps": ApiOperation(roles=READERS, of=a_history),
    "list_cases": ApiOperation(roles=READERS, of=a_history),
    "get_case": ApiOperation(roles=READERS, of=a_history, ask={"case": "A-003"}),
    "list_rejects": ApiOperation(roles=READERS, of=a_history),
    "get_map": ApiOperation(roles=READERS, of=a_history),
    "get_comparison": ApiOperation(roles=READERS, of=a_compared_history),
    "get_changes": ApiOperation(roles=READERS, of=a_history),
    "list_handovers": ApiOperation(roles=READERS, of=a_history),
    "get_working_time": ApiOperation(roles=READERS, of=a_history),
    "list_working_times": ApiOperation(roles=READERS, of=a_history),
    "reckon_with_found": ApiOperation(roles=LEAD, of=an_early_history),
    "read_live_work": ApiOperation(
        roles=LEAD, tell=lambda cast: {"service_id": a_recorded_service(cast)["pk"]}
    ),
    "get_model": ApiOperation(roles=READERS, of=a_history),
    "get_rates": ApiOperation(roles=COST_READERS),
    "set_rates": ApiOperation(roles=LEAD, tell=the_rates),
}
