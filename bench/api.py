"""The API: what the way of a request costs, against the query and the operation it calls, on one connection.

`python -m bench.api`
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from bench.measuring import Failed, spread, table, title, told_plainly

ROUNDS = 5
SECONDS = 3.0
FUNCTIONS, ACTIVITIES = 12, 300
NOW = datetime.now(UTC)

Call = Callable[[], None]


def main() -> None:
    title(f"API: {ACTIVITIES} activities; a page of 50 of them read, functions created")
    with tempfile.TemporaryDirectory(prefix="bd-bench-") as place, ExitStack() as stack:
        _start(Path(place), stack)
        actor, secret = _founded()
        for head, ways in (
            ("read 50 activities", _reading(actor, secret)),
            ("create a function", _creating(actor, secret)),
        ):
            _measure(head, ways)


def _start(place: Path, stack: ExitStack) -> None:
    """A durable database of its own, and Backdesk's tables in it."""
    os.environ.update(
        BACKDESK_VAR=str(place / "var"),
        SECRET_KEY="only for measuring, and long enough to sign with",
        BACKDESK_HTTPS="no",
        ALLOWED_HOSTS="testserver",
        BACKDESK_LOG_LEVEL="error",
        BACKDESK_API_REQUESTS_PER_MINUTE="100000000",
        DJANGO_SETTINGS_MODULE="backdesk.config.settings",
    )
    from backdesk.platform import database

    (place / "var").mkdir(mode=0o711)
    place.chmod(0o711)
    stack.enter_context(database.start(database.data_directory(place / "var")))
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections

    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0, database="owner")
    connections.close_all()


def _founded() -> tuple[Any, str]:
    """A company with an inventory, its lead, and the secret of a token of theirs."""
    from backdesk.parties.operations import create_token, found_company
    from backdesk.parties.queries import actor_for
    from backdesk.planning import operations
    from backdesk.platform.actor import system
    from backdesk.platform.isolation import as_system

    person = found_company(
        actor=system(name="bench"), now=NOW, company="Bench", zone="UTC", name="B", email="b@b.example",
        password="long enough and not common 7",
    )  # fmt: skip
    with as_system("measuring"):
        actor = actor_for(person=person, organisation_id=None, interface="api")
    made = [
        operations.add_function(actor=actor, now=NOW, name=f"Function {n}", office="back")  # type: ignore[arg-type]
        for n in range(FUNCTIONS)
    ]
    for n in range(ACTIVITIES):
        operations.add_activity(
            actor=actor, now=NOW, function=made[n % FUNCTIONS], name=f"A {n}", steps_per_month=n, minutes_each=5
        )  # fmt: skip
    ends = NOW + timedelta(days=1)
    token = create_token(actor=actor, now=NOW, name="bench", scopes=["read", "write"], expires_at=ends)
    return actor, token.secret


def _reading(actor: Any, secret: str) -> dict[str, Call]:
    from django.db import transaction

    from backdesk.planning.queries.inventory import activities_of
    from backdesk.platform.isolation import within

    def bare() -> None:
        with within(actor), transaction.atomic():
            rows = activities_of(actor).order_by("-hours_per_month", "pk")
            if rows.count() < 50 or len(rows[:50]) != 50:
                raise Failed("There are not 50 activities.")

    client = _client(secret)

    def full() -> None:
        response = client.get("/api/v1/activities?limit=50")
        if response.status_code != 200 or len(json.loads(response.content)["items"]) != 50:
            raise Failed(response.content.decode())

    return {"the query alone": bare, "GET /api/v1/activities": full}


def _creating(actor: Any, secret: str) -> dict[str, Call]:
    from backdesk.planning import operations

    names = (f"Made {number}" for number in count())

    def bare() -> None:
        operations.add_function(actor=actor, now=NOW, name=next(names), office="back")  # type: ignore[arg-type]

    client = _client(secret)

    def post(**headers: str) -> None:
        body = json.dumps({"name": next(names), "office": "back"})
        response = client.post("/api/v1/functions", body, "application/json", headers=headers)
        if response.status_code != 201:
            raise Failed(response.content.decode())

    return {
        "the operation alone": bare,
        "POST /api/v1/functions": post,
        "the same, with an Idempotency-Key": lambda: post(**{"Idempotency-Key": f"key-{next(names)[5:]}"}),
    }


def _client(secret: str) -> Any:
    """Calls the whole of Django in this process, as the server does, without a network."""
    from django.test import Client

    return Client(headers={"Authorization": f"Bearer {secret}", "Accept-Encoding": "identity"})


def _measure(head: str, ways: dict[str, Call]) -> None:
    turns: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for name, way in _in_turns(ways):
        turns[name].append(_turn(way))
    rows = []
    for name, done in turns.items():
        rate, work = (spread([one[place] for one in done]) for place in (0, 1))
        rows.append(
            [name, rate.text(0), f"{1000 / rate.median:.1f}", work.text(1), str(_statements(ways[name]))]
        )
    note = f"Median of {ROUNDS} turns of {SECONDS:.0f} s, in turns; one process, one connection, durable commits."
    table([head, "a second", "ms each", "ms of processor", "statements"], rows, note=note)


def _in_turns(ways: dict[str, Call]) -> Iterator[tuple[str, Call]]:
    for way in ways.values():
        way()
    for _ in range(ROUNDS):
        yield from ways.items()


def _turn(way: Call) -> tuple[float, float]:
    """How many a second, and the milliseconds of processor each takes here, PostgreSQL's not among them."""
    began, work, done = time.perf_counter(), time.process_time(), 0
    while (passed := time.perf_counter() - began) < SECONDS:
        way()
        done += 1
    return done / passed, 1000 * (time.process_time() - work) / done


def _statements(way: Call) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        way()
    return len(captured)


if __name__ == "__main__":
    sys.exit(told_plainly(main))
