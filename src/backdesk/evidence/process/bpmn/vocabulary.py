"""The words of BPMN 2.0 that are read, those passed over, and what to use instead of the others."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from backdesk.evidence.process.bpmn.model import Kind

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

INSTEAD: Final[Mapping[str, str]] = MappingProxyType(
    {
        "manualTask": "a userTask",
        "receiveTask": "a userTask for whoever receives it",
        "sendTask": "a serviceTask",
        "scriptTask": "a serviceTask",
        "businessRuleTask": "a serviceTask, or conditions on the flows out of an exclusiveGateway",
        "subProcess": "its steps, laid out in this process",
        "adHocSubProcess": "its steps, laid out in this process",
        "transaction": "its steps, laid out in this process",
        "callActivity": "the steps of what it calls, laid out in this process",
        "inclusiveGateway": "a parallelGateway with an exclusiveGateway on each way",
        "complexGateway": "exclusiveGateway and parallelGateway",
        "eventBasedGateway": "a userTask with a boundary timer",
        "intermediateThrowEvent": "a serviceTask, or nothing",
        "messageEventDefinition": "a userTask for whoever receives it, or a timer",
        "signalEventDefinition": "a userTask, or a timer",
        "errorEventDefinition": "a userTask with an output field and an exclusiveGateway after it",
        "escalationEventDefinition": "a boundary timer that does not cancel the task",
        "conditionalEventDefinition": "an exclusiveGateway with conditions",
        "terminateEventDefinition": "a plain endEvent on each way",
        "linkEventDefinition": "a sequenceFlow",
        "compensateEventDefinition": "a userTask that undoes the work",
        "cancelEventDefinition": "an exclusiveGateway",
        "timeCycle": "timeDuration or timeDate: a timer fires once",
        "multiInstanceLoopCharacteristics": "a table in the output schema, or a loop over an exclusiveGateway",
        "childLaneSet": "flat lanes",
        "textAnnotation": "documentation",
        "association": "documentation",
        "group": "lanes, or documentation",
        "dataObject": "fields of the input or output schema",
        "dataObjectReference": "fields of the input or output schema",
        "dataStoreReference": "fields of the input or output schema",
        "potentialOwner": "a lane with its party and role",
        "performer": "a lane with its party and role",
        "humanPerformer": "a lane with its party and role",
        "resourceRole": "a lane with its party and role",
        "messageFlow": "lanes: both parties work in one process",
    }
)
SUBSET: Final = (
    "process, laneSet, lane, startEvent, endEvent, userTask, serviceTask, exclusiveGateway, parallelGateway, "
    "intermediateCatchEvent and boundaryEvent with a timer, sequenceFlow, standardLoopCharacteristics"
)
TASK_ATTRIBUTES: Final = ("kind", "of", "fields", "shows", "skill", "level", "minutes")
TASK_KINDS: Final = ("do", "key", "review", "client")
PARTIES: Final = ("client", "provider", "either")


def instead(tag: str) -> str:
    """Say in a sentence what could be used instead of an element.

    >>> instead("callActivity")
    '“callActivity” is not in the subset; use the steps of what it calls, laid out in this process.'
    """
    if tag in INSTEAD:
        return f"“{tag}” is not in the subset; use {INSTEAD[tag]}."
    return f"“{tag}” is not in the subset, which has {SUBSET}."
