"""Who may call a job off."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from backdesk.platform.actor import Actor
from backdesk.platform.models import Job

MANAGERS = frozenset({"operations_lead", "delivery_manager"})


class NotYoursToCancel(PermissionDenied):
    """A colleague's job."""


def may_cancel(actor: Actor, job: Job) -> bool:
    """Who asked for it, and who manages the organisation it belongs to."""
    if actor.organisation_id != job.organisation_id:
        return False
    return actor.has(*MANAGERS) or (actor.person_id is not None and actor.person_id == job.actor_person_id)


def require_may_cancel(actor: Actor, job: Job) -> None:
    if not may_cancel(actor, job):
        raise NotYoursToCancel(_("Only who asked for this, or who manages your company, can cancel it."))
