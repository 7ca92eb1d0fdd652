"""A process as a picture: an accessible SVG in our own style, lanes as bands, with where an item stands.

Like the process map it holds no script and no style attribute, and its colours are CSS variables in a page.
"""

from collections.abc import Collection, Iterator, Mapping
from hashlib import sha256
from typing import Final

from backdesk.evidence.process import text
from backdesk.evidence.process.bpmn import _shapes
from backdesk.evidence.process.bpmn._shapes import Look, State
from backdesk.evidence.process.bpmn.durations import write as write_duration
from backdesk.evidence.process.bpmn.model import Kind, Node, ProcessModel
from backdesk.evidence.process.bpmn.placing import Placed, place
from backdesk.evidence.process.saying import Say, in_english
from backdesk.evidence.process.svg import Markup, element
from backdesk.evidence.process.theme import Theme, font

_MARGIN: Final = 6.0
_CALLED: Final[Mapping[Kind, str]] = {
    "exclusive": "decision",
    "parallel": "fork or join",
    "start": "start",
    "end": "end",
    "user": "task",
    "service": "automatic task",
    "timer": "timer",
}
TEXTS: Final = tuple(_CALLED.values())
"""What is said from this table, for those who translate it."""


def draw_process(
    model: ProcessModel,
    *,
    active: Collection[str] = (),
    done: Collection[str] = (),
    departed: Mapping[str, str] | None = None,
    addresses: Mapping[str, str] | None = None,
    theme: Theme = "page",
    title: str = "",
    say: Say = in_english,
) -> str:
    """Draw a process as SVG.

    Args:
        model: what to draw; one with `problems` too.
        active: ids of the nodes where tokens are now: filled, with a dot. A node both done and active is active.
        done: ids of the nodes gone through: with a tick. Ids that are not there are passed over.
        departed: ids of the nodes at which cases went otherwise, each with how, in words: with an exclamation mark.
        addresses: where nodes lead, by their ids.
        theme: "page" for CSS variables, "print" for fixed colours.
        title: name of the picture, for those who hear it; without one, that of the process.
        say: in what language it is told to those who hear it, see `process.saying`.

    >>> from backdesk.evidence.process.bpmn import read_bpmn
    >>> from backdesk.evidence.process.bpmn.example import INVOICE
    >>> picture = draw_process(read_bpmn(INVOICE), active=["Check"], done=["Key"])
    >>> "Now at: Check the invoice." in picture, "style=" in picture
    (True, False)
    """
    placed = place(model)
    otherwise = departed or {}
    states = _states(model, {"done": done, "departed": otherwise, "active": active})
    look = Look(theme=theme, states=states, told=otherwise, addresses=addresses or {}, say=say)
    heading = title or model.name or model.id
    told = description(model, look)
    marks = tuple(_marks(model, placed, look))
    key = sha256("".join((heading, told, *marks)).encode()).hexdigest()[:10]
    width, height = round(placed.width + 2 * _MARGIN), round(placed.height + 2 * _MARGIN)
    return element(
        "svg",
        element("title", heading, id=f"bp-{key}-title"),
        element("desc", told, id=f"bp-{key}-desc"),
        element("g", *marks, transform=f"translate({_MARGIN:.0f} {_MARGIN:.0f})"),
        xmlns="http://www.w3.org/2000/svg",
        class_="bp",
        role="img",
        aria_labelledby=f"bp-{key}-title",
        aria_describedby=f"bp-{key}-desc",
        viewBox=f"0 0 {width} {height}",
        width=width,
        height=height,
        font_family=font(theme),
    )


def description(model: ProcessModel, look: Look) -> str:
    """Tell the process in sentences: where it stands, and what follows what, in the order of the file."""
    say = look.say
    there = {
        state: ", ".join(
            _called(node, say) for node in model.nodes.values() if look.states.get(node.id) == state
        )
        for state in ("active", "done", "departed")
    }
    standing = (
        say("Now at: {names}.", names=there["active"]) if there["active"] else "",
        say("Done: {names}.", names=there["done"]) if there["done"] else "",
        say("Gone otherwise at: {names}.", names=there["departed"]) if there["departed"] else "",
    )
    steps = (_sentence(node, model, say) for node in model.nodes.values() if node.kind != "end")
    return " ".join((*filter(None, standing), *steps))


def _states(model: ProcessModel, found: Mapping[State, Collection[str]]) -> dict[str, State]:
    """Tell the state of each node that has one: of several the last."""
    states = {node: state for state, nodes in found.items() for node in nodes}
    return {node: states[node] for node in model.nodes if node in states}


def _sentence(node: Node, model: ProcessModel, say: Say) -> str:
    ways = [
        f"{_called(model.nodes[flow.target], say)}{f' ({flow.name})' if flow.name else ''}"
        for flow in model.leaving(node.id)
    ]
    lane = model.lane_of(node.id)
    who = _called(node, say)
    if lane and node.kind in ("user", "service"):
        who = f"{who}, {lane.name}"
    if node.attached_to:
        who = say("{timer}, timer on {task}", timer=who, task=_called(model.nodes[node.attached_to], say))
    if not ways:
        return say("{task}: then nothing.", task=who)
    joining = say("and") if node.kind == "parallel" else say("or")
    return say("{task}: then {ways}.", task=who, ways=f" {joining} ".join(ways))


def _called(node: Node, say: Say) -> str:
    if node.name:
        return " ".join(node.name.split())
    if node.kind == "timer":
        return write_duration(node.lasts) if node.lasts else str(node.until)
    return say(_CALLED[node.kind])


def _marks(model: ProcessModel, placed: Placed, look: Look) -> Iterator[Markup]:
    """Give the marks from back to front: lanes, flows, nodes, the timers on their borders, words on flows."""
    for lane, bounds in placed.lanes.items():
        yield _shapes.lane(model.lanes[lane], bounds, look)
    for way in placed.flows.values():
        yield _shapes.flow(way, look)
    for node in sorted(model.nodes.values(), key=lambda node: node.attached_to is not None):
        yield _shapes.node(node, placed.nodes[node.id], look, text.clean(_called(node, look.say)))
    for flow, way in placed.flows.items():
        if model.flows[flow].name:
            yield _shapes.flow_name(model.flows[flow].name, way, look)
    for flow, way in placed.flows.items():
        if flow == model.nodes[model.flows[flow].source].default:
            yield _shapes.default_mark(way, look)
