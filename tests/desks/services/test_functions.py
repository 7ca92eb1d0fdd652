"""What machines do at service tasks: read with the folder, refused where it would give something away, worked out."""
# ruff: noqa: E501

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backdesk.desks.services import (
    Check,
    FunctionFailed,
    Service,
    digest,
    example,
    example_files,
    read_schema,
    read_service,
    shared,
    work_out,
    write_service,
)
from tests.desks.services.folders import changed, problems_of

FLOW = '<sequenceFlow id="Entered" sourceRef="Enter" targetRef="Check"/>'
TASK = (
    '<serviceTask id="note" name="Note it"/><sequenceFlow id="Entered" sourceRef="Enter" targetRef="note"/>'
    '<sequenceFlow id="Noted" sourceRef="note" targetRef="Check"/>'
)
REF = "<flowNodeRef>Enter</flowNodeRef>"
SET = "[functions.note]\nset = { remark = \"input.document_number + '/1'\" }\n"


def a_folder(function: str = SET, *, task: str = TASK) -> dict[str, bytes]:
    """Invoices are entered, then a machine notes something, then they are checked."""
    files = changed(example_files("invoice-entry"), "process.bpmn", FLOW, task)
    files = changed(files, "process.bpmn", REF, f"{REF}<flowNodeRef>note</flowNodeRef>")
    return {**files, "service.toml": files["service.toml"] + f"\n{function}".encode()}


def filled(text: str, field: str) -> dict[str, bytes]:
    return a_folder(f"[functions.note.set]\n{field} = '''{text}'''\n")


SERVICE = read_service(a_folder())
FIELDS = b"""{"type": "object", "properties": {
    "money": {"type": "object", "format": "money", "title": "M"},
    "decimal": {"type": "string", "format": "decimal", "title": "D"},
    "whole": {"type": "integer", "title": "W"},
    "yes": {"type": "boolean", "title": "Y"},
    "text": {"type": "string", "title": "T"},
    "day": {"type": "string", "format": "date", "title": "Day"},
    "moment": {"type": "string", "format": "date-time", "title": "Moment"},
    "hidden": {"type": "string", "title": "Hidden", "x-visibility": "masked"}}}"""
OUTPUT = read_schema(FIELDS, file="output.schema.json")


def worked(text: str, field: str, **values: Any) -> Any:
    """What a machine fills a field of some kind with."""
    service = replace(SERVICE, output=OUTPUT, functions={"f": {field: text}}, checks=())
    return work_out(service=service, function="f", values=values)[field]


def with_functions(service: Service = SERVICE, **texts: str) -> Service:
    return replace(service, functions={"note": texts})


def test_a_function_is_part_of_the_service_and_is_written_and_read_again_the_same() -> None:
    assert SERVICE.functions == {"note": {"remark": "input.document_number + '/1'"}}
    assert read_service(write_service(SERVICE)) == SERVICE
    assert read_service(write_service(shared(SERVICE))).functions == SERVICE.functions
    assert digest(SERVICE) != digest(with_functions(remark="input.document_number"))


def test_a_task_may_name_a_function_that_is_called_otherwise() -> None:
    named = TASK.replace('id="note" name', 'id="note" backdesk:function="other" name')
    read = read_service(a_folder(SET.replace("functions.note", "functions.other"), task=named))
    assert read_service(write_service(read)) == read


