"""Who acts: handed to every operation and query, never looked up from the air."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Interface = Literal["web", "api", "cli", "job"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """One person (or the system) acting for one organisation through one interface."""

    person_id: int | None
    organisation_id: int | None
    roles: frozenset[str] = frozenset()
    interface: Interface = "web"
    name: str = ""

    def has(self, *roles: str) -> bool:
        return not self.roles.isdisjoint(roles)

    def through(self, interface: Interface) -> Actor:
        return replace(self, interface=interface)


def system(*, name: str, organisation_id: int | None = None, interface: Interface = "cli") -> Actor:
    """Backdesk itself, for instance while it loads the demonstration company."""
    return Actor(person_id=None, organisation_id=organisation_id, interface=interface, name=name)
