"""Reading jobs, for pages that show them."""

from __future__ import annotations

from django.db import models

from backdesk.platform.actor import Actor
from backdesk.platform.models import Job


def job_for(actor: Actor, job_id: int) -> Job | None:
    """The job, or None where there is none that this actor may see."""
    return Job.objects.visible_to(actor).filter(pk=job_id).first()


def job_of(actor: Actor, job_id: int) -> Job:
    """The job; `Job.DoesNotExist` where there is none that this actor may see."""
    return Job.objects.visible_to(actor).get(pk=job_id)


def latest_job_on(actor: Actor, subject: models.Model, *, kind: str) -> Job | None:
    found = Job.objects.visible_to(actor).filter(
        subject_kind=subject._meta.label_lower, subject_id=str(subject.pk), kind=kind
    )
    return found.order_by("-id").first()