@pytest.mark.parametrize(
    ("files", "says"),
    [
        (a_folder(""), "process.bpmn, line 30, note: service.toml has no function “note”. Write [functions.note], or make this a user task."),
        (a_folder(SET.replace(".note]", ".noted]")), "service.toml has no function “note”; is it “noted”?"),
        (a_folder(SET + "[functions.spare]\nset = { remark = \"'x'\" }"), "functions.spare: It does no service task of the process"),
        (filled("'x'", "remrak"), "functions.note.set.remrak: The output has no field “remrak”; is it “remark”?"),
        (filled("'x'", "document_number"), "The output has no field “document_number”"),
        (filled("output.lines", "lines"), "“lines” is a table; machines fill single values."),
        (filled("'x'", "cost_centre"), "“cost_centre” is the client's alone"),
        (filled("input.document_nubmer", "remark"), "There is no input.document_nubmer; is it “document_number”?"),
        (filled("input.sender", "remark"), "input.sender may be missing; ask first"),
        (filled("'x' +", "remark"), "This is no CEL"),
        (filled("output.net.amount + 1.0", "remark"), "use sum([a, b])"),
        (filled("has(input.budget) ? 'much' : 'little'", "remark"), "input.budget is not for everybody's eyes, and “remark” would give it away."),
        (filled("has(input.ordered_by) ? input.ordered_by : ''", "remark"), "input.ordered_by is not for everybody's eyes"),
        (a_folder("[functions.note]"), "functions.note.set: Say what is filled in"),
        (a_folder("[functions.note]\nset = { remark = 5 }"), "functions.note.set.remark: Give a text"),
        (a_folder(f'{SET}get = "x"'), "functions.note.get: “get” is not known here; is it “set”?"),
        (a_folder(SET.replace(".note", ".9note")), "“9note” does not match"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_function_is_said_with_its_place(files: dict[str, bytes], says: str) -> None:
    found = [str(each) for each in problems_of(files)]
    assert any(says in each for each in found), found
    assert all(each.startswith(("service.toml, line ", "process.bpmn, line ")) for each in found)


def test_a_masked_value_may_go_where_it_is_masked_too() -> None:
    files = filled("has(input.ordered_by) ? input.ordered_by : ''", "remark")
    files = changed(files, "output.schema.json", '"remark": {', '"remark": {"x-visibility": "masked",')
    assert read_service(files).functions["note"]


def test_a_loop_of_machines_alone_is_refused_as_it_may_never_end() -> None:
    around = (
        '<exclusiveGateway id="again" default="Noted"/><serviceTask id="note" name="Note it"/>'
        '<sequenceFlow id="Entered" sourceRef="Enter" targetRef="note"/><sequenceFlow id="to" sourceRef="note" targetRef="again"/>'
        '<sequenceFlow id="Noted" sourceRef="again" targetRef="Check"/>'
        '<sequenceFlow id="back" sourceRef="again" targetRef="note"><conditionExpression>item.priority &lt; 9</conditionExpression></sequenceFlow>'
    )
    files = changed(a_folder(task=around), "process.bpmn", REF, f"{REF}<flowNodeRef>again</flowNodeRef>")
    (found,) = problems_of(files)
    assert (found.field, found.says[:42]) == ("note", "Machines alone go round in this loop, mayb")


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("{'amount': minus(0.3, 0.1), 'currency': 'EUR'}", "money", {"amount": "0.20", "currency": "EUR"}),
        ("{'amount': 1200.0, 'currency': 'JPY'}", "money", {"amount": "1200", "currency": "JPY"}),
        ("{'amount': -0.0, 'currency': 'EUR'}", "money", {"amount": "0.00", "currency": "EUR"}),
        ("times(0.19, 3)", "decimal", "0.57"),
        ("7", "decimal", "7"),
        ("1e14", "decimal", "100000000000000"),
        ("sum([1, 2])", "whole", 3),
        ("size('four')", "whole", 4),
        ("2 > 1", "yes", True),
        ("'a' + 'b'", "text", "ab"),
        ("'2026-02-28'", "day", "2026-02-28"),
        ("timestamp('2026-02-28T10:00:00Z')", "moment", "2026-02-28T10:00:00+00:00"),
    ],
)
def test_a_value_is_kept_as_a_persons_entry_would_be(text: str, field: str, value: Any) -> None:
    found = worked(text, field)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("text", "field", "says"),
    [
        ("1.5", "whole", "whole: this is no single value"),
        ("'12'", "whole", "whole: Enter a whole number"),
        ("true", "whole", "whole: Enter a whole number"),
        ("1", "yes", "yes: Enter yes or no."),
        ("''", "text", "text: Fill this in."),
        ("null", "text", "text: this is no single value"),
        ("[1]", "text", "text: this is no single value"),
        ("b'x'", "text", "text: this is no single value"),
        ("duration('1h')", "text", "text: this is no single value"),
        ("{'amount': 1.0}", "money", "money: Enter an amount like 12.30"),
        ("{'amount': [1], 'currency': 'EUR'}", "money", "money: this is no single value"),
        ("{'amount': 1.005, 'currency': 'EUR'}", "money", "at most 2 digits after the point"),
        ("1.0 / 0.0", "decimal", "decimal: Enter a number"),
        ("1e16", "decimal", "decimal: Enter a number"),
        ("'2026-02-30'", "day", "day: Enter a date"),
        ("1 / 0", "whole", "whole: "),
        ("output.text", "text", "text: “text” is not there; ask has() first"),
    ],
)
def test_a_value_that_is_none_of_its_field_fails_with_field_and_reason(
    text: str, field: str, says: str
) -> None:
    with pytest.raises(FunctionFailed) as failed:
        worked(text, field)
    assert says in str(failed.value)
    assert failed.value.field == field


