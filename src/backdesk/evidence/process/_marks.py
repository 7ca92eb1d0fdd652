"""The marks a process map is made of: boxes, lines, starts and ends, the band. Each writes its own SVG."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from math import hypot, sqrt
from typing import Final

from backdesk.evidence.process import text
from backdesk.evidence.process.layout import Curve, Point
from backdesk.evidence.process.maps import Edge, Node
from backdesk.evidence.process.saying import Say, duration, in_english
from backdesk.evidence.process.svg import Markup, element, lines
from backdesk.evidence.process.theme import Theme, ink, mix

NAME_SIZE: Final = 13.0
SMALL_SIZE: Final = 11.0
_RAMP: Final = (0.0, 0.3, 0.5, 0.68, 0.85, 1.0)
HEAT_STEPS: Final = len(_RAMP)
_BOLDER: Final = 1.1
"""How much wider a bold text is."""
_NAME_ROOM: Final = 160.0
_LEADING: Final = 16.0
_SMALL_LEADING: Final = 13.0
_WORTH_TELLING: Final = 60
"""Seconds of waiting from which it is printed on the line, and not only told in its tooltip."""
_PADDING: Final = 12.0
_TERMINAL: Final = 22.0
_THICK: Final = 8.0
_THIN: Final = 1.2

Href = Callable[[Node | Edge], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """What the marks of one picture share."""

    theme: Theme
    inside: frozenset[str]
    href: Href | None
    most: int
    """Steps along the most frequent line: the thickest."""
    slowest: float
    """Seconds of waiting from which a line is as hot as it gets."""
    elapsed: bool
    wait: str
    """What is told of the waits along a line, in words."""
    say: Say = in_english

    def ink(self, name: str) -> str:
        """Return a colour for an attribute."""
        return ink(name, theme=self.theme)

    def thickness(self, edge: Edge) -> float:
        """Return the width of a line in pixels: its square root grows with the steps along it."""
        return _THIN + (_THICK - _THIN) * sqrt(edge.count / self.most)

    def heat(self, edge: Edge) -> int:
        """Return the step on the heat ramp, from 0; by the square root, so that short waits differ too."""
        if not edge.waiting_seconds or self.slowest <= 0:
            return 0
        return min(HEAT_STEPS - 1, round((HEAT_STEPS - 1) * sqrt(edge.waiting_seconds / self.slowest)))

    def heat_colour(self, step: int) -> str:
        """Return the colour of a step: from quiet to hot, ever further from the paper in light and dark."""
        quiet = mix(self.ink("ink-soft"), self.ink("paper"), 0.5, self.theme)
        return mix(self.ink("heat"), quiet, _RAMP[step], self.theme) if step else quiet

    def crosses(self, edge: Edge) -> bool:
        """Say whether the line leads into or out of what is handed over."""
        if edge.source is None or edge.target is None:
            return False
        return (edge.source in self.inside) != (edge.target in self.inside)

    def duration(self, seconds: float | None) -> str:
        """Write a waiting time in the map's clock."""
        return "–" if seconds is None else duration(seconds, say=self.say, elapsed=self.elapsed)

    def count(self, number: float) -> str:
        """Write a number of things."""
        return self.say("{number}", number=number)


def node_rows(node: Node, style: Style) -> tuple[tuple[str, ...], str]:
    """Return the lines of a box: its name, and beneath it its figures."""
    touch = ""
    if node.touch_seconds:
        touch = f" · {'~' if node.touch_estimated else ''}{_touch(node.touch_seconds, style)}"
    return text.wrap(node.activity, size=NAME_SIZE, room=_NAME_ROOM), f"{style.count(node.steps)}{touch}"


def _touch(seconds: float, style: Style) -> str:
    return duration(seconds, say=style.say, elapsed=False)


def node_size(node: Node, style: Style) -> Point:
    """Return width and height of a box."""
    name, figures = node_rows(node, style)
    widest = max(*(text.width(row, size=NAME_SIZE) for row in name), text.width(figures, size=SMALL_SIZE))
    return max(90.0, widest + 2 * _PADDING), _LEADING * len(name) + 28


def node_mark(node: Node, centre: Point, style: Style) -> Markup:
    """Write the box of an activity."""
    name, figures = node_rows(node, style)
    width, height = node_size(node, style)
    left, top = centre[0] - width / 2, centre[1] - height / 2
    middle: dict[str, object] = {"text_anchor": "middle"}
    box = element(
        "rect",
        class_="pm-box",
        x=left,
        y=top,
        width=width,
        height=height,
        rx=5,
        fill=style.ink("paper"),
        stroke=style.ink("accent" if node.activity in style.inside else "ink-soft"),
    )
    title = lines(
        name,
        x=centre[0],
        y=top + 19,
        leading=_LEADING,
        class_="pm-label",
        font_size=NAME_SIZE,
        font_weight=600,
        fill=style.ink("ink"),
        **middle,
    )
    below = element(
        "text",
        figures,
        x=centre[0],
        y=top + height - 9,
        font_size=SMALL_SIZE,
        fill=style.ink("ink-soft"),
        **middle,
    )
    return _linked(node, "pm-node", node_sentence(node, style), style, box, title, below)


