"""The audit trail: what it costs an operation, and how quickly it is sealed, proven and exported.

`python bench/audit.py [ENTRIES]`: the second part is measured on so many entries, 100,000 if not said otherwise.
"""

from __future__ import annotations

import io
import json
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from bench.measuring import Failed, spread, table, title, told_plainly

VARIANTS = ("no trail", "a row, not chained", "chained by object")
ROUNDS = 5
SECONDS = 3.0
PROCESSES = 8
OBJECTS = 25
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
# What the trail was before: who, what, when, before, after; two indexes, no hash, no salt.
UNCHAINED = """
CREATE TABLE bench_unchained (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, organisation_id bigint, person_id bigint, interface text,
    request_id text, at timestamptz, verb text, subject_kind text, subject_id text, before jsonb, after jsonb,
    FOREIGN KEY (organisation_id) REFERENCES parties_organisation DEFERRABLE INITIALLY DEFERRED);
CREATE INDEX ON bench_unchained (organisation_id, id DESC);
CREATE INDEX ON bench_unchained (subject_kind, subject_id, id);
GRANT INSERT ON bench_unchained TO PUBLIC;
"""


def main() -> None:
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    title(f"Audit trail: cost of an entry; {entries:,} entries sealed, proven, exported")
    with tempfile.TemporaryDirectory(prefix="bd-bench-") as place, ExitStack() as stack:
        _start(Path(place), stack)
        functions = _found()
        _cost(functions)
        _scale(entries)


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
    from django.db import connections

    call_command("migrate", verbosity=0, interactive=False)
    with connections["owner"].cursor() as cursor:
        cursor.execute(UNCHAINED)
    connections.close_all()


def _found() -> list[tuple[int, list[int]]]:
    """For each process a person of a company of their own, with functions to change."""
    from backdesk.parties.operations import add_person, found_organisation, give_role
    from backdesk.planning.operations import add_function
    from backdesk.platform.actor import system

    found = []
    for number in range(PROCESSES):
        founder = system(name="bench")
        company = found_organisation(actor=founder, now=NOW, name=f"Company {number}", is_client=True)
        person = add_person(actor=founder, now=NOW, email=f"{number}@b.example", name="B", password=None)
        give_role(actor=founder, now=NOW, person=person, organisation=company, role="operations_lead")
        actor = _actor(company.pk)
        made = [
            add_function(actor=actor, now=NOW, name=f"F {one}", office="back", description="")  # type: ignore[arg-type]
            for one in range(OBJECTS)
        ]
        found.append((company.pk, [one.pk for one in made]))
    return found


def _actor(organisation_id: int) -> Any:
    from backdesk.platform.actor import Actor

    return Actor(
        person_id=None, organisation_id=organisation_id, roles=frozenset({"operations_lead"}), name="bench"
    )


# -- What an entry costs -------------------------------------------------------------------------------------


def _cost(functions: list[tuple[int, list[int]]]) -> None:
    for processes in (1, PROCESSES):
        with multiprocessing.get_context("spawn").Pool(processes, _ready) as pool:
            done = _in_turns(pool, functions[:processes])
        name = "one connection" if processes == 1 else f"{processes} processes, a connection each"
        least, work = (spread([one[place] for one in done[VARIANTS[0]]]).median for place in (0, 1))
        rows = []
        for variant, turns in done.items():
            rate, cpu = (spread([one[place] for one in turns]) for place in (0, 1))
            ratios = [f"{1 - rate.median / least:.0%}", cpu.text(), f"{cpu.median / work - 1:.0%}"]
            rows.append([variant, rate.text(0), *ratios])
        head = [f"change a function: {name}", "operations/s", "less", "ms of processor each", "more"]
        table(
            head,
            rows,
            note=f"Median of {ROUNDS} turns of {SECONDS:.0f} s, the three in turns. Durable commits.",
        )


def _in_turns(pool: Any, functions: list[tuple[int, list[int]]]) -> dict[str, list[tuple[float, float]]]:
    """By variant and turn: operations a second, and processor time an operation, of client and server, in ms."""
    done: dict[str, list[tuple[float, float]]] = {variant: [] for variant in VARIANTS}
    pool.starmap(_work, [("no trail", *one, 0.5) for one in functions], 1)
    for _ in range(ROUNDS):
        for variant in VARIANTS:
            counts = pool.starmap(_work, [(variant, *one, SECONDS) for one in functions], 1)
            count = sum(one for one, _ in counts)
            done[variant].append((count / SECONDS, 1000 * sum(cpu for _, cpu in counts) / count))
    return done


def _ready() -> None:
    import django

    django.setup()


