"""Services come as folders, are changed as new versions, published, paused and retired."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from django.db.models import Max
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from backdesk.desks import services
from backdesk.evidence.process.bpmn import Lane, Node
from backdesk.parties.policies import person, require
from backdesk.parties.queries.engagements import engagement_row
from backdesk.parties.queries.recipients import people_with
from backdesk.platform import audit, notifications
from backdesk.platform.actor import Actor
from backdesk.platform.errors import Refused
from backdesk.platform.isolation import as_system, operation
from backdesk.work import policies
from backdesk.work.models import (
    Acknowledgement,
    Route,
    Service,
    ServiceSecret,
    ServiceSource,
    ServiceVersion,
)
from backdesk.work.operations.qualification import refresh
from backdesk.work.queries.sources import encoded, service_of

SEED_BYTES = 32
PUBLISHED = "work.service_published"


class ServiceBroken(Refused):
    """The folder is no service; `problems` says all of it, with file, line and field."""

    def __init__(self, problems: Sequence[services.Problem]) -> None:
        super().__init__(_("This is no service yet: something in its files is wrong."))
        self.problems = tuple(problems)


class NoSuchEngagement(Refused):
    """The engagement is not one of the company's as client, or does not last."""

    status = 409


class NothingChanged(Refused):
    """The newest version is the same already."""

    status = 409


class NothingToPublish(Refused):
    """There is no version that is not published."""

    status = 409


class NotInThisState(Refused):
    """A draft cannot be paused, a retired service is not taken up again, and so on."""

    status = 409


class ProcedureMovedOn(Refused):
    """A newer version of the procedure is in use than the one that was read."""

    status = 409


@operation
def import_service(
    *, actor: Actor, now: datetime, engagement_id: int, files: Mapping[str, bytes], note: str = ""
) -> ServiceVersion:
    """A folder becomes the draft of the service with its key in the engagement, which is made if there is none.

    Raises `ServiceBroken` with everything that is wrong with it.
    """
    require(policies.may_define(actor))
    row = engagement_row(actor=actor, now=now, pk=engagement_id)
    engagement = row.engagement
    if (
        engagement.client_id != actor.organisation_id
        or engagement.provider_id is None
        or row.state not in ("running", "to come")
    ):
        raise NoSuchEngagement(
            _("Services are imported into an engagement your company has with a provider, and that lasts.")
        )
    read = _read(files)
    service, is_new = Service.objects.visible_to(actor).get_or_create(
        engagement_id=engagement.pk,
        key=read.key,
        defaults={
            "client_id": engagement.client_id,
            "provider_id": engagement.provider_id,
            "name": read.name,
            "created_at": now,
        },
    )
    if is_new:
        ServiceSecret.objects.create(
            service=service, client_id=service.client_id, seed=secrets.token_bytes(SEED_BYTES)
        )
    return _save_draft(actor, now, service, read, files, note)


