"""Who may open which address: the tables of all apps together, and every address the resolver knows.

An app lists its addresses in `tests/<app>/routes.py` as `ROUTES`, by name. An address that is not listed fails
`tests/test_permissions.py`, so does a listed one that is gone.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from backdesk.parties.models import Role
from tests.cast import Cast

ALL_ROLES = frozenset(Role.values)
HERE = Path(__file__).parent
APPS = ("platform", "parties", "conversations", "work", "planning", "supervision")


@dataclass(frozen=True, kw_only=True)
class Route:
    """`roles`: who may; everybody else who is signed in gets 403.

    `of`: for an address that names an object, makes one that belongs to `cast.client` and gives the address's
    arguments; people of other organisations then get 404. `personal`: that object is one person's, who has one of
    `roles`; to their colleagues it does not exist either. `shared`: that object is everybody's alike, and hidden from
    no organisation. `engaged`: the roles that may at `cast.provider`, with whom the object is shared; to all other
    providers it does not exist. `public`: open to who is not signed in.
    """

    roles: frozenset[str] = ALL_ROLES
    method: str = "get"
    data: Mapping[str, Any] = field(default_factory=dict)
    of: Callable[[Cast], Mapping[str, Any]] | None = None
    personal: bool = False
    shared: bool = False
    engaged: frozenset[str] = frozenset()
    public: bool = False


def listed() -> dict[str, Route]:
    tables = (f"tests.{app}.routes" for app in APPS if (HERE / app / "routes.py").exists())
    return {name: route for table in tables for name, route in importlib.import_module(table).ROUTES.items()}


def known() -> set[str]:
    """The name of every address; one without a name by its pattern, which no table lists."""
    return set(_walk(get_resolver().url_patterns, namespace=""))


def _walk(patterns: list[URLPattern | URLResolver], *, namespace: str) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver) and pattern.namespace == "operations":
            continue  # of the API: listed as operations of its document, in tests/api
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, namespace=inner)
        else:
            yield f"{namespace}{pattern.name}" if pattern.name else f"without a name: {pattern.pattern}"
