"""The audit trail: entries in a chain an object, and the tree in which they are sealed. docs/audit.md has the format.

Nothing here is written through these models: `platform.audit` does it, mostly by functions of the database.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from django.db import models

from backdesk.platform.isolation import Declaration, owned, unowned
from backdesk.platform.querysets import OwnedQuerySet

HASH_BYTES = 32
_HOUSE_ALONE = Declaration(rows="(SELECT current_setting('backdesk.scope', true)) = 'system'", writing="none")
# The function that appends writes whoever's scope it is called in: the chain of an object goes on across
# organisations, and the trail of another organisation may be told. What it may write, it looks at itself.
_APPENDED = owned(read_only=True, by_owner="INSERT")
_FOR_PROOFS = unowned("hashes that say nothing to who has not the entry, and everybody's proofs are made of")


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

    # The values themselves stand in AuditValues, from where they can be erased.
    digests = models.JSONField()
    nonce = models.BinaryField(max_length=16)
    sequence = models.BigIntegerField()
    previous = models.BinaryField(max_length=HASH_BYTES)
    hash = models.BinaryField(max_length=HASH_BYTES)

    isolation = _APPENDED
    objects = OwnedQuerySet["AuditEntry"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "sequence"], name="audit_one_entry_a_place"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation_id", "-id"], name="audit_by_organisation"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_kind} {self.subject_id}"

    @property
    def before(self) -> dict[str, Any] | None:
        """The values from before, without those that were erased."""
        return self._side("before")

    @property
    def after(self) -> dict[str, Any] | None:
        return self._side("after")

    def _side(self, side: str) -> dict[str, Any] | None:
        if self.digests[side] is None:
            return None
        return {name: json.loads(text) for name, (_, text) in self.values_of(side).items()}

    def values_of(self, side: str) -> dict[str, tuple[str, str]]:
        """Salt and text by field. Where somebody removed the row of the values, there are none."""
        found: AuditValues | None = getattr(self, "disclosed", None)
        return (found.fields.get(side) or {}) if found else {}


class AuditValues(models.Model):
    """What an entry's digests are of: by side and field, the salt and the value as canonical JSON text.

    Text, because the database would write numbers its own way, and the digest is of every byte. Fields of it go,
    with their salts, when personal data is erased; that is the only change the database allows.
    """

    entry = models.OneToOneField(
        AuditEntry,
        primary_key=True,
        on_delete=models.DO_NOTHING,
        related_name="disclosed",
        # One function writes both rows and nothing removes either: a check each time would only cost.
        db_constraint=False,
    )
    organisation_id = models.BigIntegerField(null=True)
    fields = models.JSONField()

    isolation = _APPENDED
    objects = OwnedQuerySet["AuditValues"].as_manager()

    def __str__(self) -> str:
        return f"values of entry {self.entry_id}"


class AuditChain(models.Model):
    """The end of an object's chain. Its row is what two writers to one object queue up at."""

    pk = models.CompositePrimaryKey("subject_kind", "subject_id")
    subject_kind = models.CharField(max_length=100)
    subject_id = models.CharField(max_length=64)
    sequence = models.BigIntegerField()
    previous = models.BinaryField(max_length=HASH_BYTES)
    hash = models.BinaryField(max_length=HASH_BYTES)

    isolation = replace(_HOUSE_ALONE, by_owner="ALL")

    def __str__(self) -> str:
        return f"chain of {self.subject_kind} {self.subject_id}"


class AuditPending(models.Model):
    """Entries not sealed yet. A queue, not a mark: an entry that commits late is never passed by."""

    entry_id = models.BigIntegerField(primary_key=True)

    isolation = replace(_HOUSE_ALONE, by_owner="INSERT")

    def __str__(self) -> str:
        return f"entry {self.entry_id} waits to be sealed"


class AuditLeaf(models.Model):
    """Where in the tree an entry is sealed."""

    index = models.BigIntegerField(primary_key=True)
    entry_id = models.BigIntegerField(unique=True)
    hash = models.BinaryField(max_length=HASH_BYTES)

    isolation = replace(_FOR_PROOFS, writing="none")

    def __str__(self) -> str:
        return f"leaf {self.index}"


class AuditNode(models.Model):
    """Inner nodes of the tree at every eighth level, so that a proof reads hundreds of hashes and not all."""

    pk = models.CompositePrimaryKey("level", "index")
    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField(max_length=HASH_BYTES)

    isolation = replace(_FOR_PROOFS, writing="append")

    def __str__(self) -> str:
        return f"node {self.index} at level {self.level}"


class AuditCheckpoint(models.Model):
    """A signed word on all entries sealed so far. `peaks` are the complete subtrees at the right edge, from which
    the tree grows without its leaves being read again."""

    id = models.BigAutoField(primary_key=True)
    size = models.BigIntegerField(unique=True)
    root = models.BinaryField(max_length=HASH_BYTES)
    peaks = models.BinaryField()
    note = models.TextField()
    verifier_key = models.CharField(max_length=200)
    at = models.DateTimeField()

    isolation = replace(unowned("signed for everybody to keep"), writing="append")

    def __str__(self) -> str:
        return f"checkpoint {self.pk} of {self.size} entries"
