"""Processes of BPMN 2.0: the subset in which two companies say who does which step, and when."""

from backdesk.evidence.process.bpmn.checking import problems
from backdesk.evidence.process.bpmn.drawing import draw_process
from backdesk.evidence.process.bpmn.model import (
    BrokenProcess,
    Flow,
    Kind,
    Lane,
    Node,
    Party,
    Problem,
    ProcessModel,
)
from backdesk.evidence.process.bpmn.reading import element_lines, read_bpmn
from backdesk.evidence.process.bpmn.tokens import (
    Advance,
    Decide,
    Endless,
    NotHere,
    NoWayOut,
    Place,
    Token,
    TokenError,
    advance,
    begin,
)
from backdesk.evidence.process.bpmn.writing import write_bpmn

__all__ = [
    "Advance",
    "BrokenProcess",
    "Decide",
    "Endless",
    "Flow",
    "Kind",
    "Lane",
    "NoWayOut",
    "Node",
    "NotHere",
    "Party",
    "Place",
    "Problem",
    "ProcessModel",
    "Token",
    "TokenError",
    "advance",
    "begin",
    "draw_process",
    "element_lines",
    "problems",
    "read_bpmn",
    "write_bpmn",
]
