"""What machines do at service tasks: fields of the output worked out in CEL from what is known of an item."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from backdesk.desks.services.checks import run_checks
from backdesk.desks.services.definition import Service
from backdesk.desks.services.entering import minor_digits
from backdesk.desks.services.expressions import MissingValue, NotCel, NotEvaluated, context_of, worked_out
from backdesk.desks.services.fields import Field
from backdesk.desks.services.sharing import shared


class FunctionFailed(Exception):
    """A function that gives no right value for an item; `field` names where, or the check that does not hold.

    >>> print(FunctionFailed("net", "“tax” is not there; ask has() first"))
    net: “tax” is not there; ask has() first
    """

    def __init__(self, field: str, says: str) -> None:
        super().__init__(f"{field}: {says}")
        self.field = field


def work_out(*, service: Service, function: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of the output that a function fills, as JSON holds them, held against schema and checks.

    All of them are worked out of what was there before. Those that everybody sees are worked out without what is
    masked: whatever the text does, a masked value gets nowhere else.

    Args:
        service: with its functions.
        function: the name of one of them.
        values: `input`, `output`, `item` and `review`, as `run_checks` reads them.

    Raises:
        FunctionFailed: a text cannot be worked out, a value is none of its field, or a check finds an error.

    >>> from backdesk.desks.services.examples import example
    >>> service = replace(example("invoice-entry"), functions={"name": {"remark": "input.document_number + '/1'"}})
    >>> work_out(service=service, function="name", values={"input": {"document_number": "A-1"}})
    {'remark': 'A-1/1'}
    """
    texts = service.functions[function]
    schema = service.output.only(texts)
    contexts = {
        each.visibility: context_of(service if each.visibility == "masked" else _unmasked(service), values)
        for each in schema.fields
    }
    found = {each.name: _value(each, texts[each.name], contexts[each.visibility]) for each in schema.fields}
    for problem in schema.errors(found, lookups=service.lookups):
        raise _failed(schema.find(problem.path), problem.path, problem.says)
    whole = {**values, "output": {**values.get("output", {}), **found}}
    for finding in run_checks(shared(service), values=whole):  # the same, whichever company's deed led here
        if finding.severity == "error":
            raise FunctionFailed(finding.check, "this check does not hold then")
    return found


def _unmasked(service: Service) -> Service:
    source, result = (replace(each, fields=_open(each.fields)) for each in (service.input, service.output))
    return replace(service, input=source, output=result)


def _open(fields: Iterable[Field]) -> tuple[Field, ...]:
    return tuple(replace(each, fields=_open(each.fields)) for each in fields if each.visibility == "all")


def _value(field: Field, text: str, context: Mapping[str, Any]) -> Any:
    try:
        value = _entered(field, worked_out(text, context))
    except MissingValue as missing:
        raise _failed(field, field.path, f"“{missing}” is not there; ask has() first") from None
    except (NotCel, NotEvaluated) as broken:
        raise _failed(field, field.path, str(broken)) from None
    parts = value.values() if field.type == "money" and isinstance(value, dict) else [value]
    if all(isinstance(part, str | int) for part in parts):  # a truth is a whole number to Python
        return value
    raise _failed(field, field.path, "this is no single value")


def _failed(field: Field | None, path: str, says: str) -> FunctionFailed:
    """What went wrong with a masked field would tell of its value."""
    return FunctionFailed(path, says if field and field.visibility == "all" else "this is not right")


def _entered(field: Field, value: Any) -> Any:
    """As a person's entry is kept: amounts and decimals as texts, moments too."""
    if field.type == "money" and isinstance(value, dict):
        return {**value, "amount": _written(value.get("amount"), minor_digits(str(value.get("currency"))))}
    if field.type == "decimal":
        return _written(value, 0)
    if field.type == "integer" and isinstance(value, float) and value.is_integer():
        return int(value)  # sum() gives doubles of whole numbers, too
    return value.isoformat() if isinstance(value, dt.datetime) else value


def _written(value: Any, digits: int) -> Any:
    """A number with as many digits after the point as it has, and at least so many."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    number = Decimal(repr(value)) + 0  # no -0
    exponent = number.normalize().as_tuple().exponent
    return f"{number:.{max(-exponent, digits)}f}" if isinstance(exponent, int) else str(number)
