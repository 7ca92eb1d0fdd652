"""Where a case departs from the process, in words: what was skipped, done too early or late, too often, or unknown."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from backdesk.evidence.process.conformance.aligning import Alignment, Pair

DeviationKind = Literal["skipped", "stopped", "early", "late", "repeated", "extra", "unknown"]

SENTENCES: Final[Mapping[str, str]] = {
    "skipped": "“{activity}” was skipped after “{beside}”.",
    "skipped first": "“{activity}” was skipped at the beginning.",
    "stopped": "The case stopped before “{activity}”.",
    "early": "“{activity}” was done before “{beside}”, the process has it after.",
    "late": "“{activity}” was done after “{beside}”, the process has it before.",
    "repeated": "“{activity}” was done {done} times, the process has it {allowed} times here.",
    "repeated once": "“{activity}” was done {done} times, the process has it once here.",
    "extra": "“{activity}” was done after “{beside}”, the process does not have it here.",
    "extra first": "“{activity}” was done at the beginning, the process does not have it here.",
    "unknown": "“{activity}” is no task of the process.",
}
"""By `Deviation.sentence`: with the fields `activity`, `beside`, `done` and `allowed`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """One departure from the process, as a person would say it; one sentence may stand for several moves.

    >>> print(Deviation(kind="skipped", activity="Approve", beside="Check"))
    “Approve” was skipped after “Check”.
    """

    kind: DeviationKind
    activity: str
    beside: str | None = None
    """The step it came after or before; None at the beginning of the case."""
    step: int | None = None
    """Which step of the case it is, or of what was not done, after which one it is missed; from 0."""
    task: str | None = None
    """Id of the task, where the process has one."""
    done: int = 0
    """Of a repetition: how often it was done."""
    allowed: int = 0
    """Of a repetition: how often the process has it in the run the case comes closest to."""

    @property
    def sentence(self) -> str:
        """Which of `SENTENCES` says it."""
        if self.kind in ("skipped", "extra") and self.beside is None:
            return f"{self.kind} first"
        return "repeated once" if self.kind == "repeated" and self.allowed == 1 else self.kind

    def __str__(self) -> str:
        return SENTENCES[self.sentence].format(
            activity=self.activity, beside=self.beside, done=self.done, allowed=self.allowed
        )


def deviations(alignment: Alignment, *, tasks: Collection[str] = ()) -> tuple[Deviation, ...]:
    """Say where a sequence of activities departs from the process, in the order in which it did.

    A step that only the case did and a task that only the process has are one departure where they are the same
    task: it was done too early or too late.

    Args:
        alignment: a settled one.
        tasks: activities that are tasks of the process; those the alignment finds in it need not be named.

    >>> pairs = (
    ...     Pair(activity="Pay", task=None, step=0),
    ...     Pair(activity="Check", task="c", step=1),
    ...     Pair(activity="Pay", task="p", step=None),
    ... )
    >>> found = Alignment(activities=("Pay", "Check"), pairs=pairs, cost=2, most=4, settled=True)
    >>> [str(one) for one in deviations(found)]
    ['“Pay” was done before “Check”, the process has it after.']
    """
    pairs = alignment.pairs
    moved = dict(_moved(pairs))
    left = {n for n, pair in enumerate(pairs) if not pair.is_both} - moved.keys() - set(moved.values())
    tail = _tail(pairs, left)
    known = {pair.activity for pair in pairs if pair.task} | set(tasks)
    found = [(done, _shifted(pairs, done, missed)) for done, missed in moved.items()]
    found += [(n, _skipped(pairs, n)) for n in left - tail if pairs[n].task]
    found += [(n, _stopped(pairs, n)) for n in sorted(tail)[:1]]
    found += _only_done(pairs, [n for n in sorted(left) if not pairs[n].task], known)
    return tuple(deviation for _, deviation in sorted(found, key=lambda pair: pair[0]))


def _moved(pairs: Sequence[Pair]) -> Iterator[tuple[int, int]]:
    """Pair what was done with what was missed of the same name, each with the first that is left."""
    missed: defaultdict[str, list[int]] = defaultdict(list)
    for n, pair in enumerate(pairs):
        if pair.step is None:
            missed[pair.activity].append(n)
    for n, pair in enumerate(pairs):
        if pair.task is None and missed[pair.activity]:
            yield n, missed[pair.activity].pop(0)


def _shifted(pairs: Sequence[Pair], done: int, missed: int) -> Deviation:
    """Say past which step it went: of those between, the one next to where the process has it.

    Where it is one step alone, either may be said to have moved; it is told of the one that came early.
    """
    first, last = sorted((done, missed))
    between = [n for n in range(first + 1, last) if pairs[n].is_both] or list(range(first + 1, last))
    if done > missed and len(between) == 1:
        return _early(pairs, between[0], pairs[between[0]].task, beside=done)
    if done < missed:
        return _early(pairs, done, pairs[missed].task, beside=between[-1] if between else missed)
    return Deviation(
        kind="late",
        activity=pairs[done].activity,
        beside=pairs[between[0] if between else missed].activity,
        step=pairs[done].step,
        task=pairs[missed].task,
    )


def _early(pairs: Sequence[Pair], done: int, task: str | None, *, beside: int) -> Deviation:
    return Deviation(
        kind="early",
        activity=pairs[done].activity,
        beside=pairs[beside].activity,
        step=pairs[done].step,
        task=task,
    )


def _tail(pairs: Sequence[Pair], left: Collection[int]) -> set[int]:
    """Find what was left undone at the end."""
    tail: set[int] = set()
    for n in range(len(pairs) - 1, -1, -1):
        if pairs[n].step is not None:
            break
        if n in left:
            tail.add(n)
    return tail


def _skipped(pairs: Sequence[Pair], n: int) -> Deviation:
    before = next((pair for pair in reversed(pairs[:n]) if pair.task), None)
    return Deviation(
        kind="skipped",
        activity=pairs[n].activity,
        beside=before.activity if before else None,
        step=_last_step(pairs, n),
        task=pairs[n].task,
    )


def _stopped(pairs: Sequence[Pair], n: int) -> Deviation:
    return Deviation(
        kind="stopped", activity=pairs[n].activity, step=_last_step(pairs, n), task=pairs[n].task
    )


def _last_step(pairs: Sequence[Pair], n: int) -> int | None:
    return next((pair.step for pair in reversed(pairs[:n]) if pair.step is not None), None)


def _only_done(
    pairs: Sequence[Pair], places: Sequence[int], known: Collection[str]
) -> Iterator[tuple[int, Deviation]]:
    """Say what the process does not have there; what it has elsewhere in the run is told once, as a repetition."""
    done = Counter(pair.activity for pair in pairs if pair.step is not None)
    allowed = Counter(pair.activity for pair in pairs if pair.task)
    told: set[str] = set()
    for n in places:
        name, step = pairs[n].activity, pairs[n].step
        if name in told:
            continue
        if name not in known:
            yield n, Deviation(kind="unknown", activity=name, step=step)
        elif allowed[name]:
            told.add(name)
            yield (
                n,
                Deviation(kind="repeated", activity=name, step=step, done=done[name], allowed=allowed[name]),
            )
        else:
            before = next((pair.activity for pair in reversed(pairs[:n]) if pair.step is not None), None)
            yield n, Deviation(kind="extra", activity=name, beside=before, step=step)
