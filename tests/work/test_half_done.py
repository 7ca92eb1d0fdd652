"""Whatever statement of a verb fails, nothing of the verb is left; and what is done follows from its events."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from backdesk.platform.audit.verification import verify
from backdesk.work.models import Event, Item, Step
from backdesk.work.operations import events, items, steps
from backdesk.work.queries.rebuilding import as_it_stands
from tests.cast import NOW, Cast
from tests.work.services import Work, a_process, a_service, an_item, completed, taken

pytestmark = pytest.mark.django_db

ENTER = '<userTask id="enter" name="Enter"/>'
CHECK = '<userTask id="check" name="Check"/>'
TABLES = ("work_item", "work_itemprivate", "work_step", "work_stepdraft", "work_event", "platform_auditentry",
          "platform_auditchain", "platform_auditvalues", "platform_auditpending")  # fmt: skip


class PulledOut(OperationalError):
    """The statement did not come through."""


def the_nth_fails(nth: int) -> tuple[Callable[..., Any], list[str]]:
    sent: list[str] = []

    def wrapper(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        sent.append(sql)
        if len(sent) == nth:
            raise PulledOut(sql)
        return execute(sql, params, many, context)

    return wrapper, sent


def state() -> dict[str, str]:
    """Every row of every table that verbs of work write, as one digest each."""
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(
                f"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {table} t"
            )
            found[table] = cursor.fetchone()[0]
    return found


def verbs(work: Work) -> dict[str, Callable[[], object]]:
    """Each on things of its own, so that they can be done one after the other."""
    completed(work, taken(work, "read before"))
    held = [taken(work, f"held {number}") for number in range(4)]
    waiting = an_item(work, "waiting")
    agent = work.agent()
    one: dict[str, Any] = {"now": NOW}
    claim: list[dict[str, Any]] = [{"step_id": step.pk, "claim": step.claim} for step in held]
    return {
        "create": lambda: an_item(work, "new", values={"budget": {"amount": "9.00", "currency": "EUR"}}),
        "take": lambda: steps.take_next(actor=agent, **one),
        "heartbeat": lambda: steps.heartbeat(actor=agent, **one, **claim[0]),
        "draft": lambda: steps.save_draft(actor=agent, **one, **claim[0], values={"note": "half"}),
        "complete": lambda: completed(work, held[0]),
        "give back": lambda: steps.give_back(actor=agent, **one, **claim[1], reason="Illegible"),
        "reassign": lambda: steps.reassign(
            actor=work.manager, **one, step_id=held[2].pk, to_person=work.agents[1].pk
        ),
        "priority": lambda: items.change_priority(actor=work.lead, **one, items=[waiting], priority=1),
        "cancel": lambda: items.cancel_item(actor=work.lead, **one, item=held[3].item, reason="Twice"),
    }


def test_whichever_statement_fails_nothing_is_left_half_done(cast: Cast) -> None:
    work = a_service(cast, process=a_process(ENTER, CHECK), limit=9)
    failed = {name: failures_of(verb) for name, verb in verbs(work).items()}
    assert min(failed.values()) >= 1, failed
    assert failed["create"] >= 6
    assert failed["complete"] >= 6
    assert verify().holds
    for item in Item.objects.all():
        assert events.rebuild(item) == as_it_stands(item)


def failures_of(verb: Callable[[], object]) -> int:
    """Let the first statement fail, then the second, until none is left to fail; how many there were.

    What a process keeps in mind is read before: then each time sends the same.
    """
    nth = 0
    while True:
        nth += 1
        before, (wrapper, sent) = state(), the_nth_fails(nth)
        try:
            with connection.execute_wrapper(wrapper):
                verb()
        except PulledOut:
            assert state() == before, f"statement {nth} failed, and something was left: {sent[-1][:200]}"
            continue
        assert len(sent) == nth - 1, "it sent fewer statements than the time before: one was not let fail"
        return nth - 1


def test_control_without_its_transaction_a_verb_is_left_half_done(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db.transaction import Atomic

    work = a_service(cast)
    completed(work, taken(work, "read before"))
    step = taken(work)
    monkeypatch.setattr(Atomic, "__enter__", lambda self: None)
    monkeypatch.setattr(Atomic, "__exit__", lambda self, *error: None)
    with pytest.raises(AssertionError, match="something was left"):
        failures_of(lambda: completed(work, step))


def test_an_item_that_has_gone_on_since_it_was_read_is_not_written(cast: Cast) -> None:
    work = a_service(cast)
    item = an_item(work)
    stale = Item.objects.get(pk=item.pk)
    items.change_priority(actor=work.lead, now=NOW, items=[item], priority=1)
    with pytest.raises(events.Overtaken), transaction.atomic():
        events.append(actor=work.lead, now=NOW, deeds=[events.Deed(kind="noted", item=stale)])
    assert not Event.objects.filter(kind="noted").exists()


def test_an_event_is_proven_by_the_digest_in_its_entry_of_the_trail(cast: Cast) -> None:
    from backdesk.platform.audit import canonical
    from backdesk.platform.models import AuditEntry

    work = a_service(cast)
    completed(work, taken(work))
    entries = (
        AuditEntry.objects.filter(subject_kind="work.item").select_related("disclosed").order_by("sequence")
    )
    told = {entry.after["event"]: entry.after["sha256"] for entry in entries if entry.after}
    for event in Event.objects.all():
        digest = canonical.digest_of(bytes(event.nonce).hex(), canonical.text_of(event.data))
        assert told[event.sequence] == digest
    assert len(told) == Event.objects.count() == 4


def test_what_the_client_keeps_to_itself_stays_there(cast: Cast) -> None:
    work = a_service(cast)
    item = an_item(work, values={"budget": {"amount": "9.00", "currency": "EUR"}})
    assert "budget" not in item.data["input"]
    kept = Event.objects.get(kind="kept private")
    assert kept.internal_to == cast.client.pk
    assert not Event.objects.visible_to(work.agent()).filter(pk=kept.pk).exists()
    assert events.rebuild(item) == as_it_stands(item)
    assert events.rebuild(item).private["input"]["budget"]["amount"] == "9.00"


def test_the_same_business_key_is_created_once(cast: Cast) -> None:
    work = a_service(cast)
    first = an_item(work, "A-1")
    with pytest.raises(items.DuplicateItem, match="A-1") as refused:
        an_item(work, "A-1")
    assert refused.value.existing == first
    rows = [items.NewItem(values={"number": number}) for number in ("A-1", "A-2", "A-2")] + [
        items.NewItem(values={"numbr": "A-3"})
    ]
    outcomes = items.create_items(actor=work.lead, now=NOW, service=work.service, rows=rows)
    assert [bool(one.item) for one in outcomes] == [False, True, False, False]
    assert [one.existing for one in outcomes] == [first, None, outcomes[1].item, None]
    assert [one.problems[0].path for one in outcomes if one.problems] == ["numbr"]
    items.cancel_item(actor=work.lead, now=NOW, item=first, reason="Wrong")
    assert an_item(work, "A-1").pk != first.pk


def test_one_that_is_there_is_not_created_twice(cast: Cast) -> None:
    """Nobody looks before, whether it is there: the database itself refuses, so nothing can come between."""
    work = a_service(cast)
    first = an_item(work, "A-1")
    with pytest.raises(items.DuplicateItem) as refused:
        an_item(work, "A-1")
    assert refused.value.existing == first
    assert list(Item.objects.all()) == [first]
    assert Step.objects.count() == 1
