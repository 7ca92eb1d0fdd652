"""The folder of a version of a service, as one of the two companies may see it."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from functools import lru_cache

from backdesk.desks import services
from backdesk.platform.actor import Actor
from backdesk.work.models import Service, ServiceSource, ServiceVersion


def files_of(*, actor: Actor, version: ServiceVersion) -> dict[str, bytes]:
    """The client's own where the actor may read that, else what both see."""
    sources = ServiceSource.objects.visible_to(actor).filter(version=version)
    source = sorted(sources, key=lambda one: one.internal_to is None)[0]
    return {path: base64.b64decode(content) for path, content in source.files.items()}


def service_of(*, actor: Actor, version: ServiceVersion) -> services.Service:
    """Read once in a process: a draft that changes has another digest."""
    key = _Key(version.pk, version.digest, actor)
    return _read(key)


class _Key:
    """What tells one reading from another, and what it takes to read."""

    def __init__(self, version_id: int, digest: str, actor: Actor) -> None:
        self.identity = (version_id, digest, actor.organisation_id)
        self.actor = actor

    def __hash__(self) -> int:
        return hash(self.identity)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.identity == other.identity


@lru_cache(maxsize=128)
def _read(key: _Key) -> services.Service:
    version = ServiceVersion.objects.visible_to(key.actor).get(pk=key.identity[0])
    return services.read_service(files_of(actor=key.actor, version=version))


def encoded(files: Mapping[str, bytes]) -> dict[str, str]:
    """As `ServiceSource.files` keeps them."""
    return {path: base64.b64encode(content).decode() for path, content in files.items()}


def newest_files(*, service_id: int) -> dict[str, bytes] | None:
    """The whole folder of the version in use, or of the draft where none is; None where there is no such service.
    For the command line, in the scope of the house."""
    service = Service.objects.filter(pk=service_id).first()
    if service is None:
        return None
    version = service.current_id or service.versions.latest("number").pk
    source = ServiceSource.objects.get(version_id=version, internal_to=service.client_id)
    return {path: base64.b64decode(content) for path, content in source.files.items()}
