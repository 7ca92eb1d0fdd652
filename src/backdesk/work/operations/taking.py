"""Who is given which step: the next one, a chosen one where that is allowed, one from a lead, one back to the queue."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backdesk.parties.policies import company, person, require
from backdesk.platform.actor import Actor
from backdesk.platform.errors import Refused
from backdesk.platform.isolation import alone, operation
from backdesk.platform.isolation.scopes import scope_of
from backdesk.platform.requests import current_request_id
from backdesk.work import policies
from backdesk.work.models import Entitlement, Event, Route, Step
from backdesk.work.operations import events, holding
from backdesk.work.operations.process import Course
from backdesk.work.queries import doing, rows
from backdesk.work.queries.choosing import kept_for

_TAKE_NEXT = "work_take_next(told.person, told.organisation, %s::bigint[], %s, %s, %s) AS taken"
_AND_TELL = f"{_TAKE_NEXT} CROSS JOIN LATERAL work_whole(taken.id, taken.item_id, told.organisation) AS whole"
#: Up to here the place in the queue of a chosen step is counted; further down, it is "further down".
COUNTED_PLACES = 1000
#: More, and one has picked what to do.
GIVEN_BACK_AN_HOUR = 6


class NotOpen(Refused):
    """The step is not in the queue: somebody has it, it is kept for another, or it is done."""

    status = 409


class NotToBeChosen(Refused):
    """The service gives out the next item; one cannot pick."""


class EnoughInHand(Refused):
    """One holds as many items of the service as a person may at once."""

    status = 409


class NotEntitled(Refused):
    """The person may not be given this step: a skill, an acknowledgement or a role is wanting, or it is their own work
    that is to be checked."""

    status = 409


def take_next(*, actor: Actor, now: datetime, route_ids: Collection[int] | None = None) -> Step | None:
    """The first step in the actor's queues, or in some of them: rework, then by priority, due time and age. None where
    nothing waits for them. Raises `EnoughInHand` where something might, but they hold as many as they may.

    One message to the database does it all, event, trail and transaction included: hundreds a second ask for their
    next item.
    """
    step = _next(actor, now, route_ids)
    return step or _next_after_returns(actor=actor, now=now, route_ids=route_ids)


def take_next_whole(
    *, actor: Actor, now: datetime, route_ids: Collection[int] | None = None
) -> doing.Whole | None:
    """The same, told with all of its item in the same message."""
    found = _taken(actor, now, route_ids, columns=f"taken.id, {doing.WHOLE}", source=_AND_TELL)
    if found:
        return doing.whole_made(found[0][0], [row[1:] for row in found])
    step = _next_after_returns(actor=actor, now=now, route_ids=route_ids)
    return None if step is None else doing.whole_of(actor, step)


@operation
def _next_after_returns(*, actor: Actor, now: datetime, route_ids: Collection[int] | None) -> Step | None:
    step = _next(actor, now, route_ids) if _returned_first(actor, now, route_ids) else None
    if step is None:
        _explain_nothing(actor, route_ids)
    return step


@operation
def take(*, actor: Actor, now: datetime, step_id: int) -> Step:
    """A chosen one, where the service lets people choose. The event says so, and from which place in the queue."""
    course, step = holding.of_step(actor=actor, now=now, step_id=step_id)
    _require_open(actor, now, step)
    route = route_of(step)
    if not route.may_choose:
        raise NotToBeChosen(_("This service gives out the next item; take that one instead."))
    serialise(actor)
    _require_room(actor, route)
    require_entitled(step=step, person_id=person(actor))
    place = _place_in_queue(step)
    assign(course=course, step=step, person_id=person(actor), lease_minutes=route.lease_minutes)
    _write(course, "step taken", step, {"chosen": True, "place": place})
    return step


@operation
def reassign(*, actor: Actor, now: datetime, step_id: int, to_person: int) -> Step:
    """By who leads: an open step, or one out of somebody's hands. Whoever had it cannot complete it any more."""
    require(policies.may_lead_queue(actor))
    course, step = holding.of_step(actor=actor, now=now, step_id=step_id)
    require(step.organisation_id == company(actor))
    if step.state not in {Step.State.OPEN, Step.State.TAKEN} or step.route_id is None:
        raise NotOpen(
            _("This step is no longer to be done: it is %(state)s.") % {"state": step.get_state_display()}
        )
    require_entitled(step=step, person_id=to_person)
    before = step.holder_id
    assign(course=course, step=step, person_id=to_person, lease_minutes=route_of(step).lease_minutes)
    _write(course, "step reassigned", step, {"from": before, "to": to_person})
    return step


