"""One value, as the reader's language writes it and as it is kept: `1.234,50` on the page is `1234.50` in the item."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from backdesk.desks.services.fields import Field, Lookup
from backdesk.platform.web import formats
from backdesk.work.web.entry import dates, lookups

Lookups = Mapping[str, Lookup]
NUMBERS: Final = frozenset({"integer", "decimal", "money"})


class Unspelled(ValueError):
    """A text that does not say a value of its field; the message says what would be right."""


def spelled(field: Field, typed: str, known: Lookups) -> str:
    """What somebody typed, as it is kept."""
    text = typed.strip()
    if not text:
        return ""
    try:
        if lookup := known.get(field.lookup or ""):
            return lookups.key_of(lookup, text)
        read = _READ.get(field.type)
        return read(text) if read else typed
    except (formats.NotANumber, dates.NoDate, lookups.NotListed) as error:
        raise Unspelled(str(error)) from error


def shown(field: Field, kept: str) -> str:
    """What is kept, as the reader would type it; what is no value of the field's type stays as it is."""
    with suppress(ValueError, InvalidOperation):
        return _SHOW.get(field.type, str)(kept)
    return kept


def _number(text: str) -> str:
    return f"{formats.read_number(text):f}"


def _day(text: str) -> str:
    return dates.read_day(text).isoformat()


def _instant(text: str) -> str:
    return dates.read_instant(text).isoformat()


def _typed_number(kept: str) -> str:
    return formats.typed(Decimal(kept))


def _typed_day(kept: str) -> str:
    return formats.day(date.fromisoformat(kept))


def _typed_instant(kept: str) -> str:
    return formats.instant(datetime.fromisoformat(kept))


_READ: Final[Mapping[str, Callable[[str], str]]] = {
    **dict.fromkeys(NUMBERS, _number),
    "date": _day,
    "datetime": _instant,
}
_SHOW: Final[Mapping[str, Callable[[str], str]]] = {
    **dict.fromkeys(NUMBERS, _typed_number),
    "date": _typed_day,
    "datetime": _typed_instant,
}
