"""The due times that stand in rows: made from the clock's history by one function, and by nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from backdesk.evidence.clocks import Clock
from backdesk.parties.policies import person
from backdesk.platform import audit
from backdesk.platform.actor import Actor
from backdesk.platform.errors import Refused
from backdesk.platform.isolation import operation
from backdesk.work import policies
from backdesk.work.models import Item, Service, ServiceVersion, Step, TermsChange
from backdesk.work.operations import events
from backdesk.work.operations.process import Course
from backdesk.work.queries.clocks import clock_of, clocks_of
from backdesk.work.queries.compiled import compiled

AT_ONCE = 200


class TermsBeforeNow(Refused):
    """Terms are agreed for what is to come: nobody is late by an agreement made afterwards."""


class NotToBeAgreed(Refused):
    """The version is none of the service's, or was never published, or no reason is given."""


class AgreedAlready(Refused):
    """Other terms of the service begin at the same moment."""

    status = 409


def reclock(course: Course, clock: Clock | None = None) -> dict[str, Any]:
    """Give the steps under way the due time that follows from the history, hold them back while the clock stands, and
    return what of the item changes.

    Call it once the rows say what they are to say: `course.deeds(kind, **reclock(course))`.
    """
    item = course.item
    made = clock or clock_of(actor=course.actor, item=item, now=course.now)
    new = {"due_at": made.due_at, "is_held_back": course.holds_back(is_paused=made.is_paused)}
    for step in course.live():
        changed = {name: value for name, value in new.items() if value != getattr(step, name)}
        if changed:
            course.change(step, **changed)
    now = {"due_at": made.due_at, "is_paused": made.is_paused}
    return {name: value for name, value in now.items() if value != getattr(item, name)}


@operation
def change_terms(
    *,
    actor: Actor,
    now: datetime,
    service: Service,
    version: ServiceVersion,
    reason: str,
    since: datetime | None = None,
) -> TermsChange:
    """From `since` on, what was received before is due by the calendar and target of another version of its service.

    What has counted until then stays counted. The due times follow within a minute, in chunks.
    """
    require_client(actor, service)
    since = since or now
    if since < now:
        raise TermsBeforeNow(_("Choose a time that is still to come: terms do not change afterwards."))
    if version.service_id != service.pk or version.published_at is None or not reason.strip():
        raise NotToBeAgreed(_("Choose a published version of this service, and say why its terms hold."))
    change, is_new = TermsChange.objects.get_or_create(
        service=service,
        since=since,
        defaults={
            "version": version,
            "client_id": service.client_id,
            "provider_id": service.provider_id,
            "reason": reason.strip()[:500],
            "made_by_id": person(actor),
            "made_at": now,
        },
    )
    if not is_new:
        raise AgreedAlready(_("Other terms begin at that very moment. Choose another one."))
    after = {"service": service.pk, "version": version.number, "since": since, "reason": change.reason}
    audit.record(actor=actor, now=now, verb="terms changed", subject=change, after=after)
    return change


def apply_terms(*, actor: Actor, now: datetime) -> int:
    """Reclock what changed terms concern, a transaction for each chunk; it goes on where it was cut off.

    Gives how many due times changed.
    """
    waiting = TermsChange.objects.filter(applied_at=None, since__lte=now).order_by("since")
    changed = 0
    for pk in list(waiting.values_list("pk", flat=True)):
        while (done := _apply_chunk(actor=actor, now=now, change_id=pk)) is not None:
            changed += done
    return changed


def require_client(actor: Actor, service: Service) -> None:
    policies.require(policies.may_define(actor) and policies.is_client_of(actor, service.client_id))


@operation
def _apply_chunk(*, actor: Actor, now: datetime, change_id: int) -> int | None:
    """None when all is done."""
    change = TermsChange.objects.select_for_update().get(pk=change_id)
    if change.applied_at is not None:
        return None
    found = Item.objects.select_for_update().filter(
        service_id=change.service_id,
        state=Item.State.OPEN,
        received_at__lt=change.since,
        pk__gt=change.applied_to,
    )
    items = list(found.order_by("pk")[:AT_ONCE])
    if not items:
        change.applied_at = now
        change.save(update_fields=["applied_at"])
        return None
    courses = _courses(actor, now, items)
    clocks = clocks_of(actor=actor, items=items, now=now)
    deeds = [
        deed
        for course in courses
        for columns in [reclock(course, clocks[course.item.pk])]
        if columns
        for deed in course.deeds(
            "terms changed", facts={"change": change.pk, "reason": change.reason}, **columns
        )
    ]
    if deeds:
        events.append(actor=actor, now=now, deeds=deeds)
    change.applied_to = items[-1].pk
    change.save(update_fields=["applied_to"])
    return len(deeds)


def _courses(actor: Actor, now: datetime, items: Sequence[Item]) -> Iterable[Course]:
    steps: dict[int, list[Step]] = defaultdict(list)
    for step in Step.objects.select_for_update().filter(item__in=items).order_by("pk"):
        steps[step.item_id].append(step)
    for item in items:
        version = compiled(actor=actor, version_id=item.version_id)
        yield Course(actor=actor, now=now, item=item, compiled=version, steps=steps[item.pk])
