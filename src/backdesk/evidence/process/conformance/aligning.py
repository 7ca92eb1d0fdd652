"""The run of a process that a case comes closest to: an optimal alignment.

Where the process has few situations it is read off a table, else it is found by A*.
Source: Adriansyah, Aligning Observed and Modeled Behavior (2014), chapter 4.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from typing import Final

from backdesk.evidence.process.bpmn import ProcessModel, problems
from backdesk.evidence.process.conformance._bounds import Bounds
from backdesk.evidence.process.conformance._table import FAR, Step, situations
from backdesk.evidence.process.conformance.net import Marking, Net, NeverEnds
from backdesk.evidence.sentences import in_a_row, say

STATES: Final = 20_000
"""Situations looked into for one sequence of activities, before it is left as not settled."""
TABLED: Final = 256
"""Situations of a process that a table has room for: a place in a case then takes a fifth of a millisecond."""
_FIRST_LOOK: Final = 64
"""Situations after which a better bound is worth its price; then four times as many, and so on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One move of an alignment: what the case did and what the process has there; one of the two may be missing.

    >>> Pair(activity="Pay", task="Pay", step=2).is_both
    True
    """

    activity: str
    """As the log calls it; of a task that was not done, its name in the process."""
    task: str | None
    """Id of the task; None: the process has nothing here."""
    step: int | None
    """Which step of the case it is, from 0; None: the case did not do it."""

    @property
    def is_both(self) -> bool:
        """Whether the case did what the process has."""
        return self.task is not None and self.step is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """What one sequence of activities has in common with the process, and where it departs from it.

    >>> Alignment(activities=("Pay",), pairs=(), cost=2, most=5, settled=False).fitness is None
    True
    """

    activities: tuple[str, ...]
    pairs: tuple[Pair, ...]
    """The moves in order; empty where it is not settled."""
    cost: int
    """Moves of one side alone; where it is not settled, what they are at least."""
    most: int
    """The cost of having nothing in common: every step beside the process, and its shortest run undone."""
    settled: bool
    looked_into: int = 0
    """Situations that were searched."""

    @property
    def fitness(self) -> float | None:
        """1 where it is a run of the process, 0 where they have nothing in common; None: not settled."""
        if not self.settled:
            return None
        return 1 - self.cost / self.most if self.most else 1.0


class Aligner:
    """Aligns sequences of activities with one process, and keeps what it has learned of it for the next.

    Steps and tasks meet by name, whatever the capitals and spaces; `named` says so of activities that are called
    otherwise in the log. What is done counts nothing where both have it, else 1, whether a step or a task.

    >>> from backdesk.evidence.process.bpmn import read_bpmn
    >>> from backdesk.evidence.process.bpmn.example import INVOICE
    >>> found = Aligner(read_bpmn(INVOICE)).align(["Key the invoice", "Call"])
    >>> [(pair.activity, pair.task, pair.step) for pair in found.pairs]
    [('Key the invoice', 'Key', 0), ('Call', None, 1), ('Check the invoice', 'Check', None)]
    >>> found.cost, found.fitness
    (2, 0.5)
    """

    def __init__(
        self, model: ProcessModel, *, named: Mapping[str, str] | None = None, unseen: Collection[str] = ()
    ) -> None:
        """Take a process; `named` gives the task's name of an activity, `unseen` the ids of tasks no log tells of.

        Raises:
            NeverEnds: no run of the process comes to its end.
        """
        self.net = Net(model, unseen=unseen)
        self._named = {_plain(activity): _plain(task) for activity, task in (named or {}).items()}
        names = {task: task_name(model, task=task) for task in self.net.tasks}
        self._labels = {name: n for n, name in enumerate(dict.fromkeys(map(_plain, names.values())))}
        self._label_of = {task: self._labels[_plain(name)] for task, name in names.items()}
        labels = [None if move.task is None else self._label_of[move.task] for move in self.net.moves]
        self._bounds = Bounds(self.net, labels, len(self._labels))
        self._names = names
        self._doable: dict[Marking, list[tuple[int, str, Marking]]] = {}
        self._situations = situations(self.net.begin, self.doable, self.net.can_end, most=TABLED)
        if self._situations is None and not self._bounds.add_for(self.net.begin, ()):
            raise _never_ends(self.net.model)
        self.shortest = self._search((), limit=STATES).cost
        """How many tasks the shortest run has."""

    def align(self, activities: Sequence[str], *, limit: int = STATES) -> Alignment:
        """Find a run of the process with the fewest moves of one side alone; any of several as few.

        Args:
            activities: what the case did, in order.
            limit: situations to look into, of a process that has more than `TABLED`; beyond them the alignment is
                given back as not settled, with the cost that is known to be the least possible.
        """
        known = [
            (step, label) for step, name in enumerate(activities) if (label := self.label(name)) is not None
        ]
        beside = len(activities) - len(known)
        found = self._search(tuple(label for _, label in known), limit=limit)
        pairs = _with_names(found.path, activities, [step for step, _ in known], self._names)
        return Alignment(
            activities=tuple(activities),
            pairs=pairs if found.settled else (),
            cost=found.cost + beside,
            most=len(activities) + self.shortest,
            settled=found.settled,
            looked_into=found.looked_into,
        )

    def label(self, activity: str) -> int | None:
        """Give the number of the tasks an activity may be; None: the process has none of that name."""
        plain = _plain(activity)
        return self._labels.get(self._named.get(plain, plain))

    def label_of(self, task: str) -> int:
        """Give the number a task shares with those of its name."""
        return self._label_of[task]

    def doable(self, marking: Marking) -> list[tuple[int, str, Marking]]:
        """Give the tasks that can be done next: label, id, the situation after it."""
        known = self._doable.get(marking)
        if known is None:
            known = [(self._label_of[task], task, after) for task, after in self.net.doable(marking)]
            self._doable[marking] = known
        return known

    def _search(self, trace: tuple[int, ...], *, limit: int) -> _Found:
        if self._situations is None:
            return _Search(self, self._bounds, trace).run(limit)
        cost, path = self._situations.closest(trace)
        if cost >= FAR:
            raise _never_ends(self.net.model)
        return _Found(path=path, cost=cost, settled=True)


def task_name(model: ProcessModel, *, task: str) -> str:
    """Call a task by its name, or where it has none by its id.

    >>> from backdesk.evidence.process.bpmn import read_bpmn
    >>> from backdesk.evidence.process.bpmn.example import INVOICE
    >>> task_name(read_bpmn(INVOICE), task="Check")
    'Check the invoice'
    """
    return " ".join(model.nodes[task].name.split()) or task


_State = tuple[Marking, int]
"""A situation of the process, and how many steps of the case are behind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    path: tuple[Step, ...]
    cost: int
    settled: bool
    looked_into: int = 0


