"""JSON Schemas (2020-12) read as fields: the subset in which a form, an import and a comparison can be made of them."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final, cast, get_args

from backdesk.desks.services.definition import BrokenService, Problem
from backdesk.desks.services.entering import MOST_ROWS
from backdesk.desks.services.fields import Comparison, Field, FieldType, Visibility, near
from backdesk.desks.services.positions import json_lines
from backdesk.desks.services.schemas import Schema

LARGEST: Final = 512_000
MOST_FIELDS: Final = 400
DEEPEST: Final = 4
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_RESERVED: Final = re.compile(
    "as|break|const|continue|else|false|for|function|if|import|in|let|loop|package|namespace|null|return|true|var"
    "|void|while"
)
"""Words of CEL, in which checks and conditions name the fields."""
_ANYWHERE: Final = frozenset(
    {
        "type",
        "title",
        "description",
        "examples",
        "$comment",
        "format",
        "x-visibility",
        "x-comparison",
        "x-critical",
    }
)
_AT_TOP: Final = frozenset({"$schema", "$id"})
_BY_TYPE: Final[Mapping[FieldType, frozenset[str]]] = {
    "text": frozenset({"minLength", "maxLength", "pattern"}),
    "longtext": frozenset({"minLength", "maxLength", "x-widget"}),
    "integer": frozenset({"minimum", "maximum", "x-tolerance"}),
    "decimal": frozenset({"x-minimum", "x-maximum", "x-tolerance"}),
    "money": frozenset({"x-minimum", "x-maximum", "x-tolerance", "x-currencies"}),
    "date": frozenset({"x-minimum", "x-maximum"}),
    "datetime": frozenset({"x-minimum", "x-maximum"}),
    "boolean": frozenset(),
    "choice": frozenset({"enum", "oneOf"}),
    "lookup": frozenset({"x-lookup"}),
    "file": frozenset(),
    "group": frozenset({"properties", "required", "additionalProperties"}),
    "table": frozenset({"items", "minItems", "maxItems"}),
}
_FORMATS: Final[Mapping[str, FieldType]] = {
    "decimal": "decimal", "date": "date", "date-time": "datetime", "file": "file", "email": "text", "uri": "text",
}  # fmt: skip
_LENGTHS: Final[Mapping[str, tuple[str, str]]] = {
    "text": ("minLength", "maxLength"), "longtext": ("minLength", "maxLength"), "integer": ("minimum", "maximum"),
    "table": ("minItems", "maxItems"),
}  # fmt: skip


def read_schema(data: bytes, *, file: str, lookups: Collection[str] = ()) -> Schema:
    """Read a schema: an object whose properties are the fields, in their order.

    Types: `string` (with format `date`, `date-time`, `decimal`, `email`, `uri`, `file`, with `enum` or `oneOf` of
    `const` and `title`, with `x-lookup`, with `x-widget: longtext`), `integer`, `boolean`, `object` (a group; with
    format `money` an amount) and `array` of objects (a table). Annotations: `x-visibility` (all, client, masked),
    `x-comparison` (exact, text, number, ignore), `x-tolerance`, `x-critical`, `x-minimum`, `x-maximum`,
    `x-currencies`.

    Args:
        data: the file's bytes, at most 512 kB.
        file: its name, for the problems.
        lookups: the names of lookups there are.

    Raises:
        BrokenService: with all problems, each with its line and JSON pointer.

    >>> read_schema(b'{"type": "object", "properties": {"net": {"type": "number"}}}', file="input.schema.json")
    Traceback (most recent call last):
    ...
    backdesk.desks.services.definition.BrokenService: input.schema.json, line 1, /properties/net/type: A number \
