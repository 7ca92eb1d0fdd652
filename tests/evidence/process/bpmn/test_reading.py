from datetime import timedelta

import pytest

from backdesk.evidence.process.bpmn import BrokenProcess, Problem, element_lines, read_bpmn
from backdesk.evidence.process.bpmn.example import INVOICE
from backdesk.evidence.process.bpmn.reading import LARGEST
from backdesk.evidence.sentences import Sentence


def test_everything_of_the_subset_is_read() -> None:
    model = read_bpmn(INVOICE)
    assert (model.id, model.name) == ("Invoice", "Invoice entry")
    assert [node.kind for node in model.nodes.values()].count("user") == 3
    assert (model.lanes["Client"].party, model.lanes["Client"].role) == ("client", "employee")
    key = model.nodes["Key"]
    assert (key.lane, key.attributes) == ("Agents", {"skill": "invoices", "minutes": "4"})
    assert model.nodes["Clear"].default == "ToCheck"
    late = model.nodes["Late"]
    assert (late.kind, late.lasts, late.attached_to, late.interrupting) == (
        "timer", timedelta(days=2), "Answer", True,
    )  # fmt: skip
    assert model.flows["Wrong"].condition == "review.wrong"
    assert [flow.id for flow in model.leaving("Clear")] == ["ToAnswer", "ToCheck"]


def test_a_timer_can_wait_for_a_moment() -> None:
    timer = b"<timerEventDefinition><timeDate> 2026-12-24T12:00:00+01:00 </timeDate></timerEventDefinition>"
    node = b'<intermediateCatchEvent id="Wait">' + timer + b"</intermediateCatchEvent>"
    assert read_bpmn(with_more(node)).nodes["Wait"].until == "2026-12-24T12:00:00+01:00"


def test_a_border_lies_in_the_lane_of_its_task() -> None:
    lane = read_bpmn(INVOICE).lane_of("Late")
    assert lane is not None
    assert lane.id == "Client"


def test_a_plain_task_is_done_by_people() -> None:
    assert read_bpmn(with_more(b'<task id="T" name="Do"/>')).nodes["T"].kind == "user"


@pytest.mark.parametrize(
    "more",
    [
        b"<documentation>Why</documentation>",
        b'<extensionElements><x:y xmlns:x="urn:x"><anything/></x:y></extensionElements>',
        b'<x:odd xmlns:x="urn:x"/>',
        b"<!-- a word -->",
        b"<?php nothing ?>",
    ],
)
def test_what_others_add_is_passed_over(more: bytes) -> None:
    assert read_bpmn(with_more(more)) == read_bpmn(INVOICE)


