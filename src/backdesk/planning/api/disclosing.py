"""What of planning not every role is shown: pay, and what a named person did."""

from typing import Any

from backdesk.planning import policies
from backdesk.platform.api import Call
from backdesk.platform.disclosure import disclosed_fields


def disclosed(call: Call, values: dict[str, Any]) -> dict[str, Any]:
    """The same, without what this role is not shown."""
    return disclosed_fields(call.actor, policies.ACTIVITY).blank(values)
