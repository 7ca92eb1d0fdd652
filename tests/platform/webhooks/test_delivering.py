"""From what an app tells to what a receiver gets, over real HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from standardwebhooks import Webhook

from backdesk.platform import webhooks
from backdesk.platform.models import Notification, WebhookDelivery, WebhookEndpoint
from backdesk.platform.webhooks import Kind, operations, outbox, posting
from backdesk.platform.webhooks.jobs import KEPT, drop_old_messages
from backdesk.platform.webhooks.messages import Told, put_down
from backdesk.platform.webhooks.outbox import TURNS, next_turn, send_due
from backdesk.platform.webhooks.suffering import PATIENCE
from tests.cast import NOW, Cast
from tests.platform.webhooks.receiving import Receiver, endpoint_at, receiving, the_delivery

pytestmark = pytest.mark.django_db

State = WebhookDelivery.State
webhooks.register_kinds(Kind(name="team.opened", title="Teams"))


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.BACKDESK_WEBHOOK_PRIVATE = True
    with receiving() as one:
        yield one


def tell(cast: Cast, *, number: int = 1) -> None:
    put_down(
        [Told(kind="team.opened", at=NOW, data={cast.client.pk: {"number": number}}, by=cast.client.pk)],
        now=NOW,
    )


def test_what_is_told_arrives_signed(cast: Cast, receiver: Receiver) -> None:
    made = endpoint_at(cast, receiver.url, "team.opened")
    tell(cast)
    assert send_due(now=NOW).delivered == 1
    (got,) = receiver.received
    assert json.loads(got.body) == {
        "type": "team.opened",
        "timestamp": "2026-03-02T09:00:00Z",
        "organisation_id": cast.client.pk,
        "data": {"number": 1},
    }
    assert got.headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    delivery = the_delivery(made.endpoint)
    assert (delivery.state, delivery.status, delivery.attempts, delivery.due_at) == (
        "delivered",
        204,
        1,
        None,
    )
    assert signature_holds(got, made.secret)


def test_a_signature_by_another_secret_or_of_another_body_does_not_hold(
    cast: Cast, receiver: Receiver
) -> None:
    made, other = endpoint_at(cast, receiver.url), endpoint_at(cast, receiver.url)
    operations.send_test(actor=cast.lead, now=NOW, endpoint=made.endpoint)
    send_due(now=NOW)
    (got,) = receiver.received
    assert signature_holds(got, made.secret)
    assert not signature_holds(got, other.secret)
    assert not signature_holds(got, made.secret, body=got.body.replace("webhook.test", "webhook.best"))


def signature_holds(got, secret: str, *, body: str | None = None) -> bool:  # type: ignore[no-untyped-def]
    """By the arithmetic of the standard, the time aside, which is long ago."""
    at = NOW
    expected = Webhook(secret).sign(got.headers["webhook-id"], at, body or got.body)
    return expected in got.headers["webhook-signature"].split()


def test_it_is_not_sent_where_the_deed_is_rolled_back(cast: Cast, receiver: Receiver) -> None:
    endpoint_at(cast, receiver.url)
    with transaction.atomic():
        tell(cast)
        transaction.set_rollback(True)
    assert send_due(now=NOW).delivered == 0
    assert receiver.received == []


def test_nobody_is_told_what_they_did_not_ask_for_nor_what_is_others(cast: Cast, receiver: Receiver) -> None:
    endpoint_at(cast, receiver.url, "webhook.test")
    operations.add_endpoint(actor=cast.other_lead, now=NOW, url=receiver.url)
    tell(cast)
    assert not WebhookDelivery.objects.exists()


def test_an_app_can_only_tell_of_kinds_it_registered(cast: Cast) -> None:
    with pytest.raises(LookupError, match=r"team\.sold"):
        put_down([Told(kind="team.sold", at=NOW, data={})], now=NOW)


def test_what_fails_comes_again_later_under_the_same_id(cast: Cast, receiver: Receiver) -> None:
    receiver.answers = [(500, "out of paper"), (200, "")]
    made = endpoint_at(cast, receiver.url)
    tell(cast)
    assert send_due(now=NOW).failed == 1
    failed = the_delivery(made.endpoint)
    assert (failed.state, failed.status, failed.excerpt) == ("failed", 500, "out of paper")
    assert send_due(now=NOW + timedelta(seconds=3)).delivered == 0
    assert send_due(now=NOW + timedelta(seconds=30)).delivered == 1
    assert len(set(receiver.keys)) == 1
    assert len(receiver.received) == 2


def test_after_three_days_of_failing_it_is_dead_and_can_be_replayed(cast: Cast, receiver: Receiver) -> None:
    receiver.answers = [(503, "")]
    made = endpoint_at(cast, receiver.url)
    tell(cast)
    at = try_until_over(made.endpoint)
    dead = the_delivery(made.endpoint)
    assert (dead.state, dead.attempts, dead.due_at) == ("dead", len(TURNS) + 1, None)
    assert timedelta(days=2.5) < at - NOW < timedelta(days=3.8)
    receiver.answers = [(200, "")]
    operations.replay(actor=cast.lead, now=at, delivery=dead)
    assert send_due(now=at).delivered == 1
    assert len(set(receiver.keys)) == 1


def try_until_over(endpoint: WebhookEndpoint):  # type: ignore[no-untyped-def]
    at = NOW
    while (due_at := the_delivery(endpoint).due_at) is not None:
        at = due_at
        send_due(now=at)
    return at


def test_turns_grow_and_are_spread(cast: Cast) -> None:
    firsts = {next_turn(delivery_id=number, attempt=1) for number in range(50)}
    assert len(firsts) > 40
    assert all(timedelta(seconds=4) <= one <= timedelta(seconds=6) for one in firsts if one)
    whole = [next_turn(delivery_id=7, attempt=attempt) for attempt in range(1, len(TURNS) + 1)]
    assert whole == sorted(whole, key=lambda one: one or timedelta())
    assert next_turn(delivery_id=7, attempt=len(TURNS) + 1) is None


def test_all_dead_ones_since_a_time_are_replayed_at_once(cast: Cast, receiver: Receiver) -> None:
    made = endpoint_at(cast, receiver.url)
    for number in range(3):
        tell(cast, number=number)
    WebhookDelivery.objects.update(state=State.DEAD, due_at=None)
    replayed = operations.replay_dead(actor=cast.lead, now=NOW, endpoint=made.endpoint, since=NOW)
    assert replayed == 3
    assert operations.replay_dead(actor=cast.lead, now=NOW, endpoint=made.endpoint, since=NOW) == 0
    assert send_due(now=NOW).delivered == 3


def test_what_is_on_its_way_is_not_replayed(cast: Cast, receiver: Receiver) -> None:
    made = endpoint_at(cast, receiver.url)
    tell(cast)
    with pytest.raises(operations.StillOnItsWay):
        operations.replay(actor=cast.lead, now=NOW, delivery=the_delivery(made.endpoint))


def test_an_old_secret_signs_beside_the_new_one_for_a_day(cast: Cast, receiver: Receiver) -> None:
    made = endpoint_at(cast, receiver.url)
    renewed = operations.renew_secret(actor=cast.lead, now=NOW, endpoint=made.endpoint)
    operations.send_test(actor=cast.lead, now=NOW, endpoint=made.endpoint)
    send_due(now=NOW)
    (got,) = receiver.received
    assert signature_holds(got, made.secret)
    assert signature_holds(got, renewed.secret)
    day_after = NOW + operations.OVERLAP
    operations.send_test(actor=cast.lead, now=day_after, endpoint=made.endpoint)
    send_due(now=day_after)
    assert len(receiver.received[-1].headers["webhook-signature"].split()) == 1


def test_to_a_paused_endpoint_all_waits_and_goes_out_when_it_goes_on(cast: Cast, receiver: Receiver) -> None:
    made = endpoint_at(cast, receiver.url)
    operations.pause_endpoint(actor=cast.lead, now=NOW, endpoint=made.endpoint)
    tell(cast)
    assert send_due(now=NOW).delivered == 0
    operations.resume_endpoint(actor=cast.lead, now=NOW, endpoint=made.endpoint)
    assert send_due(now=NOW).delivered == 1


def test_an_endpoint_that_fails_for_days_is_paused_and_its_keepers_are_told(
    cast: Cast, receiver: Receiver
) -> None:
    receiver.answers = [(500, "")]
    made = endpoint_at(cast, receiver.url)
    tell(cast)
    send_due(now=NOW)
    later = NOW + PATIENCE + timedelta(minutes=1)  # the first try may take longer than this one
    operations.send_test(actor=cast.lead, now=later, endpoint=made.endpoint)
    send_due(now=later)
    made.endpoint.refresh_from_db()
    assert made.endpoint.paused_at is not None
    assert "500" in made.endpoint.pause_reason
    (told,) = Notification.objects.filter(kind="platform.webhook_paused")
    assert told.person_id == cast.lead.person_id
    assert told.url == f"/organisation/webhooks/{made.endpoint.pk}/"


def test_one_success_in_between_and_it_is_not(cast: Cast, receiver: Receiver) -> None:
    """The negative control of the pause."""
    receiver.answers = [(500, ""), (200, ""), (500, "")]
    made = endpoint_at(cast, receiver.url)
    for days in (0, 2, 5):
        at = NOW + timedelta(days=days)
        WebhookDelivery.objects.update(state=State.DEAD, due_at=None)
        operations.send_test(actor=cast.lead, now=at, endpoint=made.endpoint)
        send_due(now=at)
    made.endpoint.refresh_from_db()
    assert made.endpoint.paused_at is None
    assert made.endpoint.failing_since == pytest.approx(NOW + timedelta(days=5), abs=timedelta(minutes=9))


def test_who_answers_gone_is_paused_at_once(cast: Cast, receiver: Receiver) -> None:
    receiver.answers = [(410, "")]
    made = endpoint_at(cast, receiver.url)
    tell(cast)
    send_due(now=NOW)
    made.endpoint.refresh_from_db()
    assert made.endpoint.pause_reason == "It answered 410: it wants nothing more."


def test_a_worker_killed_between_sending_and_noting_it_sends_once_more_under_the_same_id(
    cast: Cast, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = endpoint_at(cast, receiver.url)
    tell(cast)

    def die(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as killed:
        killed.setattr(outbox, "_settle", die)
        with pytest.raises(SystemExit):
            send_due(now=NOW)
    assert send_due(now=NOW + timedelta(minutes=1)).delivered == 0, "its turn is put off"
    assert send_due(now=NOW + timedelta(minutes=6)).delivered == 1
    assert len(receiver.keys) == 2
    assert len(set(receiver.keys)) == 1
    assert the_delivery(made.endpoint).attempts == 1


def test_who_comes_second_with_an_answer_does_not_undo_what_was_noted(cast: Cast, receiver: Receiver) -> None:
    made = endpoint_at(cast, receiver.url)
    tell(cast)
    claimed_by_the_dead, *_ = outbox._claim(NOW)
    assert send_due(now=NOW + timedelta(minutes=6)).delivered == 1
    outbox._settle(claimed_by_the_dead.delivery, posting.Answer(status=500, error="late"), NOW)
    assert the_delivery(made.endpoint).state == "delivered"


def test_a_fault_of_ours_is_tried_again_and_holds_up_nothing_else(
    cast: Cast, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint_at(cast, receiver.url)
    tell(cast)
    with monkeypatch.context() as broken:
        broken.setattr(posting, "post", lambda **_: 1 / 0)
        assert send_due(now=NOW).failed == 1
    assert send_due(now=NOW + timedelta(minutes=1)).delivered == 1


def test_what_there_is_no_time_left_for_comes_with_the_next_turn(
    cast: Cast, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint_at(cast, receiver.url)
    tell(cast)
    with monkeypatch.context() as short:
        short.setattr(outbox, "_BUDGET", 0.0)
        assert send_due(now=NOW) == outbox.Sent()
    assert send_due(now=NOW).delivered == 1


def test_old_messages_go_with_their_deliveries(cast: Cast, receiver: Receiver) -> None:
    endpoint_at(cast, receiver.url)
    tell(cast)
    drop = drop_old_messages
    drop(NOW + KEPT)
    assert WebhookDelivery.objects.exists()
    drop(NOW + KEPT + timedelta(seconds=1))
    assert not WebhookDelivery.objects.exists()
