"""JSON Schemas as fields: what is read, and what is wrong with a definition."""
# ruff: noqa: E501

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from backdesk.desks.services import BrokenService, Schema, example, merged, read_schema


def schema(properties: dict[str, Any], **more: Any) -> Schema:
    document = {"type": "object", "properties": properties, **more}
    return read_schema(json.dumps(document, indent=1).encode(), file="s.json", lookups=["suppliers"])


def refused(definition: Any) -> str:
    """What is said of one field `a` with this definition."""
    with pytest.raises(BrokenService) as broken:
        schema({"a": definition})
    return "\n".join(str(each) for each in broken.value.problems)


def test_every_type_is_a_field() -> None:
    types = {each.path: each.type for each in example("invoice-entry").output.every()}
    types |= {each.path: each.type for each in example("customer-record").output.every()}
    types |= {each.path: each.type for each in example("invoice-entry").input.every()}
    assert types["lines"] == "table"
    assert types["lines[].quantity"] == "decimal"
    assert types["lines[].tax_rate"] == "choice"
    assert types["address.street"] == "text"
    assert set(types.values()) == {
        "text", "longtext", "integer", "decimal", "money", "date", "boolean", "choice", "lookup", "file", "group", "table"
    }  # fmt: skip


def test_annotations_are_kept() -> None:
    output = example("invoice-entry").output
    total = output.find("total")
    assert total is not None
    assert (total.critical, total.comparison, total.currencies) == (True, "number", ("EUR",))
    quantity = output.find("lines[4].quantity")
    assert quantity is not None
    assert (quantity.minimum, quantity.tolerance, quantity.input_name(row=4)) == (
        "0",
        Decimal("0.001"),
        "lines-4-quantity",
    )


def test_what_is_inside_the_clients_own_is_the_clients_own() -> None:
    inner = {"type": "object", "properties": {"b": {"type": "string", "x-visibility": "all"}}}
    found = schema({"a": {**inner, "x-visibility": "client"}}).find("a.b")
    assert found is not None
    assert found.visibility == "client"


def test_what_is_inside_what_is_masked_is_masked() -> None:
    inner = {"b": {"type": "string"}, "c": {"type": "string", "x-visibility": "client"}}
    found = schema({"a": {"type": "object", "properties": inner, "x-visibility": "masked"}})
    assert [each.visibility for each in found.every()] == ["masked", "masked", "client"]
    rows = {"type": "array", "items": {"type": "object", "properties": {"b": {"type": "string"}}}}
    column = schema({"a": {**rows, "x-visibility": "masked"}}).find("a[0].b")
    assert column is not None
    assert column.visibility == "masked"


@pytest.mark.parametrize(
    ("definition", "says"),
    [
        ({"type": "number"}, "A number loses cents"),
        ({"type": "strin"}, "/properties/a/type: A field is of type string, integer"),
        ({}, "A field is of type"),
        ("text", "A field is an object"),
        ({"type": "string", "format": "day"}, "line 6, /properties/a/format: Formats of a string are decimal, date"),
        ({"type": "string", "maxlength": 3}, "“maxlength” is not read for a text; is it “maxLength”?"),
        ({"type": "string", "$ref": "http://x"}, "“$ref” is not read"),
        ({"type": "string", "x-lookup": "supplier"}, "There is no lookups/supplier.csv; is it “suppliers”?"),
        ({"type": "string", "enum": []}, "Give choices, each once"),
        ({"type": "string", "enum": ["a", "a"]}, "Give choices, each once"),
        ({"type": "string", "oneOf": [{"const": 1}]}, "Give choices, each once"),
        ({"type": "string", "pattern": "("}, "This is no regular expression"),
        ({"type": "string", "pattern": "x" * 301}, "at most 300 characters"),
        ({"type": "string", "minLength": -1}, "This is a whole number, 0 or more."),
        ({"type": "string", "minLength": 9, "maxLength": 3}, "The most is less than the least (9)."),
        ({"type": "string", "format": "decimal", "x-minimum": 0}, 'Write the number as a text, like "0.00".'),
        ({"type": "string", "format": "decimal", "x-tolerance": "-1"}, "how far two numbers may be apart"),
        ({"type": "string", "format": "date", "x-minimum": "1 May"}, 'Write it like "2026-01-31".'),
        ({"type": "integer", "minimum": 1.5}, "This is a whole number of at most 15 digits."),
        ({"type": "string", "x-visibility": "cleint"}, "This is one of all, client, masked; is it “client”?"),
        ({"type": "string", "x-comparison": "number"}, "Only integer, decimal and money are compared as numbers."),
        ({"type": "string", "x-critical": "yes"}, "This is true or false."),
        ({"type": "string", "title": 3}, "This is a text"),
        ({"type": "object", "format": "money", "x-currencies": ["Euro"]}, "a list of currencies"),
        ({"type": "object"}, "Give at least one field"),
        ({"type": "object", "properties": {"b": {"type": "string"}}, "required": ["c"]}, "There is no field “c”"),
        ({"type": "object", "properties": {"b": {"type": "string"}}, "additionalProperties": True}, "leave this out"),
        ({"type": "array", "items": {"type": "string"}}, 'A table has "items"'),
        ({"type": "array", "maxItems": 900, "items": {"type": "object", "properties": {"b": {"type": "string"}}}}, "at most 500 rows"),
        ({"type": "array", "items": {"type": "object", "properties": {"b": {"type": "string", "x-visibility": "client"}}}}, "A column cannot be the client's alone"),
    ],
)  # fmt: skip
def test_a_definition_says_what_is_wrong_with_it(definition: Any, says: str) -> None:
    assert says in refused(definition)


