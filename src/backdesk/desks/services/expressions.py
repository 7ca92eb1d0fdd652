"""Guards and rules in CEL (the Common Expression Language): compiled once, never given to Python's `eval`.

What a text reads are `input`, `output` (the fields of the schemas), `item` and `review`. Amounts and decimals are
doubles there. Of numbers of at most 15 digits, and longer ones are not let in, a double keeps each apart from all
others, so `==`, `<` and the like are exact. Sums of doubles are not (0.1 + 0.2 is not 0.3), so `+ - * /` beside a
decimal are refused when the service is read; `sum`, `minus`, `times` and `round` reckon in decimals, exactly up to
15 digits. Dates are texts, `2026-01-31`, which compare as they follow each other; moments are timestamps.

A text ends: CEL has no endless loop, a text has at most 1,000 characters, a table at most 500 rows, loops stand at
most two in one another, and patterns take linear time.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from backdesk.desks.services.definition import Service
from backdesk.desks.services.entering import DIGITS
from backdesk.desks.services.fields import Field, Lookup

if TYPE_CHECKING:
    import cel

LONGEST: Final = 1_000
BUILT_IN: Final = (
    "has size contains startsWith endsWith matches int uint double string bytes timestamp duration type dyn all exists "
    "exists_one map filter getFullYear getMonth getDate getDayOfMonth getDayOfWeek getDayOfYear getHours getMinutes "
    "getSeconds getMilliseconds"
)
_PLACE: Final = re.compile(r"ERROR: <input>:(\d+):(\d+): (.*)")
_EXPECTING: Final = re.compile(r" expecting .*")


class NotCel(ValueError):
    """A text that is no CEL; `line` and `column` count from 1."""

    def __init__(self, says: str, *, line: int = 1, column: int = 1) -> None:
        super().__init__(says)
        self.line = line
        self.column = column


class MissingValue(Exception):
    """A text reads a value that is not there; `has()` would have asked first."""


class NotEvaluated(Exception):
    """A text that compiles and cannot be worked out: kinds that do not go together, a division by 0."""


def compiled(text: str) -> cel.Program:
    """Compile a text, or return it compiled before.

    Raises:
        NotCel: it is no CEL, or too long.

    >>> compiled("output.net.amount >")
    Traceback (most recent call last):
    ...
    backdesk.desks.services.expressions.NotCel: mismatched input '<EOF>'
    """
    if len(text) > LONGEST:
        raise NotCel(f"the text has {len(text):,} characters; divide it into several of at most {LONGEST:,}")
    return _compiled(text)


@lru_cache(maxsize=4096)
def _compiled(text: str) -> cel.Program:
    import cel  # here, because it takes a third of a second

    try:
        return cel.compile(text)
    except ValueError as broken:
        place = _PLACE.search(str(broken))
        if place is None:
            raise NotCel(str(broken)[:200]) from None
        says = _EXPECTING.sub("", place[3].removeprefix("Syntax error: "))
        raise NotCel(says, line=int(place[1]), column=int(place[2])) from None


def worked_out(text: str, context: Mapping[str, Any]) -> Any:
    """Work out a text, as `evaluate` does, whatever kind of value it gives; numbers with a point are doubles.

    >>> worked_out("minus(output.gross, output.tax)", {"output": {"gross": 0.3, "tax": 0.1}, **FUNCTIONS})
    0.2
    """
    program = compiled(text)
    try:
        return program.execute(dict(context))
    except KeyError as missing:
        raise MissingValue(str(missing.args[0])) from None
    except (
        Exception
    ) as broken:  # the binding raises whatever fits: ValueError, TypeError, RuntimeError, Overflow …
        raise NotEvaluated(str(broken).partition(". CEL does not")[0][:200]) from None


def evaluate(text: str, context: Mapping[str, Any]) -> bool:
    """Work out a text that says yes or no.

    Args:
        text: CEL.
        context: as `context_of` returns it.

    Raises:
        NotCel: the text is none.
        MissingValue: it reads a value that is not there.
        NotEvaluated: it cannot be worked out, or says something else than yes or no.

    >>> values = {"output": {"net": 0.1, "tax": 0.2, "total": 0.3}}
    >>> evaluate("sum([output.net, output.tax]) == output.total", {**values, **FUNCTIONS})
    True
    """
    found = worked_out(text, context)
    if not isinstance(found, bool):
        raise NotEvaluated(f"it says {str(found)[:40]!r}, not yes or no")
    return found


def context_of(service: Service, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what texts of a service read, made of an item's values.

    Args:
        service: whose schemas say what is an amount and what a date.
        values: `input` and `output` as JSON holds them, `item` and `review`.

    >>> from backdesk.desks.services.examples import example
    >>> values = {"output": {"total": {"amount": "12.30", "currency": "EUR"}}}
    >>> context_of(example("invoice-entry"), values)["output"]["total"]
    {'amount': 12.3, 'currency': 'EUR'}
    """
    return {
        "input": _group(service.input.fields, values.get("input", {})),
        "output": _group(service.output.fields, values.get("output", {})),
        "item": dict(values.get("item", {})),
        "review": dict(values.get("review", {})),
        "lookup": _looking_up(service.lookups),
        **FUNCTIONS,
    }


