"""Webhooks in the browser, as who leads operations sees to them."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from lxml import html

from backdesk.platform.models import AuditEntry, WebhookDelivery, WebhookEndpoint, WebhookSecret
from backdesk.platform.webhooks import operations, signing
from tests.cast import NOW, Cast
from tests.platform.web.markup import select, words

pytestmark = pytest.mark.django_db

URL = "https://erp.example.com/backdesk"


@pytest.fixture
def browser(cast: Cast) -> Client:
    return cast.browser()


def endpoint_of(cast: Cast) -> WebhookEndpoint:
    return operations.add_endpoint(actor=cast.lead, now=NOW, url=URL, description="The ledger").endpoint


def given_up(cast: Cast, endpoint: WebhookEndpoint) -> WebhookDelivery:
    sent = operations.send_test(actor=cast.lead, now=NOW, endpoint=endpoint)
    WebhookDelivery.objects.filter(pk=sent.pk).update(
        state="dead",
        due_at=None,
        attempts=10,
        tried_at=NOW,
        status=500,
        error="It answered 500.",
        excerpt="Oh.",
    )
    return sent


def text_of(response) -> str:  # type: ignore[no-untyped-def]
    return words(select(html.fromstring(response.content.decode()), "main")[0])


def test_where_nobody_is_told_the_page_offers_the_first_step(browser: Client) -> None:
    assert "No other system is told yet" in text_of(browser.get("/organisation/webhooks/"))


def test_an_endpoint_is_added_and_its_secret_shown_once(browser: Client) -> None:
    response = browser.post("/organisation/webhooks/new/", {"url": URL, "description": "The ledger"})
    secret = re.search(r"whsec_[A-Za-z0-9+/=]{40,}", response.content.decode())
    assert secret is not None
    assert secret.group() == signing.secret_of(WebhookSecret.objects.get())
    endpoint = WebhookEndpoint.objects.get()
    assert "whsec_" not in browser.get(f"/organisation/webhooks/{endpoint.pk}/").content.decode()
    assert "no-store" in response.headers["Cache-Control"]


def test_the_secret_is_neither_in_the_database_nor_in_the_trail(browser: Client) -> None:
    browser.post("/organisation/webhooks/new/", {"url": URL})
    secret = signing.secret_of(WebhookSecret.objects.get())
    assert secret.removeprefix("whsec_") not in WebhookSecret.objects.get().salt
    entry = AuditEntry.objects.get(verb="webhook endpoint added")
    assert entry.after == {"url": URL, "kinds": [], "description": ""}


def test_an_address_that_cannot_be_is_told_at_its_field_and_kept(browser: Client) -> None:
    response = browser.post("/organisation/webhooks/new/", {"url": "http://10.0.0.1/"})
    assert response.status_code == 422
    assert "Messages go by https alone" in text_of(response)
    assert 'value="http://10.0.0.1/"' in response.content.decode()


def test_an_endpoint_is_changed(browser: Client, cast: Cast) -> None:
    endpoint = endpoint_of(cast)
    browser.post(f"/organisation/webhooks/{endpoint.pk}/change/", {"url": f"{URL}/2", "description": "New"})
    endpoint.refresh_from_db()
    assert (endpoint.url, endpoint.description) == (f"{URL}/2", "New")


def test_its_page_shows_what_was_given_up_and_sends_it_again(browser: Client, cast: Cast) -> None:
    endpoint = endpoint_of(cast)
    given_up(cast, endpoint)
    page = text_of(browser.get(f"/organisation/webhooks/{endpoint.pk}/"))
    assert "1 message was given up" in page
    replays = f"/organisation/webhooks/{endpoint.pk}/replays/"
    response = browser.post(replays, {"since": "2026-03-02"}, follow=True)
    assert "1 message is sent again." in response.content.decode()
    assert WebhookDelivery.objects.get().state == "pending"
    response = browser.post(replays, {"since": "soon"}, follow=True)
    assert "Give the day" in response.content.decode()


def test_a_message_is_shown_with_its_answer_and_sent_again(browser: Client, cast: Cast) -> None:
    sent = given_up(cast, endpoint_of(cast))
    page = text_of(browser.get(f"/organisation/webhooks/deliveries/{sent.pk}/"))
    assert sent.message.key in page
    assert "It answered 500." in page
    assert "Oh." in page
    again = browser.post(f"/organisation/webhooks/deliveries/{sent.pk}/replay/", follow=True)
    assert "It is sent again within seconds." in again.content.decode()
    twice = browser.post(f"/organisation/webhooks/deliveries/{sent.pk}/replay/", follow=True)
    assert "still on its way" in twice.content.decode()


def test_a_test_leads_to_its_message(browser: Client, cast: Cast) -> None:
    endpoint = endpoint_of(cast)
    response = browser.post(f"/organisation/webhooks/{endpoint.pk}/tests/")
    assert (
        response.headers["Location"]
        == f"/organisation/webhooks/deliveries/{WebhookDelivery.objects.get().pk}/"
    )


def test_it_is_paused_goes_on_gets_a_new_secret_and_is_removed(browser: Client, cast: Cast) -> None:
    endpoint = endpoint_of(cast)
    at = f"/organisation/webhooks/{endpoint.pk}"
    browser.post(f"{at}/pause/")
    assert "paused" in text_of(browser.get(f"{at}/"))
    browser.post(f"{at}/resumption/")
    assert "listening" in text_of(browser.get(f"{at}/"))
    assert "whsec_" in browser.post(f"{at}/secrets/").content.decode()
    assert text_of(browser.get(f"{at}/")).count("signs") == 2
    browser.post(f"{at}/removal/")
    assert not WebhookEndpoint.objects.exists()
    verbs = [
        one.verb for one in AuditEntry.objects.filter(subject_kind="platform.webhookendpoint").order_by("id")
    ]
    assert verbs == [
        "webhook endpoint added",
        "webhook endpoint paused",
        "webhook endpoint resumed",
        "webhook secret renewed",
        "webhook endpoint removed",
    ]


def test_there_are_only_so_many(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "MOST_ENDPOINTS", 1)
    endpoint_of(cast)
    with pytest.raises(operations.TooManyEndpoints):
        endpoint_of(cast)


def test_tables_are_exported(browser: Client, cast: Cast) -> None:
    endpoint = endpoint_of(cast)
    given_up(cast, endpoint)
    assert b"The ledger" in browser.get("/organisation/webhooks/?export=csv").content
    assert b"webhook.test" in browser.get(f"/organisation/webhooks/{endpoint.pk}/?export=csv").content
