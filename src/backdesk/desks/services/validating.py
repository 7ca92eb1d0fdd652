"""Values held against their schema, and what is wrong with them in words for whoever entered them."""

from __future__ import annotations

import datetime as dt
import difflib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from backdesk.desks.services.entering import DIGITS, MOST_ROWS, minor_digits
from backdesk.desks.services.fields import Field, FieldProblem, Lookup, gettext_noop

if TYPE_CHECKING:
    import jsonschema_rs

DECIMAL: Final = rf"^-?(?=[\d.]{{1,{DIGITS + 1}}}$)\d+(\.\d+)?$"
LONGEST: Final = 10_000
"""Characters of a text whose schema says no less."""

_UNWRITABLE: Final = re.compile("[\x00\ud800-\udfff]")
"""What PostgreSQL keeps in no text."""

Path = tuple[str | int, ...]


def errors(
    document: str,
    fields: Sequence[Field],
    values: Mapping[str, Any],
    lookups: Mapping[str, Lookup],
) -> tuple[FieldProblem, ...]:
    """Return what is wrong with values, each path once; `document` is the text of their JSON Schema.

    >>> errors('{"type": "object", "additionalProperties": false}', (), {"net": 1}, {})[0].says
    'There is no field “net” here.'
    """
    found: dict[str, FieldProblem] = {}
    wrong = list(_validator(document).iter_errors(values))
    known = {each.path: each for outer in fields for each in outer.walk()} if wrong else {}
    for error in wrong:
        for problem in _worded(error, known):
            found.setdefault(problem.path, problem)
    for path, each, value in _leaves(fields, values):
        beyond = None if path in found else _beyond(path, each, value, lookups)
        if beyond is not None:
            found[path] = beyond
    return tuple(found.values())


@lru_cache(maxsize=256)
def _validator(document: str) -> jsonschema_rs.Draft202012Validator:
    import jsonschema_rs  # here, because who only reads services does not need it

    return jsonschema_rs.Draft202012Validator(spelled_out(json.loads(document)), validate_formats=True)