def test_tables_do_not_stand_in_tables_nor_groups_deeper_than_four() -> None:
    inner = {"type": "array", "items": {"type": "object", "properties": {"b": {"type": "string"}}}}
    outer = {"type": "array", "items": {"type": "object", "properties": {"inner": inner}}}
    assert "A table cannot stand in another" in refused(outer)
    deep: dict[str, Any] = {"type": "string"}
    for _ in range(6):
        deep = {"type": "object", "properties": {"a": deep}}
    assert "Groups go 4 deep" in refused(deep)


@pytest.mark.parametrize("name", ["Net", "in", "a-b", "1a", "", "a" * 41])
def test_names_are_such_that_texts_can_say_them(name: str) -> None:
    with pytest.raises(BrokenService, match="is no name of a field"):
        schema({name: {"type": "string"}})


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\xff", "not UTF-8"),
        (b"{", "This is no JSON"),
        (b"[]", "A schema is"),
        (b'{"type": "object", "properties": {"a": {"type": "string"}, "a": {"type": "string"}}}', "“a” is given twice"),
        (b"[" * 100_000, "nested too deeply"),
        (b" " * 512_001, "at most 512,000"),
        (b'{"type": "object", "properties": {}}', "Give at least one field"),
        (b"1" * 5_000, "no JSON that is read here"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_schema(data: bytes, says: str) -> None:
    with pytest.raises(BrokenService, match=says):
        read_schema(data, file="s.json")


def test_an_unfilled_schema_has_at_most_400_fields() -> None:
    with pytest.raises(BrokenService) as broken:
        schema({f"f{number}": {"type": "string"} for number in range(500)})
    assert [each.says for each in broken.value.problems] == ["A schema has at most 400 fields."]


def test_a_part_of_a_schema_checks_that_part_alone() -> None:
    output = example("invoice-entry").output.only(["approved", "cost_centre"])
    assert [each.name for each in output.fields] == ["approved", "cost_centre"]
    assert output.errors({"approved": True}) == ()
    assert [each.path for each in output.errors({"net": 1})] == ["net"]


def test_what_both_see_holds_not_even_the_names_of_the_rest() -> None:
    both = example("invoice-entry").input.shared()
    assert both.find("budget") is None
    assert "budget" not in json.dumps(both.document)
    assert both.find("ordered_by") is not None


def test_values_part_and_merge_again() -> None:
    inner = {"properties": {"b": {"type": "string"}, "c": {"type": "string", "x-visibility": "client"}}}
    fields = schema({"a": {"type": "object", **inner}, "d": {"type": "string", "x-visibility": "client"}})
    values = {"a": {"b": "1", "c": "2"}, "d": "3"}
    shared, private = fields.parted(values)
    assert (shared, private) == ({"a": {"b": "1"}}, {"a": {"c": "2"}, "d": "3"})
    assert merged(shared=shared, private=private) == values
    assert fields.shared().errors({"a": {"b": "1"}}) == ()
