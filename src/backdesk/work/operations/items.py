"""Items come in, one or many; they are cancelled, or moved in their queues."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, Protocol

from django.utils.translation import gettext as _

from backdesk.desks import services
from backdesk.parties.policies import require
from backdesk.platform.actor import Actor
from backdesk.platform.errors import Refused
from backdesk.platform.isolation import operation
from backdesk.platform.lines import one_line
from backdesk.work import policies
from backdesk.work.models import Item, Service
from backdesk.work.models.items import NORMAL
from backdesk.work.operations import events, holding
from backdesk.work.operations.process import Course
from backdesk.work.queries import keys, receipts, rows
from backdesk.work.queries.compiled import Compiled, compiled
from backdesk.work.queries.services import service_to_create_in
from backdesk.work.queries.terms import due_when_received

AT_ONCE = 500
PRIORITIES = range(1, 10)


class InvalidItem(Refused):
    """The values are not as the service wants them; `problems` says it field by field."""

    def __init__(self, problems: Sequence[services.FieldProblem]) -> None:
        super().__init__(_("Some fields are not right yet."))
        self.problems = tuple(problems)


class DuplicateItem(Refused):
    """An item of the same business key is there already; `existing` is it."""

    status = 409

    def __init__(self, existing: Item) -> None:
        super().__init__(
            _("There is an item “%(key)s” of this service already. Nothing was created twice.")
            % {"key": existing.business_key}
        )
        self.existing = existing


class ServiceNotOpen(Refused):
    """The service takes no items: it is a draft, paused or retired, or the engagement does not run."""

    status = 409


class UnknownPriority(Refused):
    """A priority is 1, first, to 9, last."""


class NotOpenAnyMore(Refused):
    """The item is delivered, accepted or cancelled."""

    status = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class NewItem:
    """`values` are those of the input. Without a business key, the service's key fields make it."""

    values: Mapping[str, Any]
    title: str = ""
    business_key: str = ""
    priority: int = NORMAL
    language: str = ""
    received_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a row: an item, or why there is none; `existing` is the item that was there already."""

    item: Item | None = None
    problems: tuple[services.FieldProblem, ...] = ()
    existing: Item | None = None


@operation
def create_items(
    *, actor: Actor, now: datetime, service: Service, rows: Iterable[NewItem], source: str = "import"
) -> list[Outcome]:
    """Take many in, in a few statements for 500; what became of each, in their order. Good ones beside bad are kept."""
    return _create(actor=actor, now=now, service=service, rows=rows, source=source)


def create_one(*, actor: Actor, now: datetime, service: Service, row: NewItem, source: str) -> Item:
    """One within another verb. Raises `InvalidItem`; `DuplicateItem`, where one of its key is there."""
    (outcome,) = _create(actor=actor, now=now, service=service, rows=[row], source=source)
    if outcome.problems:
        raise InvalidItem(outcome.problems)
    if outcome.item is None:
        assert outcome.existing is not None
        raise DuplicateItem(outcome.existing)
    return outcome.item


def take_in(
    *, actor: Actor, now: datetime, service: Service, rows: Iterable[NewItem], source: str
) -> list[Outcome]:
    """Many within another verb, and followed by nothing."""
    service = service_to_create_in(actor=actor, pk=service.pk)
    _require_open(service, now)
    assert service.current_id is not None
    version = compiled(actor=actor, version_id=service.current_id)
    intake = _Intake(actor=actor, now=now, row=service, version=version, source=source)
    rest, outcomes = iter(rows), list[Outcome]()
    while chunk := list(islice(rest, AT_ONCE)):
        outcomes += intake.take_in(chunk)
    return outcomes


@operation
def cancel_item(*, actor: Actor, now: datetime, item: Item, reason: str) -> Item:
    """By the client's lead. Whatever was open of it is no longer to be done; whoever has it is told when they go on."""
    require(policies.may_define(actor))
    course = holding.of_item(actor=actor, now=now, item_id=item.pk)
    require(policies.is_client_of(actor, course.item.client_id))
    _require_state_open(course.item)
    course.cancel()
    deeds = course.deeds(
        "item cancelled", facts={"reason": reason[:500]}, state=Item.State.CANCELLED, closed_at=now
    )
    events.append(actor=actor, now=now, deeds=list(deeds))
    return course.item


@operation
def change_priority(*, actor: Actor, now: datetime, items: Collection[Item], priority: int) -> list[Item]:
    """Move open items forward or back in their queues, all or none."""
    require(policies.may_lead_queue(actor))
    if priority not in PRIORITIES:
        raise UnknownPriority(
            _("%(priority)s is no priority: they are 1, first, to 9, last.") % {"priority": priority}
        )
    changed = []
    for pk in sorted({item.pk for item in items}):  # in one order, so that two never wait for each other
        course = holding.of_item(actor=actor, now=now, item_id=pk)
        _require_state_open(course.item)
        for step in course.live():
            course.change(step, priority=priority)
        deeds = course.deeds("priority changed", facts={"from": course.item.priority}, priority=priority)
        events.append(actor=actor, now=now, deeds=list(deeds))
        changed.append(course.item)
    return changed


