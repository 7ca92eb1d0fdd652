"""A discrete-event simulation of people who do the work of several processes in their own working hours."""

from __future__ import annotations

import heapq
import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from backdesk.evidence.demonstration.people import Employee
from backdesk.evidence.demonstration.work import Activity, Process, Route

MINUTE = 60
HOUR = 60 * MINUTE
_TURNING_MINUTES = 12.0
"""How long somebody with nothing else to do takes to turn to new work."""
_SHORT_WORK = 60 * MINUTE
"""Work up to this length is not begun when it would not be done before going home."""
_NIGHT = 5 * HOUR
_NOVICE_SURPLUS = 0.9
_NOVICE_HALVING = 40


class Step(NamedTuple):
    """One step that was done: times in seconds since 1970 UTC; no person where the system did it."""

    case: str
    function: str
    activity: str
    person: Employee | None
    started: int
    ended: int


class Arrival(NamedTuple):
    """A case of a process that comes in at an instant, in seconds since 1970 UTC."""

    at: int
    case: str
    process: Process


@dataclass(slots=True)
class _Case:
    name: str
    process: Process
    branches: int = 1
    visits: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class _Task:
    case: _Case
    activity: Activity
    work: float  # seconds an experienced person of ordinary pace needs


@dataclass(slots=True)
class _Worker:
    person: Employee
    opens: list[int]
    closes: list[int]
    pace: float
    queues: list[list[tuple[int, int, int, _Task]]] = field(default_factory=list)
    is_free: bool = True
    done: Counter[str] = field(default_factory=Counter)

    def is_at_work(self, now: int) -> bool:
        window = bisect_right(self.opens, now) - 1
        return window >= 0 and now < self.closes[window]

    def after(self, now: int, work: float) -> int:
        """The instant by which so many seconds of their working time have passed."""
        window = bisect_right(self.closes, now)
        left = round(work)
        while window < len(self.opens):
            begin = max(now, self.opens[window])
            if left <= self.closes[window] - begin:
                return begin + left
            left -= self.closes[window] - begin
            window += 1
        return 2**62

    def needs(self, task: _Task) -> float:
        """Seconds this person needs for it: longer while it is new to them."""
        if self.person.joined is None and not task.activity.is_new:
            return task.work * self.pace
        novelty: float = 0.5 ** (self.done[task.activity.name] / _NOVICE_HALVING)
        return task.work * self.pace * (1 + _NOVICE_SURPLUS * novelty)


