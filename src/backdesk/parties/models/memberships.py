"""What each person is in an organisation."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from backdesk.parties.models.organisations import Organisation
from backdesk.parties.models.people import Person
from backdesk.platform.actor import Actor
from backdesk.platform.isolation import owned


class Role(models.TextChoices):
    OPERATIONS_LEAD = "operations_lead", _("operations lead")
    EMPLOYEE = "employee", _("employee")
    CONTROLLER = "controller", _("controller")
    AUDITOR = "auditor", _("auditor")
    DELIVERY_MANAGER = "delivery_manager", _("delivery manager")
    AGENT = "agent", _("agent")


CLIENT_ROLES = (Role.OPERATIONS_LEAD, Role.EMPLOYEE, Role.CONTROLLER, Role.AUDITOR)
PROVIDER_ROLES = (Role.DELIVERY_MANAGER, Role.AGENT)


def roles_at(organisation: Organisation) -> tuple[Role, ...]:
    """What one can be there; at a company of both sides, all of it."""
    client = CLIENT_ROLES if organisation.is_client else ()
    return (*client, *PROVIDER_ROLES) if organisation.is_provider else client


class MembershipQuerySet(models.QuerySet["Membership"]):
    def visible_to(self, actor: Actor) -> Self:
        if actor.organisation_id is None:
            return self.none()
        return self.filter(organisation_id=actor.organisation_id)

    def current(self) -> Self:
        return self.filter(ended_at__isnull=True)


class Membership(models.Model):
    """A person's role in an organisation, from `began_at` until `ended_at` (open while it lasts)."""

    isolation = owned(identity=True, person="person_id")

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation", "role"],
                condition=models.Q(ended_at__isnull=True),
                name="membership_once_at_a_time",
            ),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_known"),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True) | models.Q(ended_at__gt=models.F("began_at")),
                name="membership_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} as {self.get_role_display()} of {self.organisation}"
