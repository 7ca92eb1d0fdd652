"""The shapes a drawn process is made of, after BPMN's notation; each writes its own SVG."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from math import hypot
from typing import Final, Literal

from backdesk.evidence.process import text
from backdesk.evidence.process.bpmn.model import Lane, Node
from backdesk.evidence.process.bpmn.placing import LANE_HEAD, SMALL, Point, Rectangle, Way, label_rows
from backdesk.evidence.process.saying import Say, in_english
from backdesk.evidence.process.svg import Markup, element, lines
from backdesk.evidence.process.theme import Theme, ink, mix

State = Literal["active", "done", "departed"]
_COLOURS: Final[Mapping[State, str]] = {"active": "accent", "done": "good", "departed": "bad"}
_NAME: Final = 12.5
_LEADING: Final = 15.0
_SMALL_LEADING: Final = 13.0
_ROUND: Final = 7.0
_ARROW: Final = 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What the shapes of one picture share."""

    theme: Theme
    states: Mapping[str, State]
    told: Mapping[str, str] = field(default_factory=dict)
    """Words on nodes, for those who point at them."""
    addresses: Mapping[str, str] = field(default_factory=dict)
    """Where nodes lead."""
    say: Say = in_english

    def ink(self, name: str) -> str:
        """Return a colour for an attribute."""
        return ink(name, theme=self.theme)

    def tint(self, name: str, share: float) -> str:
        """Return a little of a colour on the paper."""
        return mix(self.ink(name), self.ink("paper"), share, self.theme)

    def line(self, node: Node) -> dict[str, object]:
        """Return how the outline of a node is drawn."""
        state = self.states.get(node.id)
        colour = _COLOURS[state] if state else "ink-soft"
        return {"stroke": self.ink(colour), "stroke_width": 2.5 if state == "active" else 1.4}

    def fill(self, node: Node) -> str:
        """Return the colour inside a node."""
        state = self.states.get(node.id)
        if state is None:
            return self.ink("paper")
        return self.tint(_COLOURS[state], 0.12)


def lane(lane_: Lane, bounds: Rectangle, look: Look) -> Markup:
    """Draw a lane: a band with its name turned at its left end."""
    left, top, width, height = bounds
    middle = (left + LANE_HEAD / 2 + 4, top + height / 2)
    rows = text.wrap(lane_.name, size=SMALL, room=height - 12, lines=1)
    return element(
        "g",
        element(
            "rect",
            x=left - LANE_HEAD,
            y=top,
            width=width + LANE_HEAD,
            height=height,
            fill=look.tint("ink-soft", 0.03 if lane_.party == "client" else 0.08),
            stroke=look.ink("line"),
        ),
        element(
            "text",
            rows[0],
            transform=f"rotate(-90 {middle[0] - LANE_HEAD:.1f} {middle[1]:.1f})",
            x=middle[0] - LANE_HEAD,
            y=middle[1],
            text_anchor="middle",
            font_size=SMALL,
            font_weight=600,
            fill=look.ink("ink-soft"),
        ),
    )


def flow(way: Way, look: Look) -> Markup:
    """Draw a flow with rounded corners and its arrow."""
    (tip_x, tip_y), (from_x, from_y) = way.corners[-1], way.corners[-2]
    far = hypot(tip_x - from_x, tip_y - from_y) or 1.0
    ahead = ((tip_x - from_x) / far, (tip_y - from_y) / far)
    base = (tip_x - ahead[0] * _ARROW, tip_y - ahead[1] * _ARROW)
    side = (-ahead[1] * _ARROW * 0.45, ahead[0] * _ARROW * 0.45)
    arrow = (
        f"M{tip_x:.1f} {tip_y:.1f}L{base[0] + side[0]:.1f} {base[1] + side[1]:.1f}"
        f"L{base[0] - side[0]:.1f} {base[1] - side[1]:.1f}Z"
    )
    return element(
        "g",
        element("path", d=_rounded((*way.corners[:-1], base)), fill="none", stroke_width=1.4),
        element("path", d=arrow, fill="currentColor", stroke="none"),
        stroke="currentColor",
        color=look.ink("ink-soft"),
    )


def flow_name(name: str, way: Way, look: Look) -> Markup:
    """Write the name of a flow at its beginning."""
    return element(
        "text",
        text.clean(name),
        x=way.label[0],
        y=way.label[1],
        font_size=SMALL,
        fill=look.ink("ink-soft"),
    )


def default_mark(way: Way, look: Look) -> Markup:
    """Strike the beginning of a default flow through, as BPMN does."""
    (x, y), (_, next_y) = way.corners[:2]
    down = (next_y > y) - (next_y < y)
    stroke = f"M{x - 5:.1f} {y + 8 * down:.1f}l10 {-4 * down}" if down else f"M{x + 3:.1f} {y + 5:.1f}l4 -10"
    return element("path", d=stroke, stroke=look.ink("ink-soft"), stroke_width=1.4)


def node(node_: Node, bounds: Rectangle, look: Look, called: str) -> Markup:
    """Draw a node with its name, and a tick or a dot for where an item stands."""
    draw = _task if node_.kind in ("user", "service") else _gateway if node_.is_gateway else _event
    told = {"active": look.say("now here"), "done": look.say("done")}.get(look.states.get(node_.id, ""), "")
    told = look.told.get(node_.id, told)
    drawn = element(
        "g",
        element("title", f"{called}: {told}" if told else called),
        *draw(node_, bounds, look),
        *_standing(node_, bounds, look),
        class_=f"bp-node bp-{look.states.get(node_.id, 'plain')}",
    )
    address = look.addresses.get(node_.id)
    return element("a", drawn, href=address) if address else drawn


