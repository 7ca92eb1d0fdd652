"""Who may call which operation: the tables of all apps, held against the document."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.cast import Cast
from tests.permissions import ALL_ROLES

APPS = ("platform", "parties", "conversations", "work", "planning")


@dataclass(frozen=True, kw_only=True)
class ApiOperation:
    """`roles`: who may; everybody else who has a token gets 403.

    `of`: makes what the path names, belonging to `cast.client`, and gives the path's values; programs of other
    organisations then get 404. `personal`: it is one person's, who has one of `roles`; to colleagues it does not
    exist either. `is_everybodys`: it belongs to all alike. `named`: values of a path that names nobody's object.
    `tell`: the body; `ask`: the query; `files`: a form's; `raw`: a file as the body, with its type. `any_scope`:
    a token of any scope may. `engaged`: the roles that may at `cast.provider`, with whom the object is shared.
    """

    roles: frozenset[str] = ALL_ROLES
    of: Callable[[Cast], Mapping[str, Any]] | None = None
    personal: bool = False
    named: Mapping[str, Any] = field(default_factory=dict)
    tell: Callable[[Cast], Any] | None = None
    ask: Mapping[str, Any] = field(default_factory=dict)
    files: Callable[[], Mapping[str, Any]] | None = None
    raw: Callable[[Cast], tuple[bytes, str]] | None = None
    is_everybodys: bool = False
    any_scope: bool = False
    engaged: frozenset[str] = frozenset()


def listed() -> dict[str, ApiOperation]:
    tables = (importlib.import_module(f"tests.{app}.api_operations") for app in APPS)
    return {name: operation for table in tables for name, operation in table.API_OPERATIONS.items()}
