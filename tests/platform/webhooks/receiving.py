"""A program of somebody else's that receives webhooks: a real server on this machine, and what it was sent."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from backdesk.platform.models import WebhookDelivery, WebhookEndpoint
from backdesk.platform.webhooks import operations
from backdesk.platform.webhooks.operations import Made
from tests.cast import NOW, Cast


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    path: str
    headers: Mapping[str, str]
    body: str


@dataclass(kw_only=True)
class Receiver:
    """Answers each request as it is told to: the last of `answers` from then on."""

    url: str = ""
    answers: list[tuple[int, str]] = field(default_factory=lambda: [(204, "")])
    headers: dict[str, str] = field(default_factory=dict)
    drips: bool = False
    received: list[Received] = field(default_factory=list)

    def next_answer(self) -> tuple[int, str]:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    @property
    def keys(self) -> list[str]:
        return [one.headers["webhook-id"] for one in self.received]


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.received.append(Received(path=self.path, headers=headers, body=body))
            status, text = receiver.next_answer()
            self.send_response(status)
            for name, value in receiver.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self._say(text)

        def _say(self, text: str) -> None:
            try:
                for letter in text if receiver.drips else [text]:
                    self.wfile.write(letter.encode())
                    self.wfile.flush()
                    time.sleep(0.05 if receiver.drips else 0)
            except OSError:
                pass  # nobody listens any more

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver.url = f"http://127.0.0.1:{server.server_address[1]}/hook"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()


def endpoint_at(cast: Cast, url: str, *kinds: str) -> Made:
    """Of the client's."""
    return operations.add_endpoint(actor=cast.lead, now=NOW, url=url, kinds=kinds)


def the_delivery(endpoint: WebhookEndpoint) -> WebhookDelivery:
    return WebhookDelivery.objects.select_related("message", "endpoint").get(endpoint=endpoint)
