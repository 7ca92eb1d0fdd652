"""The fields of an item to be read: as the form has them, in the reader's language, masked ones as dots."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _

from backdesk.desks.services import Field, Lookup
from backdesk.platform.web import formats
from backdesk.work.web.entry import lookups as tables_of_values

DOTS = "••••••"
NO_DOCUMENTS: Mapping[str, str] = MappingProxyType({})
_NUMBERS = frozenset({"integer", "decimal", "money"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """`path` is that of its value, `unit` a currency or the zone of an instant; a masked one has no text but dots."""

    title: str
    text: str
    path: str
    unit: str = ""
    note: str = ""
    is_masked: bool = False
    is_number: bool = False
    is_long: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FactTable:
    title: str
    heads: tuple[Field, ...]
    rows: tuple[tuple[Fact | None, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FactGroup:
    title: str
    facts: tuple[Fact, ...]


Told = Fact | FactTable | FactGroup


def facts(
    fields: Sequence[Field],
    values: Mapping[str, Any],
    *,
    at: str,
    masked: Collection[str] = (),
    lookups: Mapping[str, Lookup],
    documents: Mapping[str, str] = NO_DOCUMENTS,
) -> tuple[Told, ...]:
    """Those that have a value, in the order of the schema. `at` is what paths begin with: `input`, `output`;
    `documents` are the names of files by their numbers."""
    telling = _Telling(masked=frozenset(masked), lookups=lookups, documents=documents)
    return tuple(telling.told(fields, values, f"{at}."))


def fact(field: Field, value: Any, *, path: str, lookups: Mapping[str, Lookup]) -> Fact:
    """One value by itself."""
    text, unit = _written(field, value)
    lookup = lookups.get(field.lookup or "")
    name = tables_of_values.name_of(lookup, text) if lookup else ""
    return Fact(
        title=field.title,
        text=text,
        path=path,
        unit=unit,
        note=name if name != text else "",
        is_number=field.type in _NUMBERS,
        is_long=field.type == "longtext",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Telling:
    masked: frozenset[str]
    lookups: Mapping[str, Lookup]
    documents: Mapping[str, str]

    def told(self, fields: Sequence[Field], values: Mapping[str, Any], at: str) -> Iterator[Told]:
        for field in fields:
            path, value = f"{at}{field.name}", values.get(field.name)
            if field.type == "group" and value:
                inner = self.told(field.fields, value, f"{path}.")
                yield FactGroup(title=field.title, facts=tuple(one for one in inner if isinstance(one, Fact)))
            elif field.type == "table" and value:
                yield self.table(field, value, path)
            elif (one := self.one(field, value, path)) is not None:
                yield one

    def table(self, field: Field, rows: Sequence[Mapping[str, Any]], path: str) -> FactTable:
        heads = tuple(_leaves(field.fields))
        return FactTable(
            title=field.title,
            heads=heads,
            rows=tuple(
                tuple(self.cell(head, row, f"{path}[{place}].", field.path) for head in heads)
                for place, row in enumerate(rows)
            ),
        )

    def cell(self, head: Field, row: Mapping[str, Any], at: str, table: str) -> Fact | None:
        below = head.path.removeprefix(f"{table}[].")
        value: Any = row
        for part in below.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        return self.one(head, value, f"{at}{below}")

    def one(self, field: Field, value: Any, path: str) -> Fact | None:
        if path in self.masked:
            return Fact(title=field.title, text=DOTS, path=path, is_masked=True)
        if value in (None, "", [], {}):
            return None
        known = self.documents.get(str(value), value) if field.type == "file" else value
        return fact(field, known, path=path, lookups=self.lookups)


def _leaves(fields: Sequence[Field]) -> Iterator[Field]:
    for one in fields:
        if one.type == "group":
            yield from _leaves(one.fields)
        else:
            yield one


def _written(field: Field, value: Any) -> tuple[str, str]:
    """As the reader's language writes it, and the unit."""
    match field.type:
        case "money":
            return _number(value["amount"]), str(value["currency"])
        case "integer" | "decimal":
            return _number(value), ""
        case "date":
            return formats.day(date.fromisoformat(value)), ""
        case "datetime":
            return formats.instant(datetime.fromisoformat(value)), formats.zone_name()
        case "boolean":
            return (_("Yes") if value else _("No")), ""
        case "choice":
            return dict(field.choices).get(value, str(value)), ""
        case _:
            return str(value), ""


def _number(value: Any) -> str:
    number = Decimal(str(value))
    exponent = number.as_tuple().exponent
    return formats.number(number, decimals=max(-exponent, 0) if isinstance(exponent, int) else 0)
