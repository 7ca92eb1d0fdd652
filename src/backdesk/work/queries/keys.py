"""What tells one item of a service from another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_noop

from backdesk.desks.services import FieldProblem, Service
from backdesk.platform.lines import one_line

LONGEST: Final = 200
_TOO_LONG: Final = gettext_noop(
    "With this the item's business key has %(count)s characters; it may have %(most)s. Write it shorter."
)


def key_for(service: Service, values: Mapping[str, Any], *, given: str = "") -> str:
    """What was given, else the values of the service's key fields; empty where it has none, or none is given."""
    found = (_at(values, path) for path in service.key_fields)
    return one_line(given or " / ".join(str(one) for one in found if one is not None))


def too_long(service: Service, values: Mapping[str, Any], *, given: str = "") -> tuple[FieldProblem, ...]:
    """Said of the field that has most of it. A key is never cut: two that begin alike are two."""
    key = key_for(service, values, given=given)
    if len(key) <= LONGEST:
        return ()
    fields = () if given else service.key_fields
    path = max(fields, key=lambda each: len(str(_at(values, each) or "")), default="")
    told = {"count": str(len(key)), "most": str(LONGEST)}
    return (FieldProblem(path=path, text=_TOO_LONG, values=told),)


def _at(values: Mapping[str, Any], path: str) -> Any:
    found: Any = values
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found
