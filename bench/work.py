"""Work handed out: all figures of its issue, by one command.

`python -m bench.work [ITEMS…] [--minutes M] [--rows N] [--pages N]`: claims, items taken and completed, and items
created by eight workers at once, three ways: bare (psycopg, one statement on tables of its own that do nothing else:
a step taken, a row of an event), our operation in a process, and the API's whole way (token, isolation, rules, event,
trail) in a process, called as the web server calls it; claims also over HTTP, of the web server as it is started.
Claims over each number of open items, 100,000 and 1,000,000 where none is given (5,000,000 take half an hour to be
filled in). Then an import of N rows, the memory of web server and worker over M minutes of load, and the pages with N
items in 200 services; 0 leaves a part out.
"""

from __future__ import annotations

import argparse
import gc
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import partial
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any

import psutil

from bench.measuring import Failed, spread, table, title, told_plainly
from bench.work_http import PROCESSES, Program, Share, serving

SIZES = (100_000, 1_000_000)
WORKERS, ROUNDS, SECONDS = 8, 3, 4.0
SERVICES, OF_EACH, PEOPLE = 5, 5, 1_600
WITH_TOKEN = 160
BARE_TABLES = """
DROP TABLE IF EXISTS bare_event, bare_step;
CREATE TABLE bare_step (id bigint PRIMARY KEY, route_id bigint, priority smallint, due_at timestamptz,
    open boolean, holder bigint, claim integer);
INSERT INTO bare_step SELECT id, route_id, priority, due_at, true, NULL, 0 FROM work_step WHERE state = 'open';
CREATE INDEX ON bare_step (route_id, priority, due_at, id) WHERE open;
CREATE SEQUENCE IF NOT EXISTS bare_number START 1000000000;
CREATE TABLE bare_event (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, step_id bigint, kind text,
    at timestamptz, person_id bigint, data jsonb);
"""
BARE = """
WITH near AS (
    SELECT first.* FROM unnest(%s::bigint[]) AS route (id) CROSS JOIN LATERAL (
        SELECT id, priority, due_at FROM bare_step WHERE route_id = route.id AND open
        ORDER BY priority, due_at, id LIMIT 8) AS first
), picked AS (
    SELECT step.id FROM near JOIN bare_step AS step USING (id) WHERE step.open
    ORDER BY near.priority, near.due_at, near.id LIMIT 1 FOR UPDATE OF step SKIP LOCKED
), taken AS (
    UPDATE bare_step AS step SET open = false, holder = %s, claim = claim + 1 FROM picked
    WHERE step.id = picked.id RETURNING step.id
)
INSERT INTO bare_event (step_id, kind, at, person_id, data) SELECT id, 'taken', now(), %s, '{}' FROM taken
RETURNING step_id
"""
BARE_DONE = """
WITH done AS (UPDATE bare_step SET holder = NULL WHERE id = %s RETURNING id)
INSERT INTO bare_event (step_id, kind, at, person_id, data) SELECT id, 'completed', now(), %s, '{}' FROM done
"""
BARE_NEW = """
WITH made AS (INSERT INTO bare_step SELECT nextval('bare_number'), %s, 5, now(), true, NULL, 0 RETURNING id)
INSERT INTO bare_event (step_id, kind, at, person_id, data) SELECT id, 'created', now(), %s, '{}' FROM made
"""
CLAIMS = {
    "bare": "bare psycopg, one statement",
    "operation": "operation",
    "api": "API, the whole way",
    "http": f"the same over HTTP, {PROCESSES} web processes",
}
COMPLETED = {"bare_complete": "bare", "complete": "operations", "api_complete": "API"}
CREATED = {"bare_create": "bare", "create": "operation", "api_create": "API"}
BULK = {"bulk": "500 at a time, each"}

#: What a worker needs to know: ids of people, their company, queues; the secrets of tokens.
Known = dict[str, Any]


def main() -> None:
    given = _arguments()
    title(f"Work: {WORKERS} workers at once, {SERVICES} services of which each person does {OF_EACH}")
    with tempfile.TemporaryDirectory(prefix="bd-bench-") as place, ExitStack() as stack:
        known = _company(Path(place), stack)
        pool = stack.enter_context(multiprocessing.get_context("spawn").Pool(WORKERS, _ready))
        known["web"] = stack.enter_context(serving())
        for size in given.items or SIZES:
            _fill(known, size)
            _compare(f"{size:,} open items, claims", CLAIMS, pool, known)
        _compare("taken and completed", COMPLETED, pool, known)
        _compare("created one by one", CREATED, pool, known)
        _compare("created", BULK, pool, known)
        pool.terminate()
        _import(known, given.rows)
        _memory(known, given.minutes)
    if given.pages:
        subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "bench.work_pages", str(given.pages)], check=True
        )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Figures of work.")
    parser.add_argument("items", type=int, nargs="*")
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--pages", type=int, default=1_000_000)
    return parser.parse_args()


