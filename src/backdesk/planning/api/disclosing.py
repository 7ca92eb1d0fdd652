"""What of planning not every role is shown: pay, and what a named person did."""

from typing import Any

from backdesk.planning import policies
from backdesk.platform.api import Call

HIDDEN = {"cost_per_month": None, "currency": "", "resource": None, "people": None}


def disclosed(
    call: Call, values: dict[str, Any], *, hidden: tuple[str, ...] = ("cost_per_month", "currency")
) -> dict[str, Any]:
    """The same, without what this role is not shown."""
    if policies.may_see_people_and_cost(call.actor):
        return values
    return {**values, **{name: HIDDEN[name] for name in hidden}}
