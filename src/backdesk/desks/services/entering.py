"""What people type, read as values: amounts, dates and rows of tables, from the flat texts of a form and back."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from backdesk.desks.services.fields import Field, FieldProblem, gettext_noop

MOST_ROWS: Final = 500
"""Of a table: what a check can go through quickly, and a person through at all."""
DIGITS: Final = 15
"""Of a number, all in all: so many a double of CEL keeps apart."""
NO_MINOR: Final = re.compile("BIF|CLP|DJF|GNF|ISK|JPY|KMF|KRW|PYG|RWF|UGX|UYI|VND|VUV|XAF|XOF|XPF")
THREE_MINOR: Final = re.compile("BHD|IQD|JOD|KWD|LYD|OMR|TND")
"""Currencies of ISO 4217 whose minor unit is no hundredth."""

_SPACES: Final = re.compile("[\\s'’]+")
_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d+)?")
_UNTYPED: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_TRUE: Final = frozenset({"on", "true", "yes", "1"})
_FALSE: Final = frozenset({"", "off", "false", "no", "0"})


class Unread(ValueError):
    """A text that is no value of its field's type; `text` has places for `values`."""

    def __init__(self, says: str, values: Mapping[str, str] | None = None) -> None:
        super().__init__(says)
        self.text = says
        self.values = values or {}


def minor_digits(currency: str) -> int:
    """Return how many digits follow the point in a currency.

    Source: ISO 4217:2015, table A.1.

    >>> minor_digits("EUR"), minor_digits("JPY"), minor_digits("KWD")
    (2, 0, 3)
    """
    if NO_MINOR.fullmatch(currency):
        return 0
    return 3 if THREE_MINOR.fullmatch(currency) else 2


def read_decimal(text: str) -> Decimal:
    """Read a number as people write it.

    Raises:
        Unread: it is none, is longer than 15 digits, or its comma may part thousands or decimals.

    >>> read_decimal("1.234,50"), read_decimal("-0.5")
    (Decimal('1234.50'), Decimal('-0.5'))
    """
    plain = _with_point(_SPACES.sub("", text))
    if not _NUMBER.fullmatch(plain) or not plain.isascii():
        raise Unread(gettext_noop("Enter a number, like 1234.50."))
    number = Decimal(plain)
    if len(number.as_tuple().digits) > DIGITS:
        raise Unread(gettext_noop("Enter a number of at most %(digits)s digits."), {"digits": str(DIGITS)})
    return number


def _with_point(text: str) -> str:
    """The last of comma and point is the decimal one, unless a lone comma could part thousands."""
    if re.fullmatch(r"[+-]?[1-9]\d{0,2},\d{3}", text):
        raise Unread(
            gettext_noop("“%(text)s” can be read in two ways: write %(whole)s or %(part)s."),
            {"text": text, "whole": text.replace(",", ""), "part": text.replace(",", ".")},
        )
    marks = [sign for sign in text if sign in ",."]
    if marks.count(marks[-1] if marks else "") == 1:
        whole, _, part = text.rpartition(marks.pop())
        text = f"{whole}.{part}"
    else:
        whole = text
    if marks and (len(set(marks)) > 1 or not re.fullmatch(r"[+-]?\d{1,3}([.,]\d{3})+", whole)):
        return ""
    return text.replace(marks[0], "", len(marks)) if marks else text


def parse(
    fields: tuple[Field, ...], texts: Mapping[str, str]
) -> tuple[dict[str, Any], tuple[FieldProblem, ...], dict[str, str]]:
    """Read a form: its values, what could not be read, and its texts with empty rows taken out.

    >>> parse((Field(path="due", name="due", title="Due", type="date"),), {"due": "31 January"})[1][0].says
    'Enter a date, like 2026-01-31.'
    """
    reading = _Reading(texts)
    values = reading.group(fields, "", "")
    return values, tuple(reading.problems), reading.shown


