"""Two answers to the same form, side by side: for what is keyed twice, for gold items and for reviews."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest
from typing import Any, Final

from backdesk.desks.services.fields import Comparison, Field
from backdesk.desks.services.schemas import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A field in which two answers differ; None where one of them has nothing.

    >>> Difference(path="net", ours="1", theirs=None, critical=True).critical
    True
    """

    path: str
    ours: Any
    theirs: Any
    critical: bool


def differences(
    schema: Schema, *, ours: Mapping[str, Any], theirs: Mapping[str, Any]
) -> tuple[Difference, ...]:
    """Return where two answers differ, field by field in the schema's order.

    Each field is compared as it says: `exact`; `text` (neither case nor spaces matter); `number` (by value, apart by
    at most its tolerance; money in the same currency); `ignore` (never differs). Rows of tables are compared in
    their order; one more or less differs in all its fields.

    >>> from backdesk.desks.services.examples import example
    >>> schema = example("invoice-entry").output
    >>> [each.path for each in differences(schema, ours={"invoice_number": "A  1"}, theirs={"invoice_number": "a 1"})]
    []
    """
    return tuple(_group(schema.fields, ours, theirs, ""))


def _group(
    fields: Sequence[Field], ours: Mapping[str, Any], theirs: Mapping[str, Any], prefix: str
) -> Iterator[Difference]:
    for each in fields:
        mine, other, path = ours.get(each.name), theirs.get(each.name), f"{prefix}{each.name}"
        if each.type == "group":
            yield from _group(each.fields, mine or {}, other or {}, f"{path}.")
        elif each.type == "table":
            nothing: Mapping[str, Any] = {}
            for number, (one, two) in enumerate(zip_longest(mine or [], other or [], fillvalue=nothing)):
                yield from _group(each.fields, one, two, f"{path}[{number}].")
        elif not _same(each, mine, other):
            yield Difference(path=path, ours=mine, theirs=other, critical=each.critical)


def _same(field: Field, mine: Any, other: Any) -> bool:
    if field.comparison == "ignore" or mine == other:
        return True
    if mine is None or other is None:
        return False
    return _COMPARED[field.comparison](field, mine, other)


def _as_text(field: Field, mine: Any, other: Any) -> bool:
    return " ".join(str(mine).split()).casefold() == " ".join(str(other).split()).casefold()


def _as_number(field: Field, mine: Any, other: Any) -> bool:
    if field.type == "money":
        return mine["currency"] == other["currency"] and _as_number_of(field, mine["amount"], other["amount"])
    return _as_number_of(field, mine, other)


def _as_number_of(field: Field, mine: Any, other: Any) -> bool:
    return abs(Decimal(str(mine)) - Decimal(str(other))) <= field.tolerance


_COMPARED: Final[Mapping[Comparison, Callable[[Field, Any, Any], bool]]] = {
    "exact": lambda field, mine, other: False,  # they are not equal
    "text": _as_text,
    "number": _as_number,
}
