"""Skills that the work asks for and a company does not know yet; apps above say which they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from backdesk.parties.models import Skill
from backdesk.platform.actor import Actor

Asking = Callable[[Actor], Iterable[str]]
_asking: list[Asking] = []


def register_asking(asking: Asking) -> None:
    """Gives the names of the skills that the work of an actor's company asks for."""
    _asking.append(asking)


def skills_asked_for(*, actor: Actor, known: Iterable[Skill]) -> tuple[str, ...]:
    """Those not among the known ones, whichever way they are capitalised."""
    there = {skill.name.lower() for skill in known}
    asked = {name.lower(): name for asking in _asking for name in asking(actor)}
    return tuple(sorted(name for key, name in asked.items() if key not in there))
