"""What people type becomes values, exactly, or the field says what would be right."""
# ruff: noqa: E501

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backdesk.desks.services import Field, Schema, example, example_keys
from tests.desks.services.test_schemas import schema

KINDS = schema(
    {
        "text": {"type": "string", "maxLength": 5},
        "long": {"type": "string", "x-widget": "longtext"},
        "count": {"type": "integer", "minimum": 1, "maximum": 99},
        "share": {"type": "string", "format": "decimal", "x-minimum": "0", "x-maximum": "1"},
        "net": {"type": "object", "format": "money"},
        "on": {"type": "string", "format": "date", "x-minimum": "2026-01-01"},
        "at": {"type": "string", "format": "date-time"},
        "yes": {"type": "boolean"},
        "way": {"type": "string", "enum": ["a", "b"]},
        "mail": {"type": "string", "format": "email"},
        "rows": {
            "type": "array",
            "maxItems": 3,
            "items": {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}, "b": {"type": "boolean"}}},
        },
        "inner": {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}, "b": {"type": "string"}}},
    }
)  # fmt: skip


def value(name: str, text: str, **more: str) -> Any:
    entered = KINDS.parse({name: text, **{key.replace("_", "-"): each for key, each in more.items()}})
    assert not entered.problems, entered.problems
    return entered.values[name]


def complaint(texts: dict[str, str]) -> tuple[str, str]:
    (problem,) = KINDS.parse(texts).problems
    return problem.path, problem.says


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1234.5", "1234.50"),
        ("1234,5", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1 234,50", "1234.50"),
        ("1'234.50", "1234.50"),
        ("1.234.567,89", "1234567.89"),
        ("1,234,567", "1234567.00"),
        ("-0,5", "-0.50"),
        ("+12", "12.00"),
        ("0.1", "0.10"),
    ],
)
def test_amounts_are_read_as_people_write_them(text: str, amount: str) -> None:
    assert value("net", text, net_currency="eur") == {"amount": amount, "currency": "EUR"}


@pytest.mark.parametrize(
    ("texts", "path", "says"),
    [
        ({"net": "1,234", "net-currency": "EUR"}, "net", "“1,234” can be read in two ways: write 1234 or 1.234."),
        ({"net": "1.2.3", "net-currency": "EUR"}, "net", "Enter a number, like 1234.50."),
        ({"net": "1e3", "net-currency": "EUR"}, "net", "Enter a number, like 1234.50."),
        ({"net": "١٢", "net-currency": "EUR"}, "net", "Enter a number, like 1234.50."),
        ({"net": "nan", "net-currency": "EUR"}, "net", "Enter a number, like 1234.50."),
        ({"net": "1" * 16, "net-currency": "EUR"}, "net", "Enter a number of at most 15 digits."),
        ({"net": "1" * 14, "net-currency": "EUR"}, "net", "Enter an amount like 12.30 with its currency like EUR."),
        ({"net": "12"}, "net", "Enter the currency too, in three letters like EUR."),
        ({"net": "1.234", "net-currency": "EUR"}, "net", "Enter an amount in EUR with at most 2 digits after the point."),
        ({"net": "1.5", "net-currency": "JPY"}, "net", "Enter an amount in JPY with at most 0 digits after the point."),
        ({"count": "1.5"}, "count", "Enter a whole number, like 12."),
        ({"count": "0"}, "count", "Enter at least 1."),
        ({"count": "100"}, "count", "Enter at most 99."),
        ({"share": "1.01"}, "share", "Enter at most 1."),
        ({"on": "31.1.2026"}, "on", "Enter a date, like 2026-01-31."),
        ({"on": "2026-02-30"}, "on", "Enter a date, like 2026-01-31."),
        ({"on": "2025-12-31"}, "on", "Enter at least 2026-01-01."),
        ({"at": "noon"}, "at", "Enter a date and time, like 2026-01-31T14:30."),
        ({"yes": "perhaps"}, "yes", "Enter yes or no."),
        ({"way": "c"}, "way", "Choose one of: a, b."),
        ({"mail": "nobody"}, "mail", "Enter an e-mail address, like name@example.com."),
        ({"text": "too long"}, "text", "Enter at most 5 characters."),
        ({"rows-3-b": "on"}, "rows[0].a", "Fill this in."),
        ({"inner-b": "x"}, "inner.a", "Fill this in."),
        ({f"rows-{number}-a": "x" for number in range(4)}, "rows", "Fill in at most 3 rows."),
        ({f"rows-{number}-a": "x" for number in range(501)}, "rows", "A table has at most 500 rows; divide this among several items."),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_what_would_be_right(texts: dict[str, str], path: str, says: str) -> None:
    assert complaint(texts) == (path, says)


def test_numbers_with_another_minor_unit() -> None:
    assert value("net", "1500", net_currency="JPY")["amount"] == "1500"
    assert value("net", "1.5", net_currency="KWD")["amount"] == "1.500"


def test_dates_moments_and_ticks() -> None:
    assert value("on", "2026-01-31") == "2026-01-31"
    assert value("at", "2026-01-31T14:30+02:00") == "2026-01-31T12:30:00+00:00"
    assert value("yes", "on") is True
    assert KINDS.parse({}).values == {"yes": False}


def test_rows_keep_their_order_without_the_empty_ones_and_what_was_typed() -> None:
    entered = KINDS.parse({"rows-7-a": "last", "rows-2-a": "first", "rows-4-a": " ", "rows-7-b": "on"})
    assert entered.values["rows"] == [{"a": "first", "b": False}, {"a": "last", "b": True}]
    assert entered.texts["rows-1-a"] == "last"
    assert "rows-7-a" not in entered.texts


def test_what_was_typed_is_kept_though_it_cannot_be_read() -> None:
    entered = KINDS.parse({"net": "12,3x", "net-currency": "eur"})
    assert (entered.texts["net"], entered.texts["net-currency"]) == ("12,3x", "eur")


def test_control_characters_are_dropped_from_forms_and_refused_in_json() -> None:
    assert value("long", "a\x00b\r\nc") == "ab\nc"
    assert [each.path for each in KINDS.errors({"long": "a\x00b"})] == ["long"]
    assert [each.path for each in KINDS.errors({"text": "\ud800"})] == ["text"]


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"net": {"amount": 12.3, "currency": "EUR"}}, "net"),
        ({"net": {"amount": "12.345", "currency": "EUR"}}, "net"),
        ({"net": {"amount": "12.30"}}, "net"),
        ({"net": "12.30"}, "net"),
        ({"share": 0.5}, "share"),
        ({"share": "0.5\n"}, "share"),
        ({"count": 3.0}, "count"),
        ({"count": True}, "count"),
        ({"yes": "true"}, "yes"),
        ({"rows": {}}, "rows"),
        ({"rows": ["x"]}, "rows[0]"),
        ({"at": "2026-01-31T14:30:00"}, "at"),
        ({"on": "0000-01-01"}, "on"),
        ({"nett": 1}, "nett"),
    ],
)
def test_json_is_held_to_the_same_rules(values: dict[str, Any], path: str) -> None:
    assert [each.path for each in KINDS.errors(values)] == [path]