def node_sentence(node: Node, style: Style) -> str:
    """Say in words what a box shows."""
    say, known = style.say, {"activity": node.activity, "steps": node.steps, "cases": node.cases}
    told = say("{activity}: {steps} steps in {cases} cases", **known)
    if not node.touch_seconds:
        return told
    touch = _touch(node.touch_seconds, style)
    if node.touch_estimated:
        return say("{told}; median touch time {touch} (estimated)", told=told, touch=touch)
    return say("{told}; median touch time {touch}", told=told, touch=touch)


def edge_rows(edge: Edge, style: Style) -> tuple[str, ...]:
    """Return the lines of an edge's label: how often, and the median waiting where there is any."""
    say = style.say
    if edge.source is None:
        return (say("{count} start", count=edge.count),)
    if edge.target is None:
        return (say("{count} end", count=edge.count),)
    often = style.count(edge.count)
    waits = (edge.waiting_seconds or 0) >= _WORTH_TELLING or style.heat(edge) > 0
    return (often, style.duration(edge.waiting_seconds)) if waits else (often,)


def edge_label_size(edge: Edge, style: Style) -> Point:
    """Return width and height to keep free for an edge's label, which stands to the right of the line."""
    rows = edge_rows(edge, style)
    widest = max(text.width(row, size=SMALL_SIZE) for row in rows)
    return widest + _label_gap(edge, style) + 6, _SMALL_LEADING * len(rows) + 4


def _label_gap(edge: Edge, style: Style) -> float:
    return style.thickness(edge) / 2 + 4


def edge_mark(edge: Edge, curve: Curve, style: Style) -> Markup:
    """Write the line of a path and its arrow; its label is apart, so that no other line covers it."""
    crossing = style.crosses(edge)
    heat = style.heat(edge)
    thickness = style.thickness(edge)
    stroke: dict[str, object] = {"d": _path(curve), "fill": "none"}
    line = element("path", class_="pm-line", **stroke, stroke="currentColor", stroke_width=thickness)
    arrow = element("path", class_="pm-arrow", d=_arrow(curve, thickness), fill="currentColor", stroke="none")
    touchable = element("path", **stroke, stroke="transparent", stroke_width=14) if style.href else Markup()
    coloured = element(
        "g", touchable, line, arrow, color=style.ink("accent") if crossing else style.heat_colour(heat)
    )
    kind = f"pm-edge pm-heat-{heat}{' pm-crossing' if crossing else ''}"
    return _linked(edge, kind, edge_sentence(edge, style), style, coloured)


def edge_label(edge: Edge, curve: Curve, style: Style) -> Markup:
    """Write how often a path is taken in the ink of what matters, and the waiting softly beneath."""
    if curve.label is None:
        return Markup()
    rows = edge_rows(edge, style)
    x = curve.label[0] - edge_label_size(edge, style)[0] / 2 + _label_gap(edge, style)
    y = curve.label[1] - _SMALL_LEADING * (len(rows) - 1) / 2 + 4
    strong = style.ink("accent" if style.crosses(edge) else "ink")
    written = [element("text", rows[0], x=x, y=y, font_weight=600, fill=strong)]
    if len(rows) > 1:
        written.append(element("text", rows[1], x=x, y=y + _SMALL_LEADING))
    group = element("g", *written, class_="pm-label", aria_hidden="true")
    address = style.href(edge) if style.href else None
    # The line itself is the link that keyboards and screen readers meet.
    return element("a", group, href=address, tabindex=-1, aria_hidden="true") if address else group


def edge_sentence(edge: Edge, style: Style) -> str:
    """Say in words what a line shows."""
    say = style.say
    if edge.source is None:
        return say("{cases} cases start with {activity}", cases=edge.cases, activity=edge.target or "")
    if edge.target is None:
        return say("{cases} cases end with {activity}", cases=edge.cases, activity=edge.source)
    ends = {"source": edge.source, "target": edge.target}
    told = [
        say(
            "{source} to {target}: {times} times in {cases} cases", **ends, times=edge.count, cases=edge.cases
        )
    ]
    if edge.waiting_seconds is not None:
        time = style.duration(edge.waiting_seconds)
        told.append(say("waiting {time} ({statistic})", time=time, statistic=style.wait))
    if style.crosses(edge):
        told.append(say("crosses the boundary"))
    return "; ".join(told)


