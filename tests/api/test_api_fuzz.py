"""Every operation with what its schema allows, and with what it does not, as each role: answered as documented.

By default each role and who has no token send the first case of an operation, with a path that names what is there, and
of the others that cover its schema one in three is sent by one of them in turn. `make fuzz` sends all as each, and as
many random ones of each operation as BACKDESK_FUZZ_EXAMPLES says. One check of schemathesis is left out: that what a
schema allows is accepted. What an operation refuses for its meaning, such as a time zone nobody knows or a role of the
other side, no schema can tell; it is documented as 422, and held to that.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from backdesk.config.api import interface
from tests.api.calling import Program
from tests.api.listing import listed
from tests.cast import CLIENT_ROLES, PROVIDER_ROLES, Cast, assemble
from tests.made_once import Making, common_var, making, var  # noqa: F401

pytestmark = pytest.mark.django_db

IS_WHOLE = "BACKDESK_FUZZ_EXAMPLES" in os.environ
EXAMPLES = int(os.environ.get("BACKDESK_FUZZ_EXAMPLES", "1"))
ONE_IN = 3
# Every request twice more, without a token and with a wrong one: the permission matrix asks that of each operation.
ASKED_ELSEWHERE = [] if IS_WHOLE else [ignored_auth]
NOBODY = "nobody"
ROLES = (*CLIENT_ROLES, *PROVIDER_ROLES, NOBODY)


def closing(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The application with what a server does at the end of a request, and schemathesis does not: close it.

    A file left open would be warned of whenever it is collected: also while Python parses, which then fails.
    """
    answer = application(environ, start_response)
    try:
        return list(answer)
    finally:
        answer.close()


application = get_wsgi_application()
schema = schemathesis.openapi.from_dict(interface.document())
schemathesis.serializer.alias("message/rfc822", "application/octet-stream")
schema.app = closing
schema.config.generation.update(max_examples=EXAMPLES, deterministic=True)
sent: Counter[str] = Counter()


@pytest.fixture(scope="module")
def cast(making: Making) -> Cast:  # noqa: F811
    with making():
        return assemble()


@pytest.fixture(scope="module")
def tokens(cast: Cast, making: Making) -> Mapping[str, Mapping[str, str]]:  # noqa: F811
    """What each role sends to say who it is."""
    sides = ((cast.client, CLIENT_ROLES), (cast.provider, PROVIDER_ROLES))
    with making():
        programs = {role: Program(cast.actor(role, where)) for where, roles in sides for role in roles}
    return {NOBODY: {}} | {role: {"Authorization": f"Bearer {one.secret}"} for role, one in programs.items()}


@pytest.fixture(scope="module")
def things(cast: Cast, making: Making) -> Mapping[str, Mapping[str, Any]]:  # noqa: F811
    """By operation, what a path of it names that is there, at the client."""
    of_a_thing = {name: one.of for name, one in listed().items() if one.of}
    with making():
        made = {of: of(cast) for of in set(of_a_thing.values())}
    return {name: made[of] for name, of in of_a_thing.items()}


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


@schema.parametrize()
def test_an_operation_answers_as_documented(
    case: Any, tokens: Mapping[str, Mapping[str, str]], things: Mapping[str, Mapping[str, Any]]
) -> None:
    name = case.operation.definition.raw["operationId"]
    if name in things and not sent[case.operation.label]:
        assert case.meta.components[ParameterLocation.PATH].mode.is_positive
        case.path_parameters = dict(things[name])
    for role in senders(case):
        with transaction.atomic():
            case.call_and_validate(
                headers={**tokens[role], "Accept-Encoding": "identity"},
                excluded_checks=[positive_data_acceptance, *ASKED_ELSEWHERE],
            )
            transaction.set_rollback(True)


def senders(case: Any) -> Sequence[str]:
    number = sent[case.operation.label]
    sent[case.operation.label] += 1
    if IS_WHOLE or not number:
        return ROLES
    turn, is_left_out = divmod(number, ONE_IN)
    return () if is_left_out else (ROLES[turn % len(ROLES)],)
