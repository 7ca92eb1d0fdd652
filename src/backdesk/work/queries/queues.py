"""How the queues stand: what waits in each, how long it has, and who may work on it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

from django.db import connection
from django.db.models import Count, Sum

from backdesk.platform.actor import Actor
from backdesk.platform.isolation import prepared
from backdesk.work.models import Entitlement, QueueCount, Route, Service, Step
from backdesk.work.queries import rows

SOON: Final = timedelta(hours=4)
#: Up to so many waiting steps a company's queues are counted while somebody waits for the page.
COUNTED_AT_ONCE: Final = 5_000
#: Counts are made each minute; older ones than this tell that nobody makes them.
FRESH: Final = timedelta(minutes=5)

#: Up to how many hours something waits, in each of the stretches that are told apart; the last is all beyond.
AGES: Final = (4, 24, 48, 120)
_AGED = ", ".join(
    f"count(*) FILTER (WHERE enabled_at > %(now)s - interval '{hours} hours')" for hours in AGES
)
_WAITING = f"""
SELECT route_id, count(*), count(*) FILTER (WHERE due_at < %(now)s),
       count(*) FILTER (WHERE due_at >= %(now)s AND due_at < %(soon)s), min(enabled_at), {_AGED}
FROM work_step WHERE state = 'open' AND NOT is_held_back AND route_id = ANY(%(routes)s) GROUP BY route_id
"""  # noqa: S608  our own words
_NOTHING = (0, 0, 0, None, *(0 for _hours in AGES))
_TAKEN = """
SELECT route_id, count(*) FROM work_step WHERE state = 'taken' AND route_id = ANY(%(routes)s) GROUP BY route_id
"""
_PAUSED = """
SELECT step.route_id, count(*) FROM work_item AS item JOIN work_step AS step ON step.item_id = item.id
WHERE item.is_paused AND step.state IN ('open', 'taken') AND step.route_id = ANY(%(routes)s) GROUP BY step.route_id
"""

_QUEUES = f"""
SELECT {rows.columns(Route, "route")}, {rows.columns(Service, "service")}, {rows.columns(QueueCount, "kept")}
FROM work_route AS route JOIN work_service AS service ON service.id = route.service_id
LEFT JOIN work_queuecount AS kept ON kept.route_id = route.id
WHERE route.client_id = %s OR route.provider_id = %s ORDER BY service.name, route.name, route.id
"""  # noqa: S608  our own words


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """A queue as it stands; `people` None where it is another company's affair who works on it."""

    route: Route
    count: QueueCount
    people: int | None

    @property
    def hours(self) -> Decimal | None:
        """Of work that waits, at the standard time."""
        minutes = self.route.standard_minutes
        return self.count.open * minutes / 60 if minutes else None


def queues_of(*, actor: Actor, now: datetime) -> list[Queue]:
    """All the actor's company takes part in, those with the most overdue first."""
    routes, kept = _routes(actor)
    if not routes:
        return []
    counts = (
        kept if sum(one.open for one in kept.values()) > COUNTED_AT_ONCE else _by_route(counted(routes, now))
    )
    entitled = Entitlement.objects.visible_to(actor).values("route_id").annotate(people=Count("person_id"))
    people: Mapping[int, int] = {row["route_id"]: row["people"] for row in entitled}
    found = [
        Queue(
            route=one,
            count=counts[one.pk],
            people=people.get(one.pk, 0) if one.organisation_id == actor.organisation_id else None,
        )
        for one in routes
        if one.pk in counts
    ]
    return sorted(found, key=lambda one: (-one.count.overdue, -one.count.open))


def waiting(*, actor: Actor) -> int | None:
    """How many steps wait in all of them; None without any queue."""
    known = _kept(actor)
    if known > COUNTED_AT_ONCE:
        return known
    routes = Route.objects.visible_to(actor)
    steps = Step.objects.filter(state=Step.State.OPEN, is_held_back=False, route__in=routes).count()
    return steps if steps or routes.exists() else None


def has_queues(actor: Actor) -> bool:
    """Whether there is work that the actor's own company is to do."""
    return (
        actor.organisation_id is not None
        and Route.objects.visible_to(actor).filter(organisation_id=actor.organisation_id).exists()
    )


def counted(routes: Sequence[Route], now: datetime) -> list[QueueCount]:
    """Counted now. Takes as long as there are steps that wait."""
    values: dict[str, Any] = {"now": now, "soon": now + SOON, "routes": [one.pk for one in routes]}
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, values)
        waiting = {row[0]: row[1:] for row in cursor.fetchall()}
        cursor.execute(_TAKEN, values)
        taken = dict(cursor.fetchall())
        cursor.execute(_PAUSED, values)
        paused = dict(cursor.fetchall())
    return [
        _count(one, now, waiting.get(one.pk, _NOTHING), taken.get(one.pk, 0), paused.get(one.pk, 0))
        for one in routes
    ]


def _count(route: Route, now: datetime, waiting: tuple[Any, ...], taken: int, paused: int) -> QueueCount:
    count, overdue, soon, oldest, *younger = waiting
    up_to = [0, *younger, count]
    return QueueCount(
        route=route,
        client_id=route.client_id,
        provider_id=route.provider_id,
        counted_at=now,
        open=count,
        taken=taken,
        overdue=overdue,
        soon=soon,
        paused=paused,
        ages=[more - less for less, more in pairwise(up_to)],
        oldest_at=oldest,
    )


def _routes(actor: Actor) -> tuple[list[Route], dict[int, QueueCount]]:
    """By the names of their services and their own, and as they were counted last."""
    own = actor.organisation_id
    routes, counts = [], []
    service = rows.count(Route)
    kept = service + rows.count(Service)
    for row in prepared.rows(sql=_QUEUES, values=[own, own]):
        route = rows.made(Route, row[:service])
        route.service = rows.made(Service, row[service:kept])
        routes.append(route)
        if row[kept] is not None:
            counts.append(rows.made(QueueCount, row[kept:]))
    return routes, _by_route(counts)


def _by_route(counts: Collection[QueueCount]) -> dict[int, QueueCount]:
    return {one.route_id: one for one in counts}


def _kept(actor: Actor) -> int:
    return QueueCount.objects.visible_to(actor).aggregate(open=Sum("open"))["open"] or 0
