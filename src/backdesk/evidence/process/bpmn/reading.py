"""Reading BPMN 2.0: the subset that runs here, every error with its line, element and what to use instead.

Nothing of a file is fetched or expanded: no document type, no entities, no network.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from lxml import etree

from backdesk.evidence.process.bpmn import durations, repeating
from backdesk.evidence.process.bpmn.model import (
    BrokenProcess,
    Flow,
    Lane,
    Node,
    Party,
    Problem,
    ProcessModel,
)
from backdesk.evidence.process.bpmn.vocabulary import (
    BPMN,
    CEL,
    DI,
    KINDS,
    OURS,
    PARTIES,
    PASSED_OVER,
    instead,
)
from backdesk.evidence.sentences import digits, say

LARGEST: Final = 2_000_000
"""Bytes of a file: a process of a thousand steps has fewer."""
_TIMER_CHILDREN: Final = ("timeDuration", "timeDate")

Element = etree._Element


def read_bpmn(data: bytes | str) -> ProcessModel:
    """Read the one process of a BPMN 2.0 file.

    Documentation, extensions of others and the diagram are passed over; a `task` becomes a user task. A task that
    repeats (`standardLoopCharacteristics`) becomes the task between exclusive gateways, from which a flow leads back.

    Args:
        data: the file's bytes, at most 2 MB, or its text, of which the encoding that it declares says nothing.

    Raises:
        BrokenProcess: with all problems of the file: it is no XML, or holds what the subset has not, or
            something names an element that is not there. Each has its line and element.

    Source: OMG, Business Process Model and Notation 2.0.2 (formal/2013-12-09), chapters 7, 10 and 15.

    >>> from backdesk.evidence.process.bpmn.example import INVOICE
    >>> [node.name for node in read_bpmn(INVOICE).of_kind("user")]
    ['Key the invoice', 'Check the invoice', 'Answer a question']
    """
    return _Reading(_parsed(data)).model()


def element_lines(data: bytes | str) -> Mapping[str, int]:
    """Return the line of each element that has an id: where to point with what `problems` says.

    Raises:
        BrokenProcess: the file is no XML.

    >>> from backdesk.evidence.process.bpmn.example import INVOICE
    >>> element_lines(INVOICE)["Key"] > 1
    True
    """
    return {
        id_: _line_of(element) for element in _parsed(data).iter(f"{{{BPMN}}}*") if (id_ := element.get("id"))
    }


def _parsed(file: bytes | str) -> Element:
    data = file.encode(errors="surrogatepass") if isinstance(file, str) else file
    if len(data) > LARGEST:
        raise _refused(
            say("The file has {} bytes; a process has at most {}.", digits(len(data)), digits(LARGEST))
        )
    parser = etree.XMLParser(
        encoding="utf-8" if isinstance(file, str) else None,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as broken:
        raise _refused(say("This is no well-formed XML: {}.", broken.msg), broken.lineno) from broken
    except ValueError as broken:
        raise _refused(say("This is no XML: {}.", broken)) from broken
    document: Any = root.getroottree().docinfo
    if document.doctype:
        raise _refused(say("The file has a DOCTYPE; BPMN needs none, and none is read."), 1)
    return root


def _refused(says: str, line: int | None = None) -> BrokenProcess:
    return BrokenProcess([Problem(element=None, line=line, says=says)])


class _Reading:
    """One pass over the file: collects its parts, and what is wrong with them."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self.problems: list[Problem] = []
        self.nodes: list[Node] = []
        self.flows: list[Flow] = []
        self.loops: list[repeating.Loop] = []
        self.lanes: list[Lane] = []
        self.lane_of: dict[str, str] = {}
        self.places: dict[str, Element] = {}

    def model(self) -> ProcessModel:
        process = self._process()
        for lane_set in process.iterchildren(f"{{{BPMN}}}laneSet"):
            self._each(lane_set, {"lane": self._lane})
        readers: dict[str, Callable[[Element], None]] = dict.fromkeys(KINDS, self._node)
        self._each(process, {**readers, "laneSet": lambda _: None, "sequenceFlow": self._flow})
        self._strangers()
        if self.problems:
            raise BrokenProcess(sorted(self.problems, key=lambda problem: problem.line or 0))
        return self._built(process)

    def _process(self) -> Element:
        if self.root.tag != f"{{{BPMN}}}definitions":
            found = etree.QName(self.root)
            says = say("This is no BPMN 2.0: it begins with “{}” instead of “definitions”.", found.localname)
            raise BrokenProcess([Problem(element=None, line=_line_of(self.root), says=says)])
        found_processes: list[Element] = []
        self._each(self.root, {"process": found_processes.append, "collaboration": self._collaboration})
        if len(found_processes) != 1:
            says = say(
                "The file holds {} processes; it must be one, with lanes for who works in it.",
                digits(len(found_processes)),
            )
            raise BrokenProcess([*self.problems, Problem(element=None, line=_line_of(self.root), says=says)])
        return found_processes[0]

    def _collaboration(self, element: Element) -> None:
        """Pass over the pool that tools draw around lanes; a second one would be another process."""
        pools: list[Element] = []
        self._each(element, {"participant": pools.append})
        for pool in pools[1:]:
            self._wrong(
                pool, say("A second pool is not in the subset; use lanes: both parties work in one process.")
            )

    def _each(self, parent: Element, readers: Mapping[str, Callable[[Element], None]]) -> None:
        """Give each child to its reader; what has none and is BPMN's is a problem."""
        for child in parent.iterchildren(etree.Element):
            name = etree.QName(child)
            if name.namespace == BPMN and name.localname in readers:
                readers[name.localname](child)
            elif name.namespace in (BPMN, DI) and name.localname not in PASSED_OVER:
                self._wrong(child, instead(name.localname))

    def _lane(self, element: Element) -> None:
        members: list[Element] = []
        self._each(element, {"flowNodeRef": members.append})
        attributes = _ours(element)
        party = attributes.pop("party", "")
        if party not in PARTIES:
            says = say('A lane says whose it is: backdesk:party="client", "provider" or "either"')
            self._wrong(element, say('{}, with xmlns:backdesk="{}".', says, OURS))
        role = attributes.pop("role", None)
        for name in attributes:
            self._wrong(element, say("A lane has no backdesk:{}; it has party and role.", name))
        id_ = self._id(element)
        for member in members:
            self._member(member, id_)
        known: Party = party if party in PARTIES else "either"  # type: ignore[assignment]
        self.lanes.append(Lane(id=id_, name=element.get("name", ""), party=known, role=role))

    def _member(self, element: Element, lane: str) -> None:
        node = (element.text or "").strip()
        if self.lane_of.setdefault(node, lane) != lane:
            self._wrong(
                element, say("“{}” lies in two lanes, “{}” and “{}”.", node, self.lane_of[node], lane)
            )
        self.places.setdefault(f"lane member {node}", element)

    def _node(self, element: Element) -> None:
        tag = etree.QName(element).localname
        kind = KINDS[tag]
        id_ = self._id(element)
        timers: list[Element] = []
        inner: dict[str, Callable[[Element], None]] = {}
        if kind == "timer":
            inner["timerEventDefinition"] = timers.append
        elif kind in ("user", "service"):
            inner["standardLoopCharacteristics"] = lambda loop: self._loop(loop, id_)
        self._each(element, inner)
        lasts, until = self._timer(element, timers) if kind == "timer" else (None, None)
        default = element.get("default")
        if default is not None and kind != "exclusive":
            self._wrong(element, say("Only an exclusiveGateway has a default flow; put one after this."))
        if tag == "boundaryEvent" and not element.get("attachedToRef"):
            self._wrong(element, say("A boundaryEvent says on which userTask it sits: attachedToRef."))
        self.nodes.append(
            Node(
                id=id_,
                kind=kind,
                name=element.get("name", ""),
                lane=self.lane_of.pop(id_, None),
                attributes=_ours(element),
                default=default,
                lasts=lasts,
                until=until,
                attached_to=element.get("attachedToRef") if tag == "boundaryEvent" else None,
                interrupting=element.get("cancelActivity", "true") in ("true", "1"),
            )
        )

    def _loop(self, element: Element, task: str) -> None:
        conditions: list[Element] = []
        self._each(element, {"loopCondition": conditions.append})
        if element.get("loopMaximum"):
            self._wrong(element, say("loopMaximum is not in the subset; count in the loopCondition."))
        self.loops.append(
            repeating.Loop(
                task=task,
                condition=self._condition(conditions[0], element) if conditions else None,
                tests_before=element.get("testBefore", "false") in ("true", "1"),
            )
        )
        self.places.update(dict.fromkeys(self.loops[-1].parts(), element))

    def _timer(self, element: Element, timers: list[Element]) -> tuple[timedelta | None, str | None]:
        """Read when a timer fires; a wrong one gives an hour, so that reading can go on to the next problem."""
        times: list[Element] = []
        for timer in timers:
            self._each(timer, dict.fromkeys(_TIMER_CHILDREN, times.append))
        if len(times) != 1:
            self._wrong(
                element,
                say("It needs one timerEventDefinition with a timeDuration (PT8H, P2D) or a timeDate."),
            )
            return timedelta(hours=1), None
        text = (times[0].text or "").strip()
        try:
            if etree.QName(times[0]).localname == "timeDuration":
                return durations.parse(text), None
            return None, _moment(text)
        except ValueError as wrong:
            self._wrong(times[0], wrong.args[0], element)
            return timedelta(hours=1), None

    def _flow(self, element: Element) -> None:
        conditions: list[Element] = []
        self._each(element, {"conditionExpression": conditions.append})
        for end in ("sourceRef", "targetRef"):
            if not element.get(end):
                self._wrong(element, say("A sequenceFlow has a {}.", end))
        condition = self._condition(conditions[0], element) if conditions else None
        self.flows.append(
            Flow(
                id=self._id(element),
                source=element.get("sourceRef", ""),
                target=element.get("targetRef", ""),
                condition=condition,
                name=element.get("name", ""),
            )
        )

    def _condition(self, element: Element, flow: Element) -> str | None:
        language = element.get("language", CEL)
        if language.casefold() not in (CEL, "cel"):
            self._wrong(
                element, say("The condition is in “{}”; conditions here are CEL ({}).", language, CEL), flow
            )
        text = (element.text or "").strip()
        if not text:
            self._wrong(
                element, say("The condition is empty; write CEL, or leave conditionExpression out."), flow
            )
        return text

    def _strangers(self) -> None:
        """Tell of lanes that list what is not there, once all nodes are read and have left `lane_of`."""
        for node in self.lane_of:
            self._wrong(
                self.places[f"lane member {node}"], say("The lane lists “{}”, which is not there.", node)
            )

    def _built(self, process: Element) -> ProcessModel:
        nodes, flows = repeating.drawn_out(self.nodes, self.flows, self.loops)
        try:
            return ProcessModel.of(self._id(process), process.get("name", ""), nodes, flows, self.lanes)
        except BrokenProcess as broken:
            raise BrokenProcess(
                [
                    Problem(element=problem.element, says=problem.says, line=self._line(problem.element))
                    for problem in broken.problems
                ]
            ) from None

    def _id(self, element: Element) -> str:
        id_ = element.get("id", "")
        if not id_:
            self._wrong(element, say("A {} has an id.", etree.QName(element).localname))
        self.places[id_] = element
        return id_

    def _line(self, id_: str | None) -> int | None:
        place = self.places.get(id_ or "")
        return None if place is None else _line_of(place)

    def _wrong(self, place: Element, says: str, owner: Element | None = None) -> None:
        named = next(_with_id(owner if owner is not None else place), None)
        self.problems.append(Problem(element=named, says=says, line=_line_of(place)))


def _line_of(element: Any) -> int:
    return int(element.sourceline or 0)


def _with_id(element: Element) -> Iterator[str]:
    """Give the id of an element, else of the nearest around it."""
    for around in (element, *element.iterancestors()):
        if around.get("id"):
            yield around.get("id", "")


def _ours(element: Element) -> dict[str, str]:
    prefix = f"{{{OURS}}}"
    return {
        str(name).removeprefix(prefix): str(value)
        for name, value in element.attrib.items()
        if str(name).startswith(prefix)
    }


def _moment(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as wrong:
        raise ValueError(
            say("“{}” is no moment; write for example 2026-12-24T12:00:00+01:00.", text)
        ) from wrong
    if moment.tzinfo is None:
        raise ValueError(say("“{}” has no offset from UTC; write for example {}+01:00.", text, text))
    return text