def _work(variant: str, organisation_id: int, functions: list[int], seconds: float) -> tuple[int, float]:
    """Change one function after the other for so many seconds; how often, and with how much processor time."""
    from django.db import connection

    from backdesk.planning.models import Function
    from backdesk.planning.operations import change_function
    from backdesk.platform import audit
    from backdesk.platform.isolation import within

    actor, written = _actor(organisation_id), {"no trail": _nothing, "a row, not chained": _row}.get(variant)
    with within(actor):
        objects = list(Function.objects.filter(pk__in=functions))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        server = psutil.Process(cursor.fetchone()[0])
    began = _seconds(server)
    kept, count, deadline = audit.record, 0, time.perf_counter() + seconds
    try:
        audit.record = written or kept  # type: ignore[assignment]
        while time.perf_counter() < deadline:
            one = objects[count % len(objects)]
            change_function(
                actor=actor,
                now=datetime.now(UTC),
                function=one,
                name=one.name,
                office=Function.Office(one.office),
                description=f"Turn {count}",
            )
            count += 1
    finally:
        audit.record = kept
    return count, _seconds(server) - began


def _seconds(server: psutil.Process) -> float:
    """Of the processor, for us and for the server's process that works for us."""
    times = server.cpu_times()
    return float(times.user + times.system + time.process_time())


def _nothing(**said: Any) -> None:
    """No trail at all."""


def _row(
    *, actor: Any, now: datetime, verb: str, subject: Any, before: Any = None, after: Any = None
) -> None:
    from django.db import connection

    values = [
        actor.organisation_id,
        actor.person_id,
        actor.interface,
        "",
        now,
        verb,
        subject._meta.label_lower,
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bench_unchained (organisation_id, person_id, interface, request_id, at, verb, subject_kind, "
            "subject_id, before, after) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [*values, str(subject.pk), json.dumps(before, default=str), json.dumps(after, default=str)],
        )


# -- At scale ------------------------------------------------------------------------------------------------


def _scale(entries: int) -> None:
    from backdesk.platform.isolation import as_system

    with as_system("measuring"):
        rows = [
            _timed("written, 500 a statement", entries, lambda: _write(entries)),
            _timed("sealed", entries, _seal),
            _timed("verified: every value, chain, leaf, node, checkpoint", entries, _verify),
            _timed("proven one by one", 200, lambda: _prove(200)),
            _timed("exported with proofs", 5000, lambda: _export(5000)),
        ]
        table(["on one connection", "entries", "s", "entries/s"], rows)
        _sizes()


def _timed(name: str, count: int, work: Callable[[], None]) -> list[str]:
    began = time.perf_counter()
    work()
    seconds = time.perf_counter() - began
    return [name, f"{count:,}", f"{seconds:.1f}", f"{count / seconds:,.0f}"]


def _write(entries: int) -> None:
    from backdesk.planning.models import Function
    from backdesk.platform import audit
    from backdesk.platform.audit import Change

    before = {"name": "Invoices", "office": "back", "description": "Before"}
    after = {"name": "Invoices", "office": "back", "description": "After that, and a little longer"}
    for at in range(0, entries, 10_000):
        changes = [
            Change(subject=Function(pk=10**6 + number // 10), before=before, after=after)
            for number in range(at, min(at + 10_000, entries))
        ]
        audit.record_many(actor=_actor(1), now=datetime.now(UTC), verb="function changed", changes=changes)


def _seal() -> None:
    from backdesk.platform import audit

    audit.seal(now=datetime.now(UTC))


def _verify() -> None:
    from backdesk.platform.audit.verification import verify

    found = verify()
    if not found.holds:
        raise Failed(f"the trail does not hold: {found.broken[0]}")


def _prove(count: int) -> None:
    from backdesk.platform.audit import proofs
    from backdesk.platform.models import AuditEntry

    last = AuditEntry.objects.latest("id").pk
    step = max(last // count, 1)
    for entry in AuditEntry.objects.select_related("disclosed").filter(pk__in=range(1, last, step))[:count]:
        if not proofs.prove(entry).is_in_tree:
            raise Failed(f"entry {entry.pk} is not proven")


def _export(count: int) -> None:
    from backdesk.platform.audit.exporting import Selection, write
    from backdesk.platform.models import AuditEntry

    first = AuditEntry.objects.latest("id").pk - count
    selection = Selection(
        entries=AuditEntry.objects.filter(pk__gt=first), whole=False, said={"last": str(count)}
    )
    if write(io.BytesIO(), selection=selection, now=datetime.now(UTC)) != count:
        raise Failed("the export is not whole")


def _sizes() -> None:
    """Bytes an entry, tables and indexes, of each table."""
    from django.db import connection

    names = ("entry", "values", "chain", "leaf", "node", "checkpoint", "pending")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM platform_auditentry")
        (count,) = cursor.fetchone()
        rows, total = [], 0
        for name in names:
            cursor.execute("SELECT pg_table_size(%s), pg_indexes_size(%s)", [f"platform_audit{name}"] * 2)
            data, indexes = cursor.fetchone()
            total += data + indexes
            rows.append([name, f"{data / count:,.0f}", f"{indexes / count:,.0f}"])
    rows.append(["all", f"{total / count:,.0f}", ""])
    table(["bytes an entry", "table", "indexes"], rows)


if __name__ == "__main__":
    sys.exit(told_plainly(main))
