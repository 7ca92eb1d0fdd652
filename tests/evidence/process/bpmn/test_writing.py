from itertools import count

import pytest
from hypothesis import given, settings
from lxml import etree

from backdesk.evidence.process.bpmn import BrokenProcess, Node, ProcessModel, read_bpmn, write_bpmn
from backdesk.evidence.process.bpmn.example import INVOICE
from backdesk.evidence.process.bpmn.vocabulary import BPMN, DC, DD, DI
from tests.evidence.process.bpmn.made import of_anything, of_blocks

patient = settings(deadline=None, max_examples=25)


@patient
@given(of_anything())
def test_what_is_written_reads_back_the_same(model: ProcessModel) -> None:
    assert read_bpmn(write_bpmn(model)) == model


@patient
@given(of_blocks)
def test_the_same_process_gives_the_same_bytes(model: ProcessModel) -> None:
    written = write_bpmn(model)
    assert write_bpmn(read_bpmn(written)) == written


@patient
@given(of_anything())
def test_no_id_comes_twice(model: ProcessModel) -> None:
    ids = [element.get("id") for element in etree.fromstring(write_bpmn(model)).iter() if element.get("id")]
    assert len(ids) == len(set(ids))


def test_ids_of_the_diagram_give_way_to_those_of_the_process() -> None:
    taken = ["Definitions", "Collaboration", "Pool", "Lanes", "Diagram", "Plane", "go_di", "go"]
    model = ProcessModel.of("p", "", [Node(id=id_, kind="user") for id_ in taken], [])
    assert read_bpmn(write_bpmn(model)) == model


def test_every_part_is_in_the_diagram_so_that_other_tools_show_it() -> None:
    model = read_bpmn(INVOICE)
    root = etree.fromstring(write_bpmn(model))
    shapes = {shape.get("bpmnElement") for shape in root.iter(f"{{{DI}}}BPMNShape")}
    assert shapes == {*model.nodes, *model.lanes, "Pool"}
    assert {edge.get("bpmnElement") for edge in root.iter(f"{{{DI}}}BPMNEdge")} == set(model.flows)
    for edge in root.iter(f"{{{DI}}}BPMNEdge"):
        assert len(edge.findall(f"{{{DD}}}waypoint")) >= 2
    assert all(bounds.get("width") for bounds in root.iter(f"{{{DC}}}Bounds"))


def test_the_diagram_can_be_left_out() -> None:
    bare = write_bpmn(read_bpmn(INVOICE), diagram=False)
    assert b"BPMNDiagram" not in bare
    assert read_bpmn(bare) == read_bpmn(INVOICE)


def test_a_lane_lists_its_nodes_within_a_pool() -> None:
    root = etree.fromstring(write_bpmn(read_bpmn(INVOICE)))
    pool = root.find(f".//{{{BPMN}}}participant")
    assert pool is not None
    assert pool.get("processRef") == "Invoice"
    lanes = [len(lane) for lane in root.iter(f"{{{BPMN}}}lane")]
    assert lanes == [6, 1]


def test_a_text_that_xml_cannot_hold_is_refused() -> None:
    model = ProcessModel.of("p", "", [Node(id="a", kind="user", name="bell\x07")], [])
    with pytest.raises(BrokenProcess, match="cannot be written"):
        write_bpmn(model)


def test_a_wide_process_is_laid_out_at_once() -> None:
    numbers = count()
    nodes = [Node(id=f"n{next(numbers)}", kind="user", name="Step") for _ in range(300)]
    assert write_bpmn(ProcessModel.of("p", "", nodes, [])).count(b"BPMNShape ") == 300
