"""Every operation with what its schema allows, and with what it does not, as each role: answered as documented.

By default one in three of the cases that cover the schema; `make fuzz` sends all, and as many random ones of each
operation as BACKDESK_FUZZ_EXAMPLES says. One check of schemathesis is left out: that what a schema allows is accepted.
What an operation refuses for its meaning, such as a time zone nobody knows or a role of the other side, no schema can
tell; it is documented as 422, and held to that.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from itertools import chain, count, cycle
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from backdesk.config.api import interface
from tests.api.calling import Program
from tests.cast import Cast, assemble
from tests.made_once import Making, common_var, making, var  # noqa: F401

pytestmark = [
    pytest.mark.django_db,
    # A server closes what came with a request; schemathesis drops it.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

IS_WHOLE = "BACKDESK_FUZZ_EXAMPLES" in os.environ
EXAMPLES = int(os.environ.get("BACKDESK_FUZZ_EXAMPLES", "1"))
ONE_IN = 1 if IS_WHOLE else 3
# Every request twice more, without a token and with a wrong one: the permission matrix asks that of each operation.
ASKED_ELSEWHERE = [] if IS_WHOLE else [ignored_auth]
schema = schemathesis.openapi.from_dict(interface.document())
schema.app = get_wsgi_application()
schema.config.generation.update(max_examples=EXAMPLES, deterministic=True)


@pytest.fixture(scope="module")
def cast(making: Making) -> Cast:  # noqa: F811
    with making():
        return assemble()


@pytest.fixture(scope="module")
def turns(cast: Cast, making: Making) -> Iterator[Program]:  # noqa: F811
    """A program for each role in turn; every second time the lead's, who may most."""
    with making():
        others = [
            Program(cast.actor(role, where))
            for where in (cast.client, cast.provider)
            for role in cast.people[where.pk]
        ]
    return cycle(chain.from_iterable((others[0], one) for one in others[1:]))


@pytest.fixture(autouse=True)
def in_the_tests_transaction(settings: Any) -> Iterator[None]:
    """The server closes its connections when a request ends; the test's own transaction is on this one."""
    settings.BACKDESK_API_REQUESTS_PER_MINUTE = settings.BACKDESK_API_FAILURES_PER_MINUTE = 10_000_000
    ends: Sequence[Any] = (request_started, request_finished)
    for signal in ends:
        signal.disconnect(close_old_connections)
    yield
    for signal in ends:
        signal.connect(close_old_connections)


numbers = count()


@schema.parametrize()
def test_an_operation_answers_as_documented(case: Any, turns: Iterator[Program]) -> None:
    if next(numbers) % ONE_IN:
        return
    token = f"Bearer {next(turns).secret}"
    with transaction.atomic():
        case.call_and_validate(
            headers={"Authorization": token, "Accept-Encoding": "identity"},
            excluded_checks=[positive_data_acceptance, *ASKED_ELSEWHERE],
        )
        transaction.set_rollback(True)
