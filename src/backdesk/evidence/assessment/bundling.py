"""Which activities to hand over together, so that little goes back and forth across the company boundary."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from backdesk.evidence.assessment._cuts import Floats, Mask, best_sets
from backdesk.evidence.assessment.ranking import Candidate
from backdesk.evidence.assessment.wording import number
from backdesk.evidence.sentences import say

FULL_STRENGTH: Final = 50.0  # points: from this total on, every hour of an activity counts as gained
MOST_ACTIVITIES: Final = 300  # among which bundles are sought
CHEAPEST, DEAREST = 0.1, 120.0  # minutes a crossing: from next to nothing to two hours

Edge = tuple[str, str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """Activities that belong together, with what handing them over would take across the boundary.

    `along` are members that are no candidates themselves but keep the others together.
    `crossings_per_case` is how often a case of the process they belong to would go from one company to the
    other, `crossings_apart_per_case` how often if the same activities went to different places one by one.
    `pays_up_to_minutes` is what a crossing may cost in working time before the bundle is no longer worth
    it; None where nothing crosses. `gain_hours_per_month` are its hours weighted by how strong the case is,
    `net_hours_per_month` what is left of them after the crossings at the price asked for. `estimated` says
    that the hours are at most these, for the record holds no starts.

    >>> bundle = Bundle(activities=("Check", "Book"), along=(), hours_per_month=80.0, share_of_hours=0.4,
    ...                 steps_per_month=300.0, crossings_per_case=0.9, crossings_apart_per_case=2.1,
    ...                 gain_hours_per_month=40.0, net_hours_per_month=22.0, pays_up_to_minutes=18.0)
    >>> bundle.crossings_saved_text
    '0.9 crossings a case instead of 2.1 if its activities went to different places'
    """

    activities: tuple[str, ...]
    along: tuple[str, ...]
    hours_per_month: float
    share_of_hours: float | None
    steps_per_month: float
    crossings_per_case: float
    crossings_apart_per_case: float
    gain_hours_per_month: float
    net_hours_per_month: float
    pays_up_to_minutes: float | None
    estimated: bool = False

    @property
    def crossings_saved_text(self) -> str:
        """Say what moving the activities together saves.

        >>> Bundle(activities=("Check",), along=(), hours_per_month=80.0, share_of_hours=None,
        ...        steps_per_month=300.0, crossings_per_case=1.8, crossings_apart_per_case=1.8,
        ...        gain_hours_per_month=40.0, net_hours_per_month=22.0,
        ...        pays_up_to_minutes=18.0).crossings_saved_text
        '1.8 crossings a case'
        """
        count = number(round(self.crossings_per_case, 2))
        crossings = say("1 crossing a case") if count == "1" else say("{} crossings a case", count)
        if self.crossings_apart_per_case - self.crossings_per_case < 0.005:
            return crossings
        apart = number(round(self.crossings_apart_per_case, 2))
        return say("{} instead of {} if its activities went to different places", crossings, apart)


def bundles(
    candidates: Sequence[Candidate],
    *,
    edges: pl.DataFrame | Iterable[Sequence[object]],
    cases: int,
    minutes_per_crossing: float = 10.0,
    limit: int = 5,
) -> tuple[Bundle, ...]:
    """Find the contiguous sets of activities best handed over together, the best one first.

    A set gains the hours of what is to be handed over, weighted by how strong the case is (a total of 50
    points counts in full), and pays `minutes_per_crossing` for each time work would cross its border. The
    best set is found exactly, by a minimum cut, for every price of a crossing from next to nothing to two
    hours; its connected parts are the bundles. An activity that should stay because more speaks
    against it than for it is in none; one without a case of its own only where that saves more in crossings
    than the hours it has.

    `edges` are source, target and count over the whole record (of a data frame with these columns, or
    triples); `cases` is how many cases the record holds. Bundles worth it at the price come first, by what is
    left of their hours; then those that would need cheaper crossings. Of bundles that differ only in what
    moves along, the best is given; a part of a better one that does not pay is not.

    >>> from backdesk.evidence.assessment import ActivityRecord, rank
    >>> records = [ActivityRecord(name=name, figures={
    ...     "steps": 1000.0, "steps_per_month": 100.0, "touch_hours_per_month": 90.0,
    ...     "contention_hours_mean": 8.0}) for name in ("Check", "Book")]
    >>> [best, *_] = bundles(rank(records), edges=[("Check", "Book", 990)], cases=1000)
    >>> best.activities, best.crossings_per_case, round(best.hours_per_month)
    (('Book', 'Check'), 0.0, 180)
    """
    candidates = _weightiest([one for one in candidates if one.nothing is None])
    if cases < 1 or not any(one.is_proposed for one in candidates):
        return ()
    field = _Field.of(candidates, edges, cases=cases)
    found = {tuple(np.flatnonzero(part)): part for one in field.family() for part in field.parts(one)}
    made = [field.bundle(part, minutes_per_crossing) for part in found.values()]
    worth = [bundle for bundle in made if bundle.gain_hours_per_month > 0]
    # All there is has no border to cross, but handing over everything is no choice among activities.
    partial = [bundle for bundle in worth if len(bundle.activities) < len(candidates)]
    return _best(sorted(partial or worth, key=_order))[:limit]


def _best(bundles: Iterable[Bundle]) -> tuple[Bundle, ...]:
    """Of those in order that differ only in what moves along the first; no part of a better one that does not pay."""
    best: dict[frozenset[str], Bundle] = {}
    for bundle in bundles:
        own = frozenset(bundle.activities) - frozenset(bundle.along)
        if bundle.net_hours_per_month > 0 or not any(own < better for better in best):
            best.setdefault(own, bundle)
    return tuple(best.values())


def _weightiest(candidates: list[Candidate]) -> list[Candidate]:
    """Keep as many as can be cut at leisure: candidates first, then what takes most hours."""
    if len(candidates) <= MOST_ACTIVITIES:
        return candidates
    hours = _figures(candidates, "touch_hours_per_month")
    order = sorted(range(len(candidates)), key=lambda i: (not candidates[i].is_proposed, -hours[i]))
    return [candidates[i] for i in sorted(order[:MOST_ACTIVITIES])]


def _order(bundle: Bundle) -> tuple[bool, float]:
    if bundle.net_hours_per_month > 0:
        return False, -bundle.net_hours_per_month
    return True, -(bundle.pays_up_to_minutes or 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    """The activities as a graph: hours and gain of each a month, crossings between each two a month.

    `arriving` are the steps of each a month that follow no other: where cases come in.
    """

    candidates: Sequence[Candidate]
    hours: Floats
    gain: Floats
    crossings: Floats
    arriving: Floats
    cases_per_month: float

    @classmethod
    def of(
        cls, candidates: Sequence[Candidate], edges: pl.DataFrame | Iterable[Sequence[object]], *, cases: int
    ) -> _Field:
        months = _months(candidates)
        place = {one.activity: index for index, one in enumerate(candidates)}
        moves = np.zeros((len(candidates), len(candidates)))
        for source, target, count in _triples(edges):
            if source in place and target in place:
                moves[place[source], place[target]] += count / months
        steps = _figures(candidates, "steps_per_month")
        hours = _figures(candidates, "touch_hours_per_month")
        return cls(
            candidates=candidates,
            hours=hours,
            gain=np.array([_gain(one, hour) for one, hour in zip(candidates, hours, strict=True)]),
            crossings=(moves + moves.T) * (1 - np.eye(len(candidates))),
            arriving=np.maximum(steps - moves.sum(axis=0), 0.0),
            cases_per_month=cases / months,
        )

    def family(self) -> Iterator[Mask]:
        for best in best_sets(self.gain, self.crossings, least=CHEAPEST / 60, most=DEAREST / 60):
            yield best.members

    def parts(self, members: Mask) -> Iterator[Mask]:
        """Split a set into its connected parts."""
        left = members.copy()
        while left.any():
            part = np.zeros_like(members)
            part[np.argmax(left)] = True
            part = self.grown(part, within=left)
            left &= ~part
            yield part

    def grown(self, part: Mask, *, within: Mask) -> Mask:
        """Add all that is connected with a set."""
        while (grown := part | (within & self.crossings[part].any(axis=0))).sum() > part.sum():
            part = grown
        return part

    def cases_through(self, part: Mask) -> float:
        """Count the cases a month of the process a set belongs to: those that come in anywhere in it."""
        process = self.grown(part, within=np.ones_like(part))
        return min(self.cases_per_month, float(self.arriving[process].sum())) or self.cases_per_month

    def bundle(self, part: Mask, minutes: float) -> Bundle:
        inside = [one for one, taken in zip(self.candidates, part, strict=True) if taken]
        border = float(self.crossings[np.ix_(part, ~part)].sum())
        apart = border + float(self.crossings[np.ix_(part, part)].sum()) / 2
        cases = self.cases_through(part)
        gain, hours = float(self.gain[part].sum()), float(self.hours[part].sum())
        everything = float(self.hours.sum())
        return Bundle(
            activities=tuple(one.activity for one in inside),
            along=tuple(one.activity for one in inside if not one.is_proposed),
            hours_per_month=hours,
            share_of_hours=hours / everything if everything else None,
            steps_per_month=float(_figures(inside, "steps_per_month").sum()),
            crossings_per_case=border / cases,
            crossings_apart_per_case=apart / cases,
            gain_hours_per_month=gain,
            net_hours_per_month=gain - border * minutes / 60,
            pays_up_to_minutes=60 * gain / border if border else None,
            estimated=any(one.record.estimated for one in inside),
        )


def _gain(candidate: Candidate, hours: float) -> float:
    """Weigh hours by the strength of the case; an hour moved without a case of its own costs an hour.

    Coupling is left out of the strength: the crossings stand for it.
    """
    if candidate.is_proposed:
        strength = (candidate.total - candidate.contributions.get("coupling", 0.0)) / FULL_STRENGTH
        return float(hours) * min(1.0, strength)
    return -np.inf if candidate.must_stay else -float(hours)


def _figures(candidates: Sequence[Candidate], name: str) -> Floats:
    return np.array([one.record.figures.get(name) or 0.0 for one in candidates])


def _months(candidates: Sequence[Candidate]) -> float:
    """Derive the months of the record from what it holds in all and in a month."""
    figures = [one.record.figures for one in candidates]
    counted = [(one.get("steps"), one.get("steps_per_month")) for one in figures]
    known = [(steps, monthly) for steps, monthly in counted if steps and monthly]
    return sum(steps for steps, _ in known) / sum(monthly for _, monthly in known) if known else 1.0


def _triples(edges: pl.DataFrame | Iterable[Sequence[object]]) -> Iterator[Edge]:
    rows = edges.select("source", "target", "count").iter_rows() if isinstance(edges, pl.DataFrame) else edges
    for source, target, count, *_ in rows:
        if source is not None and target is not None:
            yield str(source), str(target), float(str(count))
