"""Reading the live work on a service as a work history, like any other."""

from datetime import datetime

from backdesk.planning import policies
from backdesk.planning.models import WorkHistory
from backdesk.planning.operations.histories import have_read, require_not_being_read
from backdesk.planning.queries.live_work import terms_of
from backdesk.platform import audit
from backdesk.platform.actor import Actor
from backdesk.platform.isolation import operation


@operation
def read_live_work(*, actor: Actor, now: datetime, service_id: int) -> WorkHistory:
    """Have what is recorded of a service read, in the background; anew, where it was read before."""
    policies.require(policies.may_edit(actor))
    terms = terms_of(actor, service_id)
    history, _made = WorkHistory.objects.select_for_update(of=("self",)).get_or_create(
        organisation_id=policies.company(actor),
        service_id=service_id,
        defaults={"name": terms.name, "received_at": now},
    )
    require_not_being_read(history)
    history.zone, history.calendar = terms.zone, terms.calendar
    have_read(actor=actor, now=now, history=history)
    audit.record(
        actor=actor,
        now=now,
        verb="live work read",
        subject=history,
        after={"service": service_id, "zone": terms.zone, "calendar": terms.calendar},
    )
    return history