def terminal_size() -> Point:
    """Return width and height of a start or end."""
    return _TERMINAL, _TERMINAL


def terminal_mark(edge: Edge, centre: Point, style: Style) -> Markup:
    """Write where cases start (a thin ring with a wedge) or end (a thick ring with a square)."""
    x, y = centre
    starts = edge.source is None
    ring = element(
        "circle",
        cx=x,
        cy=y,
        r=9.5 if starts else 8.5,
        fill=style.ink("paper"),
        stroke=style.ink("ink"),
        stroke_width=1.5 if starts else 3.5,
    )
    wedge = f"M{x - 2.5:.1f} {y - 4.5:.1f}l7 4.5l-7 4.5z"
    square = f"M{x - 3:.1f} {y - 3:.1f}h6v6h-6z"
    sign = element("path", d=wedge if starts else square, fill=style.ink("ink"))
    return element("g", ring, sign, class_="pm-start" if starts else "pm-end", aria_hidden="true")


def band_mark(band: tuple[float, float, float, float], style: Style) -> Markup:
    """Write the shade and border of the band around what is handed over."""
    left, top, width, height = band
    return element(
        "rect",
        class_="pm-band",
        x=left,
        y=top,
        width=width,
        height=height,
        rx=10,
        fill=style.ink("accent"),
        fill_opacity=0.1,
        stroke=style.ink("accent"),
        stroke_width=1.5,
        stroke_dasharray="6 4",
    )


def band_label(
    band: tuple[float, float, float, float], label: str, curves: Iterable[Curve], style: Style
) -> Markup:
    """Write the band's name into the upper corner that fewer lines run through."""
    left, top, width, _ = band
    room = text.width(label, size=NAME_SIZE) * _BOLDER + 24
    points = [point for curve in curves for point in _along(curve)]

    def run_through(start: float) -> int:
        return sum(start <= x <= start + room and top <= y <= top + 30 for x, y in points)

    at_right = run_through(left + width - room) < run_through(left)
    return element(
        "text",
        label,
        class_="pm-band-label",
        x=left + width - 12 if at_right else left + 12,
        y=top + 20,
        text_anchor="end" if at_right else None,
        font_size=NAME_SIZE,
        font_weight=600,
        fill=style.ink("accent"),
        stroke=style.ink("paper"),
        stroke_width=3,
        paint_order="stroke",
    )


def loop_curve(node: Node, centre: Point, placed: Curve, style: Style) -> Curve:
    """Bend an activity's way to itself out of the upper right of its box, above where ways onward leave it.

    The layout keeps room for it and its label to the right of the box.
    """
    width, height = node_size(node, style)
    right, top, middle = centre[0] + width / 2, centre[1] - height / 2 + 7, centre[1] + 1
    out = right + 26
    points = ((right, top), (out, top - 7), (out, middle + 7), (right + 9, middle))
    label = None if placed.label is None else (placed.label[0], (top + middle) / 2 - 4)
    return Curve(points=points, tip=(right, middle - 1), label=label)


def _linked(item: Node | Edge, kind: str, sentence: str, style: Style, *parts: Markup) -> Markup:
    """Group the parts of a mark under its tooltip, and make it a link where it has an address."""
    group = element("g", element("title", sentence), *parts, class_=kind)
    address = style.href(item) if style.href else None
    return element("a", group, href=address, aria_label=sentence) if address else group


def _path(curve: Curve) -> str:
    """Draw the curve, and on into the arrow's base so that no gap shows."""
    start, *rest = (f"{x:.1f} {y:.1f}" for x, y in curve.points)
    (x, y), (tip_x, tip_y) = curve.points[-1], curve.tip
    return f"M{start}C{' '.join(rest)}L{x + (tip_x - x) * 0.35:.1f} {y + (tip_y - y) * 0.35:.1f}"


def _arrow(curve: Curve, thickness: float) -> str:
    (x, y), (tip_x, tip_y) = curve.points[-1], curve.tip
    length = hypot(tip_x - x, tip_y - y) or 1.0
    half = 2.6 + thickness * 0.72
    side_x, side_y = (tip_y - y) / length * half, -(tip_x - x) / length * half
    return f"M{x + side_x:.1f} {y + side_y:.1f}L{tip_x:.1f} {tip_y:.1f}L{x - side_x:.1f} {y - side_y:.1f}z"


def _along(curve: Curve) -> Iterator[Point]:
    """Give eight points on each Bézier segment of a curve."""
    points = curve.points
    for first in range(0, len(points) - 3, 3):
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = points[first : first + 4]
        for eighth in range(9):
            t, u = eighth / 8, 1 - eighth / 8
            a, b, c, d = u**3, 3 * u * u * t, 3 * u * t * t, t**3
            yield a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3
