"""Asking for background work, and calling it off."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import translation
from django.utils.translation import gettext as _

from backdesk.platform import audit
from backdesk.platform.actor import Actor
from backdesk.platform.errors import Refused
from backdesk.platform.isolation import operation
from backdesk.platform.jobs import policies, queue
from backdesk.platform.jobs.registry import handler_for
from backdesk.platform.models import Job


class JobWithoutOrganisation(Refused):
    """A job belongs to an organisation; this actor acts for none."""


@operation
def enqueue(
    *,
    actor: Actor,
    now: datetime,
    kind: str,
    subject: models.Model | None = None,
    arguments: Mapping[str, Any] | None = None,
) -> Job:
    """In the caller's transaction: rolled back with it, visible to workers only once it commits."""
    if actor.organisation_id is None:
        raise JobWithoutOrganisation(f"A job of the kind '{kind}' needs an organisation to belong to.")
    handler_for(kind)  # an unknown kind fails here, not in the dark of a worker
    job = Job.objects.create(
        organisation_id=actor.organisation_id,
        kind=kind,
        subject_kind=subject._meta.label_lower if subject is not None else "",
        subject_id=str(subject.pk) if subject is not None else "",
        arguments=dict(arguments or {}),
        actor_person_id=actor.person_id,
        actor_roles=sorted(actor.roles),
        actor_name=actor.name,
        language=translation.get_language() or settings.LANGUAGE_CODE,
        enqueued_at=now,
    )
    queue.defer(job_id=job.pk)
    return job


@operation
def request_cancel(*, actor: Actor, now: datetime, job: Job) -> Job:
    """A waiting job is over at once; a running one at its next word of progress; one that is over stays as it is."""
    job = Job.objects.visible_to(actor).select_for_update().get(pk=job.pk)
    policies.require_may_cancel(actor, job)
    if job.is_over or job.is_cancelling:
        return job
    before = {"state": job.state}
    job.cancel_requested_at = now
    if job.state == Job.State.WAITING:
        job.state, job.finished_at, job.message = Job.State.CANCELLED, now, _("Cancelled before it began.")
    job.save(update_fields=["cancel_requested_at", "state", "finished_at", "message"])
    audit.record(
        actor=actor, now=now, verb="job cancelled", subject=job, before=before, after={"state": job.state}
    )
    return job
