"""What every floor above stands on: the audit trail, background jobs, stored files.

The owner of a row is kept as a plain `organisation_id`, because this floor lies below the one that knows
organisations; `parties` adds the foreign keys in a migration of its own.
"""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from backdesk.platform.actor import Actor
from backdesk.platform.querysets import OwnedQuerySet


class AuditEntry(models.Model):
    """Who did what to what, and when. Append-only: a trigger refuses change, removal and truncation."""

    id = models.BigAutoField(primary_key=True)
    organisation_id = models.BigIntegerField(null=True)
    person_id = models.BigIntegerField(null=True)
    interface = models.CharField(max_length=8)
    request_id = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()
    verb = models.CharField(max_length=100)
    subject_kind = models.CharField(max_length=100)
    subject_id = models.CharField(max_length=64)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    objects = OwnedQuerySet["AuditEntry"].as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["organisation_id", "-id"], name="audit_by_organisation"),
            models.Index(fields=["subject_kind", "subject_id", "id"], name="audit_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_kind} {self.subject_id}"


class Job(models.Model):
    """Work done in the background, as a person sees it: state, progress, and a word on what went wrong."""

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


class StoredFile(models.Model):
    """A file kept under BACKDESK_VAR/files, named by its own checksum."""

    id = models.BigAutoField(primary_key=True)
    organisation_id = models.BigIntegerField()
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    path = models.CharField(max_length=255)
    created_at = models.DateTimeField(db_default=Now())

    objects = OwnedQuerySet["StoredFile"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(size__gte=0), name="stored_file_size_not_negative"),
        ]
        indexes = [models.Index(fields=["organisation_id", "sha256"], name="file_by_checksum")]

    def __str__(self) -> str:
        return self.name
