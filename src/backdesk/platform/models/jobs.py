"""Background jobs."""

from __future__ import annotations

from django.db import models

from backdesk.platform.actor import Actor
from backdesk.platform.isolation import owned
from backdesk.platform.querysets import OwnedQuerySet


class Job(models.Model):
    """Work done in the background, as a person sees it: state, progress, and a word on what went wrong."""

    isolation = owned()

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        RUNNING = "running", "running"
        DONE = "done", "done"
        FAILED = "failed", "failed"
        CANCELLED = "cancelled", "cancelled"

    id = models.BigAutoField(primary_key=True)
    organisation_id = models.BigIntegerField()
    kind = models.CharField(max_length=100)
    subject_kind = models.CharField(max_length=100, blank=True)
    subject_id = models.CharField(max_length=64, blank=True)
    arguments = models.JSONField(default=dict)
    actor_person_id = models.BigIntegerField(null=True)
    actor_roles = models.JSONField(default=list)
    actor_name = models.CharField(max_length=200, blank=True)
    language = models.CharField(
        max_length=10, default="en", db_default="en", help_text="of who asked, for what it says"
    )

    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempt = models.PositiveIntegerField(default=0)
    progress = models.FloatField(default=0.0)
    phase = models.CharField(max_length=200, blank=True)
    message = models.TextField(blank=True)
    enqueued_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    cancel_requested_at = models.DateTimeField(null=True)

    objects = OwnedQuerySet["Job"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "running", "done", "failed", "cancelled"]),
                name="job_state_known",
            ),
            models.CheckConstraint(
                condition=models.Q(progress__gte=0.0, progress__lte=1.0), name="job_progress_is_a_share"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "running"], finished_at__isnull=True)
                | models.Q(state__in=["done", "failed", "cancelled"], finished_at__isnull=False),
                name="job_finished_when_it_says_so",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation_id", "-id"], name="job_by_organisation"),
            models.Index(fields=["subject_kind", "subject_id", "-id"], name="job_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.state})"

    @property
    def is_over(self) -> bool:
        return self.finished_at is not None

    @property
    def is_cancelling(self) -> bool:
        return self.cancel_requested_at is not None and not self.is_over

    @property
    def actor(self) -> Actor:
        """Who asked for it, now acting through the job."""
        return Actor(
            person_id=self.actor_person_id,
            organisation_id=self.organisation_id,
            roles=frozenset(self.actor_roles),
            interface="job",
            name=self.actor_name,
        )
