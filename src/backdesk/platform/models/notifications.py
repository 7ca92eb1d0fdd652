"""What people are told, and how each of them wants to be told."""

from __future__ import annotations

from typing import Self, TypeVar

from django.db import models
from django.db.models import Q

from backdesk.platform.actor import Actor
from backdesk.platform.isolation import personal


class Email(models.TextChoices):
    """When a notification also comes by e-mail."""

    OFF = "off", "no e-mail"
    AT_ONCE = "at once", "at once"
    DAILY = "daily", "once a day"


class NotificationQuerySet(models.QuerySet["Notification"]):
    def visible_to(self, actor: Actor) -> Self:
        """What this person was told in the organisation they act for, and about their own account."""
        if actor.person_id is None:
            return self.none()
        here = Q(organisation_id__isnull=True)
        if actor.organisation_id is not None:
            here |= Q(organisation_id=actor.organisation_id)
        return self.filter(here, person_id=actor.person_id)

    def shown(self) -> Self:
        """Those that are for the product, not for e-mail alone."""
        return self.filter(in_app=True)

    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)


class Notification(models.Model):
    """One person is told one thing. Without an organisation it is about the person's own account."""

    isolation = personal("person_id")

    id = models.BigAutoField(primary_key=True)
    organisation_id = models.BigIntegerField(null=True)
    person_id = models.BigIntegerField()
    kind = models.CharField(max_length=100)
    title = models.CharField(max_length=300)
    detail = models.TextField(blank=True)
    url = models.CharField(max_length=500)
    subject_kind = models.CharField(max_length=100, blank=True)
    subject_id = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    in_app = models.BooleanField(default=True)
    read_at = models.DateTimeField(null=True)
    email_due_at = models.DateTimeField(null=True)
    email_attempts = models.PositiveSmallIntegerField(default=0)
    emailed_at = models.DateTimeField(null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "kind", "subject_kind", "subject_id"],
                condition=Q(read_at__isnull=True) & ~Q(subject_id=""),
                name="notification_once_while_unread",
            ),
        ]
        indexes = [
            models.Index(fields=["person_id", "-id"], name="notification_by_person"),
            models.Index(
                fields=["person_id"],
                condition=Q(read_at__isnull=True, in_app=True),
                name="notification_unread",
            ),
            models.Index(
                fields=["email_due_at"],
                condition=Q(email_due_at__isnull=False),
                name="notification_email_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to person {self.person_id}"


_Own = TypeVar("_Own", bound=models.Model, covariant=True)


class PreferenceQuerySet(models.QuerySet[_Own, _Own]):
    def visible_to(self, actor: Actor) -> Self:
        return self.none() if actor.person_id is None else self.filter(person_id=actor.person_id)


class NotificationPreference(models.Model):
    """What a person chose for a kind; without one, the kind's own default holds."""

    isolation = personal("person_id")

    id = models.BigAutoField(primary_key=True)
    person_id = models.BigIntegerField()
    kind = models.CharField(max_length=100)
    in_app = models.BooleanField()
    email = models.CharField(max_length=10, choices=Email.choices)

    objects = PreferenceQuerySet["NotificationPreference"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person_id", "kind"], name="one_preference_a_kind"),
            models.CheckConstraint(condition=Q(email__in=Email.values), name="preference_email_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for person {self.person_id}"


class ReachableHours(models.Model):
    """When e-mails may reach a person, on their own clock; without a row, at any time.

    `hours` as evidence.calendars writes them: "Mon-Fri 08:00-18:00".
    """

    isolation = personal("person_id")

    person_id = models.BigIntegerField(primary_key=True)
    hours = models.CharField(max_length=200)

    objects = PreferenceQuerySet["ReachableHours"].as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(hours=""), name="reachable_at_some_time")]

    def __str__(self) -> str:
        return f"person {self.person_id}: {self.hours}"
