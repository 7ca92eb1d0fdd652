"""What tells one item of a service from another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backdesk.desks.services import Service


def key_of(service: Service, values: Mapping[str, Any]) -> str:
    """The values of the service's key fields; empty where it has none, or none of them is given."""
    found = (_at(values, path) for path in service.key_fields)
    return " / ".join(str(one) for one in found if one is not None)


def _at(values: Mapping[str, Any], path: str) -> Any:
    found: Any = values
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found
