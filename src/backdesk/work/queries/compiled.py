"""Services as they run: read once in a process, and then kept; a published version never changes."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from backdesk.desks import services
from backdesk.desks.services.reading import read_service
from backdesk.platform.actor import Actor
from backdesk.work.models import Route, ServiceSource

_KEPT = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """A version as one company may see it: the client whole, the provider without what the client keeps to itself.

    `routes`: their numbers by node, language and the organisation whose people do it.
    """

    version_id: int
    service: services.Service
    routes: Mapping[tuple[str, str, int], int]

    def route(self, *, node: str, language: str, organisation_id: int) -> int | None:
        """The queue of the language; where there is none, that of all languages."""
        own = self.routes.get((node, language, organisation_id))
        return own if own is not None else self.routes.get((node, "", organisation_id))


def compiled(*, actor: Actor, version_id: int) -> Compiled:
    """For the company the actor acts for; Backdesk itself is shown all of it."""
    return _compiled(version_id, actor.organisation_id)


@lru_cache(maxsize=_KEPT)
def _compiled(version_id: int, organisation_id: int | None) -> Compiled:
    sources = ServiceSource.objects.select_related("version").filter(version_id=version_id)
    source = sorted(sources, key=lambda one: one.internal_to is None)[0]
    files = {path: base64.b64decode(content) for path, content in source.files.items()}
    service = read_service(files)
    languages = ["", *(one.code for one in service.taking.languages)]
    routes = Route.objects.filter(service_id=source.version.service_id, language__in=languages)
    return Compiled(
        version_id=version_id,
        service=service,
        routes={(one.node, one.language, one.organisation_id): one.pk for one in routes},
    )
