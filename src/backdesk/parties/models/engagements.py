"""Which client works with which provider."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from backdesk.parties.models.organisations import Organisation
from backdesk.parties.models.people import Person
from backdesk.platform.isolation import shared
from backdesk.platform.lines import Line
from backdesk.platform.querysets import SharedQuerySet


class Engagement(models.Model):
    """A client hands work to a provider, from `begins_at` until `ends_at` (open while it lasts).

    A client proposes it to an address at the provider; until somebody there accepts, there is no provider.
    """

    isolation = shared()

    id = models.BigAutoField(primary_key=True)
    client = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    name = Line(max_length=200)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    proposed_at = models.DateTimeField()
    proposed_to = models.EmailField(blank=True)
    token_digest = models.CharField(max_length=64, null=True, unique=True)
    accepted_at = models.DateTimeField(null=True)

    objects = SharedQuerySet["Engagement"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="engagement_has_a_name"),
            models.CheckConstraint(
                condition=models.Q(ends_at=None) | models.Q(ends_at__gt=models.F("begins_at")),
                name="engagement_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at=None, provider=None)
                | models.Q(accepted_at__isnull=False, provider__isnull=False),
                name="engagement_accepted_by_a_provider",
            ),
            models.CheckConstraint(
                condition=models.Q(provider=None) | ~models.Q(provider=models.F("client")),
                name="engagement_of_two_companies",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_running_at(self, now: datetime) -> bool:
        return (
            self.accepted_at is not None
            and self.begins_at <= now
            and (not self.ends_at or now < self.ends_at)
        )


class Participant(models.Model):
    """Somebody whose name the other company is shown, because they take part in an engagement."""

    isolation = shared()

    id = models.BigAutoField(primary_key=True)
    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="participants")
    client_id = models.BigIntegerField()
    provider_id = models.BigIntegerField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    since = models.DateTimeField()

    objects = SharedQuerySet["Participant"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "person", "organisation"], name="participant_named_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name
