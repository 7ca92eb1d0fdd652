"""JSON Schemas (2020-12) read as fields: the subset in which a form, an import and a comparison can be made of them."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from typing import Any, Final, cast, get_args

from backdesk.desks.services import _keywords
from backdesk.desks.services.definition import BrokenService, Problem
from backdesk.desks.services.fields import Comparison, Field, FieldType, Visibility, near
from backdesk.desks.services.positions import json_lines
from backdesk.desks.services.schemas import Schema

_STRICTER: Final = ("all", "masked", "client")
"""What is inside is shown to no more people than what it is in."""
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
        except _keywords.Wrong as wrong:
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
        kind = _keywords.type_of(document)
        self.keywords(document, kind, pointer)
        visibility = cast(
            "Visibility", _keywords.one_of(document, "x-visibility", get_args(Visibility), "all")
        )
        visibility = max(outer, visibility, key=_STRICTER.index)
        comparison = cast(
            "Comparison",
            _keywords.one_of(
                document, "x-comparison", get_args(Comparison), _keywords.usual_comparison(kind)
            ),
        )
        if comparison == "number" != _keywords.usual_comparison(kind):
            raise _keywords.Wrong("x-comparison", "Only integer, decimal and money are compared as numbers.")
        here = f"{path}{name}"
        if kind == "table" or "[]" in path:
            self.in_table(kind, visibility, outer, pointer, path)
        minimum, maximum = _keywords.limits(document, kind)
        return Field(
            path=here,
            name=name,
            title=_keywords.string(document, "title") or name.replace("_", " ").capitalize(),
            help=_keywords.string(document, "description"),
            example=next((one for one in document.get("examples", ()) if isinstance(one, str)), ""),
            type=kind,
            required=required,
            minimum=minimum,
            maximum=maximum,
            pattern=_keywords.pattern_of(document),
            choices=_keywords.choices(document) if kind == "choice" else (),
            lookup=self.lookup(document, pointer) if kind == "lookup" else None,
            currencies=_keywords.currencies(document),
            visibility=visibility,
            comparison=comparison,
            tolerance=_keywords.tolerance(document),
            critical=_keywords.flag(document, "x-critical"),
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
        name = _keywords.string(document, "x-lookup")
        if name not in self.lookups:
            self.problem(f"{pointer}/x-lookup", f"There is no lookups/{name}.csv{near(name, self.lookups)}")
        return name
