"""What stops the clocks of items, what changes their terms, and whom they warn.

A due time is nowhere kept but in `Item.due_at` and `Step.due_at`, and these are only a copy: `operations.reclock` makes
it from the item's receipt, the rows here and the versions they name.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from backdesk.platform.isolation import owned, shared
from backdesk.platform.querysets import OwnedQuerySet, SharedQuerySet
from backdesk.work.models.items import Item, Step
from backdesk.work.models.services import Service, ServiceVersion


class Question(models.Model):
    """Something one company asks the other about an item. It stands in the item's thread too; this row keeps who has
    to answer it, and the step that waits for that."""

    isolation = shared()

    class State(models.TextChoices):
        OPEN = "open", _("open")
        ANSWERED = "answered", _("answered")
        WITHDRAWN = "withdrawn", _("withdrawn")

    id = models.BigAutoField(primary_key=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="questions")
    step = models.ForeignKey(Step, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    client_id = models.BigIntegerField()
    provider_id = models.BigIntegerField()
    from_id = models.BigIntegerField(help_text="the company that asks")
    to_id = models.BigIntegerField(help_text="the company that is asked")
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    text = models.TextField()
    asked_by = models.ForeignKey("parties.Person", on_delete=models.PROTECT, db_index=False, related_name="+")
    asked_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        "parties.Person", on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, help_text="answered or withdrawn")

    objects = SharedQuerySet["Question"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="open", closed_at=None)
                | models.Q(state="withdrawn", closed_at__isnull=False)
                | models.Q(state="answered", closed_at__isnull=False, answered_by__isnull=False),
                name="question_closed_when_it_says_so",
            ),
        ]
        indexes = [
            models.Index(
                fields=["to_id", "asked_at"], condition=models.Q(state="open"), name="question_to_answer"
            ),
            models.Index(
                fields=["from_id", "asked_at"], condition=models.Q(state="open"), name="question_waited_for"
            ),
        ]

    def __str__(self) -> str:
        return f"question about {self.item_id}"


class Pause(models.Model):
    """A stretch in which the provider says it cannot go on. It stops the clock once the client has approved it, from
    when it began; where the service wants no approval, at once. Without an end it lasts."""

    isolation = shared()

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    id = models.BigAutoField(primary_key=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="pauses")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, null=True, related_name="pauses")
    client_id = models.BigIntegerField()
    provider_id = models.BigIntegerField()
    state = models.CharField(max_length=9, choices=State, default=State.PROPOSED)
    reason = models.CharField(max_length=100)
    note = models.CharField(max_length=500, blank=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    proposed_by = models.ForeignKey(
        "parties.Person", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        "parties.Person",
        on_delete=models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
        help_text="none: the service wants no approval",
    )
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=500, blank=True, help_text="why it was refused")

    objects = SharedQuerySet["Pause"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ended_at=None) | models.Q(ended_at__gte=models.F("began_at")),
                name="pause_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=models.Q(state="proposed", decided_at=None)
                | (~models.Q(state="proposed") & models.Q(decided_at__isnull=False)),
                name="pause_decided_when_it_says_so",
            ),
        ]
        indexes = [
            models.Index(
                fields=["client_id", "proposed_at"],
                condition=models.Q(state="proposed"),
                name="pause_to_decide",
            ),
        ]

    def __str__(self) -> str:
        return f"pause of {self.item_id}"


class TermsChange(models.Model):
    """From `since` on, the calendar and the target of `version` hold for items of the service that were received
    before; how they are done stays as their own version says. `applied_to` is the last item worked through so far."""

    isolation = shared()

    id = models.BigAutoField(primary_key=True)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, db_index=False, related_name="+")
    version = models.ForeignKey(ServiceVersion, on_delete=models.PROTECT, db_index=False, related_name="+")
    client_id = models.BigIntegerField()
    provider_id = models.BigIntegerField()
    since = models.DateTimeField()
    reason = models.CharField(max_length=500)
    made_by = models.ForeignKey("parties.Person", on_delete=models.PROTECT, db_index=False, related_name="+")
    made_at = models.DateTimeField()
    applied_to = models.BigIntegerField(default=0)
    applied_at = models.DateTimeField(null=True)

    objects = SharedQuerySet["TermsChange"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "since"], name="terms_change_once_a_moment"),
        ]

    def __str__(self) -> str:
        return f"terms of {self.service_id} since {self.since}"


class Alarm(models.Model):
    """One person to be told once that an item's clock has come to a point, in their hours.

    `due_at` is the due time it was raised for: when the clock has changed since, it is not told any more.
    """

    isolation = owned()

    class Kind(models.TextChoices):
        WARNING = "warning", _("soon due")
        BREACH = "breach", _("overdue")
        ESCALATION = "escalation", _("long overdue")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        TOLD = "told", _("told")
        CANCELLED = "cancelled", _("cancelled")

    id = models.BigAutoField(primary_key=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, db_index=False, related_name="+")
    organisation_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    due_at = models.DateTimeField()
    raised_at = models.DateTimeField()
    deliver_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    objects = OwnedQuerySet["Alarm"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item", "kind", "due_at", "person_id", "organisation_id"], name="alarm_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state="told", told_at__isnull=False)
                | (~models.Q(state="told") & models.Q(told_at=None)),
                name="alarm_told_when_it_says_so",
            ),
        ]
        indexes = [
            models.Index(
                fields=["deliver_at", "id"], condition=models.Q(state="waiting"), name="alarm_to_tell"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.item_id} to {self.person_id}"
