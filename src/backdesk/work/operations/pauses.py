"""Stretches in which the provider waits: said by the provider, decided by the client, and the clock follows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backdesk.desks.services import Service
from backdesk.parties.policies import person
from backdesk.parties.queries.recipients import people_with
from backdesk.platform import notifications
from backdesk.platform.actor import Actor
from backdesk.platform.errors import Refused
from backdesk.platform.isolation import as_system, operation
from backdesk.work import policies
from backdesk.work.models import Item, Pause, Step
from backdesk.work.operations import events, holding
from backdesk.work.operations.events import Deed
from backdesk.work.operations.process import Course
from backdesk.work.operations.reclocking import reclock

PROPOSED = "work.pause_proposed"
DECIDED = "work.pause_decided"
DECIDERS = ("operations_lead",)


class UnknownReason(Refused):
    """The service knows the reasons for which its clock may stand; this is none of them."""


class ImpossiblePause(Refused):
    """It would begin before the item came, lie in the future, or end before it begins."""


class PausedAlready(Refused):
    """A pause of the item lasts, or waits to be decided."""

    status = 409


class NotUnderWay(Refused):
    """The item is closed, or the pause is decided or ended."""

    status = 409


class WhyRefused(Refused):
    """A pause is refused with a reason."""


class OwnPause(Refused):
    """Who belongs to both companies does not decide for the one what they asked for the other."""

    status = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """`passed_over`: somebody else had decided these meanwhile, or they were withdrawn."""

    decided: tuple[Pause, ...]
    passed_over: tuple[Pause, ...]


@operation
def propose_pause(
    *,
    actor: Actor,
    now: datetime,
    item_id: int,
    reason: str,
    note: str = "",
    began_at: datetime | None = None,
    ended_at: datetime | None = None,
) -> Pause:
    """From now on, or of a time that is over (`began_at`, and `ended_at` unless it lasts).

    Where the service wants no approval the clock stands at once.
    """
    course = holding.of_item(actor=actor, now=now, item_id=item_id)
    require_performer(actor, course)
    _require_possible(course, began_at or now, ended_at)
    pause = begin_pause(course=course, reason=reason, note=note, began_at=began_at, ended_at=ended_at)
    write(course, "pause proposed", pause)
    _tell_client(actor, now, pause)
    return pause


@operation
def decide_pauses(
    *, actor: Actor, now: datetime, pause_ids: Collection[int], approve: bool, reason: str = ""
) -> Decided:
    """Some or many at once. Each clock follows from when its pause began, also of a time that is over."""
    policies.require(policies.may_decide_pauses(actor))
    if not approve and not reason.strip():
        raise WhyRefused(_("Say why you refuse it: the provider has to know what to do otherwise."))
    visible = Pause.objects.visible_to(actor).filter(pk__in=set(pause_ids)).order_by("item_id", "pk")
    decided, passed_over = [], []
    for pk, item_id in list(visible.values_list("pk", "item_id")):
        course = holding.of_item(actor=actor, now=now, item_id=item_id)
        policies.require(policies.is_client_of(actor, course.item.client_id))
        pause = Pause.objects.select_for_update().get(pk=pk)
        if pause.state != Pause.State.PROPOSED:
            passed_over.append(pause)
            continue
        if pause.proposed_by_id == person(actor):
            raise OwnPause(
                _("You proposed a pause of “%(title)s” yourself, for the provider. Somebody else decides it.")
                % {"title": course.item.title}
            )
        _decide(course, pause, approve=approve, reason=reason)
        decided.append(pause)
    return Decided(decided=tuple(decided), passed_over=tuple(passed_over))


@operation
def end_pause(*, actor: Actor, now: datetime, pause_id: int) -> Pause:
    """Work can go on. Of a pause that hangs on a question, the answer ends it."""
    course, pause = _of_pause(actor, now, pause_id)
    require_performer(actor, course)
    if pause.ended_at is not None or pause.state not in (Pause.State.PROPOSED, Pause.State.APPROVED):
        raise NotUnderWay(_("This pause is over already; nothing was changed."))
    stop(course, pause)
    write(course, "pause ended", pause)
    return pause


@operation
def withdraw_pause(*, actor: Actor, now: datetime, pause_id: int) -> Pause:
    """As long as nobody has decided."""
    course, pause = _of_pause(actor, now, pause_id)
    require_performer(actor, course)
    if pause.state != Pause.State.PROPOSED:
        raise NotUnderWay(_("This pause has been decided already; nothing was changed."))
    withdraw(course, pause)
    write(course, "pause withdrawn", pause)
    return pause


# -- For verbs that pause by the way -------------------------------------------------------------------------


def begin_pause(
    *,
    course: Course,
    reason: str,
    note: str = "",
    began_at: datetime | None = None,
    ended_at: datetime | None = None,
    question_id: int | None = None,
) -> Pause:
    """The row; approved where the service wants no approval. Raises `UnknownReason`, `PausedAlready`."""
    _require_reason(course.service, reason)
    if ended_at is None and unended(course.item):
        raise PausedAlready(_("A pause of this item lasts already. It has to end before another begins."))
    approved = course.service.pauses.approval == "none"
    return Pause.objects.create(
        item=course.item,
        question_id=question_id,
        client_id=course.item.client_id,
        provider_id=course.item.provider_id,
        state=Pause.State.APPROVED if approved else Pause.State.PROPOSED,
        reason=reason[:100],
        note=note.strip()[:500],
        began_at=began_at or course.now,
        ended_at=ended_at,
        proposed_by_id=person(course.actor),
        proposed_at=course.now,
        decided_at=course.now if approved else None,
    )


def unended(item: Item) -> bool:
    """Whether a pause lasts that stops the clock, or would."""
    lasting = Pause.objects.filter(item=item, ended_at=None)
    return lasting.filter(state__in=[Pause.State.PROPOSED, Pause.State.APPROVED]).exists()


def stop(course: Course, pause: Pause) -> None:
    pause.ended_at = max(course.now, pause.began_at)
    pause.save(update_fields=["ended_at"])


def ended_by_delivery(course: Course) -> Iterator[Deed]:
    """End what still stops the clock of an item that is delivered; else nobody would be given it if it came back."""
    lasting = Pause.objects.select_for_update().filter(
        item=course.item, state=Pause.State.APPROVED, ended_at=None
    )
    for pause in lasting.order_by("pk"):
        stop(course, pause)
        columns = reclock(course)
        for name, value in columns.items():
            setattr(course.item, name, value)
        yield Deed(kind="pause ended", item=course.item, fields=tuple(columns), facts=facts_of(pause))


def withdraw(course: Course, pause: Pause) -> None:
    pause.state = Pause.State.WITHDRAWN
    pause.decided_by_id, pause.decided_at = course.actor.person_id, course.now
    pause.save(update_fields=["state", "decided_by", "decided_at"])


def facts_of(pause: Pause) -> dict[str, Any]:
    said = {"pause": pause.pk, "state": pause.state, "reason": pause.reason, "began_at": pause.began_at}
    if pause.ended_at is not None:
        said["ended_at"] = pause.ended_at
    return said


def write(course: Course, kind: str, pause: Pause, **facts: Any) -> None:
    """The deed, with what it does to the due times."""
    columns = reclock(course)
    deeds = course.deeds(kind, facts={**facts_of(pause), **facts}, **columns)
    events.append(actor=course.actor, now=course.now, deeds=list(deeds))


def require_performer(actor: Actor, course: Course) -> None:
    """Who leads delivery, or an agent who has the item or had it."""
    policies.require(policies.may_pause(actor) and policies.is_provider_of(actor, course.item.provider_id))
    if not policies.sees_whole(actor) and not _had(actor, course.steps):
        raise Item.DoesNotExist


# -- Within --------------------------------------------------------------------------------------------------


def _decide(course: Course, pause: Pause, *, approve: bool, reason: str) -> None:
    pause.state = Pause.State.APPROVED if approve else Pause.State.REFUSED
    pause.decided_by_id, pause.decided_at = person(course.actor), course.now
    pause.decision = reason.strip()[:500]
    if pause.ended_at is None and course.item.delivered_at is not None:
        pause.ended_at = max(course.item.delivered_at, pause.began_at)
    pause.save(update_fields=["state", "decided_by", "decided_at", "decision", "ended_at"])
    said = {"reason": pause.decision} if pause.decision else {}
    write(course, "pause approved" if approve else "pause refused", pause, **said)
    _tell_proposer(course, pause)


def _of_pause(actor: Actor, now: datetime, pause_id: int) -> tuple[Course, Pause]:
    """Locked, the item first."""
    item_id = Pause.objects.visible_to(actor).values_list("item_id", flat=True).get(pk=pause_id)
    course = holding.of_item(actor=actor, now=now, item_id=item_id)
    return course, Pause.objects.select_for_update().get(pk=pause_id)


def _had(actor: Actor, steps: Sequence[Step]) -> bool:
    return any(
        step.holder_id == actor.person_id and step.organisation_id == actor.organisation_id for step in steps
    )


def _require_possible(course: Course, began_at: datetime, ended_at: datetime | None) -> None:
    item, now = course.item, course.now
    if item.state not in (Item.State.OPEN, Item.State.DELIVERED):
        raise NotUnderWay(
            _("“%(title)s” is %(state)s; its clock stays as it is.")
            % {"title": item.title, "state": item.get_state_display()}
        )
    latest = item.delivered_at if item.state == Item.State.DELIVERED else now
    assert latest is not None
    if began_at < item.received_at or (ended_at or began_at) > latest:
        raise ImpossiblePause(
            _("A pause lies between the receipt of the item and now, or its delivery. Correct its times.")
        )
    if ended_at is None and item.state == Item.State.DELIVERED:
        raise ImpossiblePause(_("The item is delivered: say when the pause was over."))
    if ended_at is not None and ended_at <= began_at:
        raise ImpossiblePause(_("A pause ends after it begins. Correct its times."))


def _require_reason(service: Service, reason: str) -> None:
    known = service.pauses.reasons
    if not reason.strip() or (known and reason not in known):
        raise UnknownReason(
            _("Choose one of the reasons for which the clock may stand: %(reasons)s.")
            % {"reasons": ", ".join(known) or "–"}
        )


def _tell_client(actor: Actor, now: datetime, pause: Pause) -> None:
    if pause.state != Pause.State.PROPOSED:
        return
    with as_system("who decides on pauses"):  # people of another company
        people = people_with(organisation_id=pause.client_id, roles=DECIDERS)
    notifications.notify(
        actor=actor,
        now=now,
        people=people,
        kind=PROPOSED,
        subject=pause.item,
        organisation_id=pause.client_id,
        title=format_lazy(gettext_lazy("A pause of “{item}” waits for your decision"), item=pause.item.title),
        detail=pause.reason,
        url=reverse("work:pauses"),
    )


def _tell_proposer(course: Course, pause: Pause) -> None:
    approved = pause.state == Pause.State.APPROVED
    says = (
        gettext_lazy("Your pause of “{item}” was approved")
        if approved
        else gettext_lazy("Your pause of “{item}” was refused")
    )
    notifications.settle(now=course.now, kind=PROPOSED, subject=course.item)
    notifications.notify(
        actor=course.actor,
        now=course.now,
        people=[pause.proposed_by_id],
        kind=DECIDED,
        subject=course.item,
        organisation_id=pause.provider_id,
        title=format_lazy(says, item=course.item.title),
        detail=pause.decision,
        url=reverse("work:item-clock", args=[course.item.pk]),
    )
