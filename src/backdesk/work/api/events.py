"""What happened to an item, deed by deed."""

from datetime import datetime
from typing import Any

from pydantic import Field

from backdesk.platform.api import Call, Id, Schema
from backdesk.work import policies
from backdesk.work.api.area import work
from backdesk.work.models import Event
from backdesk.work.queries import doing

#: Of an event's data, what it changed: told by the item itself, as far as it is for the reader.
_CHANGES = frozenset({"item", "private", "steps", "added"})


class EventOut(Schema):
    sequence: int = Field(
        description="Its place in the item's history; those of the other company's own are left out."
    )
    kind: str
    at: datetime
    organisation_id: int | None = Field(description="Whose people did it; null for Backdesk itself.")
    person_id: int | None
    step_id: int | None
    is_internal: bool = Field(description="For the reader's company alone.")
    facts: dict[str, Any] = Field(description="What was said with it: a reason, from whom, to whom.")


@work.read("/work/items/{pk}/events", list[EventOut], may=policies.sees_whole)
def list_events(call: Call, pk: Id) -> Any:
    """The history of an item, the oldest first."""
    item = doing.items_for(call.actor).get(pk=pk)
    return [_told(one) for one in doing.history_of(call.actor, item)]


def _told(event: Event) -> dict[str, Any]:
    own = {
        name: getattr(event, name) for name in EventOut.model_fields if name not in {"is_internal", "facts"}
    }
    facts = {name: value for name, value in event.data.items() if name not in _CHANGES}
    return {**own, "is_internal": event.internal_to is not None, "facts": facts}
