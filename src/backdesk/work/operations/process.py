"""How an item goes its way through the process of its service: the only caller of the interpreter.

`Course` holds an item with its steps while a verb moves it, and says in the end what changed as a deed. What a task of
some kind means when its turn comes and when it is completed may be said by others (`on_task`): sampled reviews and
double keying do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from backdesk.desks import services
from backdesk.desks.services.checks import ConditionFailed, deciding
from backdesk.evidence.process import bpmn
from backdesk.platform.actor import Actor
from backdesk.platform.errors import Refused
from backdesk.work.models import Item, Step
from backdesk.work.models.items import REWORK
from backdesk.work.operations import sharing
from backdesk.work.operations.events import Deed, number
from backdesk.work.queries import rows
from backdesk.work.queries.compiled import Compiled

#: How long rework waits for who did it before.
KEPT_FOR_SAME = timedelta(hours=4)
#: After how long what failed of itself is tried again.
TRIED_AGAIN = timedelta(minutes=5)
LIVE = frozenset({Step.State.OPEN, Step.State.TAKEN, Step.State.WAITING})
#: Several rows of these may stand for one token: two who key the same, then who decides between them.
_SEVERAL = frozenset({Step.Kind.KEY, Step.Kind.ADJUDICATE})


class ProcessStuck(Refused):
    """The process of the service has no way on for this item; the message says where and why."""

    status = 409


class NoReview(Refused):
    """An outcome came with a step that reviews nothing."""


class NoRoute(Refused):
    """Nobody could be given the step: its service has no queue for it."""

    status = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What a kind of task means. `enter` gives the steps to be done when its turn comes; none: it is passed over.
    `leave` takes in what was entered and says whether the item goes on from here."""

    enter: Callable[[Course, bpmn.Node], Sequence[Step]]
    leave: Callable[[Course, Step, Mapping[str, Any], Mapping[str, Any] | None], bool]


def on_task(kind: str, task: Task) -> None:
    """Say what the user tasks of a kind mean, such as "review"."""
    _tasks[kind] = task