class _Reading:
    """One pass over a form."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = texts
        self.problems: list[FieldProblem] = []
        self.shown: dict[str, str] = {}

    def group(self, fields: tuple[Field, ...], source: str, target: str) -> dict[str, Any]:
        """Read fields whose inputs begin with `source`; their values stand at the path `target`."""
        found = {}
        for each in fields:
            value = self.field(each, f"{source}{each.name}", f"{target}{each.name}")
            if value is not None:
                found[each.name] = value
        return found

    def field(self, field: Field, name: str, path: str) -> Any:
        if field.type == "group":
            return self.group(field.fields, f"{name}-", f"{path}.") or None
        if field.type == "table":
            return self.table(field, name, path)
        text = self.texts.get(name, "")
        shown = _name(path)
        self.shown[shown] = text
        if field.type == "money":
            self.shown[f"{shown}-currency"] = self.texts.get(f"{name}-currency", "")
        try:
            return self.scalar(field, text.strip(), self.shown.get(f"{shown}-currency", ""))
        except Unread as unread:
            self.problems.append(FieldProblem(path=path, text=unread.text, values=unread.values))
            return None

    def scalar(self, field: Field, text: str, currency: str) -> Any:
        if field.type == "boolean":
            return _boolean(text)
        if not text:
            return None
        return _money(field, text, currency) if field.type == "money" else _READERS[field.type](text)

    def table(self, field: Field, name: str, path: str) -> list[Any] | None:
        rows: list[Any] = []
        for number in self.rows(name):
            if len(rows) == MOST_ROWS:
                says = gettext_noop("A table has at most %(rows)s rows; divide this among several items.")
                self.problems.append(FieldProblem(path=path, text=says, values={"rows": str(MOST_ROWS)}))
                break
            if any(self.written(each, f"{name}-{number}-{each.name}") for each in field.fields):
                rows.append(self.group(field.fields, f"{name}-{number}-", f"{path}[{len(rows)}]."))
        return rows or None

    def rows(self, name: str) -> list[int]:
        found = (re.match(rf"{re.escape(name)}-(\d{{1,6}})-", each, re.ASCII) for each in self.texts)
        return sorted({int(match[1]) for match in found if match})

    def written(self, field: Field, name: str) -> bool:
        """Say whether there is anything in a row's field; what a form fills in by itself does not count."""
        if field.type == "group":
            return any(self.written(each, f"{name}-{each.name}") for each in field.fields)
        text = self.texts.get(name, "").strip()
        return text.lower() not in _FALSE if field.type == "boolean" else bool(text)


def _name(path: str) -> str:
    return path.replace("[", "-").replace("]", "").replace(".", "-")


def _text(text: str) -> str:
    if text.isprintable():
        return text
    return _UNTYPED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _line(text: str) -> str:
    return " ".join(_text(text).split())


def _integer(text: str) -> int:
    try:
        number = read_decimal(text)
    except Unread as unread:
        text = unread.text if unread.values else gettext_noop("Enter a whole number, like 12.")
        raise Unread(text, unread.values) from unread
    if number != number.to_integral_value():
        raise Unread(gettext_noop("Enter a whole number, like 12."))
    return int(number)


def _decimal(text: str) -> str:
    return format(read_decimal(text), "f")


def _date(text: str) -> str:
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=dt.UTC).date().isoformat()
    except ValueError:
        raise Unread(gettext_noop("Enter a date, like 2026-01-31.")) from None


def _datetime(text: str) -> str:
    try:
        read = dt.datetime.fromisoformat(text)
        return (read if read.tzinfo else read.replace(tzinfo=dt.UTC)).astimezone(dt.UTC).isoformat()
    except (ValueError, OverflowError):
        raise Unread(gettext_noop("Enter a date and time, like 2026-01-31T14:30.")) from None


def _boolean(text: str) -> bool:
    if text.lower() in _TRUE or text.lower() in _FALSE:
        return text.lower() in _TRUE
    raise Unread(gettext_noop("Enter yes or no."))


def _money(field: Field, text: str, currency: str) -> dict[str, str]:
    currency = currency.strip().upper() or (field.currencies[0] if len(field.currencies) == 1 else "")
    if not _CURRENCY.fullmatch(currency):
        raise Unread(gettext_noop("Enter the currency too, in three letters like EUR."))
    amount, digits = read_decimal(text), minor_digits(currency)
    try:
        exact = amount.quantize(Decimal(1).scaleb(-digits))
    except InvalidOperation:
        says = gettext_noop("Enter a number of at most %(digits)s digits.")
        raise Unread(says, {"digits": str(DIGITS)}) from None
    if exact != amount:
        says = gettext_noop("Enter an amount in %(currency)s with at most %(digits)s digits after the point.")
        raise Unread(says, {"currency": currency, "digits": str(digits)})
    return {"amount": format(exact, "f"), "currency": currency}


_READERS: Final[Mapping[str, Callable[[str], Any]]] = {
    "text": _line, "longtext": _text, "choice": _line, "lookup": _line, "file": _line,
    "integer": _integer, "decimal": _decimal, "date": _date, "datetime": _datetime,
}  # fmt: skip


def dump(fields: tuple[Field, ...], values: Mapping[str, Any]) -> dict[str, str]:
    """Write values as the texts of a form.

    >>> net = Field(path="net", name="net", title="Net", type="money")
    >>> dump((net,), {"net": {"amount": "1.00", "currency": "EUR"}})
    {'net': '1.00', 'net-currency': 'EUR'}
    """
    return dict(_texts(fields, values, ""))


def _texts(fields: tuple[Field, ...], values: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    for each in fields:
        value, name = values.get(each.name), f"{prefix}{each.name}"
        if value is None:
            continue
        if each.type == "group" and isinstance(value, Mapping):
            yield from _texts(each.fields, value, f"{name}-")
        elif each.type == "table" and isinstance(value, list):
            for number, row in enumerate(value):
                yield from _texts(each.fields, row, f"{name}-{number}-")
        elif each.type == "money" and isinstance(value, Mapping):
            yield name, str(value.get("amount", ""))
            yield f"{name}-currency", str(value.get("currency", ""))
        else:
            yield name, ("true" if value else "false") if each.type == "boolean" else str(value)
