"""A process as a net of places and moves, its situations worked out as they are asked for and then kept.

Gateways and timers move by themselves ("silent"). They are passed no earlier than a task needs it, so that a fork of
ten branches that may each be skipped has ten situations to look at, not a thousand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations, count
from typing import Final

from backdesk.evidence.process.bpmn import Node, ProcessModel
from backdesk.evidence.sentences import Sentence

Marking = tuple[int, ...]
"""Places with a token, in order; a place with two tokens stands there twice."""

_MOST_TOKENS: Final = 40
"""In one situation: beyond them lies a loop that leaves ever more behind."""


class NeverEnds(ValueError):
    """No run of the process comes to its end, so nothing can be compared with it; the message says where it waits."""

    def __init__(self, message: Sentence) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What takes tokens from places and puts tokens on others; `task` is None where nobody sees it.

    >>> Move(takes=(0,), gives=(1,), task="Pay").is_silent
    False
    """

    takes: Marking
    gives: Marking
    task: str | None = None

    @property
    def is_silent(self) -> bool:
        """Whether a gateway or a timer moves, and no log tells of it."""
        return self.task is None


class Net:
    """The moves of a process, and the situations they lead to; one net serves any number of logs.

    The conditions of gateways are passed over: any branch may be taken. A run is over when no token is left, as in
    `tokens.advance`. Source of the translation: Dijkman, Dumas and Ouyang, Semantics and analysis of business process
    models in BPMN (2008); a timer that does not interrupt fires at most once for each time its task is reached.

    >>> from backdesk.evidence.process.bpmn import read_bpmn
    >>> from backdesk.evidence.process.bpmn.example import INVOICE
    >>> net = Net(read_bpmn(INVOICE))
    >>> [task for task, _ in net.doable(net.begin)]
    ['Key']
    """

    def __init__(self, model: ProcessModel, *, unseen: Collection[str] = ()) -> None:
        """Translate a process; the tasks `unseen`, by id, are done without any log telling of it."""
        self.model = model
        begin, moves = _translated(model, frozenset(unseen))
        self.begin, self.moves = _without_passages(begin, moves)
        self._ends: dict[Marking, bool] = {}
        self._doable: dict[Marking, tuple[tuple[str, Marking], ...]] = {}

    @cached_property
    def tasks(self) -> tuple[str, ...]:
        """Ids of the tasks a log may tell of, in the order of the file."""
        seen = {move.task for move in self.moves}
        return tuple(node for node in self.model.nodes if node in seen)

    def doable(self, marking: Marking) -> tuple[tuple[str, Marking], ...]:
        """Give the tasks that can be done next, each with the situation after it, gateways passed as needed."""
        known = self._doable.get(marking)
        if known is None:
            known = self._doable[marking] = tuple(dict.fromkeys(self._worked_out(marking)))
        return known

    def can_end(self, marking: Marking) -> bool:
        """Say whether the run can be over without another task."""
        known = self._ends.get(marking)
        if known is None:
            known = self._ends[marking] = self._runs_out(marking)
        return known

    def _worked_out(self, marking: Marking) -> Iterator[tuple[str, Marking]]:
        here = frozenset(marking)
        for move in self.moves:
            if move.task is not None and all(here & self._sources[place] for place in move.takes):
                for left in self._obtained(marking, move.takes, frozenset()):
                    if len(left) + len(move.gives) <= _MOST_TOKENS:
                        yield move.task, tuple(sorted((*left, *move.gives)))

    def _obtained(self, marking: Marking, wanted: Marking, sought: frozenset[int]) -> Iterator[Marking]:
        """Give the ways to get tokens to the wanted places by silent moves: what is left once these are taken."""
        if not wanted:
            yield marking
            return
        place, *others = wanted
        if place in marking:
            yield from self._obtained(_less(marking, place), tuple(others), sought)
            return
        here = frozenset(marking)
        for move in self._givers[place]:
            if sought.isdisjoint(move.takes) and all(here & self._sources[one] for one in move.takes):
                for left in self._obtained(marking, move.takes, sought | {place}):
                    yield from self._obtained(_less((*left, *move.gives), place), tuple(others), sought)

    def _runs_out(self, marking: Marking) -> bool:
        """Play silent moves alone, one token's at a time: what the others do does not hang on it."""
        seen, ahead = {marking}, [marking]
        while ahead:
            now = ahead.pop()
            if not now:
                return True
            for after in self._silently(now):
                if after not in seen and len(after) <= _MOST_TOKENS:
                    seen.add(after)
                    ahead.append(after)
        return False

    def _silently(self, marking: Marking) -> list[Marking]:
        for place in dict.fromkeys(marking):
            takers = self._takers[place]
            possible = [move for move in takers if _covers(marking, move.takes)]
            if possible or all(len(move.takes) == 1 for move in takers):
                return [_fired(marking, move) for move in possible if move.is_silent]
        return []

    @cached_property
    def _takers(self) -> Mapping[int, list[Move]]:
        found: defaultdict[int, list[Move]] = defaultdict(list)
        for move in self.moves:
            for place in move.takes:
                found[place].append(move)
        return found

    @cached_property
    def _givers(self) -> Mapping[int, list[Move]]:
        found: defaultdict[int, list[Move]] = defaultdict(list)
        for move in self.moves:
            for place in move.gives if move.is_silent else ():
                found[place].append(move)
        return found

    @cached_property
    def _sources(self) -> Mapping[int, frozenset[int]]:
        """From which places silent moves alone may bring a token to a place, itself among them."""
        found: dict[int, frozenset[int]] = {}
        for target in {place for move in self.moves for place in (*move.takes, *move.gives)}:
            reached, ahead = {target}, [target]
            while ahead:
                for move in self._givers[ahead.pop()]:
                    ahead.extend(set(move.takes) - reached)
                    reached.update(move.takes)
            found[target] = frozenset(reached)
        return found


