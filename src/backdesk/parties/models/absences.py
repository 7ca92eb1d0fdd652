"""When people are away."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from backdesk.parties.models.organisations import Organisation
from backdesk.parties.models.people import Person
from backdesk.platform.isolation import owned
from backdesk.platform.querysets import OwnedQuerySet


class AbsenceQuerySet(OwnedQuerySet["Absence"]):
    def within(self, begins_at: datetime, ends_at: datetime) -> Self:
        """Those that share a moment with the half-open period."""
        return self.filter(begins_at__lt=ends_at, ends_at__gt=begins_at)


class Absence(models.Model):
    """A half-open period in which a person is away from one organisation's work.

    That somebody is away, colleagues see; why, is between the person and who manages. A person's absences do not
    overlap: the migration that made this table says so to the database.
    """

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", _("holiday")
        SICK = "sick", _("sick")
        TRAINING = "training", _("training")
        OTHER = "other", _("other")

    isolation = owned()

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="absences")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="absences")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    note = models.CharField(max_length=500, blank=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["organisation", "ends_at"], name="absence_by_end")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("begins_at")), name="absence_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["holiday", "sick", "training", "other"]),
                name="absence_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} is away from {self.begins_at:%Y-%m-%d}"
