"""A server of the product, as its own process, and programs of both companies that call it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from backdesk.client import Backdesk
from backdesk.parties.operations import create_token
from backdesk.platform.actor import Actor
from tests.cast import Cast
from tests.real_processes import web_server
from tests.work.api_operations import a_mailbox
from tests.work.services import Work, a_service


@dataclass(frozen=True, kw_only=True)
class Served:
    address: str
    work: Work
    mailbox: int
    client_token: str
    agent_token: str

    @property
    def client(self) -> Backdesk:
        return Backdesk(self.address, token=self.client_token)

    @property
    def agent(self) -> Backdesk:
        return Backdesk(self.address, token=self.agent_token)


@pytest.fixture(scope="module")
def port(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[int]:
    with django_db_blocker.unblock(), web_server(tmp_path_factory.mktemp("served")) as found:
        yield found


@pytest.fixture
def served(port: int, transactional_db: None, cast: Cast) -> Served:
    work = a_service(cast, limit=50)
    return Served(
        address=f"http://localhost:{port}",
        work=work,
        mailbox=a_mailbox(cast)["pk"],
        client_token=token_of(cast.lead),
        agent_token=token_of(cast.agent),
    )


def token_of(actor: Actor) -> str:
    now = timezone.now()
    made = create_token(
        actor=actor, now=now, name="A program", scopes=["read", "write"], expires_at=now + timedelta(days=1)
    )
    return made.secret


def a_file(folder: Path) -> Path:
    path = folder / "invoice.txt"
    path.write_text("Invoice A-1")
    return path