def test_the_pool_and_the_diagram_of_other_tools_are_passed_over() -> None:
    pool = b'<collaboration id="C"><participant id="P" processRef="Invoice"/></collaboration>'
    diagram = (
        b'<d:BPMNDiagram xmlns:d="http://www.omg.org/spec/BPMN/20100524/DI">'
        b'<d:BPMNPlane bpmnElement="Invoice"/></d:BPMNDiagram>'
    )
    around = INVOICE.replace(b"  <process", pool + b"  <process").replace(
        b"</definitions>", diagram + b"</definitions>"
    )
    assert read_bpmn(around) == read_bpmn(INVOICE)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (b'<scriptTask id="X"/>', "line 40, X: “scriptTask” is not in the subset; use a serviceTask."),
        (b'<callActivity id="X"/>', "use the steps of what it calls"),
        (b'<inclusiveGateway id="X"/>', "use a parallelGateway with an exclusiveGateway on each way"),
        (b'<madeUp id="X"/>', "“madeUp” is not in the subset, which has process, laneSet"),
        (b'<endEvent id="X"><terminateEventDefinition/></endEvent>', "X: “terminateEventDefinition”.*plain endEvent"),
        (b'<startEvent id="X"><messageEventDefinition/></startEvent>', "“messageEventDefinition”"),
        (b'<userTask id="X"><multiInstanceLoopCharacteristics/></userTask>', "a table in the output schema"),
        (b'<boundaryEvent id="X" attachedToRef="Key"/>', "X: It needs one timerEventDefinition"),
        (b'<intermediateCatchEvent id="X"><timerEventDefinition/></intermediateCatchEvent>', "timeDuration"),
        (b'<userTask name="No id"/>', "line 40, Invoice: A userTask has an id"),
        (b'<userTask id="Key" name="Again"/>', "Key: This id is used twice"),
        (b'<userTask id="4" name="Digit"/>', "line 40, 4: An id begins with a letter"),
        (b'<userTask id="X" default="Right"/>', "Only an exclusiveGateway has a default flow"),
        (b'<sequenceFlow id="X" sourceRef="Key" targetRef="gone"/>', "line 40, X: The flow leads to “gone”"),
        (b'<sequenceFlow id="X" sourceRef="Key" targetRef="Late"/>', "cannot lead into a boundary timer"),
        (b'<sequenceFlow id="X" sourceRef="Key"/>', "A sequenceFlow has a targetRef"),
        (b'<exclusiveGateway id="X" default="gone"/>', "Its default flow “gone” is not there"),
        (b'<laneSet id="L"><lane id="X" name="Who"/></laneSet>', 'backdesk:party="client", "provider" or "either"'),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named_with_its_line_and_what_to_use(more: bytes, says: str) -> None:
    with pytest.raises(BrokenProcess, match=says) as broken:
        read_bpmn(with_more(more))
    assert_known_sentences(broken.value)


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        (b"P2D", b"2 days", "Late: “2 days” is no duration; write for example PT30M"),
        (b"<timeDuration>P2D</timeDuration>", b"<timeCycle>R3/P2D</timeCycle>", "a timer fires once"),
        (b"<timeDuration>P2D</timeDuration>", b"<timeDate>soon</timeDate>", "“soon” is no moment"),
        (b"<timeDuration>P2D</timeDuration>", b"<timeDate>2026-12-24T12:00</timeDate>", "no offset from UTC"),
        (b'attachedToRef="Answer"', b"", "on which userTask it sits"),
        (b'attachedToRef="Answer"', b'attachedToRef="Clear"', "only on that of a user task"),
        (b"<conditionExpression>", b'<conditionExpression language="FEEL">', "“FEEL”; conditions here are CEL"),
        (b"output.unclear", b" ", "ToAnswer: The condition is empty"),
        (b"<flowNodeRef>Good</flowNodeRef>", b"<flowNodeRef>gone</flowNodeRef>", "The lane lists “gone”"),
        (b"<flowNodeRef>Answer</flowNodeRef>", b"<flowNodeRef>Key</flowNodeRef>", "“Key” lies in two lanes"),
        (b'backdesk:party="client"', b'backdesk:party="nobody"', "A lane says whose it is"),
        (b'backdesk:role="agent"', b'backdesk:roll="agent"', "A lane has no backdesk:roll"),
        (b"</process>", b'</process><process id="Second"/>', "holds 2 processes"),
        (b"</process>", b'</process><message id="M"/>', "“message” is not in the subset"),
        (b"</definitions>", b"", "no well-formed XML"),
        (b"20100524/MODEL", b"20100524/OTHER", "This is no BPMN 2.0"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(before: bytes, after: bytes, says: str) -> None:
    assert before in INVOICE
    with pytest.raises(BrokenProcess, match=says) as broken:
        read_bpmn(INVOICE.replace(before, after, 1))
    assert_known_sentences(broken.value)


def assert_known_sentences(broken: BrokenProcess) -> None:
    """Each knows its template, without which nobody can say it in another language."""
    for problem in broken.problems:
        assert isinstance(problem.says, Sentence), problem
        assert str(problem) == problem.message
        assert isinstance(problem.message, Sentence)


def test_a_second_pool_and_messages_between_pools_are_refused() -> None:
    pools = b'<collaboration id="C"><participant id="A"/><participant id="B"/><messageFlow id="M"/></collaboration>'
    with pytest.raises(BrokenProcess) as broken:
        read_bpmn(INVOICE.replace(b"  <process", pools + b"  <process"))
    assert [problem.element for problem in broken.value.problems] == ["M", "B"]


def test_all_that_is_wrong_is_told_at_once_in_the_order_of_the_file() -> None:
    with pytest.raises(BrokenProcess) as broken:
        read_bpmn(with_more(b'<scriptTask id="One"/>\n<sendTask id="Two"/>').replace(b"P2D", b"P2M"))
    assert [(problem.element, problem.line) for problem in broken.value.problems] == [
        ("Late", 25), ("One", 40), ("Two", 41),
    ]  # fmt: skip


@pytest.mark.parametrize("data", [b"", b"\x00\xff", b"no xml", b"<a/>", b"{}"])
def test_what_is_no_process_is_refused(data: bytes) -> None:
    with pytest.raises(BrokenProcess):
        read_bpmn(data)


ENTITIES = b'<!ENTITY a "ha"><!ENTITY b "&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">'


@pytest.mark.parametrize("name", [b"&b;", b"plain"])
def test_a_file_with_a_document_type_is_refused_and_its_entities_are_not_expanded(name: bytes) -> None:
    typed = INVOICE.replace(b"<definitions", b"<!DOCTYPE definitions [" + ENTITIES + b"]><definitions")
    with pytest.raises(BrokenProcess, match="DOCTYPE"):
        read_bpmn(typed.replace(b"Invoice entry", name))


def test_a_bomb_of_entities_is_refused() -> None:
    bomb = b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 12))
    typed = INVOICE.replace(b"<definitions", b'<!DOCTYPE d [<!ENTITY e0 "ha">' + bomb + b"]><definitions")
    with pytest.raises(BrokenProcess):
        read_bpmn(typed.replace(b"Invoice entry", b"&e11;"))


