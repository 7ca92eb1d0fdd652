"""Work that is cut off in the middle leaves nothing half done, and is done once when it is taken up again."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import struct
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from backdesk.planning import operations, records
from backdesk.planning.models import WorkHistory
from backdesk.platform.models import AuditEntry, Job, StoredFile
from tests.cast import NOW, Cast, assemble
from tests.planning.histories import COLUMNS, confirmed, file_of, orders, read_now
from tests.real_processes import web_server, worker
from tests.waiting import PATIENCE, until

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 20_000  # orders: more than is sent in the blink of an eye
FEW = 200  # of a reading, which is held up
BOUNDARY = "a-boundary"


@pytest.fixture(scope="module")
def shared_var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("processes")


@pytest.fixture(scope="module")
def port(django_db_setup: None, shared_var: Path) -> Iterator[int]:
    with web_server(shared_var) as port:
        yield port


@pytest.fixture(autouse=True)
def var(settings, shared_var: Path) -> Path:  # type: ignore[no-untyped-def]
    settings.VAR = shared_var
    return shared_var


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return assemble()


# -- Uploads ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("abruptly", [False, True], ids=["closed", "reset"])
def test_of_an_upload_that_is_cut_off_nothing_is_kept_and_the_server_goes_on(
    cast: Cast, port: int, shared_var: Path, abruptly: bool
) -> None:
    browser = cast.browser()
    body = multipart(browser, orders(MANY).encode())
    with half_sent(port, headers(browser, body), body, abruptly=abruptly):
        until(lambda: bool(coming(shared_var)), "the server to take the first half")
    until(lambda: not coming(shared_var), "the first half to be gone")
    assert not WorkHistory.objects.exists()
    assert not StoredFile.objects.exists()
    assert not (shared_var / "files").exists()

    assert post(port, headers(browser, body), body) == 302
    history = WorkHistory.objects.get()
    assert file_of(history).size == len(orders(MANY).encode())
    shutil.rmtree(shared_var / "files")


@contextmanager
def half_sent(port: int, head: dict[str, str], body: bytes, *, abruptly: bool) -> Iterator[None]:
    """Within, the first half has been sent; after that the browser is gone, with or without a word."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        if abruptly:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.sendall(f"POST {reverse('planning:history-new')} HTTP/1.1\r\n{lines}\r\n".encode())
        connection.sendall(body[: len(body) // 2])
        yield


def coming(var: Path) -> list[Path]:
    return list(var.glob("*.upload*"))


def multipart(browser: Client, content: bytes) -> bytes:
    """The form as a browser sends it, its file last."""
    browser.get(reverse("planning:history-new"))
    token = browser.cookies[settings.CSRF_COOKIE_NAME].value
    field = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n'
    file = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="orders.csv"\r\n\r\n'
    return field.encode() + file.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


def headers(browser: Client, body: bytes) -> dict[str, str]:
    return {
        "Host": "127.0.0.1",
        "Cookie": "; ".join(f"{cookie.key}={cookie.value}" for cookie in browser.cookies.values()),
        "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
        "Content-Length": str(len(body)),
    }


def post(port: int, head: dict[str, str], body: bytes) -> int:
    with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
        connection.request("POST", reverse("planning:history-new"), body, head)
        return connection.getresponse().status


# -- Readings -----------------------------------------------------------------------------------------------------


def test_a_reading_whose_worker_was_killed_is_done_by_the_next_and_stands_in_the_inventory_once(
    cast: Cast, shared_var: Path
) -> None:
    history = confirmed(cast.lead, text=orders(FEW))
    with worker(shared_var) as first, held_up():
        until(lambda: is_in_the_middle(history), "the reading to begin")
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
    assert job_of(history).state == Job.State.RUNNING, "nobody was left to say otherwise"
    assert not history.activities.exists()
    with worker(shared_var):
        until(lambda: job_of(history).is_over, "the next worker to finish it")
    assert (job_of(history).state, job_of(history).attempt) == (Job.State.DONE, 2)
    history.refresh_from_db()
    assert (history.generation, history.rows_accepted) == (1, 2 * FEW + -(-FEW // 3))
    steps = {one.name: one.figures["steps"] for one in history.activities.all()}
    assert steps == {"Enter": FEW + -(-FEW // 3), "Check": FEW}
    assert [path.name for path in records.folder(history).parent.iterdir()] == ["1"]
    assert AuditEntry.objects.filter(verb="history read").count() == 1


def test_a_reading_that_is_called_off_leaves_what_an_earlier_one_found(cast: Cast, shared_var: Path) -> None:
    history = read_now(confirmed(cast.lead, text=orders(FEW)))
    Job.objects.filter(state=Job.State.WAITING).delete()  # the plots
    found = {one.name: one.figures for one in history.activities.all()}
    operations.confirm_columns(
        actor=cast.lead, now=NOW, history=history, mapping=COLUMNS, zone="UTC", calendar="Mon-Fri 10:00-11:00"
    )
    with worker(shared_var):
        with held_up():
            until(lambda: is_in_the_middle(history), "the reading to begin")
            cast.browser().post(reverse("web:job-cancellation", args=(job_of(history).pk,)))
        until(lambda: job_of(history).is_over, "the reading to notice")
    assert job_of(history).state == Job.State.CANCELLED
    history.refresh_from_db()
    assert history.generation == 1
    assert {one.name: one.figures for one in history.activities.all()} == found
    page = cast.browser().get(reverse("planning:history", args=(history.pk,))).content.decode()
    assert "What an earlier reading found is below, unchanged." in page


@contextmanager
def held_up() -> Iterator[None]:
    """Within, no reading comes further than to what its work costs, however quick it is."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE planning_rate IN ACCESS EXCLUSIVE MODE")
        yield


def job_of(history: WorkHistory) -> Job:
    job = WorkHistory.objects.select_related("job").get(pk=history.pk).job
    assert job is not None
    return job


def is_in_the_middle(history: WorkHistory) -> bool:
    job = job_of(history)
    return job.state == Job.State.RUNNING and job.phase not in ("", "starting")
