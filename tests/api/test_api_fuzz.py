"""Every operation with what its schema allows, and with what it does not, as each role: answers as documented.

A few examples of each by default; `make fuzz` sends as many as BACKDESK_FUZZ_EXAMPLES says.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from schemathesis import GenerationMode

from backdesk.config.api import interface
from tests.api.calling import Program
from tests.cast import Cast, assemble
from tests.made_once import Making, common_var, making, var  # noqa: F401

pytestmark = pytest.mark.django_db

EXAMPLES = int(os.environ.get("BACKDESK_FUZZ_EXAMPLES", "3"))
schema = schemathesis.openapi.from_dict(interface.document())
schema.app = get_wsgi_application()
schema.config.generation.update(modes=list(GenerationMode), max_examples=EXAMPLES)


@pytest.fixture(scope="module")
def cast(making: Making) -> Cast:  # noqa: F811
    with making():
        return assemble()


@pytest.fixture(scope="module")
def programs(cast, making):
    with making():
        return {role: Program(cast.actor(role, cast.client)) for role in cast.people[cast.client.pk]}


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """The server closes its connections when a request ends; here the test's own transaction is on it."""
    ends = (request_started, request_finished)
    for signal in ends:
        signal.disconnect(close_old_connections)
    yield
    for signal in ends:
        signal.connect(close_old_connections)


@schema.parametrize()
def test_answers_as_documented(case: schemathesis.Case, programs) -> None:
    program = programs["operations_lead"]
    with transaction.atomic():
        case.call_and_validate(
            headers={"Authorization": f"Bearer {program.secret}", "Accept-Encoding": "identity"}
        )
        transaction.set_rollback(True)
