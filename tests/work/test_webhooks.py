"""Other systems are told what happens to items: each company what it may know, once, also of what is committed late."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections, transaction

from backdesk.conversations.models import Thread
from backdesk.platform.isolation import as_system
from backdesk.platform.models import WebhookMessage
from backdesk.platform.webhooks import sources
from backdesk.platform.webhooks.operations import add_endpoint
from backdesk.platform.webhooks.sources import poll
from backdesk.work.models import Event
from backdesk.work.operations import items, questions, steps
from backdesk.work.queries import feed
from tests.cast import NOW, Cast
from tests.work.services import Work, a_service, an_item, completed, taken

pytestmark = pytest.mark.django_db
#: Emptying all tables costs seconds: only where transactions are what it is about.
committing = pytest.mark.django_db(transaction=True)

URL = "https://erp.example.com/backdesk"
LATER = NOW + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def decided(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Within the test's own transaction nothing is ever decided; what it wrote counts as if it were."""
    if not request.node.get_closest_marker("django_db").kwargs:
        monkeypatch.setattr(sources, "horizon", lambda: _newest() if Event.objects.exists() else 1)


@pytest.fixture
def work(cast: Cast) -> Work:
    """Both companies listen, and so do two others."""
    made = a_service(cast)
    others = (cast.other_lead, cast.actor("delivery_manager", cast.other_provider))
    for actor in (made.lead, made.manager, *others):
        add_endpoint(actor=actor, now=NOW, url=URL)
    poll(now=NOW)
    return made


def told(organisation: Any) -> list[tuple[str, dict[str, Any]]]:
    poll(now=LATER)
    rows = WebhookMessage.objects.filter(organisation_id=organisation.pk).order_by("pk")
    return [(one.kind, json.loads(one.body)["data"]) for one in rows]


def kinds(organisation: Any) -> list[str]:
    return [kind for kind, _data in told(organisation)]


def test_both_companies_are_told_how_an_item_goes_its_way(work: Work) -> None:
    completed(work, taken(work), values={"total": {"amount": "5.00", "currency": "EUR"}})
    expected = ["item.created", "step.taken", "step.completed", "item.delivered"]
    assert kinds(work.cast.client) == expected
    assert kinds(work.cast.provider) == expected


def test_nobody_else_is_told_anything(work: Work) -> None:
    completed(work, taken(work))
    assert kinds(work.cast.other_client) == kinds(work.cast.other_provider) == []


@committing
def test_what_was_told_is_not_told_again(work: Work) -> None:
    an_item(work)
    assert kinds(work.cast.client) == kinds(work.cast.client) == ["item.created"]


def test_a_message_names_the_item_and_holds_no_values(work: Work) -> None:
    item = an_item(work, values={"phone": "+45 12 34 56 78", "budget": {"amount": "9.00", "currency": "EUR"}})
    ((_kind, data),) = told(work.cast.provider)
    assert data == {
        "item_id": item.pk,
        "sequence": 1,
        "service_id": work.service.pk,
        "service_key": "invoices",
        "business_key": "A-1",
        "title": "A-1",
        "step_id": None,
        "person_id": work.lead.person_id,
        "facts": {},
    }


def test_what_one_company_keeps_to_itself_the_other_is_not_told(work: Work) -> None:
    item = an_item(work)
    with as_system("a test"):
        made = Event.objects.get(item=item, sequence=1)
        made.pk, made.sequence, made.kind = None, 2, "document added"
        made.internal_to, made.data = work.cast.client.pk, {"document": 7, "name": "budget.pdf"}
        made.save(force_insert=True)
    assert kinds(work.cast.client) == ["item.created", "document.added"]
    assert kinds(work.cast.provider) == ["item.created"]


def test_reasons_are_told_and_questions(work: Work) -> None:
    step = taken(work)
    steps.give_back(actor=work.agent(), now=NOW, step_id=step.pk, claim=step.claim, reason="Illegible.")
    items.cancel_item(actor=work.lead, now=NOW, item=step.item, reason="Sent twice.")
    reasons = {kind: data["facts"].get("reason") for kind, data in told(work.cast.client)}
    assert reasons["step.returned"] == "Illegible."
    assert reasons["item.cancelled"] == "Sent twice."


def test_of_a_question_both_are_told(work: Work) -> None:
    step = taken(work)
    questions.ask(
        actor=work.agent(),
        now=NOW,
        item_id=step.item_id,
        text="Which year?",
        step_id=step.pk,
        claim=step.claim,
    )
    assert Thread.objects.exists()
    assert kinds(work.cast.client)[-1] == "question.asked"


@committing
def test_an_item_that_is_committed_late_is_told_too(work: Work) -> None:
    """An import that runs long: what others did meanwhile waits for it, and nothing is passed by."""
    late = _open_transaction()
    try:
        an_item(work)
        assert kinds(work.cast.client) == []
    finally:
        late.rollback()
        late.close()
    assert kinds(work.cast.client) == ["item.created"]


@committing
def test_without_the_horizon_a_late_one_would_be_lost(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control."""
    late = _open_transaction()
    try:
        monkeypatch.setattr(sources, "horizon", _newest)
        an_item(work)
        assert kinds(work.cast.client) == ["item.created"]
    finally:
        late.rollback()
        late.close()


def _open_transaction() -> Any:
    other = connections["default"].copy()
    other.set_autocommit(False)
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()")
    return other


def _newest() -> int:
    return int(Event.objects.order_by("-transaction").values_list("transaction", flat=True)[0]) + 1


def test_more_than_a_batch_is_told_in_order(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "AT_ONCE", 2)
    with transaction.atomic():
        for number in range(5):
            an_item(work, f"B-{number}")
    keys = [data["business_key"] for _kind, data in told(work.cast.client)]
    assert keys == [f"B-{number}" for number in range(5)]


def test_every_kind_that_is_told_can_be_asked_for() -> None:
    assert set(feed._KINDS.values()) == set(feed._TITLES)
