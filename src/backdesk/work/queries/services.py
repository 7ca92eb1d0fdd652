"""Services as people read them: the list, and one with its versions."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from backdesk.desks import services
from backdesk.parties.queries.participants import names_of_companies
from backdesk.platform.actor import Actor
from backdesk.platform.isolation import prepared
from backdesk.work import policies
from backdesk.work.models import Acknowledgement, Service, ServiceVersion
from backdesk.work.queries import rows
from backdesk.work.queries.sources import files_of, service_of

_ENGAGEMENT: Final[Any] = Service._meta.get_field("engagement").related_model
_WITH_ENGAGEMENT: Final = f"""
SELECT {rows.columns(Service, "service")}, {rows.columns(_ENGAGEMENT, "engagement")}
FROM work_service AS service JOIN parties_engagement AS engagement ON engagement.id = service.engagement_id
WHERE service.id = %s AND (service.client_id = %s OR service.provider_id = %s)
"""  # noqa: S608  our own words


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRow:
    """`version`: that in use, 0 for none. `has_draft`: something is saved that is not in use."""

    service: Service
    client: str
    provider: str
    version: int
    has_draft: bool
    is_read: bool
    """Whether the actor has read the procedure in use."""


def service_rows(*, actor: Actor, engagement_id: int | None = None) -> list[ServiceRow]:
    """Those in use first, by name; drafts are the client's alone."""
    found = Service.objects.visible_to(actor).select_related("current")
    if engagement_id is not None:
        found = found.filter(engagement_id=engagement_id)
    shown = [one for one in found.order_by("name", "pk") if one.current_id or _is_client(actor, one)]
    names = (
        names_of_companies({pk for one in shown for pk in (one.client_id, one.provider_id)}) if shown else {}
    )
    read = _read_by(actor)
    drafts = _drafts(actor)
    rows = [
        ServiceRow(
            service=one,
            client=names[one.client_id],
            provider=names[one.provider_id],
            version=one.current.number if one.current else 0,
            has_draft=one.pk in drafts and _is_client(actor, one),
            is_read=_is_read(one, read),
        )
        for one in shown
    ]
    return sorted(rows, key=lambda row: _ORDER.index(row.service.state))


def procedures_to_read(*, actor: Actor) -> list[Service]:
    """Services in use of the actor's company as provider whose procedure they have not read as it is now."""
    in_use = Service.objects.visible_to(actor).filter(
        provider_id=actor.organisation_id, state=Service.State.ACTIVE
    )
    read = _read_by(actor)
    return [
        one
        for one in in_use.select_related("current").order_by("name")
        if one.current and (one.pk, one.current.procedure_digest) not in read
    ]


def service_named(*, actor: Actor, pk: int) -> Service:
    """One of them. Raises `Service.DoesNotExist`; to the provider a service that was never published does not."""
    service = Service.objects.visible_to(actor).select_related("current").get(pk=pk)
    if service.current_id is None and not _is_client(actor, service):
        raise Service.DoesNotExist
    return service


def service_to_create_in(*, actor: Actor, pk: int) -> Service:
    """With its engagement. Raises `Service.DoesNotExist`, where the actor's company has no part in it."""
    own = actor.organisation_id
    found = prepared.rows(sql=_WITH_ENGAGEMENT, values=[pk, own, own])
    if not found:
        raise Service.DoesNotExist
    place = rows.count(Service)
    service = rows.made(Service, found[0][:place])
    service.engagement = rows.made(_ENGAGEMENT, found[0][place:])
    return service


def versions_of(*, actor: Actor, service: Service) -> list[ServiceVersion]:
    """The newest first; the client's alone where they are not published."""
    found = ServiceVersion.objects.visible_to(actor).filter(service=service).order_by("-number")
    return [one for one in found if one.published_at or _is_client(actor, service)]


def has_read(*, actor: Actor, service: Service) -> bool:
    """Whether the actor has confirmed to have read the procedure in use."""
    return _is_read(service, _read_by(actor))


def readers_of(*, actor: Actor, service: Service) -> int:
    """How many people of the provider have read the procedure in use."""
    if service.current is None:
        return 0
    read = Acknowledgement.objects.visible_to(actor).filter(
        service=service, procedure_digest=service.current.procedure_digest
    )
    return read.filter(organisation_id=service.provider_id).count()


def read_service(*, actor: Actor, version: ServiceVersion) -> services.Service:
    """What the version says, as far as the actor's company may see it."""
    return service_of(actor=actor, version=version)


LineKind = Literal["same", "added", "removed", "place"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedFile:
    """A file that is not the same in two versions, line by line; none for pictures."""

    name: str
    lines: tuple[tuple[LineKind, str], ...]


def difference(*, actor: Actor, older: ServiceVersion, newer: ServiceVersion) -> tuple[ChangedFile, ...]:
    """What changed from one version to another, as far as the actor's company may see it."""
    before, after = files_of(actor=actor, version=older), files_of(actor=actor, version=newer)
    return tuple(
        ChangedFile(name=name, lines=tuple(_lines(name, before, after)))
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    )


def _lines(
    name: str, before: Mapping[str, bytes], after: Mapping[str, bytes]
) -> Iterator[tuple[LineKind, str]]:
    if name.startswith("pictures/"):
        return
    was, now = (each.get(name, b"").decode().splitlines() for each in (before, after))
    for line in list(difflib.unified_diff(was, now, lineterm="", n=2))[2:]:
        yield _KINDS.get(line[:1], "same"), line if line.startswith("@@") else line[1:]


_KINDS: Mapping[str, LineKind] = {"+": "added", "-": "removed", "@": "place"}
_ORDER = ("active", "paused", "draft", "retired")


def _is_client(actor: Actor, service: Service) -> bool:
    return policies.is_client_of(actor, service.client_id)


def _is_read(service: Service, read: set[tuple[int, str]]) -> bool:
    return service.current is not None and (service.pk, service.current.procedure_digest) in read


def _read_by(actor: Actor) -> set[tuple[int, str]]:
    if actor.person_id is None or actor.organisation_id is None:
        return set()
    own = Acknowledgement.objects.visible_to(actor).filter(
        person_id=actor.person_id, organisation_id=actor.organisation_id
    )
    return set(own.values_list("service_id", "procedure_digest"))


def _drafts(actor: Actor) -> set[int]:
    unpublished = ServiceVersion.objects.visible_to(actor).filter(published_at=None)
    return set(unpublished.values_list("service_id", flat=True))