def _group(fields: Sequence[Field], values: Mapping[str, Any]) -> dict[str, Any]:
    found = {
        each.name: _value(each, values[each.name]) for each in fields if values.get(each.name) is not None
    }
    empty: dict[str, Any] = {each.name: [] for each in fields if each.type == "table"}
    return {**empty, **found}


def _value(field: Field, value: Any) -> Any:
    if field.type == "group":
        return _group(field.fields, value)
    if field.type == "table":
        return [_group(field.fields, row) for row in value]
    if field.type == "money":
        return {"amount": float(value["amount"]), "currency": value["currency"]}
    if field.type == "decimal":
        return float(value)
    return dt.datetime.fromisoformat(value) if field.type == "datetime" else value


def _looking_up(lookups: Mapping[str, Lookup]) -> Callable[[str, str], dict[str, str]]:
    def lookup(name: str, key: str) -> dict[str, str]:
        return lookups[name].row(key)

    return lookup


def _number(value: float) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("only numbers can be reckoned with")
    return Decimal(repr(value))


def _sum(numbers: Sequence[float]) -> float:
    with localcontext(prec=DIGITS):
        return float(sum(map(_number, numbers), Decimal(0)))


def _minus(left: float, right: float) -> float:
    with localcontext(prec=DIGITS):
        return float(_number(left) - _number(right))


def _times(left: float, right: float) -> float:
    with localcontext(prec=DIGITS):
        return float(_number(left) * _number(right))


def _round(number: float, digits: int) -> float:
    """Half away from zero, as bookkeepers do."""
    return float(_number(number).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP))


def _distinct(values: Sequence[Any]) -> bool:
    return len({repr(value) for value in values}) == len(values)


def _days_between(start: str, end: str) -> int:
    return (dt.date.fromisoformat(end) - dt.date.fromisoformat(start)).days


def is_iban(text: str) -> bool:
    """Say whether a text is an IBAN whose check digits are right; spaces do not matter.

    Source: ISO 13616-1:2020, annex C; the check is MOD 97-10 of ISO/IEC 7064.

    >>> is_iban("GB82 WEST 1234 5698 7654 32"), is_iban("GB82 WEST 1234 5698 7654 23")
    (True, False)
    """
    plain = text.replace(" ", "").upper()
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", plain, re.ASCII):
        return False
    return int("".join(str(int(sign, 36)) for sign in plain[4:] + plain[:4])) % 97 == 1


FUNCTIONS: Final[Mapping[str, Callable[..., Any]]] = {
    "sum": _sum,
    "minus": _minus,
    "times": _times,
    "round": _round,
    "distinct": _distinct,
    "days_between": _days_between,
    "is_iban": is_iban,
}
"""What texts may call beside what CEL has: sum(list), minus(a, b), times(a, b), round(number, digits), distinct(list)
(no value twice), days_between(date, date), is_iban(text), and lookup(name, key), the row with a key."""
