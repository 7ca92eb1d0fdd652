"""How well a process describes a log: whether it allows what happened, and how little else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from backdesk.evidence.process.conformance.aligning import Aligner
from backdesk.evidence.process.conformance.conforming import Conformance
from backdesk.evidence.process.conformance.net import Marking


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """How well a process describes a log; each share from 0 to 1, None where no case is settled.

    >>> Quality(fitness=1.0, precision=0.5, tasks=3, gateways=2, flows=6).f1
    0.6666666666666666
    """

    fitness: float | None
    """How much of what happened the process allows: see `Conformance.fitness`."""
    precision: float | None
    """How much of what the process allows happened: see `precision`."""
    tasks: int
    gateways: int
    flows: int

    @property
    def f1(self) -> float | None:
        """The harmonic mean of fitness and precision."""
        if self.fitness is None or self.precision is None:
            return None
        both = self.fitness + self.precision
        return 2 * self.fitness * self.precision / both if both else 0.0


def quality(found: Conformance) -> Quality:
    """Say how well a process describes a log it has been compared with.

    >>> from backdesk.evidence.process.conformance import conform
    >>> from backdesk.evidence.process.conformance._example import two_invoices
    >>> steps, model = two_invoices()
    >>> found = quality(conform(steps, model=model))
    >>> found.fitness, round(found.precision or 0, 2), found.tasks, found.gateways, found.flows
    (0.75, 0.67, 3, 2, 9)
    """
    return Quality(
        fitness=found.fitness,
        precision=precision(found),
        tasks=len(found.model.of_kind("user", "service")),
        gateways=len(found.model.of_kind("exclusive", "parallel")),
        flows=len(found.model.flows),
    )


def precision(found: Conformance) -> float | None:
    """Say how much of what the process allows happened: 1 less the share of ways nobody went.

    Along the run of the process each settled case comes closest to, at each task, the activities that some case
    did there are held against those the process allows there, weighted by cases. None where no case is settled.

    Source: Adriansyah, Munoz-Gama, Carmona, van Dongen and van der Aalst, Measuring precision of modeled behavior
    (Information Systems and e-Business Management 13, 2015), one alignment a case, after the escaping edges of
    Munoz-Gama and Carmona (BPM 2010). What the process allows after a case's last step is not counted.

    >>> from backdesk.evidence.process.conformance import conform
    >>> from backdesk.evidence.process.conformance._example import two_invoices
    >>> steps, model = two_invoices()
    >>> round(precision(conform(steps, model=model)) or 0, 2)
    0.67
    """
    root = _Point(markings=frozenset({found.aligner.net.begin}))
    for variant, cases in zip(found.variants, found.cases_of_variant, strict=True):
        if variant.settled:
            _walk(root, [pair.task for pair in variant.pairs if pair.task], cases, found.aligner)
    went = allowed = 0
    ahead = [root]
    while ahead:
        point = ahead.pop()
        ahead.extend(point.next.values())
        went += point.cases * len({label for label, _ in point.next})
        allowed += point.cases * len(
            {label for one in point.markings for label, _, _ in found.aligner.doable(one)}
        )
    return went / allowed if allowed else None


@dataclass(slots=True, kw_only=True)
class _Point:
    """Where runs stand that have been the same so far, and the cases that went on from there."""

    markings: frozenset[Marking]
    cases: int = 0
    next: dict[tuple[int, str], _Point] = field(default_factory=dict)


def _walk(point: _Point, tasks: Sequence[str], cases: int, aligner: Aligner) -> None:
    for task in tasks:
        point.cases += cases
        key = (aligner.label_of(task), task)
        if key not in point.next:
            after = {then for one in point.markings for _, done, then in aligner.doable(one) if done == task}
            point.next[key] = _Point(markings=frozenset(after))
        point = point.next[key]