@operation
def give_back(*, actor: Actor, now: datetime, step_id: int, claim: int, reason: str) -> Step:
    """To the queue, with the reason; it is counted. Somebody else is given it, where there is anybody else."""
    course, step = holding.of_step(actor=actor, now=now, step_id=step_id)
    holding.require_claim(actor, step, claim)
    if not reason.strip():
        raise ReasonMissing(_("Say why you give it back: whoever is next, and who leads, will want to know."))
    _require_no_picking(course, step)
    release(course=course, step=step)
    _write(course, "step given back", step, {"reason": reason.strip()[:500]})
    return step


class ReasonMissing(Refused):
    """Work is given back with a reason."""


class GivenBackOften(Refused):
    """Who gives back one after the other picks what they like, where the service gives out the next."""

    status = 409


# -- For who gives out work otherwise ------------------------------------------------------------------------


def assign(*, course: Course, step: Step, person_id: int, lease_minutes: int) -> None:
    """Into somebody's hands; every word with an earlier claim is refused from now on."""
    course.change(
        step,
        state=Step.State.TAKEN,
        holder_id=person_id,
        taken_at=course.now,
        started_at=step.started_at or course.now,
        lease_until=course.now + timedelta(minutes=lease_minutes),
        claim=step.claim + 1,
    )
    for other in course.live():  # what is keyed twice is keyed by two
        if step.kind == Step.Kind.KEY and other.node == step.node and other is not step:
            course.change(other, avoid=[*other.avoid, person_id])


def release(*, course: Course, step: Step) -> None:
    """Back to the queue; past whoever had it, if somebody else may do it, and kept for nobody any more."""
    if entitled_to(step).exclude(person_id__in=[*step.avoid, step.holder_id]).exists():
        course.change(step, avoid=sorted({*step.avoid, step.holder_id}))
    course.change(
        step,
        state=Step.State.OPEN,
        holder_id=None,
        taken_at=None,
        lease_until=None,
        claim=step.claim + 1,
        prefer_id=None,
        prefer_until=None,
    )


def require_entitled(*, step: Step, person_id: int) -> None:
    if person_id in step.avoid:
        raise NotEntitled(
            _("They did the work that is to be looked at here, or gave it back. Choose somebody else.")
        )
    if not entitled_to(step).filter(person_id=person_id).exists():
        text = _(
            "They may not do this task: a skill, its level or having read the procedure is wanting, or they are away."
        )
        raise NotEntitled(text)


def entitled_to(step: Step) -> QuerySet[Entitlement]:
    """Who may be given it, but for its own exceptions."""
    route = route_of(step)
    return Entitlement.objects.filter(route=route, organisation_id=route.organisation_id)


def route_of(step: Step) -> Route:
    """The queue of a step that people do."""
    assert step.route is not None
    return step.route


def held_of(actor: Actor, service_id: int) -> int:
    """How many steps of the service the actor holds for their company."""
    return Step.objects.filter(
        holder_id=person(actor), state=Step.State.TAKEN, service_id=service_id, organisation_id=company(actor)
    ).count()


# -- Within --------------------------------------------------------------------------------------------------


def _require_no_picking(course: Course, step: Step) -> None:
    """Of one service. Whoever holds more than that at once may empty their hands."""
    route = route_of(step)
    most = max(GIVEN_BACK_AN_HOUR, route.at_once)
    given_back = Event.objects.filter(
        kind="step given back",
        organisation_id=step.organisation_id,
        person_id=step.holder_id,
        item__service_id=step.service_id,
        at__gt=course.now - timedelta(hours=1),
    )
    if not route.may_choose and given_back.count() >= most:
        text = _(
            "You gave back %(count)s items within an hour, as many as one may. Do this one, ask about it, or have "
            "whoever leads you give it to somebody else."
        )
        raise GivenBackOften(text % {"count": most})


