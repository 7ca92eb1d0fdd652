"""The audit trail."""

from __future__ import annotations

from django.db import models

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
