"""Which fields of a thing somebody is shown: decided in one place, for pages, the API and exports alike.

The two walls decide which rows there are; this decides what of a row is told. An app names the fields of a kind that
are not for every colleague, and who is shown them, in its `policies.py`::

    ACTIVITY = Kind(name="planning.activity", guarded={"cost_per_month": may_see_people_and_cost})

and everything that shows one asks first::

    shown = disclosed_fields(actor, ACTIVITY)
    shown.shows("cost_per_month")        # may the column, figure or filter be there at all?
    shown.among(columns)                 # of a table, on the page and in its export
    shown.blank({"cost_per_month": 12})  # values, empty where they are not shown: for the API

A thing of another organisation shows nothing by itself: `disclosed_fields(actor, kind, owner=client)` gives only what
its owner lets the actor's organisation see. How that is agreed is for a floor above to say: the engagement of a
client with its provider registers what its contract shows, by kind::

    disclosure.register_showing(shown_by_engagement)   # in AppConfig.ready

    def shown_by_engagement(*, actor: Actor, kind: str, owner: int) -> frozenset[str]:
        "The fields that a running engagement of `owner` with the actor's organisation shows of this kind."
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from backdesk.platform.actor import Actor


class Showing(Protocol):
    """Which fields of a kind an organisation shows to another one's people."""

    def __call__(self, *, actor: Actor, kind: str, owner: int) -> frozenset[str]: ...


class Keyed(Protocol):
    """A column, named by the field it shows."""

    @property
    def key(self) -> str: ...


_Column = TypeVar("_Column", bound=Keyed)
_showings: list[Showing] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of thing, and who of its own organisation is shown the fields that are not for everybody there."""

    name: str
    guarded: Mapping[str, Callable[[Actor], bool]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """All but `hidden` where it is one's own; of what belongs to others, `shown` alone."""

    hidden: frozenset[str] = frozenset()
    shown: frozenset[str] | None = None

    def shows(self, name: str) -> bool:
        return name not in self.hidden if self.shown is None else name in self.shown

    def among(self, columns: Iterable[_Column]) -> tuple[_Column, ...]:
        return tuple(column for column in columns if self.shows(column.key))

    def blank(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The same names, with nothing where the value is not shown; what is shown is looked through as well."""
        return {
            name: self._told(value) if self.shows(name) else _nothing(value) for name, value in values.items()
        }

    def _told(self, value: Any) -> Any:
        """Of one's own things a part may be guarded; what another organisation shows, it shows whole."""
        return self.blank(value) if isinstance(value, Mapping) and self.shown is None else value


def disclosed_fields(actor: Actor, kind: Kind, *, owner: int | None = None) -> Disclosure:
    """`owner` is the organisation the thing belongs to; the actor's own, unless it is said."""
    if owner is None or owner == actor.organisation_id:
        return Disclosure(hidden=frozenset(name for name, may in kind.guarded.items() if not may(actor)))
    told = (showing(actor=actor, kind=kind.name, owner=owner) for showing in _showings)
    return Disclosure(shown=frozenset().union(*told))


def register_showing(showing: Showing) -> None:
    """What one organisation shows of its things to another: any of those registered may show a field."""
    if showing not in _showings:
        _showings.append(showing)


def _nothing(value: Any) -> Any:
    """Of the same shape, so that who reads it needs no second case."""
    if isinstance(value, str):
        return ""
    return () if isinstance(value, (list, tuple)) else None
