"""Documents of items: what came with them, and what people add while they do them."""

from __future__ import annotations

from django.db import models

from backdesk.platform.isolation import shared
from backdesk.platform.models import StoredFile
from backdesk.platform.querysets import SharedQuerySet
from backdesk.work.models.items import Item, Step
from backdesk.work.models.services import Service


class Document(models.Model):
    """A file is the company's that brought it; here stands what both need to find and to check it.

    Without an item it has been brought for one that is about to be created, and is kept by who brought it until then.
    `field`: the one it is the value of, if any. `kind` is what its content shows it to be, whatever its name says.
    """

    isolation = shared(internal="internal_to")

    id = models.BigAutoField(primary_key=True)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, db_index=False, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, related_name="documents")
    step = models.ForeignKey(Step, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    client_id = models.BigIntegerField()
    provider_id = models.BigIntegerField()
    internal_to = models.BigIntegerField(null=True)
    organisation_id = models.BigIntegerField(help_text="who brought it")
    person_id = models.BigIntegerField(null=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, db_index=False, related_name="+")
    path = models.CharField(max_length=255, help_text="where the file is kept")
    name = models.CharField(max_length=255)
    kind = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    field = models.CharField(max_length=200, blank=True)
    added_at = models.DateTimeField()

    objects = SharedQuerySet["Document"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(item__isnull=False) | models.Q(internal_to=models.F("organisation_id")),
                name="document_without_an_item_is_kept",
            ),
            models.CheckConstraint(
                condition=models.Q(internal_to=None)
                | models.Q(internal_to=models.F("client_id"))
                | models.Q(internal_to=models.F("provider_id")),
                name="document_kept_by_one_of_them",
            ),
        ]
        indexes = [
            models.Index(fields=["service", "sha256"], name="document_by_content"),
            models.Index(
                fields=["added_at"], condition=models.Q(item__isnull=True), name="document_without_item"
            ),
        ]

    def __str__(self) -> str:
        return self.name
