"""People who sign in, wherever they belong."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from backdesk.platform.actor import Actor
from backdesk.platform.isolation import personal
from backdesk.platform.lines import Line


class PersonManager(BaseUserManager["Person"]):
    def visible_to(self, actor: Actor) -> models.QuerySet[Person]:
        """The people of the actor's own organisation."""
        if actor.organisation_id is None:
            return self.none()
        from backdesk.parties.models.memberships import Membership  # which looks back at people

        return self.filter(pk__in=Membership.objects.visible_to(actor).current().values("person_id"))

    def known_to(self, actor: Actor) -> models.QuerySet[Person]:
        """Those who are, or once were, of the actor's organisation: its history names them."""
        if actor.organisation_id is None:
            return self.none()
        from backdesk.parties.models.memberships import Membership

        return self.filter(pk__in=Membership.objects.visible_to(actor).values("person_id"))

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email=(username or "").strip().lower())


class Person(AbstractBaseUser):
    """Somebody who signs in, by e-mail. Kept in lower case, so that one address is one person.

    Without `working_hours` of their own, on their own clock, those of the company hold, on the clock of that.
    """

    isolation = replace(personal("id", identity=True, colleagues="parties_membership"), by_owner="SELECT")

    id = models.BigAutoField(primary_key=True)
    email = models.EmailField(unique=True)
    name = Line(max_length=200)
    language = models.CharField(max_length=10, default="en")
    zone = models.CharField(max_length=64, default="UTC")
    working_hours = models.CharField(max_length=200, default="", db_default="")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = PersonManager()

    class Meta:
        verbose_name_plural = "people"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="person_email_is_lower_case"
            ),
            models.CheckConstraint(
                condition=models.Q(erased_at=None) | models.Q(is_active=False),
                name="erased_person_is_not_active",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email
