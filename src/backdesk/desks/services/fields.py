"""The fields of a schema, as forms, imports and comparisons need them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Literal

FieldType = Literal[
    "text", "longtext", "integer", "decimal", "money", "date", "datetime", "boolean", "choice", "lookup",
    "file", "group", "table",
]  # fmt: skip
Visibility = Literal["all", "client", "masked"]
Comparison = Literal["exact", "text", "number", "ignore"]
_ROW: Final = re.compile(r"\[\d+\]")


def gettext_noop(text: str) -> str:
    """Mark a text for the catalogues of other languages; pages translate it.

    >>> gettext_noop("Enter a date.")
    'Enter a date.'
    """
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldProblem:
    """What is wrong with one entered value, in words for who entered it.

    `text` is English with places for `values`, so that a page can say the same in its reader's language.

    >>> FieldProblem(path="lines[0].net", text="Enter at most %(limit)s.", values={"limit": "9.99"}).says
    'Enter at most 9.99.'
    """

    path: str
    text: str
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def says(self) -> str:
        """The text in English, filled."""
        return self.text % self.values if self.values else self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a schema, as forms, imports and comparisons need it.

    `path` is where the value stands: `supplier.name` in a group, `lines[].net` in a table. `minimum` and `maximum`
    are written as the value itself is (an amount as `0.00`, a date as `2026-01-31`); of text they are its length in
    characters, of a table its rows. `choices` are pairs of value and title.

    >>> Field(path="lines[].net", name="net", title="Net", type="money").input_name(row=2)
    'lines-2-net'
    """

    path: str
    name: str
    title: str
    type: FieldType
    help: str = ""
    example: str = ""
    required: bool = False
    minimum: str | None = None
    maximum: str | None = None
    pattern: str | None = None
    choices: tuple[tuple[str, str], ...] = ()
    lookup: str | None = None
    """The name of a lookup of the service, whose keys are the values."""
    currencies: tuple[str, ...] = ()
    """Of money: those that may be entered, the first one offered; empty: any."""
    visibility: Visibility = "all"
    comparison: Comparison = "exact"
    tolerance: Decimal = Decimal(0)
    critical: bool = False
    fields: tuple[Field, ...] = ()

    def input_name(self, *, row: int | None = None) -> str:
        """Return the flat name the field has in a form; `row` counts from 0 and is for fields in a table.

        Money has two inputs: this name and `-currency` after it.

        >>> Field(path="supplier.name", name="name", title="Name", type="text").input_name()
        'supplier-name'
        """
        return self.path.replace("[]", f"-{row}").replace(".", "-")

    def walk(self) -> Iterator[Field]:
        """Yield the field and all fields in it.

        >>> net = Field(path="lines[].net", name="net", title="Net", type="money")
        >>> lines = Field(path="lines", name="lines", title="Lines", type="table", fields=(net,))
        >>> [each.path for each in lines.walk()]
        ['lines', 'lines[].net']
        """
        yield self
        for inner in self.fields:
            yield from inner.walk()


def near(name: object, known: Collection[str]) -> str:
    """Return the end of a sentence about a name that is not there: the one that comes nearest, or a full stop.

    >>> "There is no prize" + near("prize", ["price", "taking"]), "There is no x" + near("x", [])
    ('There is no prize; is it “price”?', 'There is no x.')
    """
    found = difflib.get_close_matches(str(name)[:60], list(known), n=1)
    return f"; is it “{found[0]}”?" if found else "."


def pathless(path: str) -> str:
    """Return the path of the field from that of a value: the rows of tables not counted.

    >>> pathless("lines[3].net")
    'lines[].net'
    """
    return _ROW.sub("[]", path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """A table of permitted values: the first column is the key, the second what people read.

    >>> suppliers = Lookup(columns=("number", "name"), rows=(("70001", "Alder Paper"),))
    >>> suppliers.row("70001")
    {'number': '70001', 'name': 'Alder Paper'}
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def row(self, key: str) -> dict[str, str]:
        """Return the row with a key, column by column; an empty one where there is none.

        >>> Lookup(columns=("number",), rows=()).row("70001")
        {}
        """
        found = next((row for row in self.rows if row[0] == key), None)
        return {} if found is None else dict(zip(self.columns, found, strict=True))