def _next(actor: Actor, now: datetime, route_ids: Collection[int] | None) -> Step | None:
    found = _taken(actor, now, route_ids, columns=rows.columns(Step, "taken"), source=_TAKE_NEXT)
    return rows.made(Step, found[0]) if found else None


def _taken(
    actor: Actor, now: datetime, route_ids: Collection[int] | None, *, columns: str, source: str
) -> list[tuple[Any, ...]]:
    person(actor), company(actor)
    routes = None if route_ids is None else list(route_ids)
    values = [routes, actor.interface, current_request_id(), now]
    return alone.rows(scope=scope_of(actor), columns=columns, source=source, values=values)


def _returned_first(actor: Actor, now: datetime, route_ids: Collection[int] | None) -> bool:
    """Whether something came back to the actor's queues whose holder has vanished: nobody waits for the job."""
    from backdesk.work.operations.leases import return_expired_of

    routes = _entitled_routes(actor, route_ids)
    return bool(routes) and return_expired_of(actor=actor, now=now, route_ids=routes) > 0


def _entitled_routes(actor: Actor, route_ids: Collection[int] | None) -> list[int]:
    own = Entitlement.objects.visible_to(actor).filter(person_id=person(actor))
    if route_ids is not None:
        own = own.filter(route_id__in=route_ids)
    return list(own.values_list("route_id", flat=True))


def _explain_nothing(actor: Actor, route_ids: Collection[int] | None) -> None:
    """That there is nothing, and that one has enough, are two answers."""
    routes = Route.objects.filter(pk__in=_entitled_routes(actor, route_ids)).exclude(mode="push")
    for route in routes.order_by("pk").distinct():
        if _waits(route):
            _require_room(actor, route)


def _waits(route: Route) -> bool:
    return Step.objects.filter(route=route, state=Step.State.OPEN, is_held_back=False).exists()


def _require_room(actor: Actor, route: Route) -> None:
    """Whoever leads may have given them more than the service would."""
    held = held_of(actor, route.service_id)
    if held >= route.at_once:
        says = ngettext(
            "You hold %(held)s item of “%(service)s”. This service lets each person hold %(limit)s at once: the next "
            "one comes when you hold fewer.",
            "You hold %(held)s items of “%(service)s”. This service lets each person hold %(limit)s at once: the next "
            "one comes when you hold fewer.",
            held,
        )
        raise EnoughInHand(says % {"held": held, "service": route.service.name, "limit": route.at_once})


def serialise(actor: Actor) -> None:
    """Two screens of one person count one after the other."""
    key = f"work of {actor.person_id} at {actor.organisation_id}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


def _require_open(actor: Actor, now: datetime, step: Step) -> None:
    require(step.organisation_id == company(actor))
    if step.state == Step.State.TAKEN:
        raise NotOpen(_("%(name)s has this step.") % {"name": holding.name_of(actor, step)})
    if step.state != Step.State.OPEN or step.route_id is None:
        raise NotOpen(
            _("This step is no longer to be done: it is %(state)s.") % {"state": step.get_state_display()}
        )
    if step.is_held_back:
        raise NotOpen(_("The clock of this item stands; it is given out again once it runs on."))
    if Step.objects.values_list(kept_for(now)).get(pk=step.pk)[0] not in (None, person(actor)):
        raise NotOpen(_("This step is kept for who did it before. Choose another."))


def _place_in_queue(step: Step) -> int | None:
    """1 is first; None: further down than is counted."""
    due = Q(due_at__lt=step.due_at) | Q(due_at=step.due_at, pk__lt=step.pk) if step.due_at else (
        Q(due_at__isnull=False) | Q(pk__lt=step.pk)
    )  # fmt: skip
    waiting = Step.objects.filter(route=route_of(step), state=Step.State.OPEN, is_held_back=False)
    ahead = waiting.filter(Q(priority__lt=step.priority) | Q(priority=step.priority) & due)
    found = ahead.order_by(F("priority"))[:COUNTED_PLACES].count()
    return found + 1 if found < COUNTED_PLACES else None


def _write(course: Course, kind: str, step: Step, facts: dict[str, object]) -> None:
    deeds = list(course.deeds(kind, step=step, facts=facts))
    events.append(actor=course.actor, now=course.now, deeds=deeds)
