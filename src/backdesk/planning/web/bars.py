"""The small picture beside a candidate: what speaks for it, what against, and how far the total may move."""

from dataclasses import dataclass

from backdesk.evidence.assessment import CRITERIA, CRITERION, Candidate

WIDTH = 240  # units of the drawing for -100..100
ZERO = WIDTH / 2


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


def bars(candidate: Candidate) -> Bars:
    left = right = ZERO
    drawn = []
    for criterion in CRITERIA:
        points = candidate.contributions.get(criterion.name, 0.0)
        width = abs(points) / 100 * ZERO
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
        total=_place(candidate.total),
        band_x=_place(candidate.low),
        band_width=max(1.0, _place(candidate.high) - _place(candidate.low)),
    )


def _bar(name: str, points: float, x: float, width: float) -> Bar:
    shade = [one.name for one in CRITERIA if one.side == CRITERION[name].side].index(name)
    return Bar(title=CRITERION[name].title, points=points, x=round(x, 1), width=round(width, 1), shade=shade)


def _place(total: float) -> float:
    return round(ZERO + min(100.0, max(-100.0, total)) / 100 * ZERO, 1)
