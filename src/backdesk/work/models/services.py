"""Kinds of work that a provider does for a client, and what they are made of."""

from __future__ import annotations

from dataclasses import replace

from django.db import models
from django.utils.translation import gettext_lazy as _

from backdesk.platform.isolation import owned, shared
from backdesk.platform.lines import Line
from backdesk.platform.querysets import OwnedQuerySet, SharedQuerySet


class Service(models.Model):
    """A kind of work in an engagement. What it is in detail is said by its versions."""

    isolation = shared()

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        ACTIVE = "active", _("active")
        PAUSED = "paused", _("paused")
        RETIRED = "retired", _("retired")

    id = models.BigAutoField(primary_key=True)
    engagement = models.ForeignKey("parties.Engagement", on_delete=models.PROTECT, related_name="+")
    client = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    provider = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    key = models.SlugField(max_length=60)
    name = Line(max_length=200)
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    current = models.ForeignKey("ServiceVersion", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    objects = SharedQuerySet["Service"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["engagement", "key"], name="service_key_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "active", "paused", "retired"]),
                name="service_state_known",
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft") | models.Q(current__isnull=False),
                name="service_in_use_has_a_version",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ServiceVersion(models.Model):
    """Items keep the version they began with, so a published one never changes. The newest unpublished is the draft."""

    isolation = shared()

    id = models.BigAutoField(primary_key=True)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="versions")
    client_id = models.BigIntegerField()
    provider_id = models.BigIntegerField()
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    procedure_digest = models.CharField(max_length=64, help_text="what agents acknowledge")
    note = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)

    objects = SharedQuerySet["ServiceVersion"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service", "number"], name="service_version_once")]

    def __str__(self) -> str:
        return f"{self.service} {self.number}"


class ServiceSource(models.Model):
    """The folder of a version, path by path, as base64. Twice: whole for the client, and for both companies without
    what the client keeps to itself (fields for its eyes, checks of these, how much is sampled)."""

    isolation = shared(internal="internal_to")

    id = models.BigAutoField(primary_key=True)
    version = models.ForeignKey(ServiceVersion, on_delete=models.CASCADE, related_name="sources")
    client_id = models.BigIntegerField()
    provider_id = models.BigIntegerField()
    internal_to = models.BigIntegerField(null=True)
    files = models.JSONField()

    objects = SharedQuerySet["ServiceSource"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "internal_to"], name="service_source_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"folder of {self.version}"


class ServiceSecret(models.Model):
    """What draws the samples of a service; who knew it could tell which items will be looked at."""

    isolation = owned("client_id")

    service = models.OneToOneField(Service, primary_key=True, on_delete=models.CASCADE, related_name="+")
    client_id = models.BigIntegerField()
    seed = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"seed of {self.service_id}"


class Acknowledgement(models.Model):
    """A person has read a procedure; without this they are given no work by it."""

    isolation = shared()

    id = models.BigAutoField(primary_key=True)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    client_id = models.BigIntegerField()
    provider_id = models.BigIntegerField()
    organisation_id = models.BigIntegerField()
    person = models.ForeignKey("parties.Person", on_delete=models.PROTECT, related_name="+")
    procedure_digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    objects = SharedQuerySet["Acknowledgement"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service", "person", "organisation_id", "procedure_digest"],
                name="acknowledged_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} has read the procedure of {self.service}"


class Route(models.Model):
    """A queue: the open steps of one task of a service in one language, for one of the two companies.

    Kept when a new version is published that still has the task; `skills` are those of the newest published version.
    """

    isolation = replace(shared(), by_owner="SELECT")

    id = models.BigAutoField(primary_key=True)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="routes")
    client_id = models.BigIntegerField()
    provider_id = models.BigIntegerField()
    organisation_id = models.BigIntegerField(help_text="whose people do it")
    node = models.CharField(max_length=100)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=10, blank=True)
    role = models.CharField(
        max_length=20, blank=True, help_text="who may at their company; empty: whoever works there"
    )
    skills = models.JSONField(default=dict, help_text="name of the skill to the least level, 1 to 4")
    mode = models.CharField(max_length=4, default="pull", help_text="push, pull or both")
    at_once = models.PositiveSmallIntegerField(default=1, help_text="of the service a person may hold")
    lease_minutes = models.PositiveSmallIntegerField(default=15)
    may_choose = models.BooleanField(default=False, help_text="others than the next one")
    standard_minutes = models.DecimalField(
        max_digits=8, decimal_places=2, default=0, help_text="an item takes at this task; 0: not said"
    )

    objects = SharedQuerySet["Route"].as_manager()

    PUSHED = ("push", "both")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service", "node", "language", "organisation_id"], name="route_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_pushed(self) -> bool:
        """Given out to who is there, unasked."""
        return self.mode in self.PUSHED

    @property
    def is_pulled(self) -> bool:
        """Given to who asks for the next item."""
        return self.mode != "push"


class Entitlement(models.Model):
    """Who may be given work of a route: worked out anew whenever skills, memberships, absences, acknowledgements or
    versions change, so that taking the next item asks one small table."""

    isolation = replace(owned(), by_owner="SELECT")

    pk = models.CompositePrimaryKey("person_id", "organisation_id", "route_id")
    person_id = models.BigIntegerField()
    organisation_id = models.BigIntegerField()
    route = models.ForeignKey(Route, on_delete=models.CASCADE, related_name="+")
    level = models.PositiveSmallIntegerField(default=1)

    objects = OwnedQuerySet["Entitlement"].as_manager()

    def __str__(self) -> str:
        return f"{self.person_id} on {self.route_id}"


class Presence(models.Model):
    """When somebody last asked for work at a company: it is pushed to who is there."""

    isolation = owned()

    pk = models.CompositePrimaryKey("person_id", "organisation_id")
    person_id = models.BigIntegerField()
    organisation_id = models.BigIntegerField()
    seen_at = models.DateTimeField()
    given_at = models.DateTimeField(null=True, help_text="when something was last pushed to them")

    objects = OwnedQuerySet["Presence"].as_manager()

    def __str__(self) -> str:
        return f"{self.person_id} at {self.organisation_id}"
