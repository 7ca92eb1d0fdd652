"""The two walls between organisations: what the second one costs beneath the first, and what it would cost alone.

`python -m bench.isolation [ROWS]`: on so many rows, 200,000 if not said otherwise, of 40 organisations.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from bench.measuring import spread, table, title, told_plainly

ORGANISATIONS = 40
ROUNDS = 7
SECONDS = 0.6
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
FILTER, BOTH, SECURITY = "filter", "filter and row security", "row security alone"
ROWS = """
INSERT INTO platform_job (organisation_id, kind, subject_kind, subject_id, arguments, actor_roles, actor_name, state,
    attempt, progress, phase, message, enqueued_at)
SELECT 1 + n % %s, 'bench', '', '', '{}', '[]', '', 'waiting', 0, 0, '', '', now()
FROM generate_series(1, %s) AS n
"""

Work = Callable[[Any], None]


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    title(f"Isolation: {rows:,} rows of {ORGANISATIONS} organisations")
    with tempfile.TemporaryDirectory(prefix="bd-bench-") as place, ExitStack() as stack:
        _start(Path(place), stack)
        _fill(rows)
        for name, work in WORK.items():
            _compare(name, work)


def _start(place: Path, stack: ExitStack) -> None:
    """A durable database of its own, and Backdesk's tables in it."""
    os.environ.update(
        BACKDESK_VAR=str(place / "var"),
        SECRET_KEY="only for measuring, and long enough to sign with",
        BACKDESK_HTTPS="no",
        ALLOWED_HOSTS="localhost",
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


def _fill(rows: int) -> None:
    from backdesk.parties.operations import found_organisation
    from backdesk.platform.actor import system

    for number in range(ORGANISATIONS):
        found_organisation(actor=system(name="bench"), now=NOW, name=f"Company {number}", is_client=True)
    _as_owner(ROWS.replace("% %s", "%% %s"), ORGANISATIONS, rows)
    _as_owner("VACUUM ANALYZE platform_job")


def _as_owner(sql: str, *values: Any) -> None:
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute(sql, values or None)


# -- What is asked -------------------------------------------------------------------------------------------


def _one(jobs: Any) -> None:
    list(jobs.filter(pk=777).values_list("id", "kind"))


def _ten(jobs: Any) -> None:
    for _ in range(10):
        _one(jobs)


def _page(jobs: Any) -> None:
    list(jobs.order_by("-id").values_list("id", "kind", "state", "enqueued_at")[:50])


def _count(jobs: Any) -> None:
    jobs.filter(state="failed").count()


def _insert(jobs: Any) -> None:
    _write(1)


def _insert_many(jobs: Any) -> None:
    _write(100)


def _write(count: int) -> None:
    from backdesk.platform.models import Job

    Job.objects.bulk_create(Job(organisation_id=18, kind="bench", enqueued_at=NOW) for _ in range(count))


WORK: Mapping[str, Work] = {
    "a row by its number": _one,
    "ten rows by their numbers": _ten,
    "the newest 50 of an organisation": _page,
    "the failed ones of an organisation counted": _count,
    "a row inserted": _insert,
    "a hundred rows inserted": _insert_many,
}


# -- How it is measured --------------------------------------------------------------------------------------


def _compare(name: str, work: Work) -> None:
    """The variants in turns, so that what else the machine does meets all of them."""
    variants = (FILTER, BOTH) if work in (_insert, _insert_many) else (FILTER, BOTH, SECURITY)
    found: dict[str, list[tuple[float, float]]] = {variant: [] for variant in variants}
    for _ in range(ROUNDS):
        for variant in variants:
            with _walls(variant) as jobs:
                found[variant].append(_measure(work, jobs))
    least = spread([cpu for _, cpu in found[FILTER]]).median
    rows = []
    for variant, turns in found.items():
        rate, cpu = (spread([turn[place] for turn in turns]) for place in (0, 1))
        rows.append((variant, rate.text(0), cpu.text(3), f"{cpu.median / least:.2f}"))
    table(
        (name, "transactions/s", "CPU ms each", "x the filter alone"),
        rows,
        note=f"Median of {ROUNDS} (least-most).",
    )


@contextmanager
def _walls(variant: str) -> Iterator[Any]:
    """The rows as this variant begins with them."""
    from backdesk.platform.actor import Actor
    from backdesk.platform.isolation import within
    from backdesk.platform.isolation.scopes import NOTHING, scoped
    from backdesk.platform.models import Job

    _as_owner(f"ALTER TABLE platform_job {'DISABLE' if variant == FILTER else 'ENABLE'} ROW LEVEL SECURITY")
    actor = Actor(person_id=1, organisation_id=18)
    scope: AbstractContextManager[None] = scoped(NOTHING) if variant == FILTER else within(actor)
    with scope:
        yield Job.objects.all() if variant == SECURITY else Job.objects.visible_to(actor)


def _measure(work: Work, jobs: Any) -> tuple[float, float]:
    """Transactions a second of the clock; for each the milliseconds of processor, ours and the server's together."""
    from django.db import connection, transaction

    connection.ensure_connection()
    server = psutil.Process(connection.connection.info.backend_pid)
    done, began, worked = 0, time.perf_counter(), _cpu(server)
    while time.perf_counter() - began < SECONDS:
        with transaction.atomic():
            work(jobs)
        done += 1
    return done / (time.perf_counter() - began), (_cpu(server) - worked) / done * 1000


def _cpu(server: psutil.Process) -> float:
    times = server.cpu_times()
    return float(time.process_time() + times.user + times.system)


if __name__ == "__main__":
    sys.exit(told_plainly(main))
