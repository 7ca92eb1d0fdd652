"""The client takes delivered work over, or sends it back: by hand, many at once, or in silence after some days."""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext as _

from backdesk.parties.policies import require
from backdesk.platform.actor import Actor
from backdesk.platform.errors import Refused
from backdesk.platform.isolation import operation
from backdesk.work import policies
from backdesk.work.models import Inspection, Item, Step
from backdesk.work.operations import events, findings, holding
from backdesk.work.operations.findings import Found
from backdesk.work.operations.process import Course
from backdesk.work.operations.reclocking import reclock
from backdesk.work.queries.compiled import compiled

log = logging.getLogger(__name__)
AT_ONCE = 500


class NotDelivered(Refused):
    """Only what is delivered is accepted or returned."""

    status = 409


class OwnWork(Refused):
    """Who belongs to both companies does not accept for the one what they did for the other."""

    status = 409


class ReasonMissing(Refused):
    """Work is returned with a reason: without one nobody could put it right."""


@operation
def accept(*, actor: Actor, now: datetime, items: Collection[Item]) -> list[Item]:
    """Take delivered items over, all or none. By the client's lead."""
    require(policies.may_accept(actor))
    return [_accepted(actor, now, pk) for pk in sorted({item.pk for item in items})]


@operation
def give_back(*, actor: Actor, now: datetime, items: Collection[Item], reason: str) -> list[Item]:
    """Return delivered items for rework, all or none: their process begins anew, with what was entered in place, and
    for the same person where the service wants that."""
    require(policies.may_accept(actor))
    if not reason.strip():
        raise ReasonMissing(_("Say what is wrong: who does it again will read it."))
    return [_returned(actor, now, pk, reason.strip()[:500]) for pk in sorted({item.pk for item in items})]


def accept_silently(*, actor: Actor, now: datetime) -> int:
    """What the client has let stand for as many working days as the service says. Gives how many."""
    return sum(_tried(actor, now, pk) for pk in _let_stand(actor=actor, now=now))


@operation
def _let_stand(*, actor: Actor, now: datetime) -> list[int]:
    """Within a version what was delivered earlier is over earlier: one looks no further than the first that is not."""
    delivered = Item.objects.filter(state=Item.State.DELIVERED)
    found: list[int] = []
    for version_id in list(delivered.order_by("version_id").values_list("version_id", flat=True).distinct()):
        rows = delivered.filter(version_id=version_id).order_by("delivered_at", "pk")
        for pk, delivered_at in rows.values_list("pk", "delivered_at")[:AT_ONCE]:
            if delivered_at is None or not _is_over(actor, version_id, delivered_at, now):
                break
            found.append(pk)
    return found


@operation
def _accepted_silently(*, actor: Actor, now: datetime, item_id: int) -> bool:
    course = holding.of_item(actor=actor, now=now, item_id=item_id)
    delivered_at = course.item.delivered_at
    if course.item.state != Item.State.DELIVERED or delivered_at is None:
        return False
    if not _is_over(actor, course.item.version_id, delivered_at, now):
        return False
    _accept(course, silent=True)
    return True


def _tried(actor: Actor, now: datetime, item_id: int) -> bool:
    try:
        return _accepted_silently(actor=actor, now=now, item_id=item_id)
    except Refused:
        log.exception("Item %s could not be accepted when its time was up.", item_id)
        return False


def _is_over(actor: Actor, version_id: int, delivered_at: datetime, now: datetime) -> bool:
    service = compiled(actor=actor, version_id=version_id).service
    days = service.quality.accept_after_days
    if days is None:
        return False
    until = findings.after_days(service, delivered_at, days) or delivered_at
    return until <= now


def _accepted(actor: Actor, now: datetime, item_id: int) -> Item:
    course = _delivered(actor, now, item_id)
    if any(
        step.holder_id == actor.person_id and step.organisation_id != actor.organisation_id
        for step in course.steps
    ):
        raise OwnWork(
            _("You worked on “%(title)s” yourself, for the provider. Somebody else accepts it.")
            % {"title": course.item.title}
        )
    _accept(course, silent=False)
    return course.item


def _accept(course: Course, *, silent: bool) -> None:
    deeds = course.deeds(
        "item accepted", facts={"silent": silent}, state=Item.State.ACCEPTED, closed_at=course.now
    )
    events.append(actor=course.actor, now=course.now, deeds=list(deeds))


def _returned(actor: Actor, now: datetime, item_id: int, reason: str) -> Item:
    course = _delivered(actor, now, item_id)
    item = course.item
    findings.record(
        now=now,
        item=item,
        service=course.service,
        kind=Inspection.Kind.RETURN,
        looked_at=_last_of_provider(course),
        organisation_id=item.provider_id,
        inspector=(actor.organisation_id, actor.person_id),
        found=[Found(note=reason)],
        is_sent_back=True,
    )
    item.round += 1
    item.state, item.delivered_at = Item.State.OPEN, None
    course.data["review"] = {"wrong": False, "errors": 0}
    course.begin()
    changed = {"state": item.state, "round": item.round, "delivered_at": None, **reclock(course)}
    deeds = course.deeds("item returned", facts={"reason": reason}, **changed)
    events.append(actor=actor, now=now, deeds=list(deeds))
    return item


def _last_of_provider(course: Course) -> Step | None:
    done = [
        step
        for step in course.steps
        if step.organisation_id == course.item.provider_id
        and step.holder_id is not None
        and step.kind in (Step.Kind.DO, Step.Kind.KEY, Step.Kind.ADJUDICATE)
        and step.state == Step.State.DONE
    ]
    return done[-1] if done else None


def _delivered(actor: Actor, now: datetime, item_id: int) -> Course:
    course = holding.of_item(actor=actor, now=now, item_id=item_id)
    require(policies.is_client_of(actor, course.item.client_id))
    if course.item.state != Item.State.DELIVERED:
        raise NotDelivered(
            _("“%(title)s” is %(state)s; nothing was changed.")
            % {"title": course.item.title, "state": course.item.get_state_display()}
        )
    return course
