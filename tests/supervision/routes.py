"""Who may open which address of supervision: who leads, controls or audits a service, at either of its companies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backdesk.work.models import Service
from tests.cast import Cast
from tests.permissions import Route
from tests.work.services import a_service

READERS = frozenset({"operations_lead", "controller", "auditor", "delivery_manager"})
MANAGER = frozenset({"delivery_manager"})


def a_supervised_service(cast: Cast) -> Mapping[str, Any]:
    """Of which nothing has been recorded yet."""
    return {"pk": a_service(cast, key=f"supervised-{Service.objects.count()}", agents=1).service.pk}


def a_record(cast: Cast) -> Mapping[str, Any]:
    return {**a_supervised_service(cast), "form": "csv"}


ROUTES = {
    "supervision:scorecards": Route(roles=READERS),
    "supervision:scorecard": Route(roles=READERS, engaged=MANAGER, of=a_supervised_service),
    "supervision:items": Route(roles=READERS, engaged=MANAGER, of=a_supervised_service),
    "supervision:map": Route(roles=READERS, engaged=MANAGER, of=a_supervised_service),
    "supervision:record": Route(roles=READERS, engaged=MANAGER, of=a_supervised_service),
    "supervision:record-file": Route(roles=READERS, engaged=MANAGER, of=a_record),
}
