"""Whether a process makes sense: what is missing, what can never happen, and where work would get stuck."""

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation

from backdesk.evidence.process.bpmn import _exploring
from backdesk.evidence.process.bpmn.model import Kind, Node, Problem, ProcessModel
from backdesk.evidence.process.bpmn.vocabulary import TASK_ATTRIBUTES, TASK_KINDS
from backdesk.evidence.sentences import Sentence, digits, say

_CALLED: Mapping[Kind, Sentence] = {
    "start": say("start"),
    "end": say("end"),
    "user": say("user task"),
    "service": say("service task"),
    "exclusive": say("gateway"),
    "parallel": say("parallel gateway"),
    "timer": say("timer"),
}


def problems(model: ProcessModel) -> tuple[Problem, ...]:
    """Tell everything that keeps a process from running as drawn, each with its element.

    First its shape: starts and ends, ways in and out, decisions, lanes, attributes. A process whose ways are sound is
    then played through with every decision either way, also those left open, to find joins that can never fire and
    work that gets stuck; what would take more than `2,000` situations is not played to its end.

    >>> from backdesk.evidence.process.bpmn import read_bpmn
    >>> from backdesk.evidence.process.bpmn.example import INVOICE
    >>> problems(read_bpmn(INVOICE))
    ()
    """
    ways = (*_ends(model), *_ways(model), *_rounds(model))
    stuck = () if ways else tuple(_exploring.stuck(model))
    return (*ways, *_decisions(model), *_people(model), *stuck)


def _ends(model: ProcessModel) -> Iterator[Problem]:
    starts = model.of_kind("start")
    if not starts:
        yield Problem(element=None, says=say("There is no start event: nothing would ever begin."))
    for start in starts[1:]:
        yield Problem(element=start.id, says=say("This is a second start event; a process has one."))
    if not model.of_kind("end"):
        yield Problem(element=None, says=say("There is no end event: an item would never be done."))
    if not model.of_kind("user", "service"):
        yield Problem(element=None, says=say("There is no task: nobody would do anything."))


def _ways(model: ProcessModel) -> Iterator[Problem]:
    for node in model.nodes.values():
        yield from _way_in_and_out(node, model)
    reached = _reachable(model, forwards=True)
    leading = _reachable(model, forwards=False)
    if model.of_kind("start"):
        for node in model.nodes.values():
            if node.id not in reached and (model.entering(node.id) or node.attached_to):
                yield Problem(
                    element=node.id, says=say("The {} cannot be reached from the start.", _called(node))
                )
    if model.of_kind("end"):
        for node in model.nodes.values():
            if node.id in reached - leading and model.leaving(node.id):
                yield Problem(element=node.id, says=say("From the {} no way leads to an end.", _called(node)))


def _way_in_and_out(node: Node, model: ProcessModel) -> Iterator[Problem]:
    into, out = model.entering(node.id), model.leaving(node.id)
    if node.kind == "start" and into:
        yield Problem(
            element=node.id, says=say("A flow leads into the start; lead it to the first step instead.")
        )
    if node.kind == "end" and out:
        yield Problem(element=node.id, says=say("A flow leads out of the end; nothing comes after an end."))
    if node.kind != "start" and not into and not node.attached_to:
        yield Problem(element=node.id, says=say("No flow leads to the {}.", _called(node)))
    if node.kind != "end" and not out:
        yield Problem(
            element=node.id, says=say("The {} leads nowhere; lead it to an end event.", _called(node))
        )
    if not node.is_gateway and len(out) > 1:
        says = say(
            "{} flows lead out of the {}; say with a gateway after it whether one is "
            "taken (exclusive) or all (parallel).",
            digits(len(out)),
            _called(node),
        )
        yield Problem(element=node.id, says=says)


def _reachable(model: ProcessModel, *, forwards: bool) -> frozenset[str]:
    """Return what can be reached from the start, or what can reach an end."""
    found: set[str] = set()
    ahead = [node.id for node in model.of_kind("start" if forwards else "end")]
    while ahead:
        node = ahead.pop()
        if node not in found:
            found.add(node)
            ahead.extend(_next(node, model) if forwards else _previous(node, model))
    return frozenset(found)


def _next(node: str, model: ProcessModel) -> list[str]:
    timers = [timer.id for timer in model.boundaries(node)]
    return [*(flow.target for flow in model.leaving(node)), *timers]


def _previous(node: str, model: ProcessModel) -> list[str]:
    host = model.nodes[node].attached_to
    return [*(flow.source for flow in model.entering(node)), *([host] if host else [])]


