"""Pages of work with a million items and 200 services: lists, queues, board, each page asked again and again.

`python bench/work_pages.py [ITEMS [SERVICES]]`. In one process, over Django's own handler with everything in the way
that is in a request's way (session, isolation, templates), against a durable PostgreSQL of its own. Then 100,000 rows
are imported (`--import`).
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.measuring import spread, table, title, told_plainly

TIMES = 20
ROWS = 100_000
PAGES = (
    ("items, the newest", "/work/items/"),
    ("items, by due time", "/work/items/?sort=due"),
    ("items, overdue", "/work/items/?due=overdue&sort=due"),
    ("items, delivered", "/work/items/?state=delivered"),
    ("items, cancelled", "/work/items/?state=cancelled"),
    ("items, clock stopped", "/work/items/?state=paused"),
    ("items, beginning of a key", "/work/items/?title=K-77"),
    ("items, words of a title", "/work/items/?title=invoice+9"),
    ("items, 1,000 pages on", "after"),
    ("queues", "/work/queues/"),
    ("board", "/work/board/"),
    ("home of a lead", "/"),
)


def main() -> None:
    numbers = [int(one) for one in sys.argv[1:] if one.isdecimal()]
    items, services = (*numbers, 1_000_000, 200)[:2] if not numbers else (*numbers, 200)[:2]
    title(f"Pages of work: {items:,} items, {services} services")
    with tempfile.TemporaryDirectory(prefix="bd-bench-") as place, ExitStack() as stack:
        _start(Path(place), stack)
        cast, work = _company()
        _fill(work, items, services)
        _measure(cast)
        if "--import" in sys.argv:
            _import(work)


def _start(place: Path, stack: ExitStack) -> None:
    os.environ.update(
        BACKDESK_VAR=str(place / "var"),
        SECRET_KEY="only for measuring, and long enough to sign with",
        BACKDESK_HTTPS="no",
        ALLOWED_HOSTS="testserver",
        BACKDESK_LOG_LEVEL="error",
        DJANGO_SETTINGS_MODULE="backdesk.config.settings",
    )
    from backdesk.platform import database

    (place / "var").mkdir(mode=0o711)
    place.chmod(0o711)
    stack.enter_context(database.start(database.data_directory(place / "var")))
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    from backdesk.platform.isolation import as_system

    stack.enter_context(as_system("measuring"))


def _company() -> tuple[Any, Any]:
    from tests.cast import assemble
    from tests.work.services import a_service, an_item

    cast = assemble()
    work = a_service(cast, limit=9, agents=20)
    an_item(work, "first", now=datetime.now(UTC), title="Invoice")
    return cast, work


def _fill(work: Any, items: int, services: int) -> None:
    from django.db import connections

    from backdesk.platform.actor import system
    from backdesk.work.models import Item
    from backdesk.work.operations.queues import count_queues
    from bench.work_filling import fill

    now, first = datetime.now(UTC), Item.objects.get()
    with connections["owner"].cursor() as cursor:
        began = time.perf_counter()
        filled = fill(
            cursor, item_id=first.pk, items=items, services=services, now=now, open_share=0.8, events=False
        )
        cursor.execute(
            "INSERT INTO work_entitlement (person_id, organisation_id, route_id, level) "
            "SELECT old.person_id, old.organisation_id, route.id, old.level FROM work_entitlement AS old, "
            "work_route AS route WHERE route.organisation_id = old.organisation_id ON CONFLICT DO NOTHING"
        )
        cursor.execute("UPDATE work_item SET state = 'cancelled', closed_at = now() WHERE id % 1009 = 0")
        cursor.execute("UPDATE work_item SET is_paused = true WHERE id % 997 = 0 AND state = 'open'")
        cursor.execute("VACUUM ANALYZE")
        print(f"filled with {filled.items:,} in {time.perf_counter() - began:.0f} s")
    began = time.perf_counter()
    count_queues(actor=system(name="bench"), now=now)
    print(f"all queues counted in {time.perf_counter() - began:.2f} s")


def _measure(cast: Any) -> None:
    browser = cast.browser("delivery_manager", cast.provider)
    rows = []
    for name, address in PAGES:
        taken, size = _asked(browser, _place() if address == "after" else address)
        some = sorted(taken)
        rows.append(
            [name, f"{spread(taken).median:.0f}", f"{some[int(len(some) * 0.95)]:.0f}", f"{size / 1000:.0f}"]
        )
    table(("page", "median ms", "p95 ms", "kB"), rows, note=f"{TIMES} requests each, the first left out")


def _place() -> str:
    from backdesk.work.models import Item

    return f"/work/items/?after=~{Item.objects.order_by('-pk')[50_000].pk if Item.objects.count() > 50_000 else 1}"


def _asked(browser: Any, address: str) -> tuple[list[float], int]:
    taken, size = [], 0
    for _ in range(TIMES + 1):
        began = time.perf_counter()
        response = browser.get(address)
        taken.append((time.perf_counter() - began) * 1000)
        assert response.status_code == 200, (address, response.status_code)
        size = len(response.content)
    return taken[1:], size


def _import(work: Any) -> None:
    from backdesk.work.operations import imports

    lines = "number,supplier\n" + "".join(f"I-{number},Alder Paper\n" for number in range(ROWS))
    now = datetime.now(UTC)
    batch = imports.receive_import(
        actor=work.lead,
        now=now,
        service=work.service,
        stream=io.BytesIO(lines.encode()),
        filename="a.csv",
        limit=10**8,
    )
    began = time.perf_counter()
    imports.look_through(actor=work.lead, now=now, batch_id=batch.pk, progress=lambda share, phase: None)
    looked = time.perf_counter() - began
    began = time.perf_counter()
    imports.bring_in(actor=work.lead, now=lambda: now, batch_id=batch.pk, progress=lambda share, phase: None)
    brought = time.perf_counter() - began
    batch.refresh_from_db()
    print(
        f"{batch.created:,} rows looked through in {looked:.0f} s, brought in in {brought:.0f} s "
        f"({batch.created / brought:,.0f} a second)"
    )


if __name__ == "__main__":
    raise SystemExit(told_plainly(main))
