"""The small picture beside a candidate: what speaks for it, what against, and how far the total may move."""

from collections.abc import Iterable
from dataclasses import dataclass

from backdesk.evidence.assessment import CRITERIA, CRITERION, Candidate

WIDTH = 240  # units of the drawing
ZERO = WIDTH / 2
LEAST_REACH = 25.0  # points to each side, below which small totals would look large


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    title: str
    points: float
    x: float
    width: float
    shade: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """Bars from the middle outwards; the band is where the total would lie if the unknown were known."""

    bars: tuple[Bar, ...]
    total: float
    band_x: float
    band_width: float


def reach(candidates: Iterable[Candidate]) -> float:
    """The points to each side that pictures of these need, so that all of them have one scale."""
    furthest = [LEAST_REACH]
    for one in candidates:
        speaking_for = sum(points for points in one.contributions.values() if points > 0)
        against = sum(points for points in one.contributions.values() if points < 0)
        furthest += [speaking_for, -against, one.high, -one.low]
    return max(furthest)


def bars(candidate: Candidate, *, reach: float) -> Bars:
    left = right = ZERO
    drawn = []
    for criterion in CRITERIA:
        points = candidate.contributions.get(criterion.name, 0.0)
        width = abs(points) / reach * ZERO
        if width < 0.05:
            continue
        if points > 0:
            drawn.append(_bar(criterion.name, points, right, width))
            right += width
        else:
            left -= width
            drawn.append(_bar(criterion.name, points, left, width))
    return Bars(
        bars=tuple(drawn),
        total=_place(candidate.total, reach),
        band_x=_place(candidate.low, reach),
        band_width=max(1.0, _place(candidate.high, reach) - _place(candidate.low, reach)),
    )


def _bar(name: str, points: float, x: float, width: float) -> Bar:
    shade = [one.name for one in CRITERIA if one.side == CRITERION[name].side].index(name)
    return Bar(title=CRITERION[name].title, points=points, x=round(x, 1), width=round(width, 1), shade=shade)


def _place(total: float, reach: float) -> float:
    return round(ZERO + total / reach * ZERO, 1)