@settings(max_examples=40, deadline=None)
@given(st.decimals(-(10**11), 10**11, places=2))
def test_an_amount_comes_out_as_it_went_in(amount: Decimal) -> None:
    money = {"amount": f"{amount + 0:.2f}", "currency": "EUR"}
    assert worked("output.money", "money", output={"money": money}) == money


def test_all_fields_are_worked_out_of_what_was_there_before() -> None:
    service = replace(
        SERVICE, output=OUTPUT, checks=(), functions={"f": {"text": "output.day", "day": "output.text"}}
    )
    values = {"output": {"text": "2026-01-02", "day": "2026-01-01"}}
    assert work_out(service=service, function="f", values=values) == {
        "text": "2026-01-01",
        "day": "2026-01-02",
    }


def test_an_error_of_a_check_fails_as_it_would_refuse_a_person_and_a_warning_does_not() -> None:
    check = Check(key="short", that="size(output.remark) < 3", message="Too long.")
    service = replace(SERVICE, checks=(check,))
    with pytest.raises(FunctionFailed, match="short: this check does not hold then"):
        work_out(service=service, function="note", values={"input": {"document_number": "A-1"}})
    own = replace(check, that="has(output.cost_centre)")
    values = {"input": {"document_number": "A-1"}}
    assert work_out(service=replace(SERVICE, checks=(own,)), function="note", values=values), (
        "what the client alone sees is no matter of machines"
    )
    warned = replace(service, checks=(replace(check, severity="warning"),))
    assert work_out(service=warned, function="note", values={"input": {"document_number": "A-1"}})


@pytest.mark.parametrize(
    "text", ["input['ordered' + '_by']", "input.exists(name, input[name] == 'J. Doe') ? 'J. Doe' : ''"]
)
def test_a_text_that_gets_by_the_reader_finds_no_masked_value_either(text: str) -> None:
    values = {"input": {"document_number": "A-1", "ordered_by": "J. Doe"}}
    assert read_service(filled(text, "remark"))
    with pytest.raises(FunctionFailed):
        work_out(service=with_functions(remark=text), function="note", values=values)
    masked = replace(SERVICE.output, fields=tuple(
        replace(each, visibility="masked") if each.name == "remark" else each for each in SERVICE.output.fields
    ))  # fmt: skip
    found = work_out(
        service=replace(with_functions(remark=text), output=masked), function="note", values=values
    )
    assert found == {"remark": "J. Doe"}, "the control: where the target is masked too, it is read"


def test_what_went_wrong_with_a_masked_field_does_not_tell_its_value() -> None:
    with pytest.raises(FunctionFailed) as failed:
        worked("int(output.hidden) > 0 ? 'x' : 'y'", "hidden", output={"hidden": "secret"})
    assert str(failed.value) == "hidden: this is not right"


def test_what_comes_with_backdesk_needs_no_machine() -> None:
    assert example("customer-record").functions == {}