def _decisions(model: ProcessModel) -> Iterator[Problem]:
    for flow in model.flows.values():
        if flow.condition is not None and model.nodes[flow.source].kind != "exclusive":
            says = say("Only flows out of an exclusive gateway have conditions; put one in between.")
            yield Problem(element=flow.id, says=says)
    for gateway in model.of_kind("exclusive"):
        yield from _decision(gateway, model)


def _decision(gateway: Node, model: ProcessModel) -> Iterator[Problem]:
    out = model.leaving(gateway.id)
    default = model.flows[gateway.default] if gateway.default else None
    if default is not None and default.source != gateway.id:
        yield Problem(
            element=gateway.id, says=say("Its default flow “{}” leads out of another element.", default.id)
        )
    elif default is not None and default.condition is not None:
        yield Problem(
            element=default.id,
            says=say("The default flow is taken when no other is; leave out its condition."),
        )
    if len(out) < 2:
        return
    for flow in out:
        if flow.condition is None and flow.id != gateway.default:
            yield Problem(
                element=flow.id, says=say("It needs a condition, or is to be the gateway's default flow.")
            )
    if default is None:
        says = say(
            "The {} has no default flow: where no condition holds, work would get stuck.", _called(gateway)
        )
        yield Problem(element=gateway.id, says=says)


def _rounds(model: ProcessModel) -> Iterator[Problem]:
    """Find gateways from which gateways alone lead back: tokens would go round without end."""
    for gateway in model.of_kind("exclusive", "parallel"):
        if _comes_back(gateway, model):
            says = say(
                "From the {} gateways alone lead back to it; put a task or a timer in the loop.",
                _called(gateway),
            )
            yield Problem(element=gateway.id, says=says)


def _comes_back(gateway: Node, model: ProcessModel) -> bool:
    """Say whether a token comes back to a gateway through gateways alone; a join needs one on each flow into it."""
    ahead = list(model.leaving(gateway.id))
    taken = {flow.id for flow in ahead}
    while ahead:
        node = model.nodes[ahead.pop().target]
        waits = node.kind == "parallel" and any(flow.id not in taken for flow in model.entering(node.id))
        if not node.is_gateway or waits:
            continue
        if node.id == gateway.id:
            return True
        fresh = [flow for flow in model.leaving(node.id) if flow.id not in taken]
        taken.update(flow.id for flow in fresh)
        ahead.extend(fresh)
    return False


def _people(model: ProcessModel) -> Iterator[Problem]:
    for lane in model.lanes.values():
        if not lane.name:
            yield Problem(element=lane.id, says=say("The lane has no name."))
    for task in model.of_kind("user"):
        if not task.name.strip():
            yield Problem(
                element=task.id, says=say("The user task has no name; people read it in their list of work.")
            )
        if model.lanes and task.lane is None:
            yield Problem(
                element=task.id, says=say("The user task lies in no lane: nobody would be asked to do it.")
            )
        yield from _task_attributes(task, model)


def _task_attributes(task: Node, model: ProcessModel) -> Iterator[Problem]:
    given = task.attributes
    for name in given:
        if name not in TASK_ATTRIBUTES:
            says = say("A user task has no backdesk:{}; it has {}.", name, ", ".join(TASK_ATTRIBUTES))
            yield Problem(element=task.id, says=says)
    kind = given.get("kind", "do")
    if kind not in TASK_KINDS:
        yield Problem(
            element=task.id, says=say("backdesk:kind is {}, not “{}”.", ", ".join(TASK_KINDS), kind)
        )
    if kind == "review" or "of" in given:
        yield from _looked_at(task, kind, model)
    if "minutes" in given and not _is_amount(given["minutes"]):
        says = say("backdesk:minutes is the standard time, as in 4 or 2.5, not “{}”.", given["minutes"])
        yield Problem(element=task.id, says=says)


def _looked_at(task: Node, kind: str, model: ProcessModel) -> Iterator[Problem]:
    if kind != "review":
        yield Problem(
            element=task.id, says=say("Only a review says what it is of: set backdesk:kind to review.")
        )
        return
    of = model.nodes.get(task.attributes.get("of", ""))
    if of is None or of.kind != "user" or of.id == task.id or of.attributes.get("kind") == "review":
        says = say(
            "A review says in backdesk:of the id of the user task it looks at, which is no review itself."
        )
        yield Problem(element=task.id, says=says)


def _is_amount(text: str) -> bool:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return False
    return amount.is_finite() and amount > 0


def _called(node: Node) -> Sentence:
    kind = _CALLED[node.kind]
    return say("{} “{}”", kind, node.name) if node.name else kind
