"""Items of work: one thing to be done, from its receipt to its acceptance."""

from __future__ import annotations

from dataclasses import replace

from django.db import models
from django.utils.translation import gettext_lazy as _

from backdesk.platform.isolation import owned, shared
from backdesk.platform.querysets import OwnedQuerySet, SharedQuerySet
from backdesk.work.models.services import Service, ServiceVersion

NORMAL = 5
#: Of a step whose task was done before, or whose item came back from its client: before all that is new.
REWORK = 0


class Item(models.Model):
    """`data` holds {"input": …, "output": …} as both companies may see it; the rest stands in `ItemPrivate`.

    Everything here follows from the item's events; `sequence` counts them, and a write that was decided on an earlier
    count is refused.
    """

    isolation = replace(shared(), by_owner="ALL")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        DELIVERED = "delivered", _("delivered")
        ACCEPTED = "accepted", _("accepted")
        CANCELLED = "cancelled", _("cancelled")

    id = models.BigAutoField(primary_key=True)
    # Its constraint holds the two companies to be the same, too: migration 0016.
    service = models.ForeignKey(
        Service, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    version = models.ForeignKey(ServiceVersion, on_delete=models.PROTECT, db_index=False, related_name="+")
    client_id = models.BigIntegerField()
    provider_id = models.BigIntegerField()
    business_key = models.CharField(max_length=200, blank=True, db_collation="C")
    title = models.CharField(max_length=200)
    language = models.CharField(max_length=10, blank=True)
    priority = models.PositiveSmallIntegerField(default=NORMAL, help_text="1 first, 9 last")
    source = models.CharField(max_length=10, help_text="form, import, api, mail or folder")
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    round = models.PositiveSmallIntegerField(default=0, help_text="how often it was returned")
    data = models.JSONField()
    sequence = models.PositiveIntegerField(default=0)
    received_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, help_text="none without a target, and while the clock stands")
    is_paused = models.BooleanField(default=False)
    delivered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True, help_text="accepted or cancelled")

    objects = SharedQuerySet["Item"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service", "business_key"],
                condition=~models.Q(business_key="") & ~models.Q(state="cancelled"),
                name="item_once_a_business_key",
            ),
            models.CheckConstraint(
                condition=models.Q(priority__gte=1, priority__lte=9), name="item_priority_one_to_nine"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "delivered"], closed_at=None)
                | models.Q(state__in=["accepted", "cancelled"], closed_at__isnull=False),
                name="item_closed_when_it_says_so",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["delivered", "accepted"])
                | models.Q(delivered_at__isnull=False),
                name="item_delivered_when_it_says_so",
            ),
        ]
        indexes = [
            models.Index(fields=["service", "-id"], name="item_by_service"),
            models.Index(
                fields=["service", "due_at", "id"], condition=models.Q(state="open"), name="item_open_by_due"
            ),
            models.Index(
                fields=["service", "delivered_at"],
                condition=models.Q(state="delivered"),
                name="item_to_accept",
            ),
            models.Index(
                fields=["service", "-id"], condition=models.Q(state="cancelled"), name="item_cancelled"
            ),
            models.Index(fields=["service", "id"], condition=models.Q(is_paused=True), name="item_paused"),
        ]

    def __str__(self) -> str:
        return self.title


class ItemPrivate(models.Model):
    """The fields of an item that its client keeps to itself, in the same shape as `Item.data`."""

    isolation = owned("client_id")

    item = models.OneToOneField(Item, primary_key=True, on_delete=models.CASCADE, related_name="private")
    client_id = models.BigIntegerField()
    data = models.JSONField()

    def __str__(self) -> str:
        return f"the client's own of {self.item_id}"


