"""How items come in: many at once from a file, and what arrives in a folder or by e-mail."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from backdesk.platform.isolation import owned
from backdesk.platform.models import Job, StoredFile
from backdesk.platform.querysets import OwnedQuerySet
from backdesk.work.models.items import Item
from backdesk.work.models.services import Service


class ImportBatch(models.Model):
    """A file of items: looked through first, then brought in, in chunks. The client's own, as its columns may be.

    `columns` says which column of the file is which field. `found` is what looking through it came to. `line` is the
    last one that is done with: the counts are those of the lines up to it, always, as a chunk is written whole.
    """

    isolation = owned()

    class State(models.TextChoices):
        RECEIVED = "received", _("columns to be confirmed")
        CHECKING = "checking", _("being looked through")
        CHECKED = "checked", _("looked through")
        RUNNING = "running", _("being brought in")
        DONE = "done", _("brought in")

    id = models.BigAutoField(primary_key=True)
    organisation_id = models.BigIntegerField()
    person_id = models.BigIntegerField(null=True)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, db_index=False, related_name="+")
    source = models.CharField(max_length=10, default="import", help_text="import or folder")
    state = models.CharField(max_length=8, choices=State, default=State.RECEIVED)
    columns = models.JSONField(default=dict)
    found = models.JSONField(default=dict)
    line = models.PositiveIntegerField(default=0)
    read = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    duplicate = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, db_index=False, related_name="+")
    received_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    objects = OwnedQuerySet["ImportBatch"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(read=models.F("created") + models.F("duplicate") + models.F("rejected")),
                name="import_reconciles",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["received", "checking", "checked", "running", "done"]),
                name="import_state_known",
            ),
        ]
        indexes = [models.Index(fields=["organisation_id", "-id"], name="import_by_organisation")]

    def __str__(self) -> str:
        return f"import {self.pk}"


class ImportLine(models.Model):
    """What became of a line: the item that was created or is there already, or why it was rejected."""

    isolation = owned()

    class Outcome(models.TextChoices):
        CREATED = "created", _("created")
        DUPLICATE = "duplicate", _("there already")
        REJECTED = "rejected", _("rejected")

    pk = models.CompositePrimaryKey("batch_id", "line")
    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, db_index=False, related_name="lines")
    line = models.PositiveIntegerField()
    organisation_id = models.BigIntegerField()
    outcome = models.CharField(max_length=9, choices=Outcome)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    problems = models.JSONField(default=list, help_text="pairs of field and what is wrong")

    objects = OwnedQuerySet["ImportLine"].as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["batch", "outcome", "line"],
                condition=~models.Q(outcome="created"),
                name="import_line_not_created",
            )
        ]

    def __str__(self) -> str:
        return f"line {self.line} of {self.batch_id}"


class Arrival(models.Model):
    """A file of the watched folder or an e-mail that has been taken in, so that it never is a second time."""

    isolation = owned()

    id = models.BigAutoField(primary_key=True)
    organisation_id = models.BigIntegerField()
    service = models.ForeignKey(Service, on_delete=models.PROTECT, db_index=False, related_name="+")
    source = models.CharField(max_length=10, help_text="folder or mail")
    mark = models.CharField(max_length=64, help_text="the same for the same file or message")
    name = models.CharField(max_length=255)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    batch = models.ForeignKey(
        ImportBatch, on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    at = models.DateTimeField()

    objects = OwnedQuerySet["Arrival"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "source", "mark"], name="arrival_once"),
        ]

    def __str__(self) -> str:
        return self.name
