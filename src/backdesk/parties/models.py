"""Organisations, the people in them, and what each person is there."""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from backdesk.platform.actor import Actor


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.none() if actor.organisation_id is None else self.filter(pk=actor.organisation_id)


class Organisation(models.Model):
    """A company: it hands work over (client), takes it over (provider), or both."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=200)
    is_client = models.BooleanField(default=False)
    is_provider = models.BooleanField(default=False)
    is_demonstration = models.BooleanField(default=False)
    zone = models.CharField(max_length=64, default="UTC")
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


class PersonManager(BaseUserManager["Person"]):
    def visible_to(self, actor: Actor) -> models.QuerySet[Person]:
        """The people of the actor's own organisation."""
        if actor.organisation_id is None:
            return self.none()
        members = Membership.objects.current().filter(organisation_id=actor.organisation_id)
        return self.filter(pk__in=members.values("person_id"))

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email=(username or "").strip().lower())


class Person(AbstractBaseUser):
    """Somebody who signs in, by e-mail. Kept in lower case, so that one address is one person."""

    id = models.BigAutoField(primary_key=True)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=10, default="en")
    zone = models.CharField(max_length=64, default="UTC")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = PersonManager()

    class Meta:
        verbose_name_plural = "people"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="person_email_is_lower_case"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email


class Role(models.TextChoices):
    OPERATIONS_LEAD = "operations_lead", "operations lead"
    EMPLOYEE = "employee", "employee"
    CONTROLLER = "controller", "controller"
    AUDITOR = "auditor", "auditor"
    DELIVERY_MANAGER = "delivery_manager", "delivery manager"
    AGENT = "agent", "agent"


class MembershipQuerySet(models.QuerySet["Membership"]):
    def visible_to(self, actor: Actor) -> Self:
        if actor.organisation_id is None:
            return self.none()
        return self.filter(organisation_id=actor.organisation_id)

    def current(self) -> Self:
        return self.filter(ended_at__isnull=True)


class Membership(models.Model):
    """A person's role in an organisation, from `began_at` until `ended_at` (open while it lasts)."""

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
