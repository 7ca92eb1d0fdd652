"""A column: what it shows, in which unit, by which definition."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from backdesk.platform.web.words import Words

Row = Any
"""A mapping or an object with attributes: whatever the query gave."""

Kind = Literal["text", "number", "share", "duration", "hours", "money", "time", "date", "calendar", "status"]
Filter = Literal["contains", "choice", "at-least"]

NUMERIC: frozenset[Kind] = frozenset({"number", "share", "duration", "hours", "money"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """`key` names the column in the address and, unless `value` or `field` say otherwise, in the row.

    `field`: the name in SQL or the frame, for sorting and filtering. `kind`: how values are written: a `share` is
    of one and shown in per cent, a `duration` is in seconds, `hours` are working hours, `money` is in `unit`.
    `bar`: a bar beneath the number, on the scale of the page's largest. `reason`: why a value can be missing.
    `href`: where the cell leads; the first column's also is where the row leads. `detail`: a soft line beneath.
    `mark`: a tag after the value, "estimated" for one. `is_optional`: shown only when chosen.
    `choices`: values of the filter with their titles. `language`: of the values, where it is not the reader's.
    """

    key: str
    title: Words
    kind: Kind = "text"
    unit: Words = ""
    decimals: int | None = None
    definition: Words = ""
    source: Words = ""
    limits: Words = ""
    reason: Words = ""
    value: Callable[[Row], Any] | None = None
    href: Callable[[Row], str] | None = None
    detail: Callable[[Row], str] | None = None
    mark: Callable[[Row], str] | None = None
    bar: bool = False
    sortable: bool = True
    filter: Filter | None = None
    choices: Sequence[tuple[Words, Words]] = ()
    field: str = ""
    is_optional: bool = False
    language: str = ""

    @property
    def source_field(self) -> str:
        return self.field or self.key

    @property
    def is_numeric(self) -> bool:
        return self.kind in NUMERIC

    @property
    def shown_unit(self) -> Words:
        """The unit in the head; lengths of time carry theirs in the cell."""
        if self.kind in ("duration", "hours"):
            return ""
        return "%" if self.kind == "share" else self.unit

    @property
    def filter_unit(self) -> Words:
        """What a number typed into the filter counts: hours for a length of time."""
        return "h" if self.kind in ("duration", "hours") else self.shown_unit

    def value_in(self, row: Row) -> Any:
        if self.value is not None:
            return self.value(row)
        return row[self.key] if isinstance(row, Mapping) else getattr(row, self.key)