@operation
def revise_service(
    *,
    actor: Actor,
    now: datetime,
    service: Service,
    note: str = "",
    procedure: str | None = None,
    targets: services.Targets | None = None,
    price: services.Price | None = None,
    quality: services.Quality | None = None,
    taking: services.Taking | None = None,
    alarms: services.Alarms | None = None,
    standard_minutes: Decimal | None = None,
) -> ServiceVersion:
    """Change what is given of the newest version, as a draft. The rest of its folder stays."""
    service = _own(actor, service)
    newest = service.versions.order_by("-number")[0]
    given = {
        "procedure": procedure,
        "targets": targets,
        "price": price,
        "quality": quality,
        "taking": taking,
        "alarms": alarms,
        "standard_minutes": standard_minutes,
    }
    before = service_of(actor=actor, version=newest)
    revised = replace(before, **{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    files = services.write_service(revised)
    return _save_draft(actor, now, service, _read(files), files, note)


@operation
def publish_service(*, actor: Actor, now: datetime, service: Service) -> Service:
    """The draft is in use from now on: new items begin with it, its queues are there, and agents read its procedure
    before they are given any of it where it is not the same as before."""
    service = _own(actor, service)
    draft = service.versions.filter(published_at=None).order_by("-number").first()
    if draft is None:
        raise NothingToPublish(_("Every version is published. Import or change something first."))
    if service.state == Service.State.RETIRED:
        raise NotInThisState(
            _("“%(name)s” is retired; import it under another key.") % {"name": service.name}
        )
    read = service_of(actor=actor, version=draft)
    draft.published_at = now
    draft.save(update_fields=["published_at"])
    service.current, service.name = draft, read.name
    if service.state == Service.State.DRAFT:
        service.state = Service.State.ACTIVE
    service.save(update_fields=["current", "name", "state"])
    _make_routes(service, read)
    refresh(now=now, service_id=service.pk)
    after = {"version": draft.number, "digest": draft.digest}
    audit.record(actor=actor, now=now, verb="service published", subject=service, after=after)
    _tell_provider(actor, now, service, draft)
    return service


@operation
def pause_service(*, actor: Actor, now: datetime, service: Service) -> Service:
    """No item comes in; what is open is worked on."""
    return _change_state(
        actor, now, service, {Service.State.ACTIVE}, Service.State.PAUSED, gettext_noop("service paused")
    )


@operation
def resume_service(*, actor: Actor, now: datetime, service: Service) -> Service:
    """Items come in again."""
    return _change_state(
        actor, now, service, {Service.State.PAUSED}, Service.State.ACTIVE, gettext_noop("service resumed")
    )


@operation
def retire_service(*, actor: Actor, now: datetime, service: Service) -> Service:
    """For good: it takes no items and no new versions. Its items and figures stay."""
    may = {Service.State.ACTIVE, Service.State.PAUSED}
    return _change_state(actor, now, service, may, Service.State.RETIRED, gettext_noop("service retired"))


@operation
def acknowledge_procedure(
    *, actor: Actor, now: datetime, service: Service, procedure_digest: str
) -> Acknowledgement:
    """Say that one has read the procedure in use, the one of this digest. Again changes nothing."""
    require(policies.may_work(actor))
    service = Service.objects.visible_to(actor).select_related("current").get(pk=service.pk)
    if service.current is None or service.current.procedure_digest != procedure_digest:
        raise ProcedureMovedOn(
            _("The procedure has changed since you opened it. Read what is new, then confirm again.")
        )
    acknowledgement, is_new = Acknowledgement.objects.get_or_create(
        service=service,
        person_id=person(actor),
        organisation_id=policies.company(actor),
        procedure_digest=procedure_digest,
        defaults={"client_id": service.client_id, "provider_id": service.provider_id, "at": now},
    )
    if is_new:
        after = {"service": service.pk, "version": service.current.number, "procedure": procedure_digest}
        audit.record(
            actor=actor, now=now, verb="procedure acknowledged", subject=acknowledgement, after=after
        )
        refresh(
            now=now,
            organisation_id=policies.company(actor),
            person_id=person(actor),
            service_id=service.pk,
        )
    return acknowledgement


def _read(files: Mapping[str, bytes]) -> services.Service:
    try:
        return services.read_service(files)
    except services.BrokenService as broken:
        raise ServiceBroken(broken.problems) from broken


def _tell_provider(actor: Actor, now: datetime, service: Service, version: ServiceVersion) -> None:
    with as_system("whoever leads delivery at the provider is told"):
        leads = people_with(organisation_id=service.provider_id, roles=("delivery_manager",))
    notifications.notify(
        actor=actor,
        now=now,
        people=leads,
        kind=PUBLISHED,
        subject=service,
        organisation_id=service.provider_id,
        title=format_lazy(
            gettext_lazy("Version {number} of “{service}” is in use"),
            number=version.number,
            service=service.name,
        ),
        detail=version.note,
        url=reverse("work:service-versions", args=[service.pk]),
    )


def _own(actor: Actor, service: Service) -> Service:
    """Locked, so that two who change it come one after the other."""
    require(policies.may_define(actor))
    own = Service.objects.visible_to(actor).select_for_update().get(pk=service.pk)
    require(policies.is_client_of(actor, own.client_id))
    return own


def _save_draft(
    actor: Actor,
    now: datetime,
    service: Service,
    read: services.Service,
    files: Mapping[str, bytes],
    note: str,
) -> ServiceVersion:
    """There is one draft at most: what is not published is changed, not kept."""
    if service.state == Service.State.RETIRED:
        raise NotInThisState(
            _("“%(name)s” is retired; import it under another key.") % {"name": service.name}
        )
    digest = services.digest(read)
    newest = service.versions.order_by("-number").first()
    if newest is not None and newest.digest == digest:
        raise NothingChanged(
            _("Version %(number)s is the same already; nothing was saved.") % {"number": newest.number}
        )
    draft = newest if newest is not None and newest.published_at is None else _next_version(service)
    draft.digest, draft.procedure_digest = digest, services.procedure_digest(read)
    draft.note, draft.made_at = note.strip()[:500], now
    draft.save()
    _save_sources(draft, read, files)
    after = {"version": draft.number, "digest": digest, "note": draft.note}
    audit.record(actor=actor, now=now, verb="service version saved", subject=service, after=after)
    return draft


def _next_version(service: Service) -> ServiceVersion:
    last = service.versions.aggregate(last=Max("number"))["last"] or 0
    return ServiceVersion(
        service=service, client_id=service.client_id, provider_id=service.provider_id, number=last + 1
    )


def _save_sources(draft: ServiceVersion, read: services.Service, files: Mapping[str, bytes]) -> None:
    """As it came for the client; for both without what the client keeps to itself."""
    both = services.write_service(services.shared(read))
    draft.sources.all().delete()
    ServiceSource.objects.bulk_create(
        ServiceSource(
            version=draft,
            client_id=draft.client_id,
            provider_id=draft.provider_id,
            internal_to=internal_to,
            files=encoded(content),
        )
        for internal_to, content in ((draft.client_id, files), (None, both))
    )


def _make_routes(service: Service, read: services.Service) -> None:
    """A queue for each task and company that does it, the provider's in each language as well that has its own; those
    of tasks and languages that are gone stay for the items before."""
    minutes = _minutes(read)
    for task in read.process.of_kind("user"):
        lane = read.process.lane_of(task.id)
        for organisation_id, language, skills in _queues(service, read, lane):
            is_client = organisation_id == service.client_id
            Route.objects.update_or_create(
                service=service,
                node=task.id,
                language=language,
                organisation_id=organisation_id,
                defaults={
                    "client_id": service.client_id,
                    "provider_id": service.provider_id,
                    "name": task.name or task.id,
                    "role": (lane.role or "") if lane else "",
                    "skills": _skills(task, skills),
                    "mode": "pull" if is_client else read.taking.mode,
                    "at_once": read.taking.limit,
                    "lease_minutes": read.taking.lease_minutes,
                    "may_choose": read.taking.may_choose,
                    "standard_minutes": minutes[task.id],
                },
            )


def _queues(
    service: Service, read: services.Service, lane: Lane | None
) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """Whose people, in which language, with which skills, do the tasks of a lane."""
    party = lane.party if lane else "provider"
    if party != "client":
        yield service.provider_id, "", read.skills
        for one in read.taking.languages:
            yield service.provider_id, one.code, (*read.skills, one.skill)
    if party != "provider":
        yield service.client_id, "", ()


def _minutes(read: services.Service) -> dict[str, Decimal]:
    """An item's standard time at each task: what the task says; those that say nothing share what is left of it."""
    tasks = read.process.of_kind("user")
    said = {task.id: Decimal(task.attributes["minutes"]) for task in tasks if task.attributes.get("minutes")}
    left = max(read.standard_minutes - sum(said.values()), Decimal(0))
    share = left / max(len(tasks) - len(said), 1)
    return {task.id: said.get(task.id, share) for task in tasks}


def _skills(task: Node, usual: Sequence[str]) -> dict[str, int]:
    level = int(task.attributes.get("level", "1"))
    own = task.attributes.get("skill")
    return dict.fromkeys([*usual, *([own] if own else [])], level)


def _change_state(
    actor: Actor, now: datetime, service: Service, may: set[Service.State], to: Service.State, verb: str
) -> Service:
    service = _own(actor, service)
    if service.state not in may:
        raise NotInThisState(
            _("“%(name)s” is %(state)s; nothing was changed.")
            % {"name": service.name, "state": service.get_state_display()}
        )
    before, service.state = {"state": service.state}, to
    service.save(update_fields=["state"])
    audit.record(actor=actor, now=now, verb=verb, subject=service, before=before, after={"state": to.value})
    refresh(now=now, service_id=service.pk)
    return service