class _Search:
    """One search through the situations of the process and the places in the case, the most promising first."""

    def __init__(self, aligner: Aligner, bounds: Bounds, trace: tuple[int, ...]) -> None:
        self.aligner, self.net, self.bounds, self.trace = aligner, aligner.net, bounds, trace
        self.rest = bounds.of_rest(trace)
        self.least: dict[Marking, list[int]] = {}
        self.costs: dict[_State, int] = {}
        self.came: dict[_State, tuple[_State, Step]] = {}
        self.ahead: list[tuple[int, int, int, int, _State]] = []
        self.due = _FIRST_LOOK

    def run(self, limit: int) -> _Found:
        self._reach((self.net.begin, 0), 0)
        looked_into = 0
        while self.ahead:
            least, _, _, cost, state = heappop(self.ahead)
            if cost > self.costs[state] or self._is_put_back(least, cost, state):
                continue
            marking, place = state
            if place == len(self.trace) and self.net.can_end(marking):
                return _Found(path=self._path(state), cost=cost, settled=True, looked_into=looked_into)
            if looked_into >= limit:
                return _Found(path=(), cost=least, settled=False, looked_into=looked_into)
            looked_into += 1
            if looked_into == self.due and not self._looks_closer(state):
                continue
            self._go_on(state, cost)
        raise _never_ends(self.net.model)

    def _go_on(self, state: _State, cost: int) -> None:
        marking, place = state
        label = self.trace[place] if place < len(self.trace) else -1
        if label >= 0:
            self._reach((marking, place + 1), cost + 1, state, (None, True))
        for other, task, after in self.aligner.doable(marking):
            self._reach((after, place), cost + 1, state, (task, False))
            if other == label:
                self._reach((after, place + 1), cost, state, (task, True))

    def _reach(
        self, state: _State, cost: int, before: _State | None = None, step: Step = (None, False)
    ) -> None:
        known = self.costs.get(state)
        if known is not None and known <= cost:
            return
        self.costs[state] = cost
        if before is not None:
            self.came[state] = (before, step)
        self._put(state, cost)

    def _put(self, state: _State, cost: int) -> None:
        """The furthest on first where two are as promising, then the last found."""
        marking, place = state
        heappush(self.ahead, (cost + self._least(marking)[place], -place, -len(self.costs), cost, state))

    def _least(self, marking: Marking) -> list[int]:
        """Give the least cost to come from each place in the case on."""
        known = self.least.get(marking)
        if known is None:
            known = self.least[marking] = self.bounds.least(marking, self.rest)
        return known

    def _is_put_back(self, least: int, cost: int, state: _State) -> bool:
        """Once bounds have become closer, what was promising may be less so."""
        if cost + self._least(state[0])[state[1]] <= least:
            return False
        self._put(state, cost)
        return True

    def _looks_closer(self, state: _State) -> bool:
        self.due *= 4
        ends = self.bounds.add_for(state[0], self.trace[state[1] :])
        self.rest = self.bounds.of_rest(self.trace)
        self.least.clear()
        return ends

    def _path(self, state: _State) -> tuple[Step, ...]:
        steps = []
        while state in self.came:
            state, step = self.came[state]
            steps.append(step)
        return tuple(reversed(steps))


