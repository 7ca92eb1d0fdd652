"""Teams, and who is in them from when until when."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models.functions import Lower

from backdesk.parties.models.organisations import Organisation
from backdesk.parties.models.people import Person
from backdesk.platform.actor import Actor
from backdesk.platform.isolation import owned, through
from backdesk.platform.lines import Line
from backdesk.platform.querysets import OwnedQuerySet


class TeamQuerySet(OwnedQuerySet["Team"]):
    def open(self) -> Self:
        return self.filter(closed_at=None)


class Team(models.Model):
    """People of an organisation who do the same work. A closed one is kept: its history names it."""

    isolation = owned()

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="teams")
    name = Line(max_length=100)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    objects = TeamQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "organisation",
                Lower("name"),
                condition=models.Q(closed_at=None),
                name="team_named_once_while_open",
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="team_has_a_name"),
            models.CheckConstraint(
                condition=models.Q(closed_at=None) | models.Q(closed_at__gte=models.F("opened_at")),
                name="team_closes_after_it_opened",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TeamMembershipQuerySet(models.QuerySet["TeamMembership"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(team__in=Team.objects.visible_to(actor))

    def current(self) -> Self:
        return self.filter(ended_at=None)


class TeamMembership(models.Model):
    isolation = through("team_id", Team)

    id = models.BigAutoField(primary_key=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="team_memberships")
    is_lead = models.BooleanField(default=False)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = TeamMembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team", "person"],
                condition=models.Q(ended_at=None),
                name="team_membership_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None) | models.Q(ended_at__gte=models.F("began_at")),
                name="team_membership_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} in {self.team}"
