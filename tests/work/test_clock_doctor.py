"""`backdesk doctor` finds due times that somebody changed past Backdesk, and warnings nobody told."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from backdesk.platform.operating.doctor.checks import Circumstances, Finding, State, registry
from backdesk.work.models import Alarm, Item, Step
from backdesk.work.operations import acceptance, alarms, pauses, reclocking
from tests.cast import NOW, Cast
from tests.work.agreeing import agreed_anew
from tests.work.services import BACKDESK, a_service, an_item, completed, taken
from tests.work.test_alarms import HOUR

pytestmark = pytest.mark.django_db


def test_whatever_verbs_did_the_rows_agree(cast: Cast) -> None:
    work = a_service(cast)
    first = completed(work, taken(work, "A-1"), now=NOW + HOUR).item
    acceptance.give_back(actor=work.lead, now=NOW + 2 * HOUR, items=[first], reason="The total is wrong.")
    for number in ("A-2", "A-3"):
        pause = pauses.propose_pause(
            actor=work.manager, now=NOW, item_id=an_item(work, number).pk, reason="Illegible"
        )
        pauses.decide_pauses(actor=work.lead, now=NOW, pause_ids=[pause.pk], approve=True)
    pauses.end_pause(actor=work.manager, now=NOW + 2 * HOUR, pause_id=pause.pk)
    wider = agreed_anew(work, targets="turnaround = { hours = 20 }")
    changed = NOW + 3 * HOUR
    reclocking.change_terms(
        actor=work.lead, now=changed, service=work.service, version=wider, reason="Agreed"
    )
    an_item(work, "A-4", now=NOW + 4 * HOUR)
    assert look("clocks-agree", changed).state == State.OK, "terms not applied yet are nobody's fault"
    reclocking.apply_terms(actor=BACKDESK, now=changed)
    found = look("clocks-agree", NOW + 9 * HOUR)
    assert (found.state, found.found) == (State.OK, "4 items looked at, all as their history says")


def test_a_row_changed_past_backdesk_is_found(cast: Cast) -> None:
    work = a_service(cast)
    item = an_item(work)
    Item.objects.update(due_at=NOW)
    found = look("clocks-agree", NOW)
    assert found.state == State.BROKEN
    assert (
        f"1 of 1 items and 1 steps have another due time than their history makes, such as item {item.pk}"
        in (found.found)
    )
    Item.objects.update(due_at=NOW + 8 * HOUR)
    Step.objects.update(due_at=None)
    assert look("clocks-agree", NOW).state == State.BROKEN


def test_warnings_that_nobody_tells_are_found(cast: Cast) -> None:
    work = a_service(cast)
    an_item(work)
    at = NOW + 7 * HOUR
    alarms.raise_alarms(actor=BACKDESK, now=at)
    assert look("alarms-told", at + timedelta(minutes=5)).state == State.OK
    late = look("alarms-told", at + timedelta(minutes=15))
    assert (late.state, late.found) == (
        State.WARNING,
        "1 warnings are late, 0 changes of terms are not applied.",
    )
    alarms.tell_alarms(actor=BACKDESK, now=at)
    assert Alarm.objects.get().state == Alarm.State.TOLD
    assert look("alarms-told", at + timedelta(minutes=15)).state == State.OK


def look(name: str, now: datetime) -> Finding:
    return registry[name].look(Circumstances(clock=lambda: now))
