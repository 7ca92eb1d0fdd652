"""The permission matrix of the API: every operation of the document, for everybody there is."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from itertools import product
from typing import Any

import pytest
from django.db import transaction

from backdesk.parties.models import Role
from tests.api.calling import ROOT, Program, operations, problem
from tests.api.listing import ApiOperation, listed
from tests.cast import CLIENT_ROLES, PROVIDER_ROLES, Cast, assemble
from tests.made_once import Making, common_var, making, var  # noqa: F401
from tests.walls import no_filters, no_row_security

pytestmark = pytest.mark.django_db

LISTED = listed()
OF_AN_OBJECT = {name: one for name, one in LISTED.items() if one.of and not one.is_everybodys}
SCOPED = {name: one for name, one in LISTED.items() if not one.any_scope}

each = pytest.mark.parametrize(("name", "operation"), LISTED.items(), ids=LISTED)
each_of_an_object = pytest.mark.parametrize(("name", "operation"), OF_AN_OBJECT.items(), ids=OF_AN_OBJECT)
each_scoped = pytest.mark.parametrize(("name", "operation"), SCOPED.items(), ids=SCOPED)

Programs = Mapping[tuple[int, str], Program]
Paths = Mapping[str, str]


@pytest.fixture(scope="module")
def cast(making: Making) -> Cast:  # noqa: F811
    with making():
        return assemble()


@pytest.fixture(scope="module")
def programs(cast: Cast, making: Making) -> Programs:  # noqa: F811
    """One for every person there is."""
    with making():
        return {
            (where.pk, role): Program(cast.actor(role, where))
            for where in cast.organisations
            for role in cast.people[where.pk]
        }


@pytest.fixture(scope="module")
def paths(cast: Cast, making: Making) -> Paths:  # noqa: F811
    """Of every operation, with the objects they name; operations that name the same kind share one."""
    makers = {operation.of for operation in LISTED.values() if operation.of}
    with making():
        made: dict[Any, Mapping[str, Any]] = {of: of(cast) for of in makers}
    return {
        name: operations()[name][1].format(**{**one.named, **made.get(one.of, {})})
        for name, one in LISTED.items()
    }


@pytest.fixture(scope="module")
def lesser(cast: Cast, making: Making) -> Mapping[str, Program]:  # noqa: F811
    """The lead's, with a token of the scope alone that is named, and of one there is not."""
    with making():
        return {only: Program(cast.lead, scopes=[only, f"nothing:{only}"]) for only in ("read", "write")}


def call(program: Program, name: str, operation: ApiOperation, path: str, cast: Cast) -> Any:
    """And undo it, so that the next finds all as it was."""
    with transaction.atomic():
        response = _call(program, name, operation, path, cast)
        transaction.set_rollback(True)
    return response


def _call(program: Program, name: str, operation: ApiOperation, path: str, cast: Cast) -> Any:
    method, _ = operations()[name]
    if operation.files:
        response = program.client.post(path, operation.files())
    elif operation.raw:
        body, media_type = operation.raw(cast)
        response = program.client.generic(method, path, body, media_type)
    elif operation.tell:
        response = program.call(method, path.removeprefix(ROOT), operation.tell(cast), {})
    else:
        response = program.client.generic(method, path, query_params=operation.ask)
    if response.streaming:
        response.getvalue()  # until then it holds its file open
    return response


def test_every_operation_is_listed_and_every_listed_one_is_there() -> None:
    assert set(operations()) == set(LISTED)


@each
def test_without_a_token_nothing_is_told(
    name: str, operation: ApiOperation, cast: Cast, paths: Paths, programs: Programs
) -> None:
    program = programs[cast.client.pk, Role.OPERATIONS_LEAD]
    program.client.defaults.pop("HTTP_AUTHORIZATION")
    try:
        response = call(program, name, operation, paths[name], cast)
    finally:
        program.client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {program.secret}"
    problem(response, status=401, code="unauthenticated")


@each_scoped
def test_a_token_made_for_less_may_not(
    name: str, operation: ApiOperation, cast: Cast, paths: Paths, lesser: Mapping[str, Program]
) -> None:
    other = "read" if operations()[name][0] != "GET" else "write"
    response = call(lesser[other], name, operation, paths[name], cast)
    problem(response, status=403, code="scope-missing")


@each
def test_of_the_clients_own_people_those_with_the_role_may(
    name: str, operation: ApiOperation, cast: Cast, paths: Paths, programs: Programs
) -> None:
    for role in CLIENT_ROLES:
        response = call(programs[cast.client.pk, role], name, operation, paths[name], cast)
        if role in operation.roles:
            assert response.status_code < 400, (role, response.content)
        elif operation.personal:
            problem(response, status=404, code="not-found")
        else:
            problem(response, status=403, code="not-allowed")


@each
def test_providers_reach_no_object_of_the_client_and_nothing_beyond_their_role(
    name: str, operation: ApiOperation, cast: Cast, paths: Paths, programs: Programs
) -> None:
    for where, role in product((cast.provider, cast.other_provider), PROVIDER_ROLES):
        response = call(programs[where.pk, role], name, operation, paths[name], cast)
        if where == cast.provider and role in operation.engaged:
            assert response.status_code < 400, (where, role, response.content)
        elif name in OF_AN_OBJECT or role not in operation.roles:
            assert response.status_code in {403, 404}, (where, role, response.content)


@each_of_an_object
def test_to_another_clients_people_the_object_does_not_exist_nor_where_one_wall_alone_keeps_them_apart(
    name: str, operation: ApiOperation, cast: Cast, paths: Paths, programs: Programs
) -> None:
    for wall_down in (nullcontext, no_filters, no_row_security):
        for role in sorted(operation.roles.intersection(CLIENT_ROLES)):
            with wall_down():
                response = call(programs[cast.other_client.pk, role], name, operation, paths[name], cast)
            assert response.status_code == 404, (wall_down.__name__, role, response.content)


@pytest.mark.parametrize("name", ["get_job", "get_history", "get_team", "get_entry"])
def test_the_matrix_sees_an_operation_that_neither_wall_protects(
    name: str, cast: Cast, paths: Paths, programs: Programs
) -> None:
    """The negative control: with both walls down, the tests above would fail."""
    program = programs[cast.other_client.pk, Role.OPERATIONS_LEAD]
    with no_filters(), no_row_security():
        assert call(program, name, LISTED[name], paths[name], cast).status_code == 200