class Follower(Protocol):
    """What is done once items have come in, within the same verb."""

    def __call__(
        self, *, actor: Actor, now: datetime, service: Service, source: str, created: Sequence[Item]
    ) -> object: ...


def after_intake(follower: Follower) -> None:
    _followers.append(follower)


_followers: list[Follower] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class _Intake:
    """Rows on their way in to one version of a service."""

    actor: Actor
    now: datetime
    row: Service
    version: Compiled
    source: str
    dues: dict[datetime, datetime | None] = field(default_factory=dict)
    """By receipt: the lines of a file mostly have one."""

    def take_in(self, rows: Sequence[NewItem]) -> list[Outcome]:
        problems = [self._problems(row) for row in rows]
        courses = [None if wrong else self._course(row) for row, wrong in zip(rows, problems, strict=True)]
        fresh = self._fresh(courses)
        self._write(fresh)
        there = {course.item.business_key: course.item for course in fresh if course.item.sequence}
        there |= self._there(course.item.business_key for course in fresh if not course.item.sequence)
        return [
            Outcome(problems=wrong) if course is None else _outcome(course.item, there)
            for course, wrong in zip(courses, problems, strict=True)
        ]

    def _problems(self, row: NewItem) -> tuple[services.FieldProblem, ...]:
        service = self.version.service
        problems = (
            *service.input.errors(row.values, lookups=service.lookups),
            *receipts.too_early(row.received_at, now=self.now),
        )
        return problems or keys.too_long(service, row.values, given=row.business_key)

    def _course(self, row: NewItem) -> Course:
        service = self.version.service
        shared, private = service.input.parted(row.values)
        received_at = row.received_at or self.now
        key = keys.key_for(service, row.values, given=row.business_key)
        item = rows.fresh(
            Item,
            version_id=self.version.version_id,
            client_id=self.row.client_id,
            provider_id=self.row.provider_id,
            business_key=key,
            title=(one_line(row.title) or key or service.name)[:200],
            language=row.language,
            priority=row.priority,
            source=self.source,
            data={"input": shared, "output": {}},
            received_at=received_at,
            due_at=self._due(received_at),
        )
        rows.link(item, "service", self.row)
        course = Course(actor=self.actor, now=self.now, item=item, compiled=self.version)
        if private:
            course.private["input"] = private
        return course

    def _due(self, received_at: datetime) -> datetime | None:
        if received_at not in self.dues:
            self.dues[received_at] = due_when_received(self.version.service, received_at=received_at)
        return self.dues[received_at]

    def _there(self, keys: Iterable[str]) -> dict[str, Item]:
        """What is there of these keys, cancelled ones left out."""
        asked = {key for key in keys if key}
        if not asked:
            return {}
        known = Item.objects.filter(service=self.row, business_key__in=asked)
        return {one.business_key: one for one in known.exclude(state=Item.State.CANCELLED)}

    def _fresh(self, courses: Sequence[Course | None]) -> list[Course]:
        """The first of each key; of those that are there already, the database makes none."""
        seen, fresh = set[str](), []
        for course in courses:
            key = course.item.business_key if course else ""
            if course is not None and key not in seen:
                fresh.append(course)
                seen |= {key} - {""}
        return fresh

    def _write(self, courses: Sequence[Course]) -> None:
        events.number([course.item for course in courses])
        for course in courses:
            course.begin()
        events.number([step for course in courses for step in course.added])
        deeds = [deed for course in courses for deed in course.deeds(events.CREATED)]
        if deeds:
            events.append(actor=self.actor, now=self.now, deeds=deeds)


def _create(
    *, actor: Actor, now: datetime, service: Service, rows: Iterable[NewItem], source: str
) -> list[Outcome]:
    require(policies.may_create(actor))
    outcomes = take_in(actor=actor, now=now, service=service, rows=rows, source=source)
    created = [outcome.item for outcome in outcomes if outcome.item]
    for follow in _followers:
        follow(actor=actor, now=now, service=service, source=source, created=created)
    return outcomes


def _outcome(item: Item, there: Mapping[str, Item]) -> Outcome:
    return Outcome(item=item) if item.sequence else Outcome(existing=there[item.business_key])


def _require_open(service: Service, now: datetime) -> None:
    if service.state != Service.State.ACTIVE:
        raise ServiceNotOpen(
            _("“%(name)s” takes no items: it is %(state)s.")
            % {"name": service.name, "state": service.get_state_display()}
        )
    if not service.engagement.is_running_at(now):
        raise ServiceNotOpen(
            _("“%(name)s” takes no items: its engagement does not run now.") % {"name": service.name}
        )


def _require_state_open(item: Item) -> None:
    if item.state != Item.State.OPEN:
        raise NotOpenAnyMore(
            _("“%(title)s” is %(state)s; nothing was changed.")
            % {"title": item.title, "state": item.get_state_display()}
        )