class Step(models.Model):
    """A token of the process, and with it a task: one row for each active step, kept when it has ended.

    Who holds it, holds it until `lease_until`; `claim` counts who was given it, and a word with an earlier claim, from
    a screen left open, is refused. `avoid` may not be given it (never check your own work).
    """

    isolation = replace(shared(), by_owner="ALL")

    class Kind(models.TextChoices):
        DO = "do", _("task")
        KEY = "key", _("keying")
        REVIEW = "review", _("review")
        ADJUDICATE = "adjudicate", _("adjudication")
        SERVICE = "service", _("automatic")
        TIMER = "timer", _("waiting for a time")
        JOIN = "join", _("waiting for the other paths")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        TAKEN = "taken", _("taken")
        WAITING = "waiting", _("waiting")
        DONE = "done", _("done")
        SKIPPED = "skipped", _("not sampled")
        CANCELLED = "cancelled", _("cancelled")

    id = models.BigAutoField(primary_key=True)
    item = models.ForeignKey(
        Item, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="steps"
    )
    service_id = models.BigIntegerField()
    client_id = models.BigIntegerField()
    provider_id = models.BigIntegerField()
    organisation_id = models.BigIntegerField(null=True, help_text="whose people do it; none: nobody's")
    route = models.ForeignKey("Route", on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    node = models.CharField(max_length=100)
    via = models.CharField(max_length=100, blank=True, help_text="the flow its token came by")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.DO)
    copy = models.PositiveSmallIntegerField(default=1, help_text="of what is keyed twice")
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    priority = models.PositiveSmallIntegerField(default=NORMAL)
    due_at = models.DateTimeField(null=True)
    is_held_back = models.BooleanField(
        default=False, help_text="given to nobody unasked: the item's clock stands"
    )
    wakes_at = models.DateTimeField(null=True, help_text="when a timer is over")
    enabled_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, help_text="first taken")
    ended_at = models.DateTimeField(null=True)
    # Whether there is such a person is held by a trigger: migration 0026, where the checks stand in fewer words, too.
    holder = models.ForeignKey(
        "parties.Person",
        on_delete=models.PROTECT,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    taken_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    claim = models.PositiveIntegerField(default=0)
    avoid = models.JSONField(default=list, help_text="people who may not be given it")
    prefer_id = models.BigIntegerField(null=True, help_text="who is given it until prefer_until")
    prefer_until = models.DateTimeField(null=True)
    touch_seconds = models.PositiveIntegerField(default=0)
    touched_at = models.DateTimeField(null=True, help_text="when seconds were last told")
    result = models.JSONField(null=True, help_text="what was entered, as both companies may see it")

    objects = SharedQuerySet["Step"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    state="taken",
                    holder__isnull=False,
                    taken_at__isnull=False,
                    lease_until__isnull=False,
                    started_at__isnull=False,
                )
                | (~models.Q(state="taken") & models.Q(lease_until=None)),
                name="step_taken_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["done", "skipped", "cancelled"], ended_at__isnull=False)
                | models.Q(state__in=["open", "taken", "waiting"], ended_at=None),
                name="step_ended_when_it_says_so",
            ),
        ]
        indexes = [
            models.Index(
                fields=["route", "priority", "due_at", "id"],
                condition=models.Q(state="open", is_held_back=False),
                name="step_queue",
            ),
            models.Index(fields=["item", "id"], name="step_by_item"),
            models.Index(fields=["holder", "id"], condition=models.Q(state="taken"), name="step_held"),
            models.Index(fields=["wakes_at"], condition=models.Q(state="waiting"), name="step_timer"),
            models.Index(
                fields=["organisation_id", "ended_at"], condition=models.Q(state="done"), name="step_done"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.node} of {self.item_id}"


class StepDraft(models.Model):
    """What somebody has entered so far. Their company's alone until they complete the step."""

    isolation = owned()

    step = models.OneToOneField(Step, primary_key=True, on_delete=models.CASCADE, related_name="+")
    organisation_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    values = models.JSONField()
    saved_at = models.DateTimeField()

    objects = OwnedQuerySet["StepDraft"].as_manager()

    def __str__(self) -> str:
        return f"draft of {self.step_id}"
