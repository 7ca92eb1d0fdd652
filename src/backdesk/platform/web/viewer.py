"""Who looks at the page, as the shell needs to know: the app of people and organisations says it.

`platform` stands below `parties`, so `parties` hands its answer up once, in `AppConfig.ready`::

    viewer.register_source(queries.viewer_of)   # (request) -> Viewer | None
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest

from backdesk.platform.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherPlace:
    """Another organisation the person belongs to."""

    id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """`others` can be switched to by posting `organisation` (and `next`) to `switch_url`."""

    actor: Actor
    name: str
    organisation: str
    is_demonstration: bool = False
    others: tuple[OtherPlace, ...] = ()
    switch_url: str = ""


Source = Callable[[HttpRequest], Viewer | None]


def _nobody(request: HttpRequest) -> Viewer | None:
    return None


_source: Source = _nobody


def register_source(source: Source) -> None:
    global _source  # noqa: PLW0603  (set once at start, by parties)
    _source = source


def viewer_of(request: HttpRequest) -> Viewer | None:
    return _source(request)
