"""What is planned with: work histories, the inventory of functions and activities, answers, rates."""

from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backdesk.platform.isolation import owned
from backdesk.platform.lines import Line
from backdesk.platform.querysets import OwnedQuerySet


class WorkHistories(OwnedQuerySet["WorkHistory"]):
    def read(self) -> Self:
        """Those that have been read; the others have nothing in them yet."""
        return self.filter(generation__gt=0)


class WorkHistory(models.Model):
    """A log of work the company did: a file that was uploaded, or the live work on a service; and how it was read.

    How far its reading is, and why it failed, is said by its job; `generation` counts the readings that went
    well, so a failed one leaves the figures of the one before it in place.
    """

    isolation = owned()

    organisation = models.ForeignKey("parties.Organisation", on_delete=models.CASCADE, related_name="+")
    name = Line(max_length=200)
    file = models.ForeignKey("platform.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    service = models.ForeignKey("work.Service", on_delete=models.PROTECT, null=True, related_name="+")
    job = models.ForeignKey("platform.Job", on_delete=models.SET_NULL, null=True, related_name="+")
    problem = models.TextField(blank=True, help_text="why the file is no log at all, as seen when it came")
    process = models.ForeignKey(
        "platform.StoredFile",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="BPMN, which its cases are compared with",
    )
    comparing = models.ForeignKey("platform.Job", on_delete=models.SET_NULL, null=True, related_name="+")
    mapping = models.JSONField(null=True, help_text="which column plays which role")
    zone = models.CharField(max_length=64, blank=True, help_text="IANA zone; empty: found in the log")
    calendar = models.CharField(
        max_length=500, help_text="working time, e.g. Mon-Fri 09:00-17:00; holidays DK"
    )
    rows_read = models.PositiveIntegerField(default=0)
    rows_accepted = models.PositiveIntegerField(default=0)
    rows_rejected = models.PositiveIntegerField(default=0)
    notes = models.JSONField(default=list)
    summary = models.JSONField(default=dict, help_text="figures of the whole log")
    edges = models.JSONField(default=list, help_text="[from, to, steps] between activities, causally")
    generation = models.PositiveIntegerField(
        default=0, help_text="counts readings; names the files of the current"
    )
    received_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    objects = WorkHistories.as_manager()

    class Meta:
        ordering = ("-received_at", "-id")
        verbose_name_plural = "work histories"
        constraints = (
            models.CheckConstraint(
                condition=Q(rows_read=F("rows_accepted") + F("rows_rejected")), name="history_rows_reconcile"
            ),
            models.CheckConstraint(
                condition=Q(file__isnull=True, service__isnull=False)
                | Q(file__isnull=False, service__isnull=True),
                name="history_of_a_file_or_of_live_work",
            ),
            models.UniqueConstraint(fields=("organisation", "service"), name="one_history_of_live_work"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def reckoned_with(self) -> str:
        """The working time behind its figures; `calendar` is that of the next reading, which may still fail."""
        return str(self.summary.get("calendar", self.calendar))


class Function(models.Model):
    isolation = owned()

    class Office(models.TextChoices):
        FRONT = "front", _("Front office")
        MIDDLE = "middle", _("Middle office")
        BACK = "back", _("Back office")

    organisation = models.ForeignKey("parties.Organisation", on_delete=models.CASCADE, related_name="+")
    name = Line(max_length=300)
    office = models.CharField(max_length=6, choices=Office, default=Office.BACK)
    description = models.TextField(blank=True)

    objects = OwnedQuerySet["Function"].as_manager()

    class Meta:
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=("organisation", "name"), name="function_named_once"),)

    def __str__(self) -> str:
        return self.name


class Activity(models.Model):
    """A kind of step: measured in a work history, or entered by hand where there is no record."""

    isolation = owned()

    organisation = models.ForeignKey("parties.Organisation", on_delete=models.CASCADE, related_name="+")
    function = models.ForeignKey(Function, on_delete=models.PROTECT, related_name="activities")
    history = models.ForeignKey(WorkHistory, on_delete=models.CASCADE, null=True, related_name="activities")
    name = models.CharField(max_length=300)
    figures = models.JSONField(default=dict, help_text="measured figures by their names in the catalogue")
    steps_per_month = models.FloatField(null=True)
    hours_per_month = models.FloatField(null=True)
    minutes_each = models.FloatField(null=True)
    people = models.PositiveIntegerField(null=True)
    cost_per_month = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, blank=True)

    objects = OwnedQuerySet["Activity"].as_manager()

    class Meta:
        ordering = ("name", "id")
        verbose_name_plural = "activities"
        constraints = (
            models.UniqueConstraint(
                fields=("organisation", "history", "name"), nulls_distinct=False, name="activity_named_once"
            ),
            models.CheckConstraint(
                condition=Q(cost_per_month__isnull=True) | ~Q(currency=""), name="cost_has_currency"
            ),
        )

    def __str__(self) -> str:
        return self.name


def _grade() -> "models.PositiveSmallIntegerField[int | None, int | None]":
    return models.PositiveSmallIntegerField(
        null=True, blank=True, validators=(MinValueValidator(1), MaxValueValidator(5))
    )


class Answer(models.Model):
    """What one person of the company says of an activity: grades from 1 (little) to 5 (much)."""

    isolation = owned()

    GRADES = ("value", "judgement", "know_how", "customer_contact", "sensitivity", "hurts")

    organisation = models.ForeignKey("parties.Organisation", on_delete=models.CASCADE, related_name="+")
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="answers")
    person = models.ForeignKey("parties.Person", on_delete=models.CASCADE, related_name="+")
    value = _grade()
    judgement = _grade()
    know_how = _grade()
    customer_contact = _grade()
    sensitivity = _grade()
    hurts = _grade()
    comment = models.TextField(blank=True, max_length=2000)
    answered_at = models.DateTimeField()

    objects = OwnedQuerySet["Answer"].as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("activity", "person"), name="one_answer_a_person"),)

    def __str__(self) -> str:
        return f"{self.activity} by {self.person}"


class Rate(models.Model):
    """What an hour costs: of a person, a team, an activity, on the market, or of anybody else."""

    isolation = owned()

    class Kind(models.TextChoices):
        RESOURCE = "resource", _("a person")
        TEAM = "team", _("a team")
        ACTIVITY = "activity", _("an activity")
        MARKET = "market", _("an activity on the market")
        DEFAULT = "default", _("anybody else")

    organisation = models.ForeignKey("parties.Organisation", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    name = models.CharField(max_length=300, blank=True)
    rate = models.DecimalField(max_digits=14, decimal_places=6, validators=(MinValueValidator(0),))
    currency = models.CharField(max_length=3)

    objects = OwnedQuerySet["Rate"].as_manager()

    class Meta:
        ordering = ("kind", "name")
        constraints = (
            models.UniqueConstraint(fields=("organisation", "kind", "name"), name="one_rate_a_name"),
            models.CheckConstraint(condition=Q(rate__gte=0), name="rate_not_negative"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.name}: {self.rate} {self.currency}"
