"""Which fields of a thing its own people are shown: decided in one place, for pages, the API and exports alike.

The two walls decide which rows there are; this decides what of a row is told. An app names the fields of a kind that
are not for every colleague, and who is shown them, in its `policies.py`::

    ACTIVITY: Guarded = {"cost_per_month": may_see_people_and_cost}

and everything that shows one asks first::

    shown = disclosed_fields(actor, ACTIVITY)
    shown.shows("cost_per_month")        # may the column, figure or filter be there at all?
    shown.among(columns)                 # of a table, on the page and in its export
    shown.blank({"cost_per_month": 12})  # values, empty where they are not shown: for the API
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias, TypeVar

from backdesk.platform.actor import Actor

Guarded: TypeAlias = Mapping[str, Callable[[Actor], bool]]
"""Who is shown the fields that are not for everybody."""


class Keyed(Protocol):
    """A column, named by the field it shows."""

    @property
    def key(self) -> str: ...


_Column = TypeVar("_Column", bound=Keyed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """All but `hidden`."""

    hidden: frozenset[str]

    def shows(self, name: str) -> bool:
        return name not in self.hidden

    def among(self, columns: Iterable[_Column]) -> tuple[_Column, ...]:
        return tuple(column for column in columns if self.shows(column.key))

    def blank(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The same names, with nothing where the value is not shown; what is shown is looked through as well."""
        return {
            name: self._told(value) if self.shows(name) else _nothing(value) for name, value in values.items()
        }

    def _told(self, value: Any) -> Any:
        return self.blank(value) if isinstance(value, Mapping) else value


def disclosed_fields(actor: Actor, guarded: Guarded) -> Disclosure:
    return Disclosure(hidden=frozenset(name for name, may in guarded.items() if not may(actor)))


def _nothing(value: Any) -> Any:
    """Of the same shape, so that who reads it needs no second case."""
    if isinstance(value, str):
        return ""
    return () if isinstance(value, (list, tuple)) else None
