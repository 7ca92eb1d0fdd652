from datetime import timedelta

from hypothesis import given, settings
from lxml import etree

from backdesk.evidence.process.bpmn import Lane, Node, ProcessModel, draw_process, read_bpmn
from backdesk.evidence.process.bpmn.example import INVOICE
from tests.evidence.process.bpmn.made import of_anything

SVG = "{http://www.w3.org/2000/svg}"


def test_the_picture_is_named_and_told_for_those_who_hear_it() -> None:
    root = drawn(read_bpmn(INVOICE), active=["Check"], done=["Key", "Received"])
    title, told = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert told is not None
    assert (root.get("role"), root.get("aria-labelledby")) == ("img", title.get("id"))
    assert root.get("aria-describedby") == told.get("id")
    assert title.text == "Invoice entry"
    assert (told.text or "").startswith("Now at: Check the invoice. Done: Received, Key the invoice. ")
    assert "All clear?: then Answer a question (no) or Check the invoice (yes)." in (told.text or "")
    assert "2 days, timer on Answer a question: then Check the invoice." in (told.text or "")
    assert "Answer a question, Client: then Key the invoice." in (told.text or "")


def test_where_an_item_stands_is_shown_by_more_than_colour() -> None:
    root = drawn(read_bpmn(INVOICE), active=["Check"], done=["Key", "Check", "gone"])
    signs = {len(node) for node in root.iter(f"{SVG}g") if node.get("class") == "bp-node bp-active"}
    assert signs == {len(task_without_sign()) + 2}
    titles = [node.text for node in root.iter(f"{SVG}title")]
    assert "Check the invoice: now here" in titles
    assert "Key the invoice: done" in titles
    assert "Answer a question" in titles


def test_two_pictures_share_a_page_without_sharing_ids() -> None:
    model = read_bpmn(INVOICE)
    one, other = draw_process(model), draw_process(model, active=["Key"])
    assert ids(one).isdisjoint(ids(other))


@settings(deadline=None, max_examples=25)
@given(of_anything())
def test_any_process_gives_a_picture_that_a_strict_policy_allows(model: ProcessModel) -> None:
    for theme in ("page", "print"):
        picture = draw_process(model, active=list(model.nodes)[:2], theme=theme)
        root = etree.fromstring(picture)
        assert all("style" not in element.attrib and element.tag != f"{SVG}script" for element in root.iter())
        assert ("var(" in picture) == (theme == "page")


def test_names_cannot_break_out_of_the_picture() -> None:
    evil = "</text><script>alert(1)</script>\x07"
    nodes = [
        Node(id="a", kind="user", name=evil, lane="l"),
        Node(id="b", kind="end", name=evil, lane="l"),
        Node(id="c", kind="timer", lasts=timedelta(days=1), attached_to="a", name=evil),
    ]
    model = ProcessModel.of("p", evil, nodes, [], [Lane(id="l", name=evil, party="client")])
    root = etree.fromstring(draw_process(model, title=evil))
    assert not list(root.iter(f"{SVG}script"))


def test_an_unnamed_timer_is_told_by_its_time() -> None:
    nodes = [
        Node(id="a", kind="timer", lasts=timedelta(hours=8)),
        Node(id="b", kind="timer", until="2026-12-24T12:00:00+01:00"),
    ]
    told = draw_process(ProcessModel.of("p", "", nodes, []))
    assert "PT8H: then nothing." in told
    assert "2026-12-24T12:00:00+01:00: then nothing." in told


def task_without_sign() -> etree._Element:
    root = drawn(ProcessModel.of("p", "", [Node(id="a", kind="user", name="A")], []))
    return next(node for node in root.iter(f"{SVG}g") if node.get("class") == "bp-node bp-plain")


def drawn(model: ProcessModel, **states: list[str]) -> etree._Element:
    return etree.fromstring(draw_process(model, **states))  # type: ignore[arg-type]


def ids(picture: str) -> set[str]:
    return {element.get("id", "") for element in etree.fromstring(picture).iter() if element.get("id")}


def test_where_cases_went_otherwise_is_marked_said_and_leads_to_them() -> None:
    model = read_bpmn(INVOICE)
    picture = draw_process(
        model, departed={"Check": "skipped: 3 cases"}, addresses={"Check": "/cases?a=1&b=2", "none": "/"}
    )
    assert "Check the invoice: skipped: 3 cases" in picture
    assert "Gone otherwise at: Check the invoice." in picture
    assert picture.count("<a ") == 1
    assert 'href="/cases?a=1&amp;b=2"' in picture
    assert "bp-departed" not in draw_process(model)
