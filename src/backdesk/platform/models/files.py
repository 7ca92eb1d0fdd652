"""Stored files."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from backdesk.platform.isolation import owned
from backdesk.platform.querysets import OwnedQuerySet


class StoredFile(models.Model):
    """A file kept under BACKDESK_VAR/files, named by its own checksum."""

    isolation = owned()

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
