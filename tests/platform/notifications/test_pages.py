"""What a person sees and does of what they were told, over HTTP."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from backdesk.platform.models import AuditEntry, Notification, NotificationPreference
from backdesk.platform.notifications import queries, unsubscribing
from tests.cast import NOW, Cast
from tests.platform.notifications.telling import tell, told
from tests.platform.web.markup import select, words

pytestmark = pytest.mark.django_db

INBOX = "/notifications/"
PREFERENCES = "/notifications/preferences/"


def page(browser: Client, address: str = INBOX) -> html.HtmlElement:
    response = browser.get(address)
    assert response.status_code == 200
    return html.fromstring(response.content)


def listed(browser: Client, section: str) -> list[str]:
    return [words(one) for one in page(browser).xpath(f"//section[@aria-labelledby='{section}']//a")]


def bell(browser: Client) -> str:
    return words(page(browser, "/").get_element_by_id("bell"))


def test_nobody_was_told_anything_yet(cast: Cast) -> None:
    assert "You have not been told anything yet" in words(page(cast.browser()))


def test_the_bell_says_on_every_page_how_much_is_unread(cast: Cast) -> None:
    assert bell(cast.browser("employee")) == "Notifications"
    for _ in range(2):
        tell(cast.lead, cast.person("employee"))
    assert bell(cast.browser("employee")) == "Notifications2 unread"
    assert "2 unread" in words(html.fromstring(cast.browser("employee").get("/notifications/bell/").content))


def test_the_unread_come_first_and_then_the_newest(cast: Cast) -> None:
    employee = cast.person("employee")
    for hour, title in enumerate(("First", "Second", "Third")):
        tell(cast.lead, employee, title=title, now=NOW + timedelta(hours=hour))
    browser = cast.browser("employee")
    browser.post(reverse("web:notification-reading", args=[told(employee)[2].pk]))
    assert listed(browser, "new") == ["Unread: Second", "Unread: First"]
    assert listed(browser, "earlier") == ["Third"]


def test_to_open_one_is_to_have_read_it(cast: Cast) -> None:
    tell(cast.lead, cast.person("employee"), url="/plan/inventory/")
    (row,) = told(cast.person("employee"))
    response = cast.browser("employee").get(reverse("web:notification", args=[row.pk]))
    assert response["Location"] == "/plan/inventory/"
    assert told(cast.person("employee"))[0].read_at is not None


def test_all_can_be_marked_as_read_at_once(cast: Cast) -> None:
    for _ in range(3):
        tell(cast.lead, cast.person("employee"))
    browser = cast.browser("employee")
    assert browser.post(reverse("web:notification-readings"))["Location"] == INBOX
    assert listed(browser, "new") == []
    assert len(listed(browser, "earlier")) == 3


def test_a_part_of_the_page_brings_the_bell_along(cast: Cast) -> None:
    tell(cast.lead, cast.person("employee"))
    (row,) = told(cast.person("employee"))
    answer = cast.browser("employee").post(
        reverse("web:notification-reading", args=[row.pk]), headers={"HX-Request": "true"}
    )
    parts = html.fragments_fromstring(answer.content.decode())
    assert {part.get("id") for part in parts if not isinstance(part, str)} == {"inbox", "bell"}


@pytest.mark.parametrize("name", ["web:notification", "web:notification-reading"])
def test_what_others_were_told_is_not_there(name: str, cast: Cast) -> None:
    tell(cast.lead, cast.person("employee"), title="For one pair of eyes")
    (row,) = told(cast.person("employee"))
    address = reverse(name, args=[row.pk])
    for browser in (
        cast.browser(),
        cast.browser("controller"),
        cast.browser("operations_lead", cast.other_client),
        cast.browser("agent", cast.provider),
    ):
        assert (browser.post if name.endswith("reading") else browser.get)(address).status_code == 404
        assert "For one pair of eyes" not in words(page(browser))
    assert told(cast.person("employee"))[0].read_at is None


def test_who_acts_for_another_organisation_sees_what_they_were_told_there(cast: Cast) -> None:
    """But what is about their own account follows them."""
    employee = cast.person("employee")
    tell(cast.lead, employee, title="Of the client")
    tell(cast.lead, employee, title="Of the account", kind="tests.account")
    Notification.objects.filter(title="Of the client").update(organisation_id=cast.provider.pk)
    assert [row.title for row in queries.inbox(cast.employee, limit=9)] == ["Of the account"]


def test_more_than_a_page_goes_on_another(cast: Cast) -> None:
    for number in range(52):
        tell(cast.lead, cast.person("employee"), title=f"No. {number}")
    browser = cast.browser("employee")
    assert len(listed(browser, "new")) == 50
    second = page(browser, f"{INBOX}?page=2")
    assert len(select(second, "li.told")) == 2
    assert [link.get("rel") for link in second.xpath("//nav[@aria-label='Pages']/a")] == ["prev"]


@pytest.mark.parametrize("number", ["0", "-1", "x", "9" * 40, "²", ""])
def test_a_page_that_makes_no_sense_is_the_first_or_an_empty_one(number: str, cast: Cast) -> None:
    assert cast.browser().get(INBOX, {"page": number}).status_code == 200


# -- How one wants to be told
def choose(browser: Client, **chosen: str) -> int:
    page_now = page(browser, PREFERENCES)
    form = page_now.xpath("//form[contains(@class, 'preferences')]")[0]
    fields = {name: value for name, value in form.form_values() if name != "csrfmiddlewaretoken"}
    return browser.post(PREFERENCES, {**fields, **chosen}).status_code


def test_a_kind_that_is_turned_off_is_told_no_more(cast: Cast) -> None:
    browser = cast.browser("employee")
    fields = {"tests.plain-email": "off"}
    for field in page(browser, PREFERENCES).xpath("//select"):
        fields.setdefault(field.get("name"), "off")
    assert browser.post(PREFERENCES, fields).status_code == 302
    tell(cast.lead, cast.person("employee"))
    assert told(cast.person("employee")) == []


def test_e_mail_alone_does_not_ring_the_bell(cast: Cast) -> None:
    NotificationPreference.objects.create(
        person_id=cast.person("employee").pk, kind="tests.plain", in_app=False, email="at once"
    )
    tell(cast.lead, cast.person("employee"))
    assert [row.email_due_at for row in told(cast.person("employee"))] == [NOW]
    assert bell(cast.browser("employee")) == "Notifications"


def test_a_choice_is_kept_and_stands_in_the_audit_trail(cast: Cast) -> None:
    browser = cast.browser("employee")
    assert choose(browser, **{"tests.plain-email": "once a week"}) == 200
    assert not NotificationPreference.objects.exists()
    assert choose(browser, **{"tests.plain-email": "daily"}) == 302
    (row,) = NotificationPreference.objects.all()
    assert (row.kind, row.in_app, row.email) == ("tests.plain", True, "daily")
    chosen = page(browser, PREFERENCES).xpath("//select[@name='tests.plain-email']/option[@selected]")
    assert [option.get("value") for option in chosen] == ["daily"]
    assert AuditEntry.objects.filter(verb="notification preference changed").count() == 1


def test_only_kinds_that_can_concern_one_are_asked_about(cast: Cast) -> None:
    assert "Leads decide" in words(page(cast.browser(), PREFERENCES))
    assert "Leads decide" not in words(page(cast.browser("employee"), PREFERENCES))


def test_what_keeps_the_account_safe_cannot_be_turned_off(cast: Cast) -> None:
    browser = cast.browser("employee")
    assert page(browser, PREFERENCES).xpath("//*[@name='tests.account-email']") == []
    assert choose(browser, **{"tests.account-email": "off"}) == 302
    tell(cast.employee, cast.person("employee"), kind="tests.account")
    assert [row.email_due_at for row in told(cast.person("employee"))] == [NOW]


# -- The link in every e-mail
def unsubscribe_address(cast: Cast) -> str:
    token = unsubscribing.token(
        person_id=cast.person("employee").pk, organisation_id=cast.client.pk, kinds=["tests.mailed"]
    )
    return reverse("web:unsubscription", args=[token])


def test_a_mail_program_ends_e_mails_with_one_post_without_signing_in(cast: Cast) -> None:
    programme = Client(enforce_csrf_checks=True)
    answer = programme.post(unsubscribe_address(cast), {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    tell(cast.lead, cast.person("employee"), kind="tests.mailed")
    (row,) = told(cast.person("employee"))
    assert (row.in_app, row.email_due_at) == (True, None)


def test_to_look_at_the_link_ends_nothing(cast: Cast) -> None:
    assert "End these e-mails?" in words(page(Client(), unsubscribe_address(cast)))
    assert not NotificationPreference.objects.exists()


def test_a_link_that_is_not_ours_ends_nothing(cast: Cast) -> None:
    assert Client().post(unsubscribe_address(cast)[:-2] + "x/").status_code == 404
    assert not NotificationPreference.objects.exists()