def test_a_name_that_is_not_there_is_told_the_nearest() -> None:
    assert KINDS.errors({"nett": 1})[0].says == "There is no field “nett” here; is it “net”?"


def test_a_lookup_holds_its_keys() -> None:
    service = example("invoice-entry")
    part = service.output.only(["supplier"])
    assert part.errors({"supplier": "70001"}, lookups=service.lookups) == ()
    (problem,) = part.errors({"supplier": "7"}, lookups=service.lookups)
    assert problem.says == "“7” is not in the list suppliers."


texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=12).map(
    lambda text: " ".join(text.split())
)


def values_of(field: Field) -> st.SearchStrategy[Any]:
    if field.type == "group":
        return groups(field.fields).filter(bool)
    if field.type == "table":
        row = groups(field.fields).filter(
            lambda row: any(value not in (False, None) for value in row.values())
        )
        return st.lists(row, min_size=1, max_size=3)
    money = st.decimals(-(10**9), 10**9, places=2).map(
        lambda amount: {"amount": str(amount), "currency": "EUR"}
    )
    decimals = st.decimals(-(10**6), 10**6, places=3).map(lambda number: format(number, "f"))
    by_type: dict[str, st.SearchStrategy[Any]] = {
        "text": texts.filter(bool),
        "longtext": texts.filter(bool),
        "integer": st.integers(-(10**14), 10**14),
        "decimal": decimals,
        "money": money,
        "date": st.dates().map(str),
        "datetime": st.datetimes().map(lambda moment: f"{moment.isoformat()}+00:00"),
        "boolean": st.booleans(),
        "choice": st.sampled_from([each for each, _ in field.choices] or [""]),
        "lookup": texts.filter(bool),
        "file": texts.filter(bool),
    }
    return by_type[field.type]


def groups(fields: tuple[Field, ...]) -> st.SearchStrategy[dict[str, Any]]:
    ticks = {each.name: values_of(each) for each in fields if each.type == "boolean"}
    others = {each.name: values_of(each) for each in fields if each.type != "boolean"}
    return st.fixed_dictionaries(ticks, optional=others)


@pytest.mark.parametrize("which", ["kinds", "invoice-entry", "customer-record"])
def test_values_written_into_a_form_are_read_back_the_same(which: str) -> None:
    fields: Schema = KINDS if which == "kinds" else example(which).output

    @settings(max_examples=60, deadline=None)
    @given(groups(fields.fields))
    def holds(values: dict[str, Any]) -> None:
        assert fields.parse(fields.dump(values)).values == values

    holds()


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from([*KINDS.dump({}), "net", "net-currency", "rows-0-a", "rows-x-a", "on", "count"]), st.text(max_size=9)))  # fmt: skip
def test_whatever_is_typed_is_read_or_complained_about(typed: dict[str, str]) -> None:
    entered = KINDS.parse(typed)
    assert {problem.path for problem in KINDS.errors(entered.values)} <= {
        each.path for each in entered.problems
    }


@settings(max_examples=100, deadline=None)
@given(st.decimals(-(10**12), 10**12, places=2))
def test_no_cent_is_lost(amount: Decimal) -> None:
    for written in (f"{amount:f}", f"{amount:,f}", f"{amount:f}".replace(".", ",")):
        assert Decimal(value("net", written, net_currency="EUR")["amount"]) == amount


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"examples": [7, "NL-12345"], "description": "As stamped."}, "Write it like NL-12345."),
        ({"description": "As stamped."}, "This is not written as it should be. As stamped."),
        ({"examples": [7]}, "This is not written as it should be: ^[A-Z]{2}-[0-9]+$."),
    ],
)
def test_how_a_text_is_written_is_said_as_the_schema_says_it_to_people(
    said: dict[str, Any], says: str
) -> None:
    number = {"type": "string", "pattern": "^[A-Z]{2}-[0-9]+$", **said}
    (problem,) = schema({"number": number}).errors({"number": "12345"})
    assert problem.says == says


@pytest.mark.parametrize("key", example_keys())
def test_an_example_in_a_service_is_written_as_the_service_asks(key: str) -> None:
    service = example(key)
    shown = [field for one in (service.input, service.output) for field in one.every() if field.example]
    assert [field.path for field in shown if not re.search(field.pattern or "", field.example)] == []
