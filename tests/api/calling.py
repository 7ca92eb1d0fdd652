"""Programs that call the API, each with a token a person made."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import cache
from typing import Any

from django.test import Client
from django.utils import timezone

from backdesk.config.api import interface
from backdesk.parties.models import Organisation
from backdesk.parties.operations import create_token
from backdesk.platform.actor import Actor
from tests.cast import Cast

ROOT = "/api/v1"
PROBLEM = "application/problem+json"


class Program:
    """Calls with one token; `tell` is a body of JSON."""

    def __init__(self, actor: Actor, *, scopes: Iterable[str] = ("read", "write")) -> None:
        now = timezone.now()
        month = now + timedelta(days=30)
        made = create_token(actor=actor, now=now, name="A program", scopes=scopes, expires_at=month)
        self.token, self.secret = made.token, made.secret
        self.client = Client(
            headers={"Authorization": f"Bearer {made.secret}"}, raise_request_exception=False
        )

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(ROOT + path, query)

    def post(self, path: str, tell: Any = None, **headers: str) -> Any:
        return self.call("POST", path, tell, headers)

    def put(self, path: str, tell: Any, **headers: str) -> Any:
        return self.call("PUT", path, tell, headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self.call("DELETE", path, None, headers)

    def call(self, method: str, path: str, tell: Any, headers: Mapping[str, str]) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        body = "" if tell is None else json.dumps(tell)
        return self.client.generic(method, ROOT + path, body, "application/json", headers=named)


def program(
    cast: Cast,
    role: str = "operations_lead",
    organisation: Organisation | None = None,
    *,
    scopes: Iterable[str] = ("read", "write"),
) -> Program:
    return Program(cast.actor(role, organisation), scopes=scopes)


def problem(response: Any, *, status: int, code: str) -> dict[str, Any]:
    """What it says, after making sure that it is this problem, whole."""
    assert (response.status_code, response.headers["Content-Type"]) == (status, PROBLEM), response.content
    told: dict[str, Any] = json.loads(response.content)
    assert told["code"] == code, told
    assert (told["status"], told["type"]) == (status, f"/api/#{code}")
    assert told["title"]
    assert told["detail"]
    assert told["request_id"] == response.headers["X-Request-ID"]
    return told


@cache
def operations() -> dict[str, tuple[str, str]]:
    """Every operation of the document: its method and its path."""
    return {
        operation["operationId"]: (method.upper(), path)
        for path, methods in interface.document()["paths"].items()
        for method, operation in methods.items()
    }
