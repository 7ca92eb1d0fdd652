"""What docs/webhooks.md shows a receiver is run here, and sent real messages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.utils import timezone

from backdesk.platform.models import WebhookDelivery
from backdesk.platform.webhooks import operations, outbox
from backdesk.platform.webhooks.outbox import send_due
from tests.cast import Cast
from tests.platform.webhooks.receiving import the_delivery

pytestmark = pytest.mark.django_db

DOCS = Path(__file__).resolve().parents[3] / "docs" / "webhooks.md"


@dataclass(kw_only=True)
class Documented:
    """The server of the docs, and what it took in."""

    names: dict[str, Any]
    taken_in: list[tuple[str, Any]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.names['server'].server_address[1]}/backdesk"


@pytest.fixture
def documented(settings: Any) -> Iterator[Documented]:
    settings.BACKDESK_WEBHOOK_PRIVATE = True
    (code,) = re.findall(r"```python\n(.*?)```", DOCS.read_text(), re.DOTALL)
    one = Documented(names={})
    one.names["take_in"] = lambda kind, data: one.taken_in.append((kind, data))
    exec(compile(code, str(DOCS), "exec"), one.names)
    server = one.names["server"]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield one
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_receiver_of_the_docs_takes_in_a_message_once(cast: Cast, documented: Documented) -> None:
    now = timezone.now()
    made = operations.add_endpoint(actor=cast.lead, now=now, url=documented.url)
    documented.names["SECRET"] = made.secret
    sent = operations.send_test(actor=cast.lead, now=now, endpoint=made.endpoint)
    assert send_due(now=now).delivered == 1
    operations.replay(actor=cast.lead, now=now, delivery=sent)
    assert send_due(now=now).delivered == 1
    assert documented.taken_in == [("webhook.test", {"endpoint_id": made.endpoint.pk})]


def test_it_believes_nobody_with_another_secret(cast: Cast, documented: Documented) -> None:
    """The negative control."""
    now = timezone.now()
    made = operations.add_endpoint(actor=cast.lead, now=now, url=documented.url)
    other = operations.add_endpoint(actor=cast.lead, now=now, url=documented.url)
    documented.names["SECRET"] = other.secret
    operations.send_test(actor=cast.lead, now=now, endpoint=made.endpoint)
    assert send_due(now=now).failed == 1
    assert the_delivery(made.endpoint).status == 401
    assert documented.taken_in == []


def test_the_turns_are_those_of_the_docs() -> None:
    seconds = [int(one.total_seconds()) for one in outbox.TURNS]
    assert seconds == [5, 300, 1800, *(3600 * hours for hours in (2, 5, 10, 14, 20, 24))]
    assert "5 seconds, 5 and 30 minutes, 2, 5, 10, 14, 20 and 24 hours" in DOCS.read_text()
    assert not WebhookDelivery.objects.exists()
