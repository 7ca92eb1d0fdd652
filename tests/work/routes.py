"""Who may open which address of work, and of what. Each part of it adds its lines at its place below."""

from __future__ import annotations

from tests.permissions import Route

LEADS = frozenset({"operations_lead", "delivery_manager"})
CLIENT = frozenset({"operations_lead", "employee", "controller", "auditor"})
READERS = CLIENT | {"delivery_manager", "agent"}

SERVICES: dict[str, Route] = {}
ITEMS: dict[str, Route] = {}
WORKING: dict[str, Route] = {}
CLOCKS: dict[str, Route] = {}
QUALITY: dict[str, Route] = {}

ROUTES: dict[str, Route] = {**SERVICES, **ITEMS, **WORKING, **CLOCKS, **QUALITY}
