"""One's own account: profile, address, sessions, tokens, and the second factor an organisation asks for."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backdesk.parties import operations
from backdesk.parties.models import Organisation, Person, Role, Token
from backdesk.parties.operations import addresses
from backdesk.parties.operations.sessions import forget_ended_sessions
from backdesk.platform.allowances import Limit
from backdesk.platform.models import AuditEntry
from tests.cast import Cast
from tests.parties.passkeys import add_passkey

pytestmark = pytest.mark.django_db

PASSWORD = "a long walk by the quay"
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def person(cast: Cast) -> Person:
    cache.clear()
    person = cast.person(Role.EMPLOYEE)
    person.set_password(PASSWORD)
    person.save()
    return person


@pytest.fixture
def browser(person: Person) -> Client:
    return signed_in(person)


def signed_in(person: Person, *, device: str = CHROME) -> Client:
    browser = Client(headers={"User-Agent": device})
    response = browser.post("/sign-in/", {"login": person.email, "password": PASSWORD})
    assert response.status_code == 302
    return browser


def is_signed_in(browser: Client) -> bool:
    return browser.get("/account/").status_code == 200


def content(response: Any) -> str:
    return str(response.content.decode())


def verbs(person: Person) -> list[str]:
    return list(
        AuditEntry.objects.filter(subject_kind="parties.person", subject_id=str(person.pk))
        .order_by("pk")
        .values_list("verb", flat=True)
    )


# -- Profile
def test_one_says_ones_name_language_and_zone(browser: Client, person: Person) -> None:
    wanted = {"name": "Mira Øst", "language": "de", "zone": "Asia/Manila"}
    assert browser.post("/account/", wanted).status_code == 302
    person.refresh_from_db()
    assert {name: getattr(person, name) for name in wanted} == wanted
    assert "profile changed" in verbs(person)
    assert 'lang="de"' in content(browser.get("/account/"))


@pytest.mark.parametrize("wrong", [{"name": ""}, {"language": "tlh"}, {"zone": "Mars/Olympus"}])
def test_a_profile_that_cannot_be_is_kept_in_the_form(
    browser: Client, person: Person, wrong: dict[str, str]
) -> None:
    given = {"name": "Mira Øst", "language": "en", "zone": "UTC", **wrong}
    answer = browser.post("/account/", given)
    assert (answer.status_code, "error-summary" in content(answer)) == (422, True)
    assert "profile changed" not in verbs(person)


def test_saving_what_is_as_it_was_is_no_history(browser: Client, person: Person) -> None:
    as_is = {"name": person.name, "language": person.language, "zone": person.zone}
    browser.post("/account/", as_is)
    assert "profile changed" not in verbs(person)


# -- Address
def test_the_address_changes_when_the_link_that_went_there_is_opened(
    browser: Client, person: Person, mailoutbox: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    former = person.email
    with django_capture_on_commit_callbacks(execute=True):
        browser.post("/account/email/", {"email": "Mira@new.example"})
    assert mailoutbox[0].to == ["Mira@new.example"]
    (link,) = re.findall(r"http://testserver(\S+)", mailoutbox[0].body)
    assert "mira@new.example" in content(browser.get(link))
    person.refresh_from_db()
    assert person.email == former
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(link)
    person.refresh_from_db()
    assert person.email == "mira@new.example"
    assert mailoutbox[1].to == [former]
    assert "e-mail changed" in verbs(person)
    assert browser.get(link).status_code == 404, "a link opens once"


def test_the_link_of_one_person_is_nothing_to_another(cast: Cast, browser: Client) -> None:
    link = addresses.confirmation_for(person=cast.person(Role.OPERATIONS_LEAD), email="x@example.org")
    assert browser.get(f"/account/email/{link}/").status_code == 404


def test_a_link_ends_after_a_day(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    link = addresses.confirmation_for(person=person, email="x@example.org")
    assert addresses.confirmed_address(person=person, confirmation=link) == "x@example.org"
    later = timezone.now().timestamp() + addresses.VALID_FOR.total_seconds() + 5
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    with pytest.raises(addresses.ConfirmationInvalid, match="older than a day"):
        addresses.confirmed_address(person=person, confirmation=link)


def test_an_address_somebody_else_has_is_not_taken(cast: Cast, browser: Client, person: Person) -> None:
    taken = cast.person(Role.AGENT, cast.other_provider).email
    link = addresses.confirmation_for(person=person, email=taken)
    said = browser.post(f"/account/email/{link}/", follow=True)
    assert "Somebody signs in with this address already" in content(said)


# -- Password
def test_a_changed_password_ends_the_other_sessions_and_keeps_this_one(
    browser: Client, person: Person
) -> None:
    other = signed_in(person, device=FIREFOX)
    new = {
        "oldpassword": PASSWORD,
        "password1": "seven gulls over a pier",
        "password2": "seven gulls over a pier",
    }
    assert browser.post("/account/security/password/", new)["Location"] == "/account/security/"
    assert is_signed_in(browser)
    assert not is_signed_in(other)
    assert verbs(person)[-1] == "password changed"


def test_a_forgotten_password_is_chosen_anew_with_the_link_once(
    person: Person, mailoutbox: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    browser = Client()
    with django_capture_on_commit_callbacks(execute=True):
        browser.post("/sign-in/forgotten/", {"email": person.email})
    (link,) = re.findall(r"http://testserver(\S+)", mailoutbox[0].body)
    form = browser.get(link)["Location"]
    new = {"password1": "seven gulls over a pier", "password2": "seven gulls over a pier"}
    assert browser.post(form, new)["Location"] == "/sign-in/forgotten/done/"
    assert "no longer good" in content(Client().get(link))
    response = Client().post("/sign-in/", {"login": person.email, "password": "seven gulls over a pier"})
    assert response.status_code == 302


@pytest.mark.parametrize("weak", ["short", "password1234", "employee@larch"])
def test_a_weak_password_is_refused_at_its_field(browser: Client, weak: str) -> None:
    new = {"oldpassword": PASSWORD, "password1": weak, "password2": weak}
    assert "error-summary" in content(browser.post("/account/security/password/", new))


# -- Who one is, once more
@pytest.mark.parametrize("address", ["/account/tokens/new/", "/account/email/", "/account/security/app/"])
def test_what_changes_how_one_signs_in_asks_again_after_a_while(person: Person, address: str) -> None:
    browser = signed_in(person)
    assert browser.get(address).status_code == 200, "who has just signed in is not asked again"
    session = browser.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 600
    session.save()
    assert browser.get(address)["Location"].startswith("/sign-in/again/?next=")
    response = browser.post(f"/sign-in/again/?next={address}", {"password": PASSWORD, "next": address})
    assert response["Location"] == address
    assert browser.get(address).status_code == 200


# -- Sessions
def test_one_sees_where_one_is_signed_in(browser: Client, person: Person) -> None:
    signed_in(person, device=FIREFOX)
    said = content(browser.get("/account/sessions/"))
    assert "Chrome on Linux" in said
    assert "Firefox on Windows" in said
    assert said.count("this one") == 1


def test_one_session_can_be_ended(browser: Client, person: Person) -> None:
    other = signed_in(person, device=FIREFOX)
    (row,) = UserSession.objects.filter(user_agent=FIREFOX)
    browser.post(f"/account/sessions/{row.pk}/ending/")
    assert not is_signed_in(other)
    assert is_signed_in(browser)
    assert verbs(person)[-1] == "sessions ended"


def test_and_all_others_at_once(browser: Client, person: Person) -> None:
    others = [signed_in(person, device=FIREFOX) for _ in range(2)]
    browser.post("/account/sessions/endings/")
    assert [is_signed_in(other) for other in (browser, *others)] == [True, False, False]


def test_signing_in_changes_the_key_of_the_session(person: Person) -> None:
    """Whoever planted a key before knows nothing of the session after."""
    browser = Client()
    browser.get("/sign-in/")
    browser.session["planted"] = True
    before = browser.session.session_key
    browser.post("/sign-in/", {"login": person.email, "password": PASSWORD})
    assert browser.session.session_key not in {None, before}


def test_signing_out_ends_the_session_for_good(browser: Client, person: Person) -> None:
    stolen = browser.cookies["sessionid"].value
    browser.post("/sign-out/")
    thief = Client()
    thief.cookies["sessionid"] = stolen
    assert not is_signed_in(thief)
    assert verbs(person)[-1] == "signed out"


def test_a_session_ends_after_its_longest_life_whatever_is_done_in_it(browser: Client) -> None:
    session = browser.session
    session["began_at"] -= timedelta(days=8).total_seconds()
    session.save()
    assert browser.get("/account/")["Location"] == "/sign-in/?next=/account/"


def test_a_session_is_seen_once_a_minute(browser: Client) -> None:
    def seen() -> Any:
        return UserSession.objects.get().last_seen_at

    first = seen()
    browser.get("/account/")
    assert seen() == first
    session = browser.session
    session["seen_at"] -= 61
    session.save()
    browser.get("/account/")
    assert seen() > first


def test_sessions_that_ran_out_are_forgotten(browser: Client, person: Person) -> None:
    gone = signed_in(person, device=FIREFOX)
    Session.objects.filter(pk=gone.session.session_key).update(
        expire_date=timezone.now() - timedelta(hours=1)
    )
    forget_ended_sessions()
    assert [row.user_agent for row in UserSession.objects.all()] == [CHROME]
    assert is_signed_in(browser)


# -- Tokens
def make_token(browser: Client, **given: Any) -> str:
    form = {"name": "Export", "scopes": ["read"], "life": "30", **given}
    return content(browser.post("/account/tokens/new/", form))


def test_a_token_is_shown_once_and_works(browser: Client, person: Person) -> None:
    (secret,) = re.findall(r"bd_[\w-]+", make_token(browser))
    assert (
        operations.actor_for_token(secret=secret, now=timezone.now(), limit=Limit(requests=1)).actor.person_id
        == person.pk
    )
    assert "bd_" not in content(browser.get("/account/tokens/"))


def test_a_form_that_lacks_something_keeps_what_was_typed(browser: Client) -> None:
    said = make_token(browser, scopes=[])
    assert "error-summary" in said
    assert 'value="Export"' in said
    assert not Token.objects.exists()


def test_a_token_is_revoked_on_its_page(browser: Client) -> None:
    make_token(browser)
    said = browser.post(f"/account/tokens/{Token.objects.get().pk}/revocation/", follow=True)
    assert "revoked" in content(said)
    assert Token.objects.get().revoked_at is not None


# -- A second factor that is asked for
@pytest.fixture
def strict(cast: Cast) -> Organisation:
    cast.client.second_factor_required = True
    cast.client.save()
    return cast.client


def test_without_the_factor_asked_for_one_is_led_to_it(strict: Organisation, browser: Client) -> None:
    for address in ("/", "/style/", "/account/tokens/"):
        assert browser.get(address)["Location"] == "/account/security/"
    said = content(browser.get("/account/security/"))
    assert "Larch &amp; Sons asks everybody for one" in said
    assert browser.get("/account/security/app/").status_code == 200
    assert browser.post("/sign-out/").status_code == 302


def test_who_manages_asks_for_it_on_the_page_of_the_organisation(cast: Cast) -> None:
    here = {"name": cast.client.name, "zone": "UTC", "is_client": "on", "second_factor_required": "on"}
    cast.browser(Role.OPERATIONS_LEAD).post(reverse("organisation:settings"), here)
    cast.client.refresh_from_db()
    assert cast.client.second_factor_required
    entry = AuditEntry.objects.get(verb="organisation changed")
    assert entry.subject_id == str(cast.client.pk)


def test_with_it_one_goes_on(strict: Organisation, browser: Client, person: Person) -> None:
    add_passkey(person)
    assert browser.get("/").status_code == 200


def test_recovery_codes_alone_are_no_second_factor(
    strict: Organisation, browser: Client, person: Person
) -> None:
    Authenticator.objects.create(user=person, type=Authenticator.Type.RECOVERY_CODES, data={})
    assert browser.get("/").status_code == 302


def test_other_organisations_ask_for_none(strict: Organisation, cast: Cast) -> None:
    assert cast.browser(Role.EMPLOYEE, cast.other_client).get("/").status_code == 200


# -- History
def test_factors_that_come_and_go_are_history_in_the_same_transaction(person: Person, cast: Cast) -> None:
    passkey = add_passkey(person)
    passkey.delete()
    assert verbs(person)[-2:] == ["second factor added", "second factor removed"]


def test_whoever_takes_a_factor_of_somebody_elses_is_who_did_it(person: Person, cast: Cast) -> None:
    add_passkey(person)
    lead = cast.browser(Role.OPERATIONS_LEAD)
    operations.offboard_person(actor=cast.lead, now=timezone.now(), person=person)
    lead.post(reverse("organisation:erasure", args=[person.pk]))
    entry = AuditEntry.objects.get(verb="second factor removed")
    assert entry.person_id == cast.lead.person_id


def test_signing_in_is_history_for_the_organisation_with_the_ways_taken(
    browser: Client, person: Person, cast: Cast
) -> None:
    entry = AuditEntry.objects.get(verb="signed in")
    assert (entry.organisation_id, entry.person_id) == (cast.client.pk, person.pk)


def test_what_an_app_shares_with_us_is_not_kept_in_the_clear(browser: Client, person: Person) -> None:
    from allauth.mfa.totp.internal.auth import TOTP

    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    assert "JBSWY3DPEHPK3PXP" not in str(list(Authenticator.objects.values("data")))