@dataclass(slots=True, kw_only=True)
class Course:
    """An item under way, locked, with all its steps, the oldest first."""

    actor: Actor
    now: datetime
    item: Item
    compiled: Compiled
    steps: list[Step] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)
    """Parts of the item's data that are new."""
    kept: dict[str, Any] = field(default_factory=dict)
    """What the client keeps to itself of it, where the actor's company sees that."""
    private: dict[str, Any] = field(default_factory=dict)
    """Parts of that which are new."""
    _changed: dict[int, set[str]] = field(default_factory=dict)
    _added: list[Step] = field(default_factory=list)
    _machined: list[Step] = field(default_factory=list)
    _ended: bool = False

    @property
    def service(self) -> services.Service:
        return self.compiled.service

    @property
    def values(self) -> dict[str, Any]:
        """What guards and checks may ask for: all of it both companies may see."""
        known = self.item.data | self.data
        item = self.item
        return {
            "input": known.get("input", {}),
            "output": known.get("output", {}),
            "review": known.get("review", {}),
            "item": {
                "title": item.title,
                "business_key": item.business_key,
                "language": item.language,
                "priority": item.priority,
                "received_at": item.received_at,
            },
        }

    # -- Going on --------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """From the start of the process."""
        with _told_plainly():
            move = bpmn.begin(self.service.process, decide=self._decide())
        self._follow(move, {})

    def complete(self, step: Step, values: Mapping[str, Any], outcome: Mapping[str, Any] | None) -> None:
        """What was entered at a step is taken in, and the item goes on if nothing else is to be done there first."""
        node = self._node(step)
        if outcome is not None and step.kind != Step.Kind.REVIEW:
            raise NoReview(
                _("“%(task)s” is no review. Send what was entered, without an outcome.")
                % {"task": node.name or node.id}
            )
        self.end(step, Step.State.DONE)
        if self._task(node).leave(self, step, values, outcome):
            self._leave(step)

    def fire(self, timer: Step) -> None:
        """A timer is over: the item goes on from it, or from the step on whose border it stands."""
        node = self._node(timer)
        self.end(timer, Step.State.DONE)
        if node.attached_to is None:
            self._leave(timer)
            return
        hosts = [step for step in self.live() if step.node == node.attached_to]
        if hosts:
            if node.interrupting:
                self._end_all(hosts)
            self._leave(hosts[0], by=node.id)

    def run(self, step: Step, *, by: services.Service | None = None) -> services.FunctionFailed | None:
        """Do an automatic step. Where that fails, it waits and is tried again, each time after twice as long: what it
        reads may come by another path."""
        name = services.function_of(self._node(step))
        try:
            values = services.work_out(service=by or self.service, function=name, values=self.values)
        except services.FunctionFailed as failed:
            waits = max(TRIED_AGAIN, self.now - step.enabled_at)
            self.change(step, state=Step.State.WAITING, wakes_at=self.now + waits)
            return failed
        self.put(values)
        shared, _own = self.service.output.parted(values)
        self.change(step, result=shared)
        self.end(step, Step.State.DONE)
        self._machined.append(step)
        self._leave(step)
        return None

    def cancel(self) -> None:
        self._end_all(self.live())

    # -- For who says what a task means ----------------------------------------------------------------------

    @property
    def added(self) -> Sequence[Step]:
        """Steps that came up by this verb."""
        return self._added

    def live(self) -> list[Step]:
        return [step for step in self.steps if step.state in LIVE]

    def done(self, node: str) -> list[Step]:
        """Whatever was done at a node so far, the oldest first."""
        return [step for step in self.steps if step.node == node and step.state == Step.State.DONE]

    def step(
        self,
        node: bpmn.Node,
        *,
        kind: str = Step.Kind.DO,
        copy: int = 1,
        avoid: Sequence[int] = (),
        prefer_id: int | None = None,
    ) -> Step:
        """A task of the node for whoever's lane it is in, to be returned by `enter` or given to `add`."""
        organisation_id = self._organisation(node)
        route_id = self.compiled.route(
            node=node.id, language=self.item.language, organisation_id=organisation_id
        )
        if route_id is None:
            raise NoRoute(
                _("“%(task)s” has no queue at the company that is to do it. Publish the service again.")
                % {"task": node.name or node.id}
            )
        return rows.fresh(
            Step,
            kind=kind,
            node=node.id,
            copy=copy,
            avoid=sorted({*avoid, *self._at_work_for_others(organisation_id)}),
            organisation_id=organisation_id,
            route_id=route_id,
            prefer_id=prefer_id,
            prefer_until=self.now + KEPT_FOR_SAME if prefer_id else None,
        )

    def add(self, step: Step) -> None:
        item = self.item
        rows.link(step, "item", item)
        step.enabled_at = self.now
        step.service_id, step.client_id, step.provider_id = item.service_id, item.client_id, item.provider_id
        again = item.round > 0 or (step.kind != Step.Kind.ADJUDICATE and bool(self.done(step.node)))
        step.priority, step.due_at = REWORK if again else item.priority, item.due_at
        step.is_held_back = self.holds_back(is_paused=item.is_paused)
        self.steps.append(step)
        self._added.append(step)

    def holds_back(self, *, is_paused: bool) -> bool:
        """Whether nobody is given a step unasked: while the clock stands, unless the service goes on meanwhile."""
        return is_paused and not self.service.taking.while_paused

    def change(self, step: Step, **values: Any) -> None:
        for name, value in values.items():
            setattr(step, name, value)
        if not any(step is added for added in self._added):
            self._changed.setdefault(step.pk, set()).update(values)

    def end(self, step: Step, state: Step.State) -> None:
        self.change(step, state=state, ended_at=self.now, lease_until=None)

    def put(self, values: Mapping[str, Any]) -> None:
        """Take fields of the output in; those the client keeps to itself go where nobody else sees them."""
        shared, own = self.service.output.parted(values)
        self.data["output"] = {**self.values["output"], **shared}
        if own:
            self.private["output"] = {**self.kept.get("output", {}), **self.private.get("output", {}), **own}

    # -- In the end ------------------------------------------------------------------------------------------

    def deeds(
        self, kind: str, *, step: Step | None = None, facts: Mapping[str, Any] | None = None, **changed: Any
    ) -> Iterator[Deed]:
        """All that changed, as the deed it was; `changed` are columns of the item. To be appended at once."""
        number([one for one in self._added if one.pk is None])
        for name, value in changed.items():
            setattr(self.item, name, value)
        self.item.data = self.item.data | self.data
        changes = [(one, sorted(self._changed[one.pk])) for one in self.steps if one.pk in self._changed]
        yield Deed(
            kind=kind,
            item=self.item,
            step=step,
            fields=tuple(changed),
            data=self.data,
            steps=changes,
            added=self._added,
            facts=facts or {},
        )
        for one in self._machined:
            yield Deed(kind="step done by machine", item=self.item, step=one)
        if self.private:
            yield Deed(
                kind="kept private", item=self.item, private=self.private, internal_to=self.item.client_id
            )
        if self._ended:
            self.item.state, self.item.delivered_at = Item.State.DELIVERED, self.now
            yield Deed(kind="item delivered", item=self.item, fields=("state", "delivered_at"))
            if self.item.is_paused:
                yield from self._pauses_over()

    # -- Within ----------------------------------------------------------------------------------------------

    def _pauses_over(self) -> Iterator[Deed]:
        """What is delivered waits for nothing any more."""
        from backdesk.work.operations.pauses import ended_by_delivery  # which itself moves items on

        yield from ended_by_delivery(self)

    def _leave(self, step: Step, *, by: str | None = None) -> None:
        places = {place: one for place, one in enumerate(self.steps) if one is step or self._is_token(one)}
        tokens = [bpmn.Token(id=place, node=one.node, via=one.via or None) for place, one in places.items()]
        (own,) = (place for place, one in places.items() if one is step)
        with _told_plainly():
            move = bpmn.advance(
                self.service.process, tokens=tokens, completed=own, decide=self._decide(), by=by
            )
        self._follow(move, places)

    def _is_token(self, step: Step) -> bool:
        if step.state not in LIVE or self._node(step).attached_to is not None:
            return False
        same = (one for one in self.live() if one.node == step.node)
        return step.kind not in _SEVERAL or step is next(same)

    def _follow(self, move: bpmn.Advance, places: Mapping[int, Step]) -> None:
        for consumed in move.consumed:
            if places[consumed].state in LIVE:
                self.end(places[consumed], Step.State.DONE)
            self._end_all(self._timers_of(places[consumed].node))
        for place in move.produced:
            self._enter(self.service.process.nodes[place.node], place.via)
        self._ended = not any(self._is_token(step) for step in self.steps)

    def _enter(self, node: bpmn.Node, via: str | None) -> None:
        match node.kind:
            case "user":
                self._enter_task(node, via)
            case "service":
                step = Step(kind=Step.Kind.SERVICE, node=node.id, via=via or "", state=Step.State.WAITING)
                self.add(step)
                self.run(step)
            case "timer":
                self._wait(node, via)
            case _:
                self.add(Step(kind=Step.Kind.JOIN, node=node.id, via=via or "", state=Step.State.WAITING))

    def _enter_task(self, node: bpmn.Node, via: str | None) -> None:
        steps = self._task(node).enter(self, node)
        for step in steps:
            step.via = via or ""
            self.add(step)
        if not steps:
            passed = self.step(node, kind=_kind_of(node))
            passed.via = via or ""
            self.add(passed)
            self.end(passed, Step.State.SKIPPED)
            self._leave(passed)
            return
        for timer in self.service.process.boundaries(node.id):
            self._wait(timer, None)

    def _wait(self, node: bpmn.Node, via: str | None) -> None:
        wakes_at = self.now + node.lasts if node.lasts else datetime.fromisoformat(node.until or "")
        step = Step(
            kind=Step.Kind.TIMER, node=node.id, via=via or "", state=Step.State.WAITING, wakes_at=wakes_at
        )
        self.add(step)

    def _timers_of(self, node: str) -> list[Step]:
        if any(step.node == node for step in self.live()):
            return []
        names = {timer.id for timer in self.service.process.boundaries(node)}
        return [step for step in self.live() if step.node in names]

    def _end_all(self, steps: Sequence[Step]) -> None:
        for step in steps:
            self.end(step, Step.State.CANCELLED)

    def _node(self, step: Step) -> bpmn.Node:
        return self.service.process.nodes[step.node]

    def _task(self, node: bpmn.Node) -> Task:
        return _tasks.get(node.attributes.get("kind", "do"), _PLAIN)

    def _organisation(self, node: bpmn.Node) -> int:
        lane = self.service.process.lane_of(node.id)
        party = lane.party if lane else "provider"
        if party == "either":
            return sharing.organisation_for(self.item, node.id, self.now)
        return self.item.client_id if party == "client" else self.item.provider_id

    def _at_work_for_others(self, organisation_id: int) -> Iterator[int]:
        """Who did something of it for the other company: whoever belongs to both would approve their own work."""
        for step in self.steps:
            if step.state == Step.State.DONE and step.organisation_id not in (None, organisation_id):
                yield from filter(None, [step.holder_id])

    def _decide(self) -> bpmn.Decide:
        return deciding(self.service, values=self.values)


@contextmanager
def _told_plainly() -> Iterator[None]:
    """A process that is at a loss over an item is a fault of the service, not of whoever completed the step."""
    try:
        yield
    except (bpmn.TokenError, ConditionFailed) as error:
        raise ProcessStuck(
            _(
                "The item cannot go on, because of its process: %(reason)s. Nothing was changed; tell whoever defined "
                "the service."
            )
            % {"reason": error}
        ) from error


def _enter_plainly(course: Course, node: bpmn.Node) -> Sequence[Step]:
    """Once; again for who did it before, where the service wants that."""
    before = [step.holder_id for step in course.done(node.id) if step.holder_id is not None]
    same = before[-1] if before and course.service.taking.rework_to_same else None
    return [course.step(node, prefer_id=same)]


def _leave_plainly(
    course: Course, step: Step, values: Mapping[str, Any], outcome: Mapping[str, Any] | None
) -> bool:
    course.put(values)
    return True


def _kind_of(node: bpmn.Node) -> Step.Kind:
    kind = node.attributes.get("kind", "do")
    return Step.Kind(kind) if kind in ("key", "review") else Step.Kind.DO


_PLAIN = Task(enter=_enter_plainly, leave=_leave_plainly)
_tasks: dict[str, Task] = {}
