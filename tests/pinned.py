"""How many statements a page sends to the database, held against a number that stands in a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def assert_sends(name: str, sent: list[str], pinned: int) -> None:
    listed = "\n".join(f"{place:3} {sql[:300]}" for place, sql in enumerate(sent, start=1))
    assert len(sent) == pinned, (
        f"{name} sends {len(sent)} statements, {pinned} are pinned in sql_counts.json:\n{listed}"
    )


def statements(browser: Client, address: str, data: Mapping[str, Any]) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        response = browser.get(address, data)
        assert response.status_code == 200
        assert response.getvalue()
    return [str(one["sql"]) for one in captured.captured_queries]
