"""The words of BPMN 2.0 that are read, those passed over, and what to use instead of the others."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from backdesk.evidence.process.bpmn.model import Kind
from backdesk.evidence.sentences import Sentence, say

BPMN: Final = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DI: Final = "http://www.omg.org/spec/BPMN/20100524/DI"
DC: Final = "http://www.omg.org/spec/DD/20100524/DC"
DD: Final = "http://www.omg.org/spec/DD/20100524/DI"
XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
OURS: Final = "urn:backdesk:process:1"
CEL: Final = "https://cel.dev"

KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "startEvent": "start",
        "endEvent": "end",
        "userTask": "user",
        "task": "user",
        "serviceTask": "service",
        "exclusiveGateway": "exclusive",
        "parallelGateway": "parallel",
        "intermediateCatchEvent": "timer",
        "boundaryEvent": "timer",
    }
)
ELEMENTS: Final[Mapping[Kind, str]] = MappingProxyType(
    {kind: tag for tag, kind in KINDS.items() if tag not in ("task", "boundaryEvent")}
)
PASSED_OVER: Final = frozenset(
    {"documentation", "extensionElements", "incoming", "outgoing", "BPMNDiagram", "ioSpecification"}
)

INSTEAD: Final[Mapping[str, Sentence]] = MappingProxyType(
    {
        "manualTask": say("a userTask"),
        "receiveTask": say("a userTask for whoever receives it"),
        "sendTask": say("a serviceTask"),
        "scriptTask": say("a serviceTask"),
        "businessRuleTask": say("a serviceTask, or conditions on the flows out of an exclusiveGateway"),
        "subProcess": say("its steps, laid out in this process"),
        "adHocSubProcess": say("its steps, laid out in this process"),
        "transaction": say("its steps, laid out in this process"),
        "callActivity": say("the steps of what it calls, laid out in this process"),
        "inclusiveGateway": say("a parallelGateway with an exclusiveGateway on each way"),
        "complexGateway": say("exclusiveGateway and parallelGateway"),
        "eventBasedGateway": say("a userTask with a boundary timer"),
        "intermediateThrowEvent": say("a serviceTask, or nothing"),
        "messageEventDefinition": say("a userTask for whoever receives it, or a timer"),
        "signalEventDefinition": say("a userTask, or a timer"),
        "errorEventDefinition": say("a userTask with an output field and an exclusiveGateway after it"),
        "escalationEventDefinition": say("a boundary timer that does not cancel the task"),
        "conditionalEventDefinition": say("an exclusiveGateway with conditions"),
        "terminateEventDefinition": say("a plain endEvent on each way"),
        "linkEventDefinition": say("a sequenceFlow"),
        "compensateEventDefinition": say("a userTask that undoes the work"),
        "cancelEventDefinition": say("an exclusiveGateway"),
        "timeCycle": say("timeDuration or timeDate: a timer fires once"),
        "multiInstanceLoopCharacteristics": say(
            "a table in the output schema, or a loop over an exclusiveGateway"
        ),
        "childLaneSet": say("flat lanes"),
        "textAnnotation": say("documentation"),
        "association": say("documentation"),
        "group": say("lanes, or documentation"),
        "dataObject": say("fields of the input or output schema"),
        "dataObjectReference": say("fields of the input or output schema"),
        "dataStoreReference": say("fields of the input or output schema"),
        "potentialOwner": say("a lane with its party and role"),
        "performer": say("a lane with its party and role"),
        "humanPerformer": say("a lane with its party and role"),
        "resourceRole": say("a lane with its party and role"),
        "messageFlow": say("lanes: both parties work in one process"),
    }
)
SUBSET: Final = say(
    "process, laneSet, lane, startEvent, endEvent, userTask, serviceTask, exclusiveGateway, parallelGateway, "
    "intermediateCatchEvent and boundaryEvent with a timer, sequenceFlow, standardLoopCharacteristics"
)
TASK_ATTRIBUTES: Final = ("kind", "of", "fields", "shows", "skill", "level", "minutes")
TASK_KINDS: Final = ("do", "key", "review", "client")
PARTIES: Final = ("client", "provider", "either")


def instead(tag: str) -> Sentence:
    """Say in a sentence what could be used instead of an element.

    >>> instead("callActivity")
    '“callActivity” is not in the subset; use the steps of what it calls, laid out in this process.'
    """
    if tag in INSTEAD:
        return say("“{}” is not in the subset; use {}.", tag, INSTEAD[tag])
    return say("“{}” is not in the subset, which has {}.", tag, SUBSET)
