"""How a log conforms to a process: each case aligned with it, and what that comes to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from backdesk.evidence.process.bpmn import ProcessModel
from backdesk.evidence.process.conformance.aligning import STATES, Aligner, Alignment
from backdesk.evidence.process.conformance.deviating import Deviation, deviations
from backdesk.evidence.process.flows import STEP_ORDER
from backdesk.evidence.sentences import Sentence, say

ALL_STATES = 1_000_000
"""Situations looked into for a whole log, before what is left of it is left as not settled."""

CASES = pl.Schema(
    {
        "case": pl.String(),
        "variant": pl.UInt32(),
        "settled": pl.Boolean(),
        "cost": pl.UInt32(),
        "fitness": pl.Float64(),
        "deviations": pl.UInt32(),
        "cycle_s": pl.Float64(),
    }
)
DEVIATIONS = pl.Schema(
    {
        "kind": pl.String(),
        "activity": pl.String(),
        "cases": pl.UInt32(),
        "share": pl.Float64(),
        "times": pl.UInt32(),
        "cycle_s": pl.Float64(),
        "other_cycle_s": pl.Float64(),
    }
)


class NothingToCompare(ValueError):
    """The log holds no step, so it cannot be compared with a process."""

    def __init__(self, message: Sentence) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, kw_only=True)  # without slots: what is asked for is worked out once
class Conformance:
    """What a log and a process have in common, and where they part.

    The conditions of the process's gateways are passed over: a case conforms if some branch fits it.

    >>> from backdesk.evidence.process.conformance._example import two_invoices
    >>> steps, model = two_invoices()
    >>> found = conform(steps, model=model)
    >>> found.fitness, found.fitting_cases
    (0.75, 1)
    >>> [str(one) for one in found.deviations_of("b")]
    ['“Check the invoice” was done before “Key the invoice”, the process has it after.']
    """

    model: ProcessModel
    aligner: Aligner
    variants: tuple[Alignment, ...]
    """One for each sequence of activities, that of most cases first."""
    deviations: tuple[tuple[Deviation, ...], ...]
    """Of each variant; of one that is not settled, none."""
    cases: pl.DataFrame
    """A row a case (`CASES`); `variant` counts from 0, `cycle_s` is from its first start to its last end."""
    notes: tuple[str, ...]
    """What was decided on the way."""

    @cached_property
    def unsettled_cases(self) -> int:
        """How many cases were left, since the limit was reached."""
        return self.cases.filter(~pl.col("settled")).height

    @property
    def fitting_cases(self) -> int:
        """How many cases are runs of the process."""
        return self.cases.filter(pl.col("settled") & (pl.col("cost") == 0)).height

    @property
    def fitness(self) -> float | None:
        """1 less the cost of all settled cases over what it would be with nothing in common; None: none is settled.

        Source: Adriansyah (2014), section 5.2; van der Aalst, Adriansyah and van Dongen, Replaying history (2012).
        """
        return self._fitness(at_most=True, only_settled=True)

    @property
    def fitness_bounds(self) -> tuple[float, float]:
        """Within which the fitness of all cases lies: the same twice where all are settled."""
        least, most = self._fitness(at_most=False), self._fitness(at_most=True)
        return (least if least is not None else 1.0, most if most is not None else 1.0)

    @cached_property
    def by_kind(self) -> pl.DataFrame:
        """Deviations by kind and activity (`DEVIATIONS`), those of most cases first.

        `share` is of the settled cases, `times` counts deviations, `cycle_s` is the median cycle time of the cases
        that have it and `other_cycle_s` of those that have not: an association, not what it costs.
        """
        rows = [self._summed(kind, activity) for kind, activity in self._kinds]
        return pl.DataFrame(rows, schema=DEVIATIONS, orient="row").sort(
            "cases", "kind", "activity", descending=[True, False, False]
        )

    def cases_with(self, *, kind: str, activity: str) -> pl.DataFrame:
        """Give the cases (`CASES`) that have a deviation."""
        return self.cases.filter(pl.col("variant").is_in(list(self._kinds.get((kind, activity), ()))))

    def variant_of(self, case: str) -> int:
        """Give the variant of a case. Raises `KeyError` where the log has no such case."""
        found = self.cases.filter(pl.col("case") == case)
        if found.is_empty():
            raise KeyError(case)
        return int(found["variant"][0])

    def deviations_of(self, case: str) -> tuple[Deviation, ...]:
        """Say where a case departs from the process. Raises `KeyError` where the log has no such case."""
        return self.deviations[self.variant_of(case)]

    def every_deviation(self) -> Iterator[tuple[str, Deviation]]:
        """Give each deviation of each case, by case."""
        for case, variant in self.cases.select("case", "variant").sort("case").iter_rows():
            for deviation in self.deviations[variant]:
                yield case, deviation

    @cached_property
    def cases_of_variant(self) -> tuple[int, ...]:
        """How many cases went each way."""
        counts = Counter(self.cases["variant"])
        return tuple(counts[variant] for variant in range(len(self.variants)))

    @cached_property
    def _kinds(self) -> Mapping[tuple[str, str], Mapping[int, int]]:
        """By kind and activity: in which variants, and how often."""
        found: dict[tuple[str, str], Counter[int]] = {}
        for variant, several in enumerate(self.deviations):
            for one in several:
                found.setdefault((one.kind, one.activity), Counter())[variant] += 1
        return found

    def _summed(self, kind: str, activity: str) -> tuple[object, ...]:
        times = self._kinds[kind, activity]
        settled = self.cases.filter("settled")
        has = settled["variant"].is_in(list(times))
        return (
            kind,
            activity,
            int(has.sum()),
            has.mean(),
            sum(self.cases_of_variant[variant] * count for variant, count in times.items()),
            settled["cycle_s"].filter(has).median(),
            settled["cycle_s"].filter(~has).median(),
        )

    def _fitness(self, *, at_most: bool, only_settled: bool = False) -> float | None:
        """What is not settled costs what is known at least, or as much as there is."""
        cost = worst = 0
        for found, cases in zip(self.variants, self.cases_of_variant, strict=True):
            if found.settled or not only_settled:
                cost += cases * (found.cost if found.settled or at_most else found.most)
                worst += cases * found.most
        return 1 - cost / worst if worst else None


def conform(
    steps: pl.DataFrame,
    *,
    model: ProcessModel,
    named: Mapping[str, str] | None = None,
    limit: int = STATES,
    limit_of_all: int = ALL_STATES,
    order: Sequence[str] = STEP_ORDER,
    progress: Callable[[float, str], None] | None = None,
) -> Conformance:
    """Compare each case of a log with a process.

    Each sequence of activities is aligned once, those of most cases first. A service task that the log never names
    is taken as done without being recorded.

    Args:
        steps: `STEPS`; of these `case`, `activity`, `started_at`, `ended_at` and what `order` names are used.
        model: a process without `problems`.
        named: names of tasks by the activities that are called otherwise in the log.
        limit: situations to look into for one sequence of activities.
        limit_of_all: and for the whole log; the rest is given back as not settled.
        order: the columns that order the steps of a case.
        progress: called with the share of the sequences that are done, 0 to 1, and the phase; what it raises goes
            through.

    Raises:
        NothingToCompare: there is no step.
        NeverEnds: no run of the process comes to its end.

    >>> from backdesk.evidence.process.conformance._example import two_invoices
    >>> steps, model = two_invoices()
    >>> conform(steps, model=model).cases["fitness"].to_list()
    [1.0, 0.5]
    """
    if steps.is_empty():
        raise NothingToCompare(
            say("There is no step to compare with the process: the log, or what is left of it, is empty.")
        )
    variants, cases = _variants(steps, order)
    aligner, notes = _aligner(model, named, {name for variant in variants for name in variant})
    found: list[Alignment] = []
    left = limit_of_all
    for done, activities in enumerate(variants):
        if progress:
            progress(done / len(variants), "comparing")
        found.append(aligner.align(activities, limit=min(limit, left)))
        left -= found[-1].looked_into
    told = tuple(
        deviations(one, tasks=[n for n in one.activities if aligner.label(n) is not None]) for one in found
    )
    return Conformance(
        model=model,
        aligner=aligner,
        variants=tuple(found),
        deviations=told,
        cases=_by_case(cases, found, told),
        notes=notes,
    )


def _aligner(
    model: ProcessModel, named: Mapping[str, str] | None, activities: set[str]
) -> tuple[Aligner, tuple[str, ...]]:
    every = Aligner(model, named=named)
    done = {every.label(name) for name in activities}
    machines = [task.id for task in model.of_kind("service") if every.label(task.name or task.id) not in done]
    notes = [say("Conditions at gateways are passed over: any branch may be taken.")]
    if not machines:
        return every, tuple(notes)
    names = ", ".join(model.nodes[task].name or task for task in machines)
    notes.append(say("Taken as done without being recorded, for the log never names them: {}.", names))
    return Aligner(model, named=named, unseen=machines), tuple(notes)


def _variants(steps: pl.DataFrame, order: Sequence[str]) -> tuple[list[tuple[str, ...]], pl.DataFrame]:
    """Give the sequences of activities, that of most cases first, and for each case which it is."""
    ordered = steps.select(*dict.fromkeys(("case", "activity", "started_at", "ended_at", *order))).sort(
        "case", *order
    )
    cases = ordered.group_by("case", maintain_order=True).agg(
        pl.col("activity").cast(pl.String),
        cycle_s=(pl.col("ended_at").max() - pl.col("started_at").min()).dt.total_microseconds() / 1e6,
    )
    counted = (
        cases.group_by("activity", maintain_order=True)
        .len()
        .sort("len", descending=True, maintain_order=True)
        .with_row_index("variant")
    )
    numbered = cases.join(counted, on="activity", maintain_order="left").select("case", "variant", "cycle_s")
    return [tuple(row) for row in counted["activity"]], numbered


def _by_case(
    cases: pl.DataFrame, found: Sequence[Alignment], told: Sequence[tuple[Deviation, ...]]
) -> pl.DataFrame:
    rows = pl.DataFrame(
        {
            "variant": range(len(found)),
            "settled": [one.settled for one in found],
            "cost": [one.cost for one in found],
            "fitness": [one.fitness for one in found],
            "deviations": [len(several) for several in told],
        },
        schema_overrides={"variant": pl.UInt32, "fitness": pl.Float64},
    )
    return cases.join(rows, on="variant", maintain_order="left").select(CASES.names()).cast(CASES)
