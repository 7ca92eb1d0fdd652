"""The small picture beside a candidate: what speaks for it, what against, and how far the total may move."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from backdesk.evidence.assessment import CRITERIA, CRITERION, Candidate

WIDTH = 240  # units of the drawing
ZERO = WIDTH / 2
WHOLE = 1000
LETTER = 7.0  # units a letter of a name takes
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
    candidate: Candidate
    total: float
    band_x: float
    band_width: float

    @property
    def svg(self) -> SafeString:
        """Put together here: a template takes a third of the ranking's time for it."""
        one = self.candidate
        points = _("%(points)s points") % {"points": _points(one.total)}
        unknown = _("from %(low)s to %(high)s if the unknown were known") % {
            "low": _points(one.low),
            "high": _points(one.high),
        }
        return mark_safe(  # noqa: S308  (numbers, and titles that are escaped)
            f'<svg class="bars" viewBox="0 0 {WIDTH} 22" width="{WIDTH}" height="22" role="img" '
            f'aria-label="{points}; {unknown}">'
            f'<line class="bars-zero" x1="{ZERO:.0f}" x2="{ZERO:.0f}" y1="0" y2="22"/>'
            f"{''.join(map(_rect, self.bars))}"
            f'<rect class="bars-band" x="{self.band_x:.1f}" y="16" width="{self.band_width:.1f}" height="2">'
            f"<title>{unknown}</title></rect>"
            f'<circle class="bars-total" cx="{self.total:.1f}" cy="17" r="3"><title>{points}</title></circle></svg>'
        )


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
        candidate=candidate,
        total=_place(candidate.total, reach),
        band_x=_place(candidate.low, reach),
        band_width=max(1.0, _place(candidate.high, reach) - _place(candidate.low, reach)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A piece of a whole: what it is, how much, its share, and the page behind it."""

    title: str
    meaning: str
    amount: float
    share: float
    href: str

    @property
    def percent(self) -> float:
        return 100 * self.share


def stacked(parts: Iterable[Part], *, label: str) -> SafeString:
    """One bar of all parts side by side, each a link, named where its name fits."""
    drawn, x = [], 0.0
    for shade, part in enumerate(parts):
        width = part.share * WHOLE
        if width >= 1:
            drawn.append(_piece(part, x=x, width=width, shade=shade))
        x += width
    return mark_safe(  # noqa: S308  (numbers, and titles and addresses that are escaped)
        f'<svg class="bars bars-whole" viewBox="0 0 {WHOLE} 28" role="group" aria-label="{escape(label)}">'
        f"{''.join(drawn)}</svg>"
    )


def _piece(part: Part, *, x: float, width: float, shade: int) -> str:
    share = f"{part.percent:.0f}\u202f%"
    said = f"{escape(part.title)} {share}"
    name = next((one for one in (said, share) if len(one) * LETTER < width - 12), "")
    return (
        f'<a href="{escape(part.href)}" aria-label="{said}"><title>{said}</title>'
        f'<rect class="bars-piece bars-piece-{shade}" x="{x:.1f}" y="0" width="{width:.1f}" height="28"/>'
        f'<text class="bars-name" x="{x + 6:.1f}" y="18">{name}</text></a>'
    )


def _bar(name: str, points: float, x: float, width: float) -> Bar:
    shade = [one.name for one in CRITERIA if one.side == CRITERION[name].side].index(name)
    return Bar(
        title=_(CRITERION[name].title), points=points, x=round(x, 1), width=round(width, 1), shade=shade
    )


def _place(total: float, reach: float) -> float:
    return round(ZERO + total / reach * ZERO, 1)


def _rect(bar: Bar) -> str:
    side = "for" if bar.points > 0 else "against"
    return (
        f'<rect class="bars-{side} bars-shade-{bar.shade}" x="{bar.x:.1f}" y="3" width="{bar.width:.1f}" height="9">'
        f"<title>{escape(bar.title)}: {_points(bar.points, decimals=1)}</title></rect>"
    )


def _points(value: float, *, decimals: int = 0) -> str:
    """As the templates write them."""
    rounded = Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return str(rounded if rounded else abs(rounded))
