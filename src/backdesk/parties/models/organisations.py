"""Companies: clients, providers, or both."""

from __future__ import annotations

from dataclasses import replace
from typing import Self

from django.db import models

from backdesk.platform.actor import Actor
from backdesk.platform.isolation import owned
from backdesk.platform.lines import Line


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.none() if actor.organisation_id is None else self.filter(pk=actor.organisation_id)


class Organisation(models.Model):
    """A company: it hands work over (client), takes it over (provider), or both.

    `working_hours` as evidence.calendars writes them, on the clock of its zone: "Mon-Fri 08:00-17:00; holidays DK".
    They are those of everybody there who says no own.
    """

    isolation = replace(owned("id", identity=True), by_owner="SELECT")

    id = models.BigAutoField(primary_key=True)
    name = Line(max_length=200)
    is_client = models.BooleanField(default=False)
    is_provider = models.BooleanField(default=False)
    is_demonstration = models.BooleanField(default=False)
    zone = models.CharField(max_length=64, default="UTC")
    working_hours = models.CharField(max_length=200, default="", db_default="")
    second_factor_required = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_client=True) | models.Q(is_provider=True),
                name="organisation_has_a_side",
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="organisation_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
