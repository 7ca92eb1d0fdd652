"""Schemas of items: fields read from a JSON Schema, values checked by it, and forms turned into values and back."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from backdesk.desks.services import entering, validating
from backdesk.desks.services.fields import Field, FieldProblem, Lookup, pathless


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """What was typed into a form: the values that could be read, what is wrong, and the texts to show again.

    In `texts` the rows of tables are counted anew without the empty ones, as in `values` and the problems' paths.
    """

    values: dict[str, Any]
    problems: tuple[FieldProblem, ...]
    texts: dict[str, str]


@dataclass(frozen=True, kw_only=True)  # without slots, so that it can keep its text
class Schema:
    """The fields of an item's input or output: a JSON Schema (2020-12) and, read from it, its fields.

    Values are JSON: money is `{"amount": "12.30", "currency": "EUR"}`, a decimal is `"0.19"`, a date `"2026-01-31"`;
    no amount is ever a float.

    >>> from backdesk.desks.services.reading_schemas import read_schema
    >>> net = b'{"type": "object", "properties": {"net": {"type": "object", "format": "money", "title": "Net"}}}'
    >>> schema = read_schema(net, file="output.schema.json")
    >>> schema.parse({"net": "1 234,50", "net-currency": "eur"}).values
    {'net': {'amount': '1234.50', 'currency': 'EUR'}}
    """

    document: Mapping[str, Any]
    fields: tuple[Field, ...]

    def every(self) -> Iterator[Field]:
        """Yield all fields, those in groups and tables too.

        >>> [each.path for each in Schema(document={}, fields=()).every()]
        []
        """
        for each in self.fields:
            yield from each.walk()

    def find(self, path: str) -> Field | None:
        """Return the field at a path; the rows of a table may be counted or not (`lines[3].net`, `lines[].net`).

        >>> Schema(document={}, fields=()).find("lines[3].net") is None
        True
        """
        wanted = pathless(path)
        return next((each for each in self.every() if each.path == wanted), None)

    def only(self, names: Collection[str]) -> Schema:
        """Return the schema with nothing but some of its outermost fields: what one step fills or sees.

        >>> Schema(document={"properties": {}}, fields=()).only({"net"}).fields
        ()
        """
        properties = {
            name: each for name, each in self.document.get("properties", {}).items() if name in names
        }
        required = [name for name in self.document.get("required", ()) if name in names]
        document = {**self.document, "properties": properties, "required": required}
        if not required:
            del document["required"]
        return replace(
            self, document=document, fields=tuple(each for each in self.fields if each.name in names)
        )

    def shared(self) -> Schema:
        """Return the schema without what is the client's alone: not even the names of those fields are left.

        >>> Schema(document={"properties": {}}, fields=()).shared().fields
        ()
        """
        document, fields = _shared(self.document, self.fields)
        return replace(self, document=document, fields=fields)

    def parted(self, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Part values into those both companies may see, and those that are the client's alone.

        `merged` puts them together again.

        >>> Schema(document={}, fields=()).parted({})
        ({}, {})
        """
        return _parted(self.fields, values)

    def errors(
        self, values: Mapping[str, Any], *, lookups: Mapping[str, Lookup] | None = None
    ) -> tuple[FieldProblem, ...]:
        """Return what is wrong with values, field by field; nothing if they are right.

        Args:
            values: as JSON holds them.
            lookups: those of the service; with them, values of lookup fields must be among their keys.

        >>> Schema(document={"type": "object", "additionalProperties": False}, fields=()).errors({})
        ()
        """
        return validating.errors(self._text, self.fields, values, lookups or {})

    def parse(self, texts: Mapping[str, str], *, lookups: Mapping[str, Lookup] | None = None) -> Entered:
        """Read what was typed into a form; see `Field.input_name` for the names.

        Decimals may be written `1234.5`, `1234,5`, `1.234,50` or `1,234.50`; `1,234` could mean either and is refused.
        Empty inputs are left out, and so are rows of tables with nothing in them.

        >>> Schema(document={"type": "object"}, fields=()).parse({"net": "1"}).values
        {}
        """
        values, unread, texts = entering.parse(self.fields, texts)
        seen = {problem.path for problem in unread}
        wrong = [problem for problem in self.errors(values, lookups=lookups) if problem.path not in seen]
        return Entered(values=values, problems=(*unread, *wrong), texts=texts)

    def dump(self, values: Mapping[str, Any]) -> dict[str, str]:
        """Write values as the texts of a form, which `parse` reads back the same.

        >>> Schema(document={}, fields=()).dump({})
        {}
        """
        return entering.dump(self.fields, values)

    @cached_property
    def _text(self) -> str:
        """The document written once, not for each line of a file that is held against it."""
        return json.dumps(self.document)


def merged(*, shared: Mapping[str, Any], private: Mapping[str, Any]) -> dict[str, Any]:
    """Put together the values that `Schema.parted` has parted.

    >>> merged(shared={"supplier": {"name": "Alder"}}, private={"supplier": {"limit": 5}})
    {'supplier': {'name': 'Alder', 'limit': 5}}
    """
    whole = dict(shared)
    for name, value in private.items():
        inside = isinstance(value, dict) and isinstance(whole.get(name), dict)
        whole[name] = merged(shared=whole[name], private=value) if inside else value
    return whole


def _shared(
    document: Mapping[str, Any], fields: tuple[Field, ...]
) -> tuple[dict[str, Any], tuple[Field, ...]]:
    properties, kept = {}, []
    for each in fields:
        inner = document["properties"][each.name]
        if each.type == "group":
            inner, within = _shared(inner, each.fields)
            each = replace(each, fields=within)  # noqa: PLW2901 - the same field, with less in it
        if each.visibility != "client" and (each.type != "group" or each.fields):
            properties[each.name] = inner
            kept.append(each)
    found = {**document, "properties": properties}
    if "required" in found:
        found["required"] = [name for name in found["required"] if name in properties]
    return found, tuple(kept)


def _parted(fields: tuple[Field, ...], values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    shared: dict[str, Any] = {}
    private: dict[str, Any] = {}
    for each in fields:
        if each.name not in values:
            continue
        value = values[each.name]
        if each.type == "group" and each.visibility != "client" and isinstance(value, Mapping):
            shared[each.name], hidden = _parted(each.fields, value)
            if hidden:
                private[each.name] = hidden
        else:
            (private if each.visibility == "client" else shared)[each.name] = value
    return shared, private
