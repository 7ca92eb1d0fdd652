"""Checks and conditions in CEL: exact about money, never silently passed, bounded in time."""

from __future__ import annotations

import time
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backdesk.desks.services import (
    Check,
    ConditionFailed,
    Service,
    condition,
    deciding,
    differences,
    example,
    run_checks,
)
from backdesk.desks.services.expressions import FUNCTIONS, MissingValue, NotCel, NotEvaluated, evaluate
from backdesk.evidence.process.bpmn import Flow

INVOICE = example("invoice-entry")


def euros(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "EUR"}


def invoice(**changes: Any) -> dict[str, Any]:
    """An invoice entered right, but for what is changed."""
    output = {
        "supplier": "70001",
        "invoice_number": "AP/2026-1187",
        "invoice_date": "2026-03-02",
        "due_date": "2026-04-01",
        "iban": "NL43ABNA0417164000",
        "lines": [
            {"description": "Paper", "net": euros("1044.50"), "tax_rate": "21"},
            {"description": "Delivery", "net": euros("18.00"), "tax_rate": "21"},
        ],
        "net": euros("1062.50"),
        "tax": euros("223.13"),
        "total": euros("1285.63"),
        **changes,
    }
    return {"input": {"document_number": "IN-1001", "received_on": "2026-03-03"}, "output": output}


def found(values: dict[str, Any], service: Service = INVOICE) -> list[str]:
    return [each.check for each in run_checks(service, values=values)]


def with_check(that: str, **more: Any) -> Service:
    return replace(INVOICE, checks=(Check(key="only", that=that, message="Wrong.", **more),))


def test_an_invoice_entered_right_passes() -> None:
    values = invoice()
    assert INVOICE.output.errors(values["output"], lookups=INVOICE.lookups) == ()
    assert found(values) == []


@pytest.mark.parametrize(
    ("changes", "checks"),
    [
        ({"total": euros("1285.64")}, ["total"]),
        ({"net": euros("1062.49"), "total": euros("1285.62")}, ["lines"]),
        ({"tax": euros("223.03"), "total": euros("1285.53")}, ["vat-too-low"]),
        ({"tax": euros("223.23"), "total": euros("1285.73")}, ["vat-too-high"]),
        ({"iban": "NL43ABNA0417164001"}, ["iban", "known-account"]),
        ({"iban": "NL30ABNA0417164137"}, ["known-account"]),
        ({"due_date": "2026-03-01"}, ["dates"]),
        ({"invoice_date": "2026-03-04"}, ["received"]),
    ],
)
def test_each_check_finds_what_it_is_for(changes: dict[str, Any], checks: list[str]) -> None:
    assert found(invoice(**changes)) == checks


def test_a_line_entered_twice_is_noticed() -> None:
    line = {"description": "Paper", "net": euros("531.25"), "tax_rate": "21"}
    assert found(invoice(lines=[line, line])) == ["repeated-line"]


def test_what_the_client_alone_knows_is_checked_too() -> None:
    values = invoice()
    values["input"]["budget"] = euros("1000.00")
    assert found(values) == ["budget"]


def test_a_check_is_due_once_its_values_are_there() -> None:
    assert found({"input": {}, "output": {}}) == []
    assert found({"input": {}, "output": {"iban": "NL00"}}) == ["iban"]


@pytest.mark.parametrize(
    ("that", "reason"),
    [
        ("1 / 0 == 1", "division by zero"),
        ("output.supplier > 3", "No such overload"),
        ("output.total.amount", "not yes or no"),
        ("sum(['a']) == 1", "only numbers can be reckoned with"),
        ("lookup('nothing', 'x').y == ''", "Function 'lookup' error"),
    ],
)
def test_a_check_that_cannot_be_worked_out_is_an_error_not_a_pass(that: str, reason: str) -> None:
    (finding,) = run_checks(with_check(that, severity="warning"), values=invoice())
    assert finding.severity == "error"
    assert finding.message.startswith("The check “only” cannot be worked out: ")
    assert reason in finding.message


def test_amounts_are_compared_and_added_exactly() -> None:
    third = invoice(net=euros("0.10"), tax=euros("0.20"), total=euros("0.30"), lines=[])
    assert found(third) == []
    naive = with_check("output.net.amount + output.tax.amount == output.total.amount")
    assert found(third, naive) == ["only"]  # why the service may not say so


@settings(max_examples=150, deadline=None)
@given(st.decimals(-(10**12), 10**12, places=2), st.decimals(-(10**12), 10**12, places=2))
def test_cel_agrees_with_decimals(one: Decimal, two: Decimal) -> None:
    values = {"a": float(one), "b": float(two), "s": float(one + two), "d": float(one - two), **FUNCTIONS}
    assert evaluate("sum([a, b]) == s && minus(a, b) == d", values)
    assert evaluate("a < b", values) == (one < two)
    assert evaluate("a == b", values) == (one == two)


