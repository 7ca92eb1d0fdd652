"""The queues: what waits in each, what of it is late or soon will be, and who may work on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from backdesk.parties.queries.participants import names_of_companies
from backdesk.parties.web.acting import allowed, clock
from backdesk.platform.actor import Actor
from backdesk.platform.web import tables
from backdesk.platform.web.figures import Figure
from backdesk.platform.web.parts import Empty
from backdesk.platform.web.tables import Column, Table
from backdesk.platform.web.words import Words
from backdesk.work import policies
from backdesk.work.queries.queues import FRESH, Queue, queues_of

AGE_TITLES = (
    _("up to 4 hours"), _("up to a day"), _("up to 2 days"), _("up to 5 days"), _("longer")
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Age:
    title: Words
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuesPage:
    figures: tuple[Figure, ...]
    ages: tuple[Age, ...]
    table: Table
    counted_at: datetime | None
    is_stale: bool
    now: datetime

    @property
    def most(self) -> int:
        return max((one.count for one in self.ages), default=0)


@require_safe
@allowed(policies.sees_whole)
def queues(request: HttpRequest, actor: Actor) -> HttpResponse:
    now = clock()
    found = queues_of(actor=actor, now=now)
    columns = _columns(names_of_companies({one.route.organisation_id for one in found}))
    state = tables.read_state(request.GET, columns=columns, sort="-overdue")
    table = tables.from_rows(
        found,
        name="queues",
        columns=columns,
        state=state,
        caption=_("Queues"),
        empty=Empty(
            title=_("There are no queues yet"),
            text=_("Each task of a service that is in use has one; they stand here once one is published."),
            action=_("See the services"),
            url=reverse("work:services"),
        ),
    )
    if state.export:
        return tables.file_response(table=table, filename="queues.csv")
    counted_at = min((one.count.counted_at for one in found), default=None)
    page = QueuesPage(
        figures=_figures(found),
        ages=_ages(found),
        table=table,
        counted_at=counted_at,
        is_stale=counted_at is not None and now - counted_at > FRESH,
        now=now,
    )
    return render(request, "work/queues.html", {"page": page})


def _columns(companies: Mapping[int, str]) -> tuple[Column, ...]:
    company = Column(
        key="company",
        title=_("Done by"),
        value=lambda one: companies.get(one.route.organisation_id, ""),
        filter="choice",
        choices=[(name, name) for name in sorted(set(companies.values()))],
    )
    return (*COUNTED, company, PEOPLE)


def _items(asked: str) -> Callable[[Queue], str]:
    return lambda one: f"{reverse('work:items')}?service={one.route.service_id}&{asked}"


def _count(key: str, title: Words, definition: Words = "", *, asked: str = "", bar: bool = False) -> Column:
    return Column(
        key=key,
        title=title,
        kind="number",
        value=lambda one: getattr(one.count, key),
        href=_items(asked) if asked else None,
        definition=definition,
        bar=bar,
    )


COUNTED = (
    Column(
        key="queue",
        title=_("Queue"),
        value=lambda one: one.route.name,
        detail=lambda one: one.route.service.name,
        mark=lambda one: one.route.language,
        href=_items("state=open&sort=due"),
        filter="contains",
    ),
    Column(
        key="service",
        title=_("Service"),
        value=lambda one: one.route.service.name,
        filter="contains",
        is_optional=True,
    ),
    _count("open", _("Waiting"), _("steps that nobody has in hand"), bar=True),
    Column(
        key="hours",
        title=_("Work waiting"),
        kind="hours",
        definition=_("what waits, times the standard time of the task"),
        reason=_("the service says no standard time"),
    ),
    _count("overdue", _("Overdue"), asked="due=overdue"),
    _count("soon", _("Due soon"), _("within the next 4 hours"), asked="due=soon"),
    _count("paused", _("Clock stopped"), _("the client was asked something and has not answered")),
    _count("taken", _("In hand")),
    Column(
        key="oldest",
        title=_("Oldest since"),
        kind="time",
        value=lambda one: one.count.oldest_at,
        definition=_("since when the step that waits longest could be done"),
        reason=_("nothing waits"),
    ),
)
PEOPLE = Column(
    key="people",
    title=_("People"),
    kind="number",
    definition=_("who may be given work of it: they have the skills, and have read the procedure"),
    reason=_("it is the other company's affair who works on it"),
)


def _figures(found: Sequence[Queue]) -> tuple[Figure, ...]:
    items = reverse("work:items")
    hours = [one.hours for one in found if one.hours is not None]
    return (
        Figure(title=_("Waiting"), value=_sum(found, "open"), href=f"{items}?state=open"),
        Figure(
            title=_("Work waiting"),
            value=sum(hours) if hours else None,
            unit="h",
            definition=_("what waits, times the standard time of the task"),
            reason=_("no service says a standard time"),
        ),
        Figure(title=_("Overdue"), value=_sum(found, "overdue"), href=f"{items}?due=overdue"),
        Figure(title=_("Due within 4 hours"), value=_sum(found, "soon"), href=f"{items}?due=soon"),
        Figure(title=_("Clock stopped"), value=_sum(found, "paused"), href=f"{items}?state=paused"),
        Figure(title=_("In hand"), value=_sum(found, "taken")),
    )  # fmt: skip


def _sum(found: Sequence[Queue], key: str) -> int:
    return sum(getattr(one.count, key) for one in found)


def _ages(found: Sequence[Queue]) -> tuple[Age, ...]:
    counts = [sum(part) for part in zip_longest(*(one.count.ages for one in found), fillvalue=0)]
    return tuple(Age(title=title, count=count) for title, count in zip(AGE_TITLES, counts, strict=False))