loses cents; write "type": "string", "format": "decimal" (or an object of format money).
    """
    reading = _Reading(file, lookups)
    document = reading.document(data)
    fields = reading.group(document, "", "", "all", 0) if isinstance(document, dict) else ()
    if reading.problems or not isinstance(document, dict):
        raise BrokenService(reading.problems)
    return Schema(document=document, fields=fields)


class _Wrong(Exception):
    """What is wrong with one keyword of a definition."""

    def __init__(self, keyword: str, says: str) -> None:
        super().__init__(says)
        self.keyword = keyword
        self.says = says


class _Reading:
    """One pass over a schema: collects its fields, and what is wrong with them."""

    def __init__(self, file: str, lookups: Collection[str]) -> None:
        self.file = file
        self.lookups = lookups
        self.problems: list[Problem] = []
        self.lines: dict[str, int] = {}
        self.count = 0

    def problem(self, pointer: str, says: str, line: int | None = None) -> None:
        nearest = pointer
        while nearest and nearest not in self.lines:
            nearest = nearest.rpartition("/")[0]
        at = self.lines.get(nearest, 1) if line is None else line
        self.problems.append(Problem(file=self.file, line=at, field=pointer, says=says))

    def document(self, data: bytes) -> Any:
        if len(data) > LARGEST:
            return self.problem("", f"The schema has {len(data):,} bytes; at most {LARGEST:,} are read.", 0)
        try:
            text = data.decode()
            document = json.loads(text, object_pairs_hook=self.members)
            self.lines = json_lines(text)
        except UnicodeDecodeError as broken:
            return self.problem("", f"The file is not UTF-8 (byte {broken.start + 1}); save it as UTF-8.", 0)
        except json.JSONDecodeError as broken:
            says = f"This is no JSON: {broken.msg} at column {broken.colno}."
            return self.problem("", says, broken.lineno)
        except RecursionError:
            return self.problem(
                "", f"The schema is nested too deeply; {DEEPEST} groups in one another do.", 0
            )
        except ValueError as broken:  # a number of thousands of digits
            return self.problem("", f"This is no JSON that is read here: {str(broken)[:120]}.", 0)
        if not isinstance(document, dict) or document.get("type") != "object":
            return self.problem(
                "", 'A schema is {"type": "object", "properties": {…}}; its properties are the fields.'
            )
        return document

    def members(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            self.problem("", f"“{twice[:60]}” is given twice in one object; give it once.", 0)
        return found

    def group(
        self, document: dict[str, Any], pointer: str, path: str, visibility: Visibility, depth: int
    ) -> tuple[Field, ...]:
        """Read the properties of an object as fields whose paths begin with `path`."""
        properties, required = document.get("properties"), document.get("required", [])
        if not isinstance(properties, dict) or not properties:
            self.problem(f"{pointer}/properties", "Give at least one field, by its name.")
            return ()
        if depth > DEEPEST:
            self.problem(pointer, f"Groups go {DEEPEST} deep; bring this one further out.")
            return ()
        if not pointer:
            self.keywords(document, "group", "", _AT_TOP)
        self.required(required, properties, pointer)
        if document.get("additionalProperties", False) is not False:
            self.problem(
                f"{pointer}/additionalProperties",
                "Only the fields named may be given: leave this out.",
            )
        names = set(required) if isinstance(required, list) else set()
        found = (
            self.field(name, each, f"{pointer}/properties/{name}", path, visibility, name in names, depth)
            for name, each in properties.items()
        )
        return tuple(each for each in found if each is not None)

    def required(self, required: Any, properties: Mapping[str, Any], pointer: str) -> None:
        if not isinstance(required, list) or not all(isinstance(name, str) for name in required):
            self.problem(f"{pointer}/required", 'This is a list of names of fields, like ["number"].')
            return
        for position, name in enumerate(required):
            if name not in properties:
                self.problem(
                    f"{pointer}/required/{position}", f"There is no field “{name}”{near(name, properties)}"
                )

    def field(
        self, name: str, document: Any, pointer: str, path: str, outer: Visibility, required: bool, depth: int
    ) -> Field | None:
        self.count += 1
        if self.count > MOST_FIELDS:
            if self.count == MOST_FIELDS + 1:
                self.problem(pointer, f"A schema has at most {MOST_FIELDS} fields.")
            return None
        if not _NAME.fullmatch(name) or _RESERVED.fullmatch(name):
            self.problem(
                pointer,
                f"“{name[:60]}” is no name of a field: up to 40 of a-z, 0-9 and _, a letter first, "
                "no word of CEL.",
            )
            return None
        if not isinstance(document, dict):
            self.problem(pointer, 'A field is an object, like {"type": "string", "title": "Number"}.')
            return None
        try:
            return self.defined(name, document, pointer, path, outer, required, depth)
        except _Wrong as wrong:
            self.problem(f"{pointer}/{wrong.keyword}", wrong.says)
            return None

    def defined(
        self,
        name: str,
        document: dict[str, Any],
        pointer: str,
        path: str,
        outer: Visibility,
        required: bool,
        depth: int,
    ) -> Field:
        kind = _type(document)
        self.keywords(document, kind, pointer)
        visibility = cast("Visibility", _one_of(document, "x-visibility", get_args(Visibility), "all"))
        visibility = outer if outer == "client" else visibility
        comparison = cast("Comparison", _one_of(document, "x-comparison", get_args(Comparison), _usual(kind)))
        if comparison == "number" != _usual(kind):
            raise _Wrong("x-comparison", "Only integer, decimal and money are compared as numbers.")
        here = f"{path}{name}"
        if kind == "table" or "[]" in path:
            self.in_table(kind, visibility, outer, pointer, path)
        minimum, maximum = _limits(document, kind)
        return Field(
            path=here,
            name=name,
            title=_string(document, "title") or name.replace("_", " ").capitalize(),
            help=_string(document, "description"),
            example=next((one for one in document.get("examples", ()) if isinstance(one, str)), ""),
            type=kind,
            required=required,
            minimum=minimum,
            maximum=maximum,
            pattern=_pattern(document),
            choices=_choices(document) if kind == "choice" else (),
            lookup=self.lookup(document, pointer) if kind == "lookup" else None,
            currencies=_currencies(document),
            visibility=visibility,
            comparison=comparison,
            tolerance=_tolerance(document),
            critical=_flag(document, "x-critical"),
            fields=self.inner(document, kind, pointer, here, visibility, depth),
        )

    def inner(
        self,
        document: dict[str, Any],
        kind: FieldType,
        pointer: str,
        here: str,
        visibility: Visibility,
        depth: int,
    ) -> tuple[Field, ...]:
        if kind == "group":
            return self.group(document, pointer, f"{here}.", visibility, depth + 1)
        if kind == "table":
            self.keywords(document["items"], "group", f"{pointer}/items")
            return self.group(document["items"], f"{pointer}/items", f"{here}[].", visibility, depth + 1)
        return ()

    def keywords(
        self, document: Mapping[str, Any], kind: FieldType, pointer: str, more: frozenset[str] = frozenset()
    ) -> None:
        known = _ANYWHERE | _BY_TYPE[kind] | more
        for keyword in document:
            if keyword not in known:
                says = (
                    f"“{keyword[:60]}” is not read for a {kind}{near(keyword, known)} Rules between fields "
                    "go into checks.toml."
                )
                self.problem(f"{pointer}/{keyword}", says)

    def in_table(
        self, kind: FieldType, visibility: Visibility, outer: Visibility, pointer: str, path: str
    ) -> None:
        if kind == "table" and "[]" in path:
            self.problem(pointer, "A table cannot stand in another; make it a table of its own.")
        if "[]" in path and visibility == "client" != outer:
            says = (
                "A column cannot be the client's alone: rows would no longer match. Make the whole table so."
            )
            self.problem(f"{pointer}/x-visibility", says)

    def lookup(self, document: Mapping[str, Any], pointer: str) -> str:
        name = _string(document, "x-lookup")
        if name not in self.lookups:
            self.problem(f"{pointer}/x-lookup", f"There is no lookups/{name}.csv{near(name, self.lookups)}")
        return name


def _type(document: Mapping[str, Any]) -> FieldType:
    kind = document.get("type")
    if kind == "string":
        return _type_of_string(document)
    if kind == "object":
        return "money" if document.get("format") == "money" else "group"
    if kind == "array":
        items = document.get("items")
        if not isinstance(items, dict) or items.get("type") != "object":
            raise _Wrong("items", 'A table has "items": {"type": "object", "properties": {…}}.')
        return "table"
    if kind in ("integer", "boolean"):
        return cast("FieldType", kind)
    if kind == "number":
        says = 'A number loses cents; write "type": "string", "format": "decimal" (or an object of format money).'
        raise _Wrong("type", says)
    raise _Wrong("type", "A field is of type string, integer, boolean, object or array.")


def _type_of_string(document: Mapping[str, Any]) -> FieldType:
    if "x-lookup" in document:
        return "lookup"
    if "enum" in document or "oneOf" in document:
        return "choice"
    if "x-widget" in document:
        _one_of(document, "x-widget", ("longtext",), "")
        return "longtext"
    form = document.get("format")
    if form is not None and (not isinstance(form, str) or form not in _FORMATS):
        raise _Wrong("format", f"Formats of a string are {', '.join(_FORMATS)}.")
    return _FORMATS.get(str(form), "text")


def _usual(kind: FieldType) -> Comparison:
    if kind in ("text", "longtext"):
        return "text"
    return "number" if kind in ("integer", "decimal", "money") else "exact"


def _limits(document: Mapping[str, Any], kind: FieldType) -> tuple[str | None, str | None]:
    low, high = _LENGTHS.get(kind, ("x-minimum", "x-maximum"))
    reader = _LIMITS.get(kind, _count)
    found = [reader(keyword, document[keyword]) if keyword in document else None for keyword in (low, high)]
    minimum, maximum = (None if each is None else each for each in found)
    if minimum is not None and maximum is not None and minimum > maximum:
        raise _Wrong(high, f"The most is less than the least ({document[low]}).")
    if kind == "table" and maximum is not None and maximum > MOST_ROWS:
        raise _Wrong(high, f"A table has at most {MOST_ROWS} rows.")
    return (
        None if minimum is None else str(document[low]),
        None if maximum is None else str(document[high]),
    )


def _count(keyword: str, value: Any) -> Any:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise _Wrong(keyword, "This is a whole number, 0 or more.")
    return value


def _whole(keyword: str, value: Any) -> Any:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 10**15:
        raise _Wrong(keyword, "This is a whole number of at most 15 digits.")
    return value


def _number(keyword: str, value: Any) -> Any:
    try:
        number = Decimal(value) if isinstance(value, str) else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or len(value) > 30:
        raise _Wrong(keyword, 'Write the number as a text, like "0.00".')
    return number


def _moment(read: Callable[[str], Any], example: str) -> Callable[[str, Any], Any]:
    def reader(keyword: str, value: Any) -> Any:
        try:
            return read(value)
        except (TypeError, ValueError):
            raise _Wrong(keyword, f'Write it like "{example}".') from None

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


def _pattern(document: Mapping[str, Any]) -> str | None:
    if "pattern" not in document:
        return None
    pattern = _string(document, "pattern")
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as broken:
        raise _Wrong("pattern", f"This is no regular expression: {broken}.") from None
    if len(pattern) > 300:
        raise _Wrong("pattern", "A pattern has at most 300 characters.")
    return pattern


def _choices(document: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    keyword = "oneOf" if "oneOf" in document else "enum"
    given = document[keyword]
    choices = tuple(_choice(each) for each in given) if isinstance(given, list) else ()
    values = [value for value, _ in choices]
    if not choices or not all(values) or len(set(values)) < len(values):
        raise _Wrong(
            keyword, 'Give choices, each once: "enum": ["a", "b"] or "oneOf": [{"const": "a", "title": "A"}].'
        )
    return choices


def _choice(given: Any) -> tuple[str, str]:
    if isinstance(given, str):
        return given, given
    if isinstance(given, dict) and set(given) <= {"const", "title"} and isinstance(given.get("const"), str):
        return given["const"], str(given.get("title") or given["const"])
    return "", ""


def _currencies(document: Mapping[str, Any]) -> tuple[str, ...]:
    given = document.get("x-currencies", [])
    if not isinstance(given, list) or not all(
        isinstance(each, str) and re.fullmatch("[A-Z]{3}", each) for each in given
    ):
        raise _Wrong("x-currencies", 'This is a list of currencies, like ["EUR", "CHF"].')
    return tuple(given)


def _tolerance(document: Mapping[str, Any]) -> Decimal:
    if "x-tolerance" not in document:
        return Decimal(0)
    tolerance = cast("Decimal", _number("x-tolerance", document["x-tolerance"]))
    if tolerance < 0:
        raise _Wrong("x-tolerance", 'This is how far two numbers may be apart, like "0.01".')
    return tolerance


def _string(document: Mapping[str, Any], keyword: str) -> str:
    value = document.get(keyword, "")
    if not isinstance(value, str) or len(value) > 1000:
        raise _Wrong(keyword, "This is a text of at most 1,000 characters.")
    return value


def _flag(document: Mapping[str, Any], keyword: str) -> bool:
    value = document.get(keyword, False)
    if not isinstance(value, bool):
        raise _Wrong(keyword, "This is true or false.")
    return value


def _one_of(document: Mapping[str, Any], keyword: str, known: Collection[str], usual: str) -> str:
    value = document.get(keyword, usual)
    if not isinstance(value, str) or value not in known:
        raise _Wrong(keyword, f"This is one of {', '.join(known)}{near(value, known)}")
    return value
