"""Reading the trail: a page of it, one entry with what surrounds it, the history of an object."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import QuerySet

from backdesk.platform.actor import Actor
from backdesk.platform.audit.erasing import ERASED
from backdesk.platform.audit.policies import require_reader
from backdesk.platform.models import AuditCheckpoint, AuditEntry, AuditLeaf

PAGE = 50
#: The choices of the filters are those of so many latest entries: what nobody did for long is asked for by the period.
_LATEST = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """`by_nobody`: what Backdesk did itself."""

    person_id: int | None = None
    by_nobody: bool = False
    verb: str = ""
    kind: str = ""
    subject: str = ""
    interface: str = ""
    since: datetime | None = None
    until: datetime | None = None

    @property
    def lookups(self) -> dict[str, object]:
        asked = {
            "person_id": self.person_id,
            "verb": self.verb,
            "subject_kind": self.kind,
            "subject_id": self.subject,
            "interface": self.interface,
            "at__gte": self.since,
            "at__lt": self.until,
        }
        found: dict[str, object] = {name: value for name, value in asked.items() if value not in (None, "")}
        return found | ({"person_id__isnull": True} if self.by_nobody else {})


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """Newest first. `newer` and `older`: the entries from which the pages before and after this one go on."""

    entries: tuple[AuditEntry, ...]
    sealed: frozenset[int]
    newer: int | None = None
    older: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    people: tuple[int | None, ...]
    verbs: tuple[str, ...]
    kinds: tuple[str, ...]
    interfaces: tuple[str, ...]


def entries(actor: Actor, asked: Asked) -> QuerySet[AuditEntry]:
    require_reader(actor)
    return AuditEntry.objects.visible_to(actor).filter(**asked.lookups).select_related("disclosed")


def page_of(found: QuerySet[AuditEntry], *, before: int | None = None, after: int | None = None) -> Slice:
    """By key, not by number: as quick at the end of a long trail as at its beginning."""
    if after is not None:
        rows = list(found.filter(id__gt=after).order_by("id")[: PAGE + 1])
        shown, has_newer, has_older = rows[:PAGE][::-1], len(rows) > PAGE, True
    else:
        older = found if before is None else found.filter(id__lt=before)
        rows = list(older.order_by("-id")[: PAGE + 1])
        shown, has_newer, has_older = rows[:PAGE], before is not None, len(rows) > PAGE
    return Slice(
        entries=tuple(shown),
        sealed=sealed_among([entry.pk for entry in shown]),
        newer=shown[0].pk if shown and has_newer else None,
        older=shown[-1].pk if shown and has_older else None,
    )


def sealed_among(entries: Collection[int]) -> frozenset[int]:
    return frozenset(AuditLeaf.objects.filter(entry_id__in=entries).values_list("entry_id", flat=True))


def choices(actor: Actor) -> Choices:
    """What there is to filter by, in one statement."""
    latest = AuditEntry.objects.visible_to(actor).order_by("-id")[:_LATEST]
    names = {"people": "person_id", "verbs": "verb", "kinds": "subject_kind", "interfaces": "interface"}
    found = latest.aggregate(
        **{name: ArrayAgg(column, distinct=True, default=[]) for name, column in names.items()}
    )
    return Choices(**{name: tuple(values) for name, values in found.items()})


def entry(actor: Actor, entry_id: int) -> AuditEntry | None:
    return entries(actor, Asked()).filter(pk=entry_id).first()


def neighbours(actor: Actor, one: AuditEntry) -> tuple[AuditEntry | None, AuditEntry | None]:
    """The entries before and after it on the same object, as far as the actor may see them."""
    near = entries(actor, Asked(kind=one.subject_kind, subject=one.subject_id)).filter(
        sequence__in=(one.sequence - 1, one.sequence + 1)
    )
    found = {other.sequence: other for other in near}
    return found.get(one.sequence - 1), found.get(one.sequence + 1)


def erasures(actor: Actor, one: AuditEntry) -> list[AuditEntry]:
    """What was erased of its object since, the latest first."""
    asked = Asked(kind=one.subject_kind, subject=one.subject_id, verb=ERASED)
    return list(entries(actor, asked).filter(id__gt=one.pk).order_by("-id"))


def checkpoints() -> QuerySet[AuditCheckpoint]:
    """Of everybody alike: what is signed is for all to keep."""
    return AuditCheckpoint.objects.all()


def checkpoint(checkpoint_id: int) -> AuditCheckpoint | None:
    return AuditCheckpoint.objects.filter(pk=checkpoint_id).first()


def latest_checkpoint() -> AuditCheckpoint | None:
    return AuditCheckpoint.objects.order_by("-size").first()