def spelled_out(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the JSON Schema with what our formats mean written out: money, decimals, lengths, no unknown fields.

    >>> spelled_out({"type": "string", "format": "decimal"})["pattern"].startswith("^-?")
    True
    """
    kind, form = document.get("type"), document.get("format")
    if kind == "object" and form == "money":
        return _spelled_money(document)
    if kind == "object":
        properties = {name: spelled_out(each) for name, each in document.get("properties", {}).items()}
        return {"additionalProperties": False, **document, "properties": properties}
    if kind == "array":
        return {"maxItems": MOST_ROWS, **document, "items": spelled_out(document["items"])}
    if kind == "string" and form == "decimal":
        return {**document, "pattern": DECIMAL}
    return {"maxLength": LONGEST, "minLength": 1, **document} if kind == "string" else dict(document)


def _spelled_money(document: Mapping[str, Any]) -> dict[str, Any]:
    currencies = document.get("x-currencies")
    currency = {"enum": currencies} if currencies else {"type": "string", "pattern": "^[A-Z]{3}$"}
    return {
        "type": "object",
        "properties": {"amount": {"type": "string", "pattern": DECIMAL}, "currency": currency},
        "required": ["amount", "currency"],
        "additionalProperties": False,
    }


def _worded(error: jsonschema_rs.ValidationError, known: Mapping[str, Field]) -> Iterator[FieldProblem]:
    path, kind, facts = tuple(error.instance_path), error.kind.name, error.kind.as_dict()
    field = known.get(_pathless(path))
    if field is None and path and path[-1] in ("amount", "currency"):
        path = path[:-1]
        field = known.get(_pathless(path))
    if field is not None and field.type == "money":
        yield _money_problem(_written(path), field)
    elif kind == "required":
        missing = (*path, facts["property"])
        yield FieldProblem(path=_written(missing), text=_asking(known.get(_pathless(missing))))
    elif kind == "additionalProperties":
        for name in facts["unexpected"]:
            yield _unknown((*path, name), known)
    else:
        text, values = _sentence(kind, facts, field)
        yield FieldProblem(path=_written(path), text=text, values=values)


def _money_problem(path: str, field: Field) -> FieldProblem:
    if field.currencies:
        text = gettext_noop("Enter an amount like 12.30 in %(currencies)s.")
        return FieldProblem(path=path, text=text, values={"currencies": ", ".join(field.currencies)})
    return FieldProblem(
        path=path, text=gettext_noop("Enter an amount like 12.30 with its currency like EUR.")
    )


def _asking(field: Field | None) -> str:
    kind = field.type if field else "text"
    if kind in ("choice", "lookup"):
        return gettext_noop("Choose one.")
    if kind == "file":
        return gettext_noop("Add a file.")
    if kind == "table":
        return gettext_noop("Fill in at least one row.")
    return gettext_noop("Fill this in.")


def _unknown(path: Path, known: Mapping[str, Field]) -> FieldProblem:
    inside = _pathless(path[:-1])
    names = [
        each.name for each in known.values() if each.path.rpartition(".")[0].removesuffix("[]") == inside
    ]
    near = difflib.get_close_matches(str(path[-1]), names, n=1)
    text = gettext_noop("There is no field “%(name)s” here.")
    values = {"name": str(path[-1])[:60]}
    if near:
        text = gettext_noop("There is no field “%(name)s” here; is it “%(near)s”?")
        values["near"] = near[0]
    return FieldProblem(path=_written(path), text=text, values=values)


_BY_TYPE: Final[Mapping[str, str]] = {
    "text": gettext_noop("Enter a text."),
    "longtext": gettext_noop("Enter a text."),
    "integer": gettext_noop("Enter a whole number, like 12."),
    "decimal": gettext_noop("Enter a number, like 1234.50."),
    "date": gettext_noop("Enter a date, like 2026-01-31."),
    "datetime": gettext_noop("Enter a date and time, like 2026-01-31T14:30."),
    "boolean": gettext_noop("Enter yes or no."),
    "choice": gettext_noop("Choose one of: %(choices)s."),
    "lookup": gettext_noop("Choose one."),
    "file": gettext_noop("Add a file."),
    "group": gettext_noop("This has fields of its own: fill these in."),
    "table": gettext_noop("This is a table: fill in its rows."),
}
_BY_KIND: Final[Mapping[str, str]] = {
    "minLength": gettext_noop("Enter at least %(limit)s characters."),
    "maxLength": gettext_noop("Enter at most %(limit)s characters."),
    "minItems": gettext_noop("Fill in at least %(limit)s rows."),
    "maxItems": gettext_noop("Fill in at most %(limit)s rows."),
    "minimum": gettext_noop("Enter at least %(limit)s."),
    "maximum": gettext_noop("Enter at most %(limit)s."),
}
_FORMATS: Final[Mapping[str, str]] = {
    "email": gettext_noop("Enter an e-mail address, like name@example.com."),
    "uri": gettext_noop("Enter an address, like https://example.com/."),
}


def _sentence(kind: str, facts: Mapping[str, Any], field: Field | None) -> tuple[str, dict[str, str]]:
    if kind == "format" and facts["format"] in _FORMATS:
        return _FORMATS[facts["format"]], {}
    if kind == "minLength" and facts["limit"] == 1:
        return _asking(field), {}
    if kind == "pattern" and field and field.type == "text":
        return _as_written(field, facts["pattern"])
    if kind in _BY_KIND:
        return _BY_KIND[kind], {"limit": str(facts["limit"])}
    choices = ", ".join(title for _, title in field.choices) if field else ""
    return _BY_TYPE[field.type if field else "group"], {"choices": choices}


def _as_written(field: Field, pattern: str) -> tuple[str, dict[str, str]]:
    """As the schema itself says it to people, and only where it does not as it says it to machines."""
    if field.example:
        return gettext_noop("Write it like %(example)s."), {"example": field.example}
    if field.help:
        return gettext_noop("This is not written as it should be. %(help)s"), {"help": field.help}
    return gettext_noop("This is not written as it should be: %(pattern)s."), {"pattern": pattern}


def _leaves(
    fields: Sequence[Field], values: Mapping[str, Any], prefix: str = ""
) -> Iterator[tuple[str, Field, Any]]:
    for each in fields:
        value, path = values.get(each.name), f"{prefix}{each.name}"
        if each.type == "group" and isinstance(value, Mapping):
            yield from _leaves(each.fields, value, f"{path}.")
        elif each.type == "table" and isinstance(value, list):
            for number, row in enumerate(value):
                if isinstance(row, Mapping):
                    yield from _leaves(each.fields, row, f"{path}[{number}].")
        elif value is not None:
            yield path, each, value


def _beyond(path: str, field: Field, value: Any, lookups: Mapping[str, Lookup]) -> FieldProblem | None:
    """What JSON Schema does not say: limits of what is written as text, minor units, keys of lookups."""
    if field.lookup and field.lookup in lookups and not lookups[field.lookup].row(value):
        text = gettext_noop("“%(key)s” is not in the list %(lookup)s.")
        return FieldProblem(
            path=path, text=text, values={"key": str(value)[:60], "lookup": str(field.lookup)}
        )
    if field.type == "money" and _too_fine(value):
        says = gettext_noop("Enter an amount in %(currency)s with at most %(digits)s digits after the point.")
        currency = value["currency"]
        return FieldProblem(
            path=path, text=says, values={"currency": currency, "digits": str(minor_digits(currency))}
        )
    if (isinstance(value, str) and _UNWRITABLE.search(value)) or isinstance(value, float):
        return FieldProblem(path=path, text=_BY_TYPE[field.type])
    if field.type not in _ORDERED:
        return None
    return _outside(path, field, value["amount"] if field.type == "money" else value)


def _too_fine(money: Mapping[str, str]) -> bool:
    exponent = Decimal(money["amount"]).as_tuple().exponent
    return isinstance(exponent, int) and -exponent > minor_digits(money["currency"])


def _outside(path: str, field: Field, text: str) -> FieldProblem | None:
    read = _ORDERED[field.type]
    try:
        value = read(text)
    except ValueError:  # the 30th of February, a leap second
        return FieldProblem(path=path, text=_BY_TYPE[field.type])
    if field.minimum is not None and value < read(field.minimum):
        return FieldProblem(path=path, text=_BY_KIND["minimum"], values={"limit": field.minimum})
    if field.maximum is not None and value > read(field.maximum):
        return FieldProblem(path=path, text=_BY_KIND["maximum"], values={"limit": field.maximum})
    return None


_ORDERED: Final[Mapping[str, Callable[[str], Any]]] = {
    "money": Decimal,
    "decimal": Decimal,
    "date": dt.date.fromisoformat,
    "datetime": dt.datetime.fromisoformat,
}


def _pathless(path: Sequence[str | int]) -> str:
    return "".join("[]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def _written(path: Sequence[str | int]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")