def _translated(model: ProcessModel, unseen: frozenset[str]) -> tuple[Marking, list[Move]]:
    places = {flow: number for number, flow in enumerate(model.flows)}
    begin = tuple(places[flow.id] for start in model.of_kind("start") for flow in model.leaving(start.id))
    fresh = count(len(places))
    return begin, [
        move for node in model.nodes.values() for move in _moves_of(node, model, unseen, places, fresh)
    ]


def _moves_of(
    node: Node, model: ProcessModel, unseen: frozenset[str], places: Mapping[str, int], fresh: Iterator[int]
) -> Iterator[Move]:
    """Give what a node moves from the flows that enter it to those that leave it."""
    entering = tuple(places[flow.id] for flow in model.entering(node.id))
    leaving = tuple(places[flow.id] for flow in model.leaving(node.id))
    task = node.id if node.kind in ("user", "service") and node.id not in unseen else None
    if node.kind == "parallel":
        yield Move(takes=entering, gives=leaving)
    elif node.kind == "exclusive":
        chosen = next(fresh)
        yield from (Move(takes=(place,), gives=(chosen,)) for place in entering)
        yield from (Move(takes=(chosen,), gives=(place,)) for place in leaving)
    elif timers := model.boundaries(node.id):
        at = {fired: next(fresh) for fired in _subsets(timers)}
        yield from (Move(takes=(place,), gives=(at[frozenset()],)) for place in entering)
        yield from (Move(takes=(place,), gives=leaving, task=task) for place in at.values())
        yield from _fires(model, timers, at, places)
    else:
        yield from (Move(takes=(place,), gives=leaving, task=task) for place in entering)


def _subsets(timers: tuple[Node, ...]) -> Iterator[frozenset[str]]:
    """Which of the timers that do not interrupt may have fired."""
    stay = [timer.id for timer in timers if not timer.interrupting]
    for size in range(len(stay) + 1):
        yield from map(frozenset, combinations(stay, size))


def _fires(
    model: ProcessModel, timers: tuple[Node, ...], at: Mapping[frozenset[str], int], places: Mapping[str, int]
) -> Iterator[Move]:
    for timer in timers:
        gives = tuple(places[flow.id] for flow in model.leaving(timer.id))
        for fired, place in at.items():
            if timer.interrupting:
                yield Move(takes=(place,), gives=gives)
            elif timer.id not in fired:
                yield Move(takes=(place,), gives=(*gives, at[fired | {timer.id}]))


def _without_passages(begin: Marking, moves: list[Move]) -> tuple[Marking, tuple[Move, ...]]:
    """Leave out places from which there is one way on and nothing to do: a token there is as good as past it."""
    takers: defaultdict[int, list[Move]] = defaultdict(list)
    for move in moves:
        for place in move.takes:
            takers[place].append(move)
    passages = {
        place: ways[0].gives
        for place, ways in takers.items()
        if len(ways) == 1 and ways[0].is_silent and ways[0].takes == (place,)
    }

    def onwards(places: Marking, passed: frozenset[int] = frozenset()) -> Iterator[int]:
        for place in places:
            if place in passages and place not in passed:
                yield from onwards(passages[place], passed | {place})
            else:
                yield place

    kept = [
        replace(move, gives=tuple(sorted(onwards(move.gives))))
        for move in moves
        if not (len(move.takes) == 1 and move.takes[0] in passages)
    ]
    return tuple(sorted(onwards(begin))), tuple(dict.fromkeys(kept))


def _less(marking: Marking, place: int) -> Marking:
    where = marking.index(place)
    return (*marking[:where], *marking[where + 1 :])


def _covers(marking: Marking, wanted: Marking) -> bool:
    return all(marking.count(place) >= wanted.count(place) for place in wanted)


def _fired(marking: Marking, move: Move) -> Marking:
    for place in move.takes:
        marking = _less(marking, place)
    return tuple(sorted((*marking, *move.gives)))
