"""What the keywords of one field of a JSON Schema say, and what is wrong with them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final, cast

from backdesk.desks.services.entering import MOST_ROWS
from backdesk.desks.services.fields import Comparison, FieldType, near

_FORMATS: Final[Mapping[str, FieldType]] = {
    "decimal": "decimal", "date": "date", "date-time": "datetime", "file": "file", "email": "text", "uri": "text",
}  # fmt: skip
_LENGTHS: Final[Mapping[str, tuple[str, str]]] = {
    "text": ("minLength", "maxLength"), "longtext": ("minLength", "maxLength"), "integer": ("minimum", "maximum"),
    "table": ("minItems", "maxItems"),
}  # fmt: skip


class Wrong(Exception):
    """What is wrong with one keyword of a definition."""

    def __init__(self, keyword: str, says: str) -> None:
        super().__init__(says)
        self.keyword = keyword
        self.says = says


def type_of(document: Mapping[str, Any]) -> FieldType:
    kind = document.get("type")
    if kind == "string":
        return _type_of_string(document)
    if kind == "object":
        return "money" if document.get("format") == "money" else "group"
    if kind == "array":
        items = document.get("items")
        if not isinstance(items, dict) or items.get("type") != "object":
            raise Wrong("items", 'A table has "items": {"type": "object", "properties": {…}}.')
        return "table"
    if kind in ("integer", "boolean"):
        return cast("FieldType", kind)
    if kind == "number":
        says = 'A number loses cents; write "type": "string", "format": "decimal" (or an object of format money).'
        raise Wrong("type", says)
    raise Wrong("type", "A field is of type string, integer, boolean, object or array.")


def _type_of_string(document: Mapping[str, Any]) -> FieldType:
    if "x-lookup" in document:
        return "lookup"
    if "enum" in document or "oneOf" in document:
        return "choice"
    if "x-widget" in document:
        one_of(document, "x-widget", ("longtext",), "")
        return "longtext"
    form = document.get("format")
    if form is not None and (not isinstance(form, str) or form not in _FORMATS):
        raise Wrong("format", f"Formats of a string are {', '.join(_FORMATS)}.")
    return _FORMATS.get(str(form), "text")


def usual_comparison(kind: FieldType) -> Comparison:
    if kind in ("text", "longtext"):
        return "text"
    return "number" if kind in ("integer", "decimal", "money") else "exact"


def limits(document: Mapping[str, Any], kind: FieldType) -> tuple[str | None, str | None]:
    """Return the least and the most, as they were written."""
    low, high = keywords = _LENGTHS.get(kind, ("x-minimum", "x-maximum"))
    reader = _LIMITS.get(kind, _count)
    found = {keyword: reader(keyword, document[keyword]) for keyword in keywords if keyword in document}
    if len(found) == 2 and found[low] > found[high]:
        raise Wrong(high, f"The most is less than the least ({document[low]}).")
    if kind == "table" and found.get(high, 0) > MOST_ROWS:
        raise Wrong(high, f"A table has at most {MOST_ROWS} rows.")
    least, most = (str(document[keyword]) if keyword in found else None for keyword in keywords)
    return least, most


def _count(keyword: str, value: Any) -> Any:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise Wrong(keyword, "This is a whole number, 0 or more.")
    return value


def _whole(keyword: str, value: Any) -> Any:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 10**15:
        raise Wrong(keyword, "This is a whole number of at most 15 digits.")
    return value


def _number(keyword: str, value: Any) -> Any:
    try:
        number = Decimal(value) if isinstance(value, str) else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or len(value) > 30:
        raise Wrong(keyword, 'Write the number as a text, like "0.00".')
    return number


def _moment(read: Callable[[str], Any], example: str) -> Callable[[str, Any], Any]:
    def reader(keyword: str, value: Any) -> Any:
        try:
            return read(value)
        except (TypeError, ValueError):
            raise Wrong(keyword, f'Write it like "{example}".') from None

    return reader


def _aware(text: str) -> dt.datetime:
    moment = dt.datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment


_LIMITS: Final[Mapping[str, Callable[[str, Any], Any]]] = {
    "integer": _whole,
    "decimal": _number,
    "money": _number,
    "date": _moment(dt.date.fromisoformat, "2026-01-31"),
    "datetime": _moment(_aware, "2026-01-31T12:00:00+00:00"),
}


def pattern_of(document: Mapping[str, Any]) -> str | None:
    if "pattern" not in document:
        return None
    pattern = string(document, "pattern")
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as broken:
        raise Wrong("pattern", f"This is no regular expression: {broken}.") from None
    if len(pattern) > 300:
        raise Wrong("pattern", "A pattern has at most 300 characters.")
    return pattern


def choices(document: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    keyword = "oneOf" if "oneOf" in document else "enum"
    given = document[keyword]
    choices = tuple(_choice(each) for each in given) if isinstance(given, list) else ()
    values = [value for value, _ in choices]
    if not choices or not all(values) or len(set(values)) < len(values):
        raise Wrong(
            keyword, 'Give choices, each once: "enum": ["a", "b"] or "oneOf": [{"const": "a", "title": "A"}].'
        )
    return choices


def _choice(given: Any) -> tuple[str, str]:
    if isinstance(given, str):
        return given, given
    if isinstance(given, dict) and set(given) <= {"const", "title"} and isinstance(given.get("const"), str):
        return given["const"], str(given.get("title") or given["const"])
    return "", ""


def currencies(document: Mapping[str, Any]) -> tuple[str, ...]:
    given = document.get("x-currencies", [])
    if not isinstance(given, list) or not all(
        isinstance(each, str) and re.fullmatch("[A-Z]{3}", each) for each in given
    ):
        raise Wrong("x-currencies", 'This is a list of currencies, like ["EUR", "CHF"].')
    return tuple(given)


def tolerance(document: Mapping[str, Any]) -> Decimal:
    if "x-tolerance" not in document:
        return Decimal(0)
    tolerance = cast("Decimal", _number("x-tolerance", document["x-tolerance"]))
    if tolerance < 0:
        raise Wrong("x-tolerance", 'This is how far two numbers may be apart, like "0.01".')
    return tolerance


def string(document: Mapping[str, Any], keyword: str) -> str:
    value = document.get(keyword, "")
    if not isinstance(value, str) or len(value) > 1000:
        raise Wrong(keyword, "This is a text of at most 1,000 characters.")
    return value


def flag(document: Mapping[str, Any], keyword: str) -> bool:
    value = document.get(keyword, False)
    if not isinstance(value, bool):
        raise Wrong(keyword, "This is true or false.")
    return value


def one_of(document: Mapping[str, Any], keyword: str, known: Collection[str], usual: str) -> str:
    value = document.get(keyword, usual)
    if not isinstance(value, str) or value not in known:
        raise Wrong(keyword, f"This is one of {', '.join(known)}{near(value, known)}")
    return value
