"""The client against a server of the product in its own process, over lines that break."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import requests
from django.utils import timezone
from standardwebhooks import Webhook

from backdesk.client import (
    Backdesk,
    Conflict,
    Forbidden,
    Invalid,
    NewItem,
    NotFound,
    NotFromBackdesk,
    ServerFailed,
    TooManyRequests,
    Unauthenticated,
    Unreachable,
    read_message,
)
from backdesk.work.models import Item
from tests.client.served import Served, a_file, port, served  # noqa: F401
from tests.waiting import PATIENCE
from tests.work.api_operations import a_mail
from tests.work.services import ENTERED

DOCS = Path(__file__).resolve().parents[2] / "docs" / "api" / "client.md"


def test_what_the_docs_show_runs(
    served: Served,  # noqa: F811
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    code = "\n".join(re.findall(r"```python\n(.*?)```", DOCS.read_text(), re.DOTALL))
    names: dict[str, Any] = {
        "ADDRESS": served.address,
        "CLIENT_TOKEN": served.client_token,
        "AGENT_TOKEN": served.agent_token,
        "SERVICE": served.work.service.pk,
        "MAIL_SERVICE": served.mailbox,
        "RAW_MAIL": a_mail(served.work.cast)[0],
        "INVOICE": a_file(tmp_path),
    }
    exec(compile(code, str(DOCS), "exec"), names)
    assert capsys.readouterr().out.splitlines() == [
        "open ['Enter']",
        "1 1 1",
        "({'pointer': '/values/number', 'detail': 'Fill this in.'},)",
        "duplicate-item - There is an item “A-1” of this service already. Nothing was created twice.",
        "A-1 ['total', 'note']",
        "/values/total The total is above 0.",
        "delivered",
        "A-1 True",
        "['item created', 'document added', 'step taken', 'step completed', 'item delivered']",
        "invoice.txt text/plain 11",
        "open 1",
        "withdrawn",
        "['accepted']",
        "None",
    ]
    assert names["receive"](*a_message(names["SECRETS"][0]))[1] == "item.delivered"


def test_a_whole_day_of_an_agent(served: Served) -> None:  # noqa: F811
    client, agent = served.client, served.agent
    for number in range(3):
        client.create_item(served.work.service.pk, {"number": str(number)})
    assert sorted((one.service, one.waiting) for one in agent.queues()) == [("Invoices", 0), ("Invoices", 3)]
    first = agent.take_next()
    assert first is not None
    agent.save_draft(first.step, {"note": "half"})
    (held,) = agent.steps()
    assert held.draft == {"note": "half"}
    assert agent.be_there() == [held]
    back = agent.give_back(held.step, reason="Illegible.")
    assert back.state == "open"
    with pytest.raises(Conflict, match="went back to its queue"):
        agent.complete(held.step, ENTERED)
    while (work := agent.take_next()) is not None:
        assert agent.complete(work.step, ENTERED, touch_seconds=5).item.state == "delivered"
    moved = client.change_priority(client.create_item(served.work.service.pk, {"number": "9"}).id, 1)
    assert moved.priority == 1
    assert client.cancel_item(moved.id, reason="Sent twice.").state == "cancelled"


def test_lists_are_gone_through_however_long(served: Served) -> None:  # noqa: F811
    client, rows = served.client, [NewItem(values={"number": str(number)}) for number in range(450)]
    assert client.create_items(served.work.service.pk, rows).created == 450
    assert len({one.id for one in client.items()}) == 450
    for number in range(3):
        client.add_webhook(f"https://erp.example.com/{number}")
    told = client.session.pages("/webhooks", limit=2)
    assert [one["url"][-1] for one in told] == ["0", "1", "2"]
    client.remove_webhook(next(client.webhooks()).id)
    assert len(list(client.webhooks())) == 2


def test_refusals_are_told_apart(served: Served) -> None:  # noqa: F811
    client, agent = served.client, served.agent
    with pytest.raises(Invalid) as wrong:
        client.create_item(served.work.service.pk, {"number": "1", "surprise": 1})
    assert "/values" in wrong.value.faults[0].pointer
    assert wrong.value.request_id
    with pytest.raises(NotFound):
        client.item(10**9)
    with pytest.raises(Forbidden):
        agent.create_item(served.work.service.pk, {"number": "1"})
    with pytest.raises(Unauthenticated):
        Backdesk(served.address, token="bd_none").queues()


@dataclass
class Line:
    """A proxy that passes calls on, and does with the answers what it is told: loses them, cuts them short, or answers
    by itself."""

    url: str = ""
    lost: int = 0
    cut: int = 0
    instead: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    passed: list[tuple[str, str]] = field(default_factory=list)


@contextmanager
def line_to(address: str) -> Iterator[Line]:
    line = Line()

    class Handler(BaseHTTPRequestHandler):
        def handle_one(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if line.instead:
                self._answer(*line.instead.pop(0), b"")
                return
            line.passed.append((self.command, self.headers.get("Idempotency-Key", "")))
            sent = {name: value for name, value in self.headers.items() if name.lower() != "host"}
            got = requests.request(
                self.command, address + self.path, headers=sent, data=body, timeout=PATIENCE
            )
            if line.lost:
                line.lost -= 1
                self.connection.close()  # carried out, and nobody told
                return
            cut, line.cut = line.cut, 0
            self._answer(got.status_code, {"Content-Type": got.headers["Content-Type"]}, got.content, cut=cut)

        do_GET = do_POST = do_PUT = handle_one  # noqa: N815  (names of the standard library)

        def _answer(self, status: int, headers: dict[str, str], content: bytes, *, cut: int = 0) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[: len(content) - cut])

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.handle_error = lambda *_: None  # type: ignore[method-assign]
        line.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield line
        finally:
            server.shutdown()
            thread.join()


def test_what_was_done_and_not_answered_is_not_done_twice(served: Served) -> None:  # noqa: F811
    with line_to(served.address) as line:
        client = Backdesk(line.url, token=served.client_token, sleep=lambda _: None)
        agent = Backdesk(line.url, token=served.agent_token, sleep=lambda _: None)
        line.lost = 2
        item = client.create_item(served.work.service.pk, {"supplier": "No key", "number": "1"})
        line.lost = 1
        work = agent.take_next()
        assert work is not None
        line.cut = 1
        assert agent.complete(work.step, ENTERED).item.state == "delivered"
    assert Item.objects.filter(service=served.work.service).count() == 1
    assert work.item.id == item.id
    keys = [key for method, key in line.passed if method == "POST"]
    assert len(keys) == 7
    assert len(set(keys)) == 3


def test_an_item_is_taken_in_once_with_its_files_however_often_it_is_sent(
    served: Served,  # noqa: F811
    tmp_path: Path,
) -> None:
    file, pk = a_file(tmp_path), served.work.service.pk
    one, other = (
        served.client.create_item(pk, {"number": "1"}, documents=[file], key="after-a-restart")
        for _ in range(2)
    )
    assert one == other
    assert len(served.client.documents(one.id)) == 1


def test_without_a_key_it_would_be(served: Served) -> None:  # noqa: F811
    """The negative control: the same call again under another name is another call."""
    client = served.client
    client.create_item(served.work.service.pk, {"number": "1"}, key="once")
    with pytest.raises(Conflict):
        client.create_item(served.work.service.pk, {"number": "1"}, key="twice")


def test_it_waits_as_long_as_it_is_told_and_no_longer_than_it_may(served: Served) -> None:  # noqa: F811
    waited: list[float] = []
    with line_to(served.address) as line:
        client = Backdesk(line.url, token=served.client_token, sleep=waited.append)
        line.instead = [(429, {"Retry-After": "7"}), (503, {}), (502, {"Retry-After": "9999"})]
        assert client.queues() == []
        assert waited[0] == 7
        assert 1 <= waited[1] <= 2
        assert waited[2] == 60
        line.instead = [(429, {})] * 5
        with pytest.raises(TooManyRequests):
            client.queues()
        line.instead = [(500, {})]
        with pytest.raises(ServerFailed):
            client.queues()
        assert len(waited) == 3 + 4


def test_nobody_there_is_said(served: Served) -> None:  # noqa: F811
    waited: list[float] = []
    with pytest.raises(Unreachable, match="does not answer"):
        Backdesk("http://127.0.0.1:9", token="bd_x", tries=3, sleep=waited.append).queues()
    assert len(waited) == 2
    assert waited[1] > waited[0] / 2


def a_message(secret: str, *, at: datetime | None = None) -> tuple[bytes, dict[str, str]]:
    at = at or timezone.now()
    body = json.dumps(
        {"type": "item.delivered", "timestamp": at.isoformat(), "organisation_id": 3, "data": {"item_id": 7}}
    )
    headers = {
        "Webhook-Id": "msg_1",
        "Webhook-Timestamp": str(int(at.timestamp())),
        "Webhook-Signature": Webhook(secret).sign("msg_1", at, body),
    }
    return body.encode(), headers


OURS, OTHER = "whsec_" + "b3Vycw" * 8, "whsec_" + "b3RoZXI" * 8


def test_a_message_is_believed_by_any_secret_in_force() -> None:
    message = read_message(*a_message(OURS), secrets=[OTHER, OURS])
    assert (message.id, message.kind, message.by, message.data) == (
        "msg_1",
        "item.delivered",
        3,
        {"item_id": 7},
    )


@pytest.mark.parametrize("what", ["another secret", "other words", "long ago", "nothing"])
def test_no_other_message_is(what: str) -> None:
    body, headers = a_message(OURS, at=datetime(2026, 1, 1, tzinfo=UTC) if what == "long ago" else None)
    if what == "other words":
        body = body.replace(b"7", b"8")
    if what == "nothing":
        headers = {}
    with pytest.raises(NotFromBackdesk):
        read_message(body, headers, secrets=[OTHER if what == "another secret" else OURS])
