"""Agents, the web server, the worker and PostgreSQL are killed in the middle of work: nothing is lost or done twice."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import psutil
import pytest
from django.db import connection, connections, transaction
from django.test import Client

from backdesk.parties.operations import create_token
from backdesk.platform.audit.verification import verify
from backdesk.platform.database import Server, ownership, start
from backdesk.work.models import Event, ImportLine, Item, Step
from backdesk.work.operations import events, imports, items, leases, steps
from backdesk.work.queries.rebuilding import as_it_stands
from tests.backend.base import as_owner
from tests.cast import BACKDESK, NOW, Cast, assemble
from tests.real_processes import web_server, worker
from tests.shared import REPOSITORY
from tests.waiting import PATIENCE, until
from tests.work.services import ENTERED, Work, a_service

pytestmark = pytest.mark.django_db(transaction=True)

ITEMS, LINES = 40, 5_000


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return assemble()


@pytest.fixture
def work(cast: Cast) -> Work:
    return a_service(cast, agents=2, limit=9)  # a claim whose answer was lost leaves them others


def test_agents_and_the_database_are_killed_during_work(
    work: Work, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if "BACKDESK_TEST_DATABASE_URL" in os.environ:
        pytest.skip("the database is not ours to kill")
    rows = [items.NewItem(values={"number": str(number)}) for number in range(ITEMS)]
    items.create_items(actor=work.lead, now=datetime.now(UTC), service=work.service, rows=rows)
    logs = [tmp_path / f"agent-{number}" for number in range(2)]
    with agents(work, logs) as at_work:
        await_done(logs, 5)
        at_work[0].send_signal(signal.SIGKILL)
        await_done(logs, 12)
        kill_a_process_of_postgresql()
        await_done(logs, 20)
        kill_postgresql(request.getfixturevalue("postgres"))
        for process in at_work[1:]:
            process.wait(PATIENCE)
    reconnect()
    finish_what_the_killed_one_had(work)
    assert faults(told_done(logs)) == []
    assert Item.objects.filter(state=Item.State.DELIVERED).count() == ITEMS
    assert verify().holds


def test_control_what_is_lost_or_done_twice_is_found(work: Work) -> None:
    rows = [items.NewItem(values={"number": str(number)}) for number in range(2)]
    made = items.create_items(actor=work.lead, now=datetime.now(UTC), service=work.service, rows=rows)
    finish_what_the_killed_one_had(work)
    first, second = (one.item.pk for one in made if one.item)
    assert faults({first, second}) == []
    with as_owner() as owner:
        owner.execute("SELECT set_config('backdesk.scope', 'system', false)")
        owner.execute("UPDATE work_item SET state = 'open', delivered_at = NULL WHERE id = %s", [first])
    assert faults({first, second}) == [
        f"{first} was told done, and is open",
        f"{first} is not as its events say",
    ]


def test_calls_whose_answer_was_lost_with_the_web_server_are_done_once(work: Work, tmp_path: Path) -> None:
    """The program sends again what it got no answer to, with the same key, to the server started anew."""
    now = datetime.now(UTC)
    secret = create_token(
        actor=work.lead, now=now, name="load", scopes=("read", "write"), expires_at=now + timedelta(days=1)
    ).secret
    with web_server(tmp_path / "one") as port, ThreadPoolExecutor(2) as programs:
        answers = [programs.submit(post, port, secret, work, number) for number in range(18)]
        answers[5].result()
        kill_the_web_server(port)
        answers += [programs.submit(post, port, secret, work, number) for number in (18, 19)]
    assert {one.result() for one in answers} == {0, 201}
    again = [post_here(secret, work, number) for number in range(20)]
    assert set(again) == {201}, again
    numbers = sorted(int(key) for key in Item.objects.values_list("business_key", flat=True))
    assert numbers == list(range(20))
    assert Event.objects.filter(kind="item created").count() == 20


def test_an_import_whose_worker_was_killed_goes_on_behind_the_last_line_that_is_done_with(
    work: Work, var: Path
) -> None:
    now = datetime.now(UTC)
    lines = "number,supplier\n" + "".join(f"{number},Alder Paper\n" for number in range(LINES))
    batch = imports.receive_import(
        actor=work.lead, now=now, service=work.service, stream=BytesIO(lines.encode()), filename="a.csv", limit=10**6
    )  # fmt: skip
    imports.look_through(actor=work.lead, now=now, batch_id=batch.pk, progress=lambda share, phase: None)
    batch.refresh_from_db()
    imports.begin_import(actor=work.lead, now=now, batch=batch)
    with worker(var) as process, somebody_at_the_line(work, LINES // 2) as first_lines_are_in:
        until(first_lines_are_in, "the first lines")
        for one in (*psutil.Process(process.pid).children(recursive=True), process):
            one.kill()
    done = Item.objects.count()
    assert 0 < done < LINES, done
    imports.bring_in(actor=work.lead, now=lambda: now, batch_id=batch.pk, progress=lambda share, phase: None)
    batch.refresh_from_db()
    assert (batch.read, batch.created, batch.duplicate, batch.rejected) == (LINES, LINES, 0, 0)
    assert Item.objects.count() == ImportLine.objects.count() == LINES
    assert Event.objects.filter(kind="item created").count() == LINES


# -- Load ----------------------------------------------------------------------------------------------------


@contextmanager
def agents(work: Work, logs: list[Path]) -> Iterator[list[subprocess.Popen[bytes]]]:
    where = connection.settings_dict
    started = []
    for person, log in zip(work.agents, logs, strict=True):
        own = [where["NAME"], where["HOST"], str(person.pk), str(work.service.provider_id)]
        with log.open("wb") as out:
            command = [sys.executable, "-W", "ignore", "-m", "tests.work.an_agent", *own]
            started.append(subprocess.Popen(command, cwd=REPOSITORY, stdout=out))
    try:
        yield started
    finally:
        for process in started:
            process.kill()
            process.wait()


def told_done(logs: list[Path]) -> set[int]:
    """What agents were told is done; a line cut off by the kill does not count."""
    lines = [line for log in logs for line in log.read_text().split("\n")[:-1]]
    return {int(line.removeprefix("done ")) for line in lines}


def await_done(logs: list[Path], count: int) -> None:
    until(lambda: len(told_done(logs)) >= count, f"{count} done")


@contextmanager
def somebody_at_the_line(work: Work, number: int) -> Iterator[Callable[[], bool]]:
    """Brings in the item of this line and has not committed yet, so that whoever comes to it waits; tells whether the
    lines of an import before it are in."""
    both = {"client_id": work.service.client_id, "provider_id": work.service.provider_id}
    there = Item(
        **both, service=work.service, version=work.version, business_key=str(number), data={}, received_at=NOW
    )
    with transaction.atomic():
        Item.objects.bulk_create([there])
        yield lambda: Item.objects.exclude(pk=there.pk).exists()
        transaction.set_rollback(True)


def kill_a_process_of_postgresql() -> None:
    """With kill -9, one that is sure to be there: the server then takes down all others and recovers from its log."""
    with as_owner() as other:
        os.kill(other.info.backend_pid, signal.SIGKILL)


def kill_postgresql(server: Server) -> None:
    """All of it, from its first process on; somebody starts it again."""
    server.process.kill()
    server.process.wait()
    ownership.release(server._lock)
    again = start(server.data, durable=False, patience=PATIENCE)
    server.process, server._lock = again.process, again._lock


def reconnect() -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        connections.close_all()
        with suppress(Exception):
            connection.ensure_connection()
            return
        time.sleep(0.05)


def finish_what_the_killed_one_had(work: Work) -> None:
    later = datetime.now(UTC) + timedelta(hours=1)
    leases.return_expired(actor=BACKDESK, now=later)
    for agent in range(len(work.agents)):
        while step := steps.take_next(actor=work.agent(agent), now=later):
            steps.complete(
                actor=work.agent(agent), now=later, step_id=step.pk, claim=step.claim, values=ENTERED
            )


def faults(told: set[int]) -> list[str]:
    """Whatever is not as it must be of items some of which were told done."""
    found = []
    for item in Item.objects.order_by("pk"):
        kinds = list(Event.objects.filter(item=item).values_list("kind", flat=True))
        if item.pk in told and item.state != Item.State.DELIVERED:
            found.append(f"{item.pk} was told done, and is {item.state}")
        if kinds.count("step completed") > 1 or kinds.count("item delivered") > 1:
            found.append(f"{item.pk} was done twice")
        if Step.objects.filter(item=item).count() != 1:
            found.append(f"{item.pk} has lost its step, or has two")
        if events.rebuild(item) != as_it_stands(item):
            found.append(f"{item.pk} is not as its events say")
    return found


def kill_the_web_server(port: int) -> None:
    """All its processes at once, with kill -9."""
    own = [
        process for process in psutil.Process().children(recursive=True)
        if any("backdesk.cli.web" in part for part in process.cmdline())
    ]  # fmt: skip
    assert own
    for process in own:
        with suppress(psutil.NoSuchProcess):
            process.kill()


def post_here(secret: str, work: Work, number: int) -> int:
    """To the server started anew, which for a program is the same."""
    path, body, headers = asked(secret, work, number)
    return int(Client().post(path, body, "application/json", headers=headers).status_code)


def post(port: int, secret: str, work: Work, number: int) -> int:
    """The status of the answer; 0 where none came."""
    with suppress(OSError, http.client.HTTPException), closing(
        http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    ) as server:  # fmt: skip
        server.request("POST", *asked(secret, work, number))
        answer = server.getresponse()
        answer.read()
        return answer.status
    return 0


def asked(secret: str, work: Work, number: int) -> tuple[str, str, dict[str, str]]:
    headers = {
        "Authorization": f"Bearer {secret}",
        "Idempotency-Key": f"item-{number}",
        "Content-Type": "application/json",
    }
    body = json.dumps({"values": {"number": str(number)}})
    return f"/api/v1/work/services/{work.service.pk}/items", body, headers
