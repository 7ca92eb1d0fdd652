"""The permission matrix: every address the resolver knows, for everybody there is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from functools import cache
from itertools import product
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve, reverse

from backdesk.parties.models import Organisation
from tests.cast import CLIENT_ROLES, PROVIDER_ROLES, Cast, assemble
from tests.made_once import Making, common_var, making, var  # noqa: F401
from tests.permissions import ALL_ROLES, Route, known, listed
from tests.walls import no_filters, no_row_security

pytestmark = pytest.mark.django_db

ROUTES = listed()
GUARDED = {name: route for name, route in ROUTES.items() if not route.public}
OF_AN_OBJECT = {name: route for name, route in GUARDED.items() if route.of and not route.shared}

each_guarded = pytest.mark.parametrize(("name", "route"), GUARDED.items(), ids=GUARDED)
each_of_an_object = pytest.mark.parametrize(("name", "route"), OF_AN_OBJECT.items(), ids=OF_AN_OBJECT)


Addresses = Mapping[str, str]
SignedIn = Callable[[str, Organisation], Client]


@pytest.fixture(scope="module")
def cast(making: Making) -> Cast:  # noqa: F811
    with making():
        return assemble()


@pytest.fixture(scope="module")
def addresses(cast: Cast, making: Making) -> Addresses:  # noqa: F811
    """Of every guarded route, with the objects they name; routes that name the same kind share one."""
    makers = {route.of for route in GUARDED.values() if route.of}
    with making():
        named: dict[Any, Mapping[str, Any]] = {of: of(cast) for of in makers}
    return {name: reverse(name, kwargs=dict(named.get(route.of, {}))) for name, route in GUARDED.items()}


@pytest.fixture(scope="module")
def signed_in(cast: Cast, making: Making) -> SignedIn:  # noqa: F811
    """Browsers of everybody there is, who signed in once: each browser is new, its session is not."""
    name = settings.SESSION_COOKIE_NAME
    with making():
        sessions = {
            (role, where.pk): cast.browser(role, where).cookies[name].value
            for where in cast.organisations
            for role in cast.people[where.pk]
        }

    def browser(role: str, where: Organisation) -> Client:
        one = Client()
        one.cookies[name] = sessions[role, where.pk]
        return one

    return browser


def ask(browser: Client, address: str, route: Route) -> int:
    return int(asked(browser, address, route).status_code)


def asked(browser: Client, address: str, route: Route) -> Any:
    response = getattr(browser, route.method)(address, route.data)
    if response.streaming:
        response.getvalue()  # until then it holds its file open
    return response


def leads_to_a_refusal(browser: Client, response: Any, role: str) -> set[str]:
    """Addresses a page offers and refuses then; asked only where the role alone does not say so."""
    if response.streaming or not response.get("Content-Type", "").startswith("text/html"):
        return set()
    paths = set(re.findall(r'href="(/[^"?#]*)', response.content.decode()))
    return {path for path in paths if role not in roles_of(path) and browser.get(path).status_code == 403}


@cache
def roles_of(path: str) -> frozenset[str]:
    try:
        route = GUARDED.get(resolve(path).view_name)
    except Resolver404:
        return ALL_ROLES
    return route.roles if route else ALL_ROLES


def test_every_address_is_listed_and_every_listed_one_is_there() -> None:
    assert known() == set(ROUTES)


@each_guarded
def test_who_is_not_signed_in_is_asked_to(name: str, route: Route, addresses: Addresses) -> None:
    response = getattr(Client(), route.method)(addresses[name], route.data)
    assert response.status_code == 302
    asked_for = quote(response.wsgi_request.get_full_path(), safe="/")
    asking = route.method in {"get", "head"}
    assert response["Location"] == f"/sign-in/?{f'next={asked_for}' if asking else 'unsaved=yes&next=/'}"


@each_guarded
def test_of_the_clients_own_people_those_with_the_role_may(
    name: str, route: Route, cast: Cast, signed_in: SignedIn, addresses: Addresses
) -> None:
    for role in CLIENT_ROLES:
        with transaction.atomic():  # and undone, so that the next finds all as it was
            browser = signed_in(role, cast.client)
            response = asked(browser, addresses[name], route)
            status = response.status_code
            if role in route.roles:
                assert status < 400 or (name, status) == ("choose-organisation", 404), (role, status)
                assert leads_to_a_refusal(browser, response, role) == set(), role
            else:
                assert status == (404 if route.personal else 403), (role, status)
            transaction.set_rollback(True)


def test_an_address_that_takes_forms_alone_opens_a_page_above_it(
    cast: Cast, signed_in: SignedIn, addresses: Addresses
) -> None:
    browsers = {role: signed_in(role, cast.client) for role in CLIENT_ROLES}
    forms = {name: {*CLIENT_ROLES} & route.roles for name, route in GUARDED.items() if route.method == "post"}
    for name, roles in ((name, roles) for name, roles in forms.items() if roles):
        opened = browsers[min(roles)].get(addresses[name], follow=True)
        if opened.redirect_chain:  # else it is a page, too
            assert (name, opened.status_code) == (name, 200)
            assert addresses[name].startswith(opened.redirect_chain[0][0])


@each_guarded
def test_providers_people_reach_no_object_of_the_client_and_no_page_beyond_their_role(
    name: str, route: Route, cast: Cast, signed_in: SignedIn, addresses: Addresses
) -> None:
    for provider, role in product((cast.provider, cast.other_provider), PROVIDER_ROLES):
        status = ask(signed_in(role, provider), addresses[name], route)
        if route.of and provider == cast.provider and role in route.engaged:
            assert status < 400, (provider, role)
        elif route.of and not route.shared:
            assert status in {403, 404}, (provider, role)
        elif role not in route.roles:
            assert status == 403, (provider, role)


@each_of_an_object
def test_to_another_clients_people_the_object_does_not_exist_nor_where_one_wall_alone_keeps_them_apart(
    name: str, route: Route, cast: Cast, signed_in: SignedIn, addresses: Addresses
) -> None:
    for wall_down in (nullcontext, no_filters, no_row_security):
        for role in sorted(route.roles.intersection(CLIENT_ROLES)):
            browser = signed_in(role, cast.other_client)
            with wall_down():
                assert ask(browser, addresses[name], route) == 404, (wall_down.__name__, role)


def test_the_matrix_sees_a_page_that_neither_wall_protects(
    cast: Cast, signed_in: SignedIn, addresses: Addresses
) -> None:
    """The negative control: with both walls down, the tests above would fail."""
    browser = signed_in(CLIENT_ROLES[0], cast.other_client)
    with no_filters(), no_row_security():
        assert ask(browser, addresses["web:job"], ROUTES["web:job"]) == 200
        assert ask(browser, addresses["planning:history"], ROUTES["planning:history"]) == 200
