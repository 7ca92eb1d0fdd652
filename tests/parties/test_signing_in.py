"""Signing in and out, and acting for one of one's organisations."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from backdesk.parties import operations
from backdesk.parties.models import Person, Role
from backdesk.parties.requests import actor_of
from backdesk.platform.actor import Actor
from tests.cast import BACKDESK, NOW, Cast

pytestmark = pytest.mark.django_db

PASSWORD = "a long walk by the quay"


@pytest.fixture
def person(cast: Cast) -> Person:
    """An agent of the provider who also audits for the client."""
    person = operations.add_person(
        actor=BACKDESK,
        now=NOW,
        email="Mira@Example.org",
        name="Mira Øst",
        password=PASSWORD,
        zone="Asia/Manila",
    )
    for organisation, role in ((cast.provider, Role.AGENT), (cast.client, Role.AUDITOR)):
        operations.give_role(actor=BACKDESK, now=NOW, person=person, organisation=organisation, role=role)
    return person


def sign_in(email: str, password: str = PASSWORD, after: str = "") -> tuple[Client, int, str]:
    browser = Client()
    response = browser.post(reverse("login"), {"login": email, "password": password, "next": after})
    return browser, response.status_code, response.headers.get("Location", "")


def acting(browser: Client) -> Actor:
    return actor_of(browser.get("/").wsgi_request)


@pytest.mark.parametrize("email", ["mira@example.org", " MIRA@example.ORG "])
def test_one_signs_in_by_e_mail_however_it_is_written(person: Person, email: str) -> None:
    browser, status, location = sign_in(email, after="/style/")
    assert (status, location) == (302, "/style/")
    assert browser.get("/").status_code == 200


def test_a_wrong_password_and_an_unknown_address_look_the_same(person: Person) -> None:
    wrong, unknown = sign_in(person.email, "guess"), sign_in("nobody@example.org", "guess")
    assert wrong[1] == unknown[1] == 200


def test_fewer_proxies_than_there_should_be_keep_nobody_out(
    person: Person, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    form = {"login": person.email, "password": PASSWORD}
    answer = Client().post(reverse("login"), form, headers={"X-Forwarded-For": "203.0.113.7"})
    assert answer.status_code == 302
    assert "BACKDESK_TRUSTED_PROXIES says (2)" in caplog.text


def test_after_signing_in_one_is_not_sent_to_another_site(person: Person) -> None:
    assert sign_in(person.email, after="https://elsewhere.example/")[2] == "/"


def test_who_is_no_longer_active_does_not_get_in(person: Person) -> None:
    person.is_active = False
    person.save()
    assert sign_in(person.email)[1] == 200


def test_signing_out_ends_the_session_and_takes_a_form(person: Person) -> None:
    browser, *_ = sign_in(person.email)
    assert "Nothing was changed" in browser.get(reverse("logout"), follow=True).content.decode()
    browser.post(reverse("logout"))
    assert browser.get("/").status_code == 302


def test_without_a_choice_one_acts_for_the_organisation_joined_first(person: Person, cast: Cast) -> None:
    browser, *_ = sign_in(person.email)
    assert acting(browser).organisation_id == cast.provider.pk


def test_one_acts_for_the_organisation_one_chose_and_with_the_roles_there(person: Person, cast: Cast) -> None:
    browser, *_ = sign_in(person.email)
    response = browser.post(
        reverse("choose-organisation"), {"organisation": cast.client.pk, "next": "/style/"}
    )
    assert response["Location"] == "/style/"
    actor = acting(browser)
    assert (actor.organisation_id, actor.roles) == (cast.client.pk, frozenset({"auditor"}))


@pytest.mark.parametrize("choice", ["", "x", "-1", "999999999999"])
def test_one_cannot_choose_an_organisation_one_does_not_belong_to(person: Person, choice: str) -> None:
    browser, *_ = sign_in(person.email)
    assert browser.post(reverse("choose-organisation"), {"organisation": choice}).status_code == 404


def test_nor_one_of_somebody_elses(person: Person, cast: Cast) -> None:
    browser, *_ = sign_in(person.email)
    chosen = {"organisation": cast.other_client.pk}
    assert browser.post(reverse("choose-organisation"), chosen).status_code == 404


def test_a_membership_that_ended_gives_no_rights_any_more(person: Person, cast: Cast) -> None:
    browser, *_ = sign_in(person.email)
    browser.post(reverse("choose-organisation"), {"organisation": cast.client.pk})
    person.memberships.filter(organisation=cast.client).update(ended_at=NOW.replace(year=2027))
    assert acting(browser).organisation_id == cast.provider.pk


def test_who_belongs_nowhere_sees_nothing_of_anybody(cast: Cast) -> None:
    loner = operations.add_person(actor=BACKDESK, now=NOW, email="l@example.org", name="L", password=PASSWORD)
    browser, *_ = sign_in(loner.email)
    assert browser.get("/").status_code == 200
    assert acting(browser).organisation_id is None


def test_a_part_asked_for_after_the_session_ended_sends_the_whole_page_to_sign_in(cast: Cast) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/style/?page=2"}
    response = Client().get("/", headers=headers)
    assert response["HX-Redirect"] == "/sign-in/?next=/style/%3Fpage%3D2"


def test_so_does_one_asked_for_after_the_longest_life_of_a_session(person: Person, settings: Any) -> None:
    browser, *_ = sign_in(person.email)
    settings.BACKDESK_SESSION_LIFE = timedelta(0)
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/style/"}
    assert browser.get("/", headers=headers)["HX-Redirect"] == "/sign-in/?next=/style/"


@pytest.mark.parametrize(
    ("referer", "after"),
    [
        ("http://testserver/notifications/?page=2", "/notifications/%3Fpage%3D2"),
        ("https://elsewhere.example/x/", "/"),
        ("", "/"),
    ],
)
def test_who_sends_a_form_after_the_session_ended_is_told_so_and_led_back_to_its_page(
    cast: Cast, referer: str, after: str
) -> None:
    browser = Client()
    sent = browser.post(reverse("web:notification-readings"), headers={"Referer": referer})
    assert sent["Location"] == f"/sign-in/?unsaved=yes&next={after}"
    assert "was not saved" in browser.get(sent["Location"]).content.decode()


def test_who_only_opened_a_page_is_told_nothing_of_it(cast: Cast) -> None:
    browser = Client()
    assert "was not saved" not in browser.get(browser.get("/notifications/")["Location"]).content.decode()