@pytest.mark.parametrize(
    "text",
    [
        "round(2.675, 2) == 2.68",
        "round(-2.675, 2) == -2.68",
        "times(19.99, 0.19) == 3.7981",
        "sum([]) == 0.0",
        "sum([1, 2.5]) == 3.5",
        "days_between('2026-02-27', '2026-03-02') == 3",
        "distinct(['a', 'b']) && !distinct(['a', 'a'])",
        "is_iban('DE89 3704 0044 0532 0130 00')",
        "!is_iban('DE88 3704 0044 0532 0130 00')",
        "!is_iban('DE89')",
    ],
)
def test_functions(text: str) -> None:
    assert evaluate(text, dict(FUNCTIONS))


def test_a_condition_never_takes_what_is_missing_for_a_no() -> None:
    holds = condition("output.approved")
    assert holds({"output": {"approved": True}}) is True
    assert holds({"output": {"approved": False}}) is False
    with pytest.raises(ConditionFailed, match="“approved” is not there; ask has"):
        holds({"output": {}})
    with pytest.raises(ConditionFailed, match="not yes or no"):
        condition("output.approved")({"output": {"approved": "perhaps"}})
    with pytest.raises(ConditionFailed, match="mismatched input"):
        condition("output.approved &&")({"output": {}})


def test_gateways_ask_the_items_values() -> None:
    large = INVOICE.process.flows["Above"]
    assert deciding(INVOICE, values=invoice())(large)
    assert not deciding(INVOICE, values=invoice(total=euros("1000.00")))(large)
    assert deciding(INVOICE, values={})(Flow(id="plain", source="a", target="b"))


def test_a_text_that_would_take_minutes_is_not_let_in_and_the_longest_let_in_is_quick() -> None:
    rows = [{"description": str(number), "net": euros("1.00"), "tax_rate": "21"} for number in range(500)]
    loops = with_check("output.lines.all(a, output.lines.exists(b, b.description == a.description))")
    began = time.process_time()
    assert found(invoice(lines=rows), loops) == []
    assert time.process_time() - began < 5


@settings(max_examples=300, deadline=None)
@given(st.text("output.net amp()[]{}!&|=<>+-*/'\"\\?:,01\n", max_size=40))
def test_any_text_is_cel_or_a_named_error(text: str) -> None:
    try:
        evaluate(text, {"output": {"net": 1.0}, **FUNCTIONS})
    except (NotCel, NotEvaluated, MissingValue):
        return


def test_differences_are_told_by_each_fields_own_comparison() -> None:
    theirs = invoice(
        invoice_number=" ap/2026-1187",
        remark="differs freely",
        total=euros("1285.64"),
        lines=[{"description": "paper", "net": euros("1044.50"), "tax_rate": "9"}],
    )
    found = differences(INVOICE.output, ours=invoice()["output"], theirs=theirs["output"])
    assert [(each.path, each.critical) for each in found] == [
        ("lines[0].tax_rate", False),
        ("lines[1].description", False),
        ("lines[1].net", False),
        ("lines[1].tax_rate", False),
        ("total", True),
    ]
    assert (found[-1].ours, found[-1].theirs) == (euros("1285.63"), euros("1285.64"))


def test_amounts_are_the_same_within_their_tolerance_and_in_one_currency() -> None:
    table = {"lines": [{"quantity": "1.000"}]}
    assert differences(INVOICE.output, ours=table, theirs={"lines": [{"quantity": "1.0010"}]}) == ()
    assert len(differences(INVOICE.output, ours=table, theirs={"lines": [{"quantity": "1.0011"}]})) == 1
    assert (
        len(
            differences(
                INVOICE.output, ours={"net": euros("1")}, theirs={"net": {"amount": "1", "currency": "CHF"}}
            )
        )
        == 1
    )
    assert differences(INVOICE.output, ours={"net": euros("1")}, theirs={"net": euros("1.00")}) == ()
    assert len(differences(INVOICE.output, ours={"net": euros("1")}, theirs={})) == 1


@settings(max_examples=50, deadline=None)
@given(st.sampled_from(["net", "tax", "total"]), st.decimals(0, 1000, places=2))
def test_nothing_differs_from_itself_and_differences_mirror(name: str, amount: Decimal) -> None:
    ours, theirs = invoice()["output"], invoice(**{name: euros(str(amount))})["output"]
    assert differences(INVOICE.output, ours=ours, theirs=ours) == ()
    there = differences(INVOICE.output, ours=ours, theirs=theirs)
    back = differences(INVOICE.output, ours=theirs, theirs=ours)
    assert [(each.path, each.theirs, each.ours) for each in back] == [
        (each.path, each.ours, each.theirs) for each in there
    ]