def _task(node_: Node, bounds: Rectangle, look: Look) -> tuple[Markup, ...]:
    left, top, width, height = bounds
    rows = text.wrap(node_.name or node_.id, size=_NAME, room=width - 14)
    box = element(
        "rect", x=left, y=top, width=width, height=height, rx=8, fill=look.fill(node_), **look.line(node_)
    )
    name = lines(
        rows,
        x=left + width / 2,
        y=top + height / 2 + 4.5 - (len(rows) - 1) * _LEADING / 2,
        leading=_LEADING,
        font_size=_NAME,
        font_weight=600 if node_.kind == "user" else 400,
        font_style=None if node_.kind == "user" else "italic",
        fill=look.ink("ink"),
        text_anchor="middle",
    )
    return box, name


def _gateway(node_: Node, bounds: Rectangle, look: Look) -> tuple[Markup, ...]:
    left, top, width, height = bounds
    x, y = left + width / 2, top + height / 2
    diamond = f"M{x:.1f} {top:.1f}L{left + width:.1f} {y:.1f}L{x:.1f} {top + height:.1f}L{left:.1f} {y:.1f}Z"
    arm = 6.5
    sign = (
        f"M{x - arm:.1f} {y - arm:.1f}l{2 * arm} {2 * arm}M{x + arm:.1f} {y - arm:.1f}l-{2 * arm} {2 * arm}"
        if node_.kind == "exclusive"
        else f"M{x - 9:.1f} {y:.1f}h18M{x:.1f} {y - 9:.1f}v18"
    )
    return (
        element("path", d=diamond, fill=look.fill(node_), stroke_linejoin="round", **look.line(node_)),
        element("path", d=sign, stroke=look.line(node_)["stroke"], stroke_width=2.2, stroke_linecap="round"),
        *_label(node_, bounds, look),
    )


def _event(node_: Node, bounds: Rectangle, look: Look) -> tuple[Markup, ...]:
    left, top, width, height = bounds
    x, y, radius = left + width / 2, top + height / 2, width / 2
    line = look.line(node_)
    dashes = None if node_.interrupting else "4 3"
    ring = element("circle", cx=x, cy=y, r=radius, fill=look.fill(node_), stroke_dasharray=dashes, **line)
    if node_.kind == "end":
        thick = {**line, "stroke_width": 3.5}
        return element("circle", cx=x, cy=y, r=radius - 1, fill=look.fill(node_), **thick), *_label(
            node_, bounds, look
        )
    if node_.kind == "start":
        return ring, *_label(node_, bounds, look)
    inner = element(
        "circle", cx=x, cy=y, r=radius - 3.5, fill="none", stroke=line["stroke"], stroke_dasharray=dashes
    )
    hands = element(
        "path",
        d=f"M{x:.1f} {y - 7:.1f}V{y:.1f}L{x + 5:.1f} {y + 2.5:.1f}",
        fill="none",
        stroke=line["stroke"],
        stroke_width=1.6,
        stroke_linecap="round",
    )
    return ring, inner, hands, *_label(node_, bounds, look)


def _label(node_: Node, bounds: Rectangle, look: Look) -> tuple[Markup, ...]:
    """Write the name beneath an event, above a gateway, left of a timer on a border: off the flows."""
    rows = label_rows(node_)
    if not rows:
        return ()
    left, top, width, height = bounds
    beside = node_.attached_to is not None
    y = top - 6 - (len(rows) - 1) * _SMALL_LEADING if node_.is_gateway else top + height + 13
    return (
        lines(
            rows,
            x=left - 4 if beside else left + width / 2,
            y=top + height - 3 if beside else y,
            leading=_SMALL_LEADING,
            font_size=SMALL,
            fill=look.ink("ink-soft"),
            text_anchor="end" if beside else "middle",
        ),
    )


def _standing(node_: Node, bounds: Rectangle, look: Look) -> tuple[Markup, ...]:
    """Mark in the corner that tokens are here or have been, for those who do not tell the colours apart."""
    state = look.states.get(node_.id)
    if state is None:
        return ()
    left, top, width, _ = bounds
    x, y = left + width - 3, top + 3
    colour = look.ink(_COLOURS[state])
    disc = element("circle", cx=x, cy=y, r=7.5, fill=colour, stroke=look.ink("paper"), stroke_width=1.5)
    if state == "active":
        return disc, element("circle", cx=x, cy=y, r=2.6, fill=look.ink("paper"))
    strokes = f"M{x - 3.2:.1f} {y + 0.2:.1f}l2.3 2.5l4.2 -5"
    if state == "departed":
        strokes = f"M{x:.1f} {y - 4:.1f}v4.4m0 2.2v1.4"
    return disc, element("path", d=strokes, fill="none", stroke=look.ink("paper"), stroke_width=1.7)


def _rounded(corners: tuple[Point, ...]) -> str:
    """Draw a line through corners, each rounded as far as its legs allow."""
    path = [f"M{corners[0][0]:.1f} {corners[0][1]:.1f}"]
    for (before, corner), (_, after) in pairwise(pairwise(corners)):
        near, off = _towards(corner, before), _towards(corner, after)
        path.append(f"L{near[0]:.1f} {near[1]:.1f}Q{corner[0]:.1f} {corner[1]:.1f} {off[0]:.1f} {off[1]:.1f}")
    path.append(f"L{corners[-1][0]:.1f} {corners[-1][1]:.1f}")
    return "".join(path)


def _towards(corner: Point, end: Point) -> Point:
    far = hypot(end[0] - corner[0], end[1] - corner[1])
    part = min(_ROUND, far / 2) / far if far else 0.0
    return corner[0] + (end[0] - corner[0]) * part, corner[1] + (end[1] - corner[1]) * part
