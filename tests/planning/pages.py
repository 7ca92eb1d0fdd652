"""Every page of planning one can open, with the objects it is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from backdesk.planning.models import Activity, Function, WorkHistory
from tests.permissions import Route
from tests.planning import routes

PAGES = {
    "web:home": Route(),
    **{name: route for name, route in routes.ROUTES.items() if route.method == "get"},
}
del PAGES["planning:plan"]  # leads to the first of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Subjects:
    """What pages are about: a history that was read, one that waits for its columns, activities, a function."""

    history: WorkHistory
    received: WorkHistory | None = None
    measured: Activity | None = None
    entered: Activity | None = None
    function: Function | None = None


def addresses(subjects: Subjects) -> Mapping[str, str]:
    """By name; of a kind that is not among the subjects, no page."""
    keys: dict[Any, dict[str, Any]] = {
        None: {},
        routes.a_history: {"pk": subjects.history.pk},
        routes.a_report: {"pk": subjects.history.pk, "kind": "html"},
        routes.a_received_history: _key(subjects.received),
        routes.a_measured_activity: _key(subjects.measured),
        routes.an_entered_activity: _key(subjects.entered),
        routes.a_function: _key(subjects.function),
    }
    known = {name: keys[route.of] for name, route in PAGES.items() if route.of is None or keys[route.of]}
    return {name: reverse(name, kwargs=key) for name, key in known.items()}


def _key(row: WorkHistory | Activity | Function | None) -> dict[str, Any]:
    return {} if row is None else {"pk": row.pk}