# -- The ground ----------------------------------------------------------------------------------------------


def _company(place: Path, stack: ExitStack) -> Known:
    """A durable database of its own with a service, an item, and agents, some of whom have a token."""
    os.environ["BACKDESK_API_REQUESTS_PER_MINUTE"] = "100000000"
    from bench.work_pages import _start

    _start(place, stack)
    from django.core.management import call_command

    from tests.cast import assemble
    from tests.work.services import a_service, an_item

    call_command("createcachetable", verbosity=0, database="owner")
    cast = assemble()
    work = a_service(cast, limit=100)
    item = an_item(work, "first", now=datetime.now(UTC))
    return {
        "item": item.pk,
        "service": work.service.pk,
        "agent": work.agents[0].pk,
        "provider": cast.provider.pk,
        "client": cast.client.pk,
        "lead": cast.lead.person_id,
    }


def _fill(known: Known, size: int) -> None:
    from django.db import connections

    from bench.work_filling import entitle, fill

    with connections["owner"].cursor() as cursor:
        now = datetime.now(UTC)
        fill(cursor, item_id=known["item"], items=size, services=SERVICES, now=now)
        if "people" not in known:
            known["people"] = entitle(
                cursor, person_id=known["agent"], organisation_id=known["provider"], people=PEOPLE
            )
            cursor.execute(
                "SELECT array_agg(id ORDER BY id) FROM (SELECT id FROM work_route ORDER BY id LIMIT %s) AS r",
                [OF_EACH],
            )
            (known["routes"],) = cursor.fetchone()
            cursor.execute("DELETE FROM work_entitlement WHERE NOT route_id = ANY (%s)", [known["routes"]])
            known["secrets"] = [
                _token(person, known["provider"], "agent") for person in known["people"][:WITH_TOKEN]
            ]
            known["client_secret"] = _token(known["lead"], known["client"], "operations_lead")
        cursor.execute(BARE_TABLES)
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT") if _is_superuser(cursor) else None
    connections.close_all()


def _is_superuser(cursor: Any) -> bool:
    cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    return bool(cursor.fetchone()[0])


def _token(person_id: int, organisation_id: int, role: str) -> str:
    from backdesk.parties.operations import create_token
    from backdesk.platform.actor import Actor

    now = datetime.now(UTC)
    actor = Actor(person_id=person_id, organisation_id=organisation_id, roles=frozenset({role}))
    made = create_token(
        actor=actor, now=now, name="bench", scopes=("read", "write"), expires_at=now + timedelta(days=1)
    )
    return made.secret


# -- What is measured ----------------------------------------------------------------------------------------


def _compare(what: str, ways: dict[str, str], pool: Any, known: Known) -> None:
    """The ways in turns, so that what else the machine does comes to each; the first is what others are held to."""
    turns: dict[str, list[tuple[float, ...]]] = {kind: [] for kind in ways}
    for _ in range(ROUNDS):
        for kind in ways:
            turns[kind].append(_turn(kind, pool, known))
    first = turns[next(iter(ways))]
    least, cpu = (spread([turn[place] for turn in first]).median for place in (0, 1))
    rows = [[name, *_figures(turns[kind]), *_against(turns[kind], least, cpu)] for kind, name in ways.items()]
    head = [
        what,
        "a second",
        "ms of processor each",
        "p50 ms",
        "p99 ms",
        "of bare",
        "of bare by processor",
    ]
    table(
        head,
        rows,
        note=f"Median of {ROUNDS} turns of {SECONDS:.0f} s; p50 and p99 of a call. Durable commits.",
    )


def _import(known: Known, rows: int) -> None:
    if not rows:
        return
    from backdesk.platform.actor import Actor
    from backdesk.platform.isolation import within
    from backdesk.work.models import Service
    from backdesk.work.operations import imports

    lead = Actor(
        person_id=known["lead"], organisation_id=known["client"], roles=frozenset({"operations_lead"})
    )
    text = "number,supplier\n" + "".join(f"I-{number},Alder Paper\n" for number in range(rows))
    now, server, told = datetime.now(UTC), _server(), []
    gc.freeze()  # as the worker does
    with within(lead):
        batch = imports.receive_import(
            actor=lead, now=now, service=Service(pk=known["service"]), stream=BytesIO(text.encode()),
            filename="a.csv", limit=10**9,
        )  # fmt: skip
        for name, job in (
            ("looked through", partial(imports.look_through, now=now)),
            ("brought in", partial(imports.bring_in, now=lambda: now)),
        ):
            began, cpu = time.perf_counter(), _processor(server)
            job(actor=lead, batch_id=batch.pk, progress=lambda share, phase: None)
            told.append([name, f"{time.perf_counter() - began:.1f}", f"{_processor(server) - cpu:.1f}"])
    table([f"import of {rows:,} rows", "s", "s of processor"], told, note="Client and server; one job.")


