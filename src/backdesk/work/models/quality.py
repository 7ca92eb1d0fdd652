"""Second eyes: what is looked at again, what was found, and what the provider says to that."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from backdesk.platform.isolation import owned, shared
from backdesk.platform.lines import Line
from backdesk.platform.querysets import SharedQuerySet
from backdesk.work.models.items import Item
from backdesk.work.models.services import Service


class SamplingRate(models.Model):
    """How much of the work is looked at again, where it is not as the service says: of one person's, or of all.

    The client's alone: who knew the rate of their own work could reckon with it.
    """

    isolation = owned("client_id")

    class Kind(models.TextChoices):
        REVIEW = "review", _("reviewed")
        KEY = "key", _("keyed twice")
        GOLD = "gold", _("seeded with gold")

    id = models.BigAutoField(primary_key=True)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    client_id = models.BigIntegerField()
    kind = models.CharField(max_length=6, choices=Kind)
    person_id = models.BigIntegerField(null=True, help_text="whose work; none: everybody's")
    share = models.DecimalField(max_digits=5, decimal_places=4)
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service", "kind", "person_id"], name="sampling_rate_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=models.Q(share__gte=0, share__lte=1), name="sampling_rate_is_a_share"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.share} of {self.service_id} {self.kind}"


class Draw(models.Model):
    """What was drawn, or not: with the service's seed the same key and share give the same answer again."""

    isolation = owned("client_id")

    id = models.BigAutoField(primary_key=True)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, db_index=False, related_name="+")
    # Written while the item still is on its way in; one that turns out to be there already leaves its draw behind.
    item = models.ForeignKey(
        Item, on_delete=models.DO_NOTHING, db_index=False, db_constraint=False, related_name="+"
    )
    client_id = models.BigIntegerField()
    kind = models.CharField(max_length=6, choices=SamplingRate.Kind)
    key = models.CharField(max_length=200)
    person_id = models.BigIntegerField(null=True)
    share = models.DecimalField(max_digits=5, decimal_places=4)
    is_drawn = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["service", "-id"], name="draw_by_service")]

    def __str__(self) -> str:
        return self.key


class GoldCase(models.Model):
    """An item whose right answer is known, waiting to come in among others, or come in as `item`.

    The client's alone, all of it: nothing the provider sees tells such an item from any other.
    """

    isolation = owned("client_id")

    id = models.BigAutoField(primary_key=True)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    client_id = models.BigIntegerField()
    title = Line(max_length=200, blank=True)
    values = models.JSONField(help_text="the input, as an item's")
    truth = models.JSONField(help_text="the output that is right")
    made_at = models.DateTimeField()
    person_id = models.BigIntegerField(null=True)
    item = models.OneToOneField(Item, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    seeded_at = models.DateTimeField(null=True)
    compared_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(item=None, seeded_at=None, compared_at=None)
                | models.Q(item__isnull=False, seeded_at__isnull=False, withdrawn_at=None),
                name="gold_case_seeded_as_an_item",
            )
        ]
        indexes = [
            models.Index(
                fields=["service", "id"],
                condition=models.Q(item=None, withdrawn_at=None),
                name="gold_case_waiting",
            ),
            models.Index(
                fields=["id"], condition=models.Q(item__isnull=False, compared_at=None), name="gold_case_open"
            ),
        ]

    def __str__(self) -> str:
        return self.title or f"gold case {self.pk}"


class Inspection(models.Model):
    """One look at somebody's work, and what came of it. `errors` and `critical` count findings that stand."""

    isolation = shared(internal="internal_to")

    class Kind(models.TextChoices):
        REVIEW = "review", _("review")
        KEYING = "keying", _("double keying")
        GOLD = "gold", _("gold")
        RETURN = "return", _("returned by the client")

    id = models.BigAutoField(primary_key=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, db_index=False, related_name="+")
    client_id = models.BigIntegerField()
    provider_id = models.BigIntegerField()
    internal_to = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=6, choices=Kind)
    round = models.PositiveSmallIntegerField(default=0)
    step_id = models.BigIntegerField(null=True, help_text="the step that was looked at")
    node = models.CharField(max_length=100, blank=True)
    organisation_id = models.BigIntegerField(help_text="whose work it is")
    person_id = models.BigIntegerField(null=True)
    inspector_organisation_id = models.BigIntegerField(null=True, help_text="none: Backdesk compared")
    inspector_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    is_sent_back = models.BooleanField(default=False)
    errors = models.PositiveSmallIntegerField(default=0)
    critical = models.PositiveSmallIntegerField(default=0)

    objects = SharedQuerySet["Inspection"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(critical__lte=models.F("errors")), name="inspection_critical_are_errors"
            )
        ]
        indexes = [models.Index(fields=["service", "at"], name="inspection_by_service")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.item_id}"


class Finding(models.Model):
    """An error, by category and field. It may be disputed until `dispute_until`; who found it answers.

    `category` is a key of the service's error categories; empty where a comparison found it.
    """

    isolation = shared(internal="internal_to")

    class State(models.TextChoices):
        STANDS = "stands", _("stands")
        DISPUTED = "disputed", _("disputed")
        UPHELD = "upheld", _("upheld")
        WITHDRAWN = "withdrawn", _("withdrawn")

    id = models.BigAutoField(primary_key=True)
    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="findings")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, db_index=False, related_name="+")
    client_id = models.BigIntegerField()
    provider_id = models.BigIntegerField()
    internal_to = models.BigIntegerField(null=True)
    category = models.CharField(max_length=60, blank=True)
    is_critical = models.BooleanField()
    field = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State, default=State.STANDS)
    dispute_until = models.DateTimeField(null=True)
    dispute_reason = models.CharField(max_length=1000, blank=True)
    disputed_by_id = models.BigIntegerField(null=True)
    disputed_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=1000, blank=True)
    answered_by_id = models.BigIntegerField(null=True)
    answered_at = models.DateTimeField(null=True)

    objects = SharedQuerySet["Finding"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="stands", disputed_at=None, answered_at=None)
                | models.Q(state="disputed", disputed_at__isnull=False, answered_at=None)
                | models.Q(
                    state__in=["upheld", "withdrawn"], disputed_at__isnull=False, answered_at__isnull=False
                ),
                name="finding_state_as_it_went",
            )
        ]
        indexes = [
            models.Index(fields=["service", "-id"], name="finding_by_service"),
            models.Index(
                fields=["service", "disputed_at"],
                condition=models.Q(state="disputed"),
                name="finding_to_answer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category or self.field} of {self.item_id}"
