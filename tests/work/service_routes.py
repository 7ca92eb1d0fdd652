"""Who may open which address of services."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from backdesk.desks.services import example_files
from backdesk.work.models import Service
from backdesk.work.operations.services import import_service, pause_service, publish_service
from tests.cast import Cast
from tests.permissions import Route
from tests.work.services import an_engagement

LEAD = frozenset({"operations_lead"})
CLIENT = frozenset({"operations_lead", "employee", "controller", "auditor"})
MANAGER = frozenset({"delivery_manager"})
PROVIDER = MANAGER | {"agent"}


def imported(cast: Cast, *, example: str = "customer-record") -> Service:
    """One that comes with Backdesk, as a draft, under a key of its own."""
    files = dict(example_files(example))
    key = f"{example}-{Service.objects.count()}"
    files["service.toml"] = files["service.toml"].replace(f'"{example}"'.encode(), f'"{key}"'.encode(), 1)
    version = import_service(
        actor=cast.lead, now=timezone.now(), engagement_id=an_engagement(cast).pk, files=files, note="First."
    )
    return version.service


def published(cast: Cast, *, example: str = "customer-record") -> Service:
    return publish_service(actor=cast.lead, now=timezone.now(), service=imported(cast, example=example))


def a_published_service(cast: Cast) -> Mapping[str, Any]:
    return {"pk": published(cast).pk}


def a_draft(cast: Cast) -> Mapping[str, Any]:
    return {"pk": imported(cast).pk}


def a_paused_service(cast: Cast) -> Mapping[str, Any]:
    return {"pk": pause_service(actor=cast.lead, now=timezone.now(), service=published(cast)).pk}


def a_version(cast: Cast) -> Mapping[str, Any]:
    return {"pk": published(cast).pk, "number": 1}


def a_picture(cast: Cast) -> Mapping[str, Any]:
    return {**a_version(cast), "name": "record.png"}


READ = Route(roles=CLIENT, of=a_published_service, engaged=PROVIDER)
SERVICES: dict[str, Route] = {
    "work:services": Route(roles=CLIENT | PROVIDER),
    "work:service-new": Route(roles=LEAD),
    "work:service": READ,
    **{f"work:service-{part}": READ for part in ("procedure", "fields", "checks", "versions")},
    "work:service-revision": Route(roles=LEAD, of=a_published_service),
    "work:service-publication": Route(roles=LEAD, of=a_draft, method="post"),
    "work:service-pause": Route(roles=LEAD, of=a_published_service, method="post"),
    "work:service-resumption": Route(roles=LEAD, of=a_paused_service, method="post"),
    "work:service-retirement": Route(roles=LEAD, of=a_published_service, method="post"),
    "work:service-acknowledgement": Route(
        roles=frozenset({"operations_lead", "employee"}),
        of=a_published_service,
        engaged=PROVIDER,
        method="post",
    ),
    "work:service-export": Route(roles=CLIENT, of=a_version, engaged=MANAGER),
    "work:service-picture": Route(roles=CLIENT, of=a_picture, engaged=PROVIDER),
}