def _never_ends(model: ProcessModel) -> NeverEnds:
    """Say at which joins work waits for what never comes; they are known by what would be done after them."""
    joins = [gateway.id for gateway in model.of_kind("parallel") if len(model.entering(gateway.id)) > 1]
    waiting = [one.element for one in problems(model) if one.element in joins]
    if not waiting:
        return NeverEnds(
            say("No run of the process comes to its end: some of its work is left over in each.")
        )
    return NeverEnds(
        say(
            "No run of the process comes to its end: before {} work waits for ever at a parallel gateway, since not "
            "all flows into it are taken. Bring together with an exclusive gateway what one has parted.",
            in_a_row([say('"{}"', _after(model, gateway)) for gateway in waiting], most=5),
        )
    )


def _after(model: ProcessModel, node: str) -> str:
    """Name the next task or event, past gateways."""
    seen = {node}
    ahead = [node]
    for one in ahead:
        if not model.nodes[one].is_gateway:
            return task_name(model, task=one)
        following = dict.fromkeys(flow.target for flow in model.leaving(one))
        ahead += [target for target in following if target not in seen]
        seen.update(following)
    return node


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def _with_names(
    path: Sequence[Step], activities: Sequence[str], known: Sequence[int], names: Mapping[str, str]
) -> tuple[Pair, ...]:
    """Put the steps the process has no task for back, straight after the step they came after."""
    beside = [Pair(activity=name, task=None, step=n) for n, name in enumerate(activities)]
    ends = [*known, len(activities)]
    pairs = beside[: ends[0]]
    place = 0
    for task, does_step in path:
        if not does_step:
            pairs.append(Pair(activity=names[task or ""], task=task, step=None))
            continue
        step, following = ends[place : place + 2]
        pairs += [replace(beside[step], task=task), *beside[step + 1 : following]]
        place += 1
    return tuple(pairs)
