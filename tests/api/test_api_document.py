"""The document of the API: valid, pinned in docs/api/openapi.json, and told by the reference page.

    BACKDESK_WRITE_OPENAPI=yes pytest tests/api/test_api_document.py    (or: make openapi)

writes the file anew; what changed of the API is then what changed in the file.
"""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import get_resolver

from backdesk.config.api import interface
from backdesk.platform.api import problems
from backdesk.platform.api.reference import text_of
from backdesk.platform.errors import Refused
from tests.api.calling import ROOT, Program, operations, program
from tests.cast import Cast
from tests.planning.histories import orders

HERE = Path(__file__).resolve().parents[2] / "docs" / "api"
PINNED = HERE / "openapi.json"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """As whoever serves it makes it: once every page is known, and with them every refusal there is."""
    assert get_resolver().url_patterns
    return interface.document()


def test_the_document_is_the_pinned_one(document: dict[str, Any]) -> None:
    if os.environ.get("BACKDESK_WRITE_OPENAPI"):
        PINNED.write_text(text_of(document), encoding="utf-8")
    assert json.loads(PINNED.read_text(encoding="utf-8")) == json.loads(text_of(document)), (
        "The API is not what docs/api/openapi.json says; if it is meant to be, write it anew with `make openapi`."
    )


@pytest.mark.django_db
def test_it_is_served_to_everybody(document: dict[str, Any]) -> None:
    response = Client().get("/api/v1/openapi.json")
    assert response.headers["Content-Type"] == "application/json"
    assert response.json() == json.loads(text_of(document))
    assert document["openapi"] == "3.1.0"


def test_every_schema_in_it_is_one(document: dict[str, Any]) -> None:
    for schema in document["components"]["schemas"].values():
        jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema})


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    for reference in _references(document):
        place: Any = document
        for part in reference.removeprefix("#/").split("/"):
            place = place[part]


def test_every_operation_is_told_whole(document: dict[str, Any]) -> None:
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            where = f"{method} {path}"
            assert told["summary"], where
            assert told["security"] == [{"Bearer": []}], where
            assert {"401", "403", "429", "500"} <= {str(one) for one in told["responses"]}, where
            names = [one["name"] for one in told["parameters"]]
            is_export = "application/zip" in json.dumps(told)
            assert ("Idempotency-Key" in names) == (method == "post" and not is_export), where


def test_a_problem_of_every_kind_has_its_words() -> None:
    for kind in problems.kinds():
        assert kind.__doc__, kind
        assert 400 <= kind.status < 600


def test_no_two_problems_share_a_code() -> None:
    """But those that mean the same on different floors."""
    seen: dict[str, type[Refused]] = {}
    for kind in problems.kinds():
        other = seen.setdefault(kind.code, kind)
        assert other.status == kind.status, (kind, other)


@pytest.mark.django_db
def test_the_reference_tells_every_operation_and_every_problem() -> None:
    page = Client().get("/api/").content.decode()
    for name, (method, path) in operations().items():
        assert f'id="{name}"' in page, (name, method)
        assert path in page
    for kind in problems.kinds():
        assert f'id="{kind.code}"' in page


@pytest.mark.django_db
def test_the_examples_of_the_readme_work(cast: Cast, tmp_path: Path) -> None:
    """Each `curl` is carried out in the order of the page, with a token of the lead's."""
    lead = program(cast)
    (tmp_path / "orders.csv").write_text(orders(3), encoding="utf-8")
    statuses = [_carried_out(words, lead, tmp_path) for words in _examples()]
    assert len(statuses) >= 6
    assert all(200 <= status < 300 for status in statuses), statuses


def _examples() -> Iterator[list[str]]:
    text = (HERE / "README.md").read_text(encoding="utf-8")
    for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL):
        for command in block.replace("\\\n", " ").strip().splitlines():
            words = shlex.split(command)
            if words[0] == "curl":
                yield words[1:]


def _carried_out(words: list[str], lead: Program, files: Path) -> int:
    """What curl would do with these options."""
    method, headers, data, form, address = "", {}, None, {}, ""
    rest = iter(words)
    for word in rest:
        if word == "-X":
            method = next(rest)
        elif word == "-H":
            name, _, value = next(rest).partition(": ")
            headers[name] = value.replace("$TOKEN", lead.secret)
        elif word in ("-d", "--data"):
            data = next(rest)
        elif word == "-F":
            name, _, value = next(rest).partition("=")
            is_file = value.startswith("@")
            form[name] = SimpleUploadedFile(value[1:], (files / value[1:]).read_bytes()) if is_file else value
        else:
            address = word.replace("$BACKDESK", "")
    assert address.startswith(ROOT), words
    client = Client(headers={"Authorization": headers.pop("Authorization")})
    if form:
        response = client.post(address, form, headers=headers)
    else:
        kind = headers.pop("Content-Type", "")
        response = client.generic(
            method or ("POST" if data else "GET"), address, data or "", kind, headers=headers
        )
    return response.status_code


def _references(place: Any) -> Iterator[str]:
    if isinstance(place, dict):
        if isinstance(place.get("$ref"), str):
            yield place["$ref"]
        for value in place.values():
            yield from _references(value)
    elif isinstance(place, list):
        for value in place:
            yield from _references(value)