def test_too_large_a_file_is_refused_unread() -> None:
    with pytest.raises(BrokenProcess, match="a process has at most 2,000,000"):
        read_bpmn(b" " * (LARGEST + 1))


def test_problems_can_be_placed_by_the_lines_of_their_elements() -> None:
    assert element_lines(INVOICE)["Late"] == 24
    assert str(Problem(element=None, says="Nothing there.")) == "Nothing there."


def with_more(element: bytes) -> bytes:
    return INVOICE.replace(b'    <sequenceFlow id="Right"', element + b'\n    <sequenceFlow id="Right"')


@pytest.mark.parametrize("declared", ["UTF-8", "ISO-8859-1", "UTF-16"])
def test_a_text_is_read_whatever_encoding_it_declares(declared: str) -> None:
    body = INVOICE.decode().partition("?>")[2].replace("Key the invoice", "Prüfe die Rechnung")
    text = f'<?xml version="1.0" encoding="{declared}"?>{body}'
    assert read_bpmn(text) == read_bpmn(body)
    assert read_bpmn(text).nodes["Key"].name == "Prüfe die Rechnung"
    assert element_lines(text) == element_lines(INVOICE)


@pytest.mark.parametrize(
    "text", ["", "Rechnung", "<definitions>\ud800</definitions>", "<definitions>\0</definitions>"]
)
def test_a_text_that_is_no_xml_is_refused_in_words(text: str) -> None:
    with pytest.raises(BrokenProcess, match="This is no") as broken:
        read_bpmn(text)
    assert_known_sentences(broken.value)


def test_a_text_is_measured_by_its_bytes() -> None:
    with pytest.raises(BrokenProcess, match="The file has 2,000,002 bytes"):
        read_bpmn("ü" * (LARGEST // 2 + 1))
