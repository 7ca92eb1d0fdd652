"""The keys by which programs use the API for a person."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import models

from backdesk.parties.models.organisations import Organisation
from backdesk.parties.models.people import Person
from backdesk.platform.isolation import owned
from backdesk.platform.lines import Line
from backdesk.platform.querysets import OwnedQuerySet

LONGEST_LIFE: Final = dt.timedelta(days=366)
"""A token lives a year at most: one that was forgotten or lost dies by itself."""


class Token(models.Model):
    """Lets a program act for one person in one organisation. Of the secret only a digest is kept."""

    isolation = owned(identity=True, person="person_id")

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="tokens")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="tokens")
    name = Line(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = OwnedQuerySet["Token"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="token_has_a_name"),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at"))
                & models.Q(expires_at__lte=models.F("created_at") + LONGEST_LIFE),
                name="token_lives_a_year_at_most",
            ),
            models.CheckConstraint(condition=~models.Q(scopes=[]), name="token_may_do_something"),
        ]

    def __str__(self) -> str:
        return self.name