def _memory(known: Known, minutes: float) -> None:
    if minutes:
        from bench.work_memory import watch

        watch(secrets=known["secrets"], minutes=minutes)


def _figures(turns: list[tuple[float, ...]]) -> list[str]:
    rate, cpu, middle, late = (spread([turn[place] for turn in turns]) for place in range(4))
    return [rate.text(0), f"{cpu.median:.2f}", f"{middle.median:.1f}", f"{late.median:.1f}"]


def _against(turns: list[tuple[float, ...]], least: float, cpu: float) -> list[str]:
    rate, own = (spread([turn[place] for turn in turns]).median for place in (0, 1))
    return [f"{rate / least:.0%}", f"{cpu / own:.0%}"]


def _turn(kind: str, pool: Any, known: Known) -> tuple[float, ...]:
    """Done a second, ms of processor for each (of client and server), median and 99th percentile of a call in ms.
    Before, people complete what they were given: hardly anybody has dozens in hand, and what one has is counted."""
    _complete_all()
    told = pool.starmap(_work, [(kind, known, place) for place in range(WORKERS)], 1)
    done = sum(one[0] for one in told)
    calls = sorted(call for one in told for call in one[2])
    return (
        sum(one[0] / sum(one[2]) for one in told),
        1000 * sum(one[1] for one in told) / done,
        1000 * calls[len(calls) // 2],
        1000 * calls[int(len(calls) * 0.99)],
    )


def _complete_all() -> None:
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute("""UPDATE work_step SET state = 'done', ended_at = now(), lease_until = NULL
            WHERE state = 'taken'""")
    connections.close_all()


def _ready() -> None:
    import django

    django.setup()


def _work(kind: str, known: Known, place: int) -> tuple[int, float, list[float]]:
    """Again and again for so many seconds, after ten times that do not count, in which plans are made."""
    make, at_once = _WAYS[kind]
    once, server = make(known, place)
    for _ in range(10 if at_once == 1 else 1):
        once()
    began, calls = _processor(server), []
    deadline = time.perf_counter() + SECONDS
    while (at := time.perf_counter()) < deadline:
        once()
        calls.append(time.perf_counter() - at)
    return len(calls) * at_once, _processor(server) - began, calls


def _processor(server: psutil.Process | Share) -> float:
    times = server.cpu_times()
    return float(times.user + times.system + time.process_time())


# -- The ways ------------------------------------------------------------------------------------------------

Way = tuple[Callable[[], None], psutil.Process | Share]


def _bare(known: Known, place: int) -> Way:
    connection, people = _bare_connection(), _forever(known["people"][place::WORKERS])

    def once() -> None:
        _bare_step(connection, known, next(people))

    return once, psutil.Process(connection.info.backend_pid)


def _bare_step(connection: Any, known: Known, person: int) -> int:
    """Asked again where others took all that was looked at meanwhile: a busy machine lets it wait so long."""
    for _ in range(100):
        taken = connection.execute(BARE, [known["routes"], person, person], prepare=True).fetchone()
        if taken is not None:
            return int(taken[0])
    raise Failed("Nothing was left to take.")


def _bare_connection() -> Any:
    import psycopg
    from django.db import connections

    where = connections["owner"].settings_dict
    return psycopg.connect(host=where["HOST"], user=where["USER"], dbname=where["NAME"], autocommit=True)


def _operation(known: Known, place: int) -> Way:
    from backdesk.work.operations import steps

    agents = _agents(known, place)

    def once() -> None:
        if steps.take_next(actor=next(agents), now=datetime.now(UTC)) is None:
            raise Failed("Nothing was left to take.")

    return once, _server()


def _api(known: Known, place: int) -> Way:
    post = _poster(known["secrets"][place::WORKERS])

    def once() -> None:
        _, told = post("/api/v1/work/taking", {})
        if told["work"] is None:
            raise Failed("Nothing was left to take.")

    return once, _server()


def _http(known: Known, place: int) -> Way:
    program, secrets = Program(known["web"]), _forever(known["secrets"][place::WORKERS])

    def once() -> None:
        if program.post("/api/v1/work/taking", next(secrets)).get("work") is None:
            raise Failed("Nothing was left to take.")

    return once, Share(known["web"], _bare_connection(), programs=WORKERS)


def _poster(secrets: list[str]) -> Callable[..., tuple[str, dict[str, Any]]]:
    """Posts as JSON, each time with the next token unless one is given; gives the token and what is answered. It calls
    the product as its web server does, in this process."""
    from backdesk.config.wsgi import application

    following = _forever(secrets)

    def post(path: str, body: object, secret: str = "") -> tuple[str, dict[str, Any]]:
        secret, told = secret or next(following), list[str]()
        response: Any = application(
            _asked(path, json.dumps(body).encode(), secret),
            lambda status, *_: told.append(status),  # type: ignore[arg-type]
        )
        content = b"".join(response)
        response.close()
        if told[0] >= "4":
            raise Failed(content.decode()[:300])
        return secret, json.loads(content)

    return post


def _asked(path: str, body: bytes, secret: str) -> dict[str, Any]:
    """As granian tells the application of a request that a program sent."""
    return {
        "REQUEST_METHOD": "POST", "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": "",
        "SERVER_NAME": "testserver", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "testserver", "HTTP_ACCEPT": "*/*", "HTTP_AUTHORIZATION": f"Bearer {secret}",
        "CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": BytesIO(body), "wsgi.errors": sys.stderr,
        "wsgi.multithread": True, "wsgi.multiprocess": True, "wsgi.run_once": False,
    }  # fmt: skip


def _complete(known: Known, place: int) -> Way:
    from backdesk.work.operations import steps
    from tests.work.services import ENTERED

    agents = _agents(known, place)

    def once() -> None:
        agent = next(agents)
        step = steps.take_next(actor=agent, now=datetime.now(UTC))
        if step is None:
            raise Failed("Nothing was left to take.")
        steps.complete(actor=agent, now=datetime.now(UTC), step_id=step.pk, claim=step.claim, values=ENTERED)

    return once, _server()


def _bare_complete(known: Known, place: int) -> Way:
    connection, people = _bare_connection(), _forever(known["people"][place::WORKERS])

    def once() -> None:
        person = next(people)
        step = _bare_step(connection, known, person)
        connection.execute(BARE_DONE, [step, person], prepare=True)

    return once, psutil.Process(connection.info.backend_pid)


def _bare_create(known: Known, place: int) -> Way:
    connection = _bare_connection()

    def once() -> None:
        connection.execute(BARE_NEW, [known["routes"][0], known["lead"]], prepare=True)

    return once, psutil.Process(connection.info.backend_pid)


def _api_complete(known: Known, place: int) -> Way:
    post = _poster(known["secrets"][place::WORKERS])

    def once() -> None:
        secret, told = post("/api/v1/work/taking", {})
        step = told["work"]["step"]
        given = {"claim": step["claim"], "values": {"total": {"amount": "12.30", "currency": "EUR"}}}
        post(f"/api/v1/work/steps/{step['id']}/completion", given, secret)

    return once, _server()


def _api_create(known: Known, place: int) -> Way:
    post, numbers = _poster([known["client_secret"]]), (f"{time.time_ns()}-{place}-{n}" for n in count())

    def once() -> None:
        post(f"/api/v1/work/services/{known['service']}/items", {"values": {"number": next(numbers)}})

    return once, _server()


def _create(known: Known, place: int) -> Way:
    return _creating(known, place, 1)


def _bulk(known: Known, place: int) -> Way:
    return _creating(known, place, 500)


def _creating(known: Known, place: int, at_once: int) -> Way:
    from backdesk.platform.actor import Actor
    from backdesk.work.models import Service
    from backdesk.work.operations import items

    lead = Actor(
        person_id=known["lead"], organisation_id=known["client"], roles=frozenset({"operations_lead"})
    )
    numbers = (f"{time.time_ns()}-{place}-{number}" for number in count())

    def once() -> None:
        rows = [items.NewItem(values={"number": next(numbers)}) for _ in range(at_once)]
        made = items.create_items(
            actor=lead, now=datetime.now(UTC), service=Service(pk=known["service"]), rows=rows
        )
        if not all(one.item for one in made):
            raise Failed("An item was not created.")

    return once, _server()


_WAYS: dict[str, tuple[Callable[[Known, int], Way], int]] = {
    "bare": (_bare, 1),
    "operation": (_operation, 1),
    "api": (_api, 1),
    "http": (_http, 1),
    "bare_complete": (_bare_complete, 1),
    "bare_create": (_bare_create, 1),
    "api_complete": (_api_complete, 1),
    "api_create": (_api_create, 1),
    "complete": (_complete, 1),
    "create": (_create, 1),
    "bulk": (_bulk, 500),
}


def _agents(known: Known, place: int) -> Any:
    from backdesk.platform.actor import Actor

    company, roles = known["provider"], frozenset({"agent"})
    people = known["people"][WITH_TOKEN:][place::WORKERS]
    return _forever([Actor(person_id=one, organisation_id=company, roles=roles) for one in people])


def _forever(things: Any) -> Any:
    while True:
        yield from things


def _server() -> psutil.Process:
    """The process of the database that works for this one."""
    from django.db import connection

    connection.ensure_connection()
    return psutil.Process(connection.connection.info.backend_pid)


if __name__ == "__main__":
    sys.exit(told_plainly(main))
