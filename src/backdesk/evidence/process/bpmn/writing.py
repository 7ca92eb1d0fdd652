"""Writing BPMN 2.0 with its diagram, so that other tools open it as it looks here; read back, it is the same."""

from typing import Any, Final

from lxml import etree

from backdesk.evidence.process.bpmn import durations
from backdesk.evidence.process.bpmn.model import BrokenProcess, Flow, Lane, Node, Problem, ProcessModel
from backdesk.evidence.process.bpmn.placing import Placed, Rectangle, place
from backdesk.evidence.process.bpmn.vocabulary import BPMN, CEL, DC, DD, DI, ELEMENTS, OURS, XSI
from backdesk.evidence.sentences import say

_NAMESPACES: Final[Any] = {
    None: BPMN,
    "bpmndi": DI,
    "dc": DC,
    "di": DD,
    "xsi": XSI,
    "backdesk": OURS,
}
_POOL: Final = "Pool"

Element = etree._Element


def write_bpmn(model: ProcessModel, *, diagram: bool = True) -> bytes:
    """Write a process as a BPMN 2.0 file; the same model gives the same bytes.

    Args:
        model: what to write.
        diagram: whether to lay it out and write the diagram interchange; without it other tools show nothing.

    Raises:
        BrokenProcess: a text holds a character that XML cannot.

    Source: OMG, BPMN 2.0.2 (formal/2013-12-09), chapters 12 and 15.

    >>> from backdesk.evidence.process.bpmn import read_bpmn
    >>> from backdesk.evidence.process.bpmn.example import INVOICE
    >>> model = read_bpmn(INVOICE)
    >>> read_bpmn(write_bpmn(model)) == model
    True
    """
    root = etree.Element(
        _bpmn("definitions"), nsmap=_NAMESPACES, id=_free("Definitions", model), targetNamespace=OURS
    )
    try:
        if model.lanes:
            _pool(root, model)
        _process(root, model)
    except ValueError as wrong:
        raise BrokenProcess(
            [Problem(element=None, says=say("A text cannot be written: {}", wrong))]
        ) from wrong
    if diagram:
        _diagram(root, model, place(model))
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n"


def _pool(root: Element, model: ProcessModel) -> None:
    """Write the pool around the lanes, without which other tools show none."""
    around = etree.SubElement(root, _bpmn("collaboration"), id=_free("Collaboration", model))
    attributes = {"id": _free(_POOL, model), "name": model.name, "processRef": model.id}
    etree.SubElement(around, _bpmn("participant"), attributes)


def _process(root: Element, model: ProcessModel) -> None:
    attributes = {"id": model.id, **_name(model.name), "isExecutable": "true"}
    process = etree.SubElement(root, _bpmn("process"), attributes)
    if model.lanes:
        lanes = etree.SubElement(process, _bpmn("laneSet"), id=_free("Lanes", model))
        for lane in model.lanes.values():
            _lane(lanes, lane, model)
    for node in model.nodes.values():
        _node(process, node)
    for flow in model.flows.values():
        _flow(process, flow)


def _lane(parent: Element, lane: Lane, model: ProcessModel) -> None:
    attributes = {"id": lane.id, **_name(lane.name), f"{{{OURS}}}party": lane.party}
    if lane.role is not None:
        attributes[f"{{{OURS}}}role"] = lane.role
    element = etree.SubElement(parent, _bpmn("lane"), attributes)
    for node in model.nodes.values():
        if node.lane == lane.id:
            etree.SubElement(element, _bpmn("flowNodeRef")).text = node.id


def _node(parent: Element, node: Node) -> None:
    attributes = {"id": node.id, **_name(node.name)}
    attributes |= {f"{{{OURS}}}{name}": value for name, value in sorted(node.attributes.items())}
    if node.default is not None:
        attributes["default"] = node.default
    if node.attached_to is not None:
        attributes["attachedToRef"] = node.attached_to
        attributes["cancelActivity"] = "true" if node.interrupting else "false"
    tag = "boundaryEvent" if node.attached_to else ELEMENTS[node.kind]
    element = etree.SubElement(parent, _bpmn(tag), attributes)
    if node.kind == "timer":
        timer = etree.SubElement(element, _bpmn("timerEventDefinition"))
        if node.lasts is not None:
            _expression(timer, "timeDuration", durations.write(node.lasts))
        else:
            _expression(timer, "timeDate", node.until or "")


def _flow(parent: Element, flow: Flow) -> None:
    attributes = {"id": flow.id, **_name(flow.name), "sourceRef": flow.source, "targetRef": flow.target}
    element = etree.SubElement(parent, _bpmn("sequenceFlow"), attributes)
    if flow.condition is not None:
        _expression(element, "conditionExpression", flow.condition).set("language", CEL)


def _expression(parent: Element, tag: str, text: str) -> Element:
    element = etree.SubElement(parent, _bpmn(tag), {f"{{{XSI}}}type": "tFormalExpression"})
    element.text = text
    return element


def _diagram(root: Element, model: ProcessModel, placed: Placed) -> None:
    diagram = etree.SubElement(root, f"{{{DI}}}BPMNDiagram", id=_free("Diagram", model))
    shown = _free("Collaboration", model) if model.lanes else model.id
    attributes = {"id": _free("Plane", model), "bpmnElement": shown}
    plane = etree.SubElement(diagram, f"{{{DI}}}BPMNPlane", attributes)
    if placed.pool is not None:
        _shape(plane, model, _free(_POOL, model), placed.pool, isHorizontal="true")
    for lane, bounds in placed.lanes.items():
        _shape(plane, model, lane, bounds, isHorizontal="true")
    for node, bounds in placed.nodes.items():
        further = {"isMarkerVisible": "true"} if model.nodes[node].kind == "exclusive" else {}
        _shape(plane, model, node, bounds, **further)
    for flow, way in placed.flows.items():
        attributes = {"id": _free(f"{flow}_di", model), "bpmnElement": flow}
        edge = etree.SubElement(plane, f"{{{DI}}}BPMNEdge", attributes)
        for x, y in way.corners:
            etree.SubElement(edge, f"{{{DD}}}waypoint", x=f"{x:.0f}", y=f"{y:.0f}")


def _shape(plane: Element, model: ProcessModel, element: str, bounds: Rectangle, **attributes: str) -> None:
    given = {"id": _free(f"{element}_di", model), "bpmnElement": element, **attributes}
    shape = etree.SubElement(plane, f"{{{DI}}}BPMNShape", given)
    left, top, width, height = (f"{length:.0f}" for length in bounds)
    etree.SubElement(shape, f"{{{DC}}}Bounds", x=left, y=top, width=width, height=height)


def _free(wanted: str, model: ProcessModel) -> str:
    """Return an id that no part of the process has."""
    taken = {model.id, *model.nodes, *model.flows, *model.lanes}
    while wanted in taken:
        wanted += "_"
    return wanted


def _name(name: str) -> dict[str, str]:
    return {"name": name} if name else {}


def _bpmn(tag: str) -> str:
    return f"{{{BPMN}}}{tag}"