class Simulation:
    """Let cases arrive and people work them off; `run` returns what a workflow system would have recorded.

    `hours` gives for every person the instants at which their working windows open and close, `sessions`
    for every activity that has them the instants at which they open; all in seconds since 1970 UTC.
    """

    def __init__(
        self,
        *,
        staff: Sequence[Employee],
        processes: Sequence[Process],
        hours: Callable[[Employee], tuple[list[int], list[int]]],
        sessions: Callable[[Activity], list[int]],
        rng: np.random.Generator,
    ) -> None:
        self._rng = rng
        self._agenda: list[tuple[int, int, Callable[[Any], None], Any]] = []
        self._entries = 0
        self._now = 0
        self._steps: list[Step] = []
        self._activities = {(p.function, a.name): a for p in processes for a in p.activities}
        self._queues: dict[str, list[tuple[int, int, int, _Task]]] = {
            activity.name: [] for activity in self._activities.values()
        }
        self._sessions = {a.name: sessions(a) for a in self._activities.values() if a.sessions}
        self._workers = self._hire(staff, hours)

    def run(self, arrivals: Iterable[Arrival], *, until: int) -> list[Step]:
        """Run to an instant (seconds since 1970 UTC); return the steps that ended before it, in order."""
        for arrival in arrivals:
            self._at(arrival.at, self._arrive, arrival)
        for worker in {id(w): w for able in self._workers.values() for w in able}.values():
            for opening in worker.opens:
                self._at(opening, self._turn_up, worker)
        while self._agenda and self._agenda[0][0] < until:
            self._now, _, happen, subject = heapq.heappop(self._agenda)
            happen(subject)
        return self._steps

    def _hire(
        self, staff: Sequence[Employee], hours: Callable[[Employee], tuple[list[int], list[int]]]
    ) -> dict[str, list[_Worker]]:
        """Make a worker of everybody who has something to do here, and list who can do what."""
        by_title: dict[str, list[Activity]] = {}
        for activity in self._activities.values():
            for title in activity.by:
                by_title.setdefault(title, []).append(activity)
        able: dict[str, list[_Worker]] = {name: [] for name in self._queues}
        for person in staff:
            if duties := by_title.get(person.title):
                opens, closes = hours(person)
                worker = _Worker(person, opens, closes, pace=math.exp(0.12 * self._rng.standard_normal()))
                for activity in duties:
                    worker.queues.append(self._queues[activity.name])
                    able[activity.name].append(worker)
        return able

    def _at(self, instant: int, happen: Callable[[Any], None], subject: object) -> None:
        self._entries += 1
        heapq.heappush(self._agenda, (instant, self._entries, happen, subject))

    def _arrive(self, arrival: Arrival) -> None:
        self._reach(_Task(_Case(arrival.case, arrival.process), arrival.process.first, 0.0))

    def _reach(self, task: _Task) -> None:
        """Take a case to its next activity, at once or when the next session for it opens."""
        sessions = self._sessions.get(task.activity.name)
        if sessions is None:
            self._offer(task)
        elif (session := bisect_left(sessions, self._now)) < len(sessions):
            self._at(sessions[session], self._offer, task)

    def _offer(self, task: _Task) -> None:
        activity = task.activity
        if activity.is_automated:
            self._record(task, None, self._now)
            self._go_on(task)
            return
        task.work = activity.minutes * MINUTE * math.exp(activity.spread * self._rng.standard_normal())
        self._entries += 1
        heapq.heappush(self._queues[activity.name], (activity.urgency, self._now, self._entries, task))
        self._call(self._workers[activity.name])

    def _call(self, able: Sequence[_Worker]) -> None:
        """Let one of those who are free turn to the new work."""
        free = [worker for worker in able if worker.is_free and worker.is_at_work(self._now)]
        if free:
            worker = free[int(self._rng.random() * len(free))]
            worker.is_free = False
            self._at(worker.after(self._now, self._other_work(worker, _TURNING_MINUTES)), self._pick, worker)

    def _turn_up(self, worker: _Worker) -> None:
        if worker.is_free:
            self._pick(worker)

    def _pick(self, worker: _Worker) -> None:
        """Take the most urgent work that waits longest, if there is any that still fits into the day."""
        worker.is_free = True
        queue = min((queue for queue in worker.queues if queue), default=None, key=lambda queue: queue[0][:3])
        if queue is None or not worker.is_at_work(self._now):
            return
        task = queue[0][3]
        needed = worker.needs(task)
        end = worker.after(self._now, needed)
        if needed <= _SHORT_WORK and end - self._now > needed + _NIGHT:
            return
        heapq.heappop(queue)
        worker.is_free = False
        worker.done[task.activity.name] += 1
        self._at(end, self._complete, (task, worker, self._now, needed / MINUTE))

    def _complete(self, done: tuple[_Task, _Worker, int, float]) -> None:
        task, worker, started, minutes = done
        self._record(task, worker.person, started)
        self._go_on(task)
        pause = self._other_work(worker, minutes)
        self._at(worker.after(self._now, pause), self._pick, worker)

    def _record(self, task: _Task, person: Employee | None, started: int) -> None:
        case = task.case
        case.visits[task.activity.name] += 1
        self._steps.append(
            Step(case.name, case.process.function, task.activity.name, person, started, self._now)
        )

    def _other_work(self, worker: _Worker, minutes: float) -> float:
        """Seconds that go to other work, so that recorded work gets its share of the day."""
        share = worker.person.work_share
        return min(minutes, 90.0) * MINUTE * (1 / share - 1) * self._rng.standard_exponential()

    def _go_on(self, task: _Task) -> None:
        """Send the case where it goes next; after a reply from outside where one is waited for."""
        case = task.case
        names = self._choose(task)
        case.branches += len(names) - 1
        delay = task.activity.reply_hours * HOUR * math.exp(0.7 * self._rng.standard_normal())
        for name in names:
            activity = self._activities[case.process.function, name]
            if activity.gathers and case.branches > 1:
                case.branches -= 1
            else:
                self._at(self._now + int(delay), self._reach, _Task(case, activity, 0.0))

    def _choose(self, task: _Task) -> tuple[str, ...]:
        draw = float(self._rng.random())
        for route in task.activity.then:
            share = _fading(route, task.case.visits)
            if draw < share:
                return route.to
            draw -= share
        return ()


def _fading(route: Route, visits: Counter[str]) -> float:
    """The share of a route: halved for every time the case has been there, since errors do get found.

    The last route of an activity takes what is left over, whatever its share says.
    """
    been = max(visits[name] for name in route.to)
    return route.share if route.share == 1.0 else route.share * 0.5 ** max(0, been - 1)
