"""What apps above have to show of an engagement: they register it, since parties knows nothing of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from backdesk.platform.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One line under a heading, such as a service under "Services"."""

    heading: str
    title: str
    url: str
    detail: str = ""


Source = Callable[[Actor, int], Iterator[Shown]]
_sources: list[Source] = []


def register(source: Source) -> None:
    """`source(actor, engagement's number)` gives what is to be shown."""
    _sources.append(source)


def shown_of(actor: Actor, engagement_id: int) -> tuple[Shown, ...]:
    return tuple(one for source in _sources for one in source(actor, engagement_id))
