"""Warnings that fire: once, in the hours of who is told, whatever the clock does and whoever is killed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from backdesk.parties.models import Absence, Membership, Organisation, Person, Role
from backdesk.platform import notifications
from backdesk.platform.models import Notification, ReachableHours
from backdesk.work.models import Alarm, Item
from backdesk.work.operations import alarms, pauses, reclocking
from tests.cast import NOW, Cast
from tests.work.agreeing import agreed_anew, in_use, utc
from tests.work.services import BACKDESK, Work, a_service, an_item, completed, taken

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
SOON, OVERDUE, LONG = "work.due_soon", "work.overdue", "work.long_overdue"


def test_a_warning_a_breach_and_an_escalation_each_to_whom_they_concern(cast: Cast) -> None:
    work = a_service(cast)
    step = taken(work)  # due at 17:00
    manager, lead, agent = work.manager.person_id, work.lead.person_id, work.agents[0].pk
    tick(NOW + 6 * HOUR)
    assert told() == []
    tick(NOW + 6.5 * HOUR)
    assert told() == [(SOON, agent), (SOON, manager)] or told() == [(SOON, manager), (SOON, agent)]
    tick(NOW + 8 * HOUR + timedelta(minutes=1))
    assert told()[2:] == [(OVERDUE, manager)]
    tick(NOW + 24 * HOUR)
    assert sorted(told()[3:]) == sorted([(LONG, manager), (LONG, lead)])
    assert Notification.objects.get(kind=OVERDUE).title == "“A-1” is overdue (Invoices)"
    assert step.item_id == Alarm.objects.first().item_id  # type: ignore[union-attr]


def test_the_same_tick_again_and_again_tells_nobody_twice(cast: Cast) -> None:
    work = a_service(cast)
    an_item(work)
    for _ in range(3):
        tick(NOW + 7 * HOUR)
    assert len(told()) == Alarm.objects.count() == 1
    Notification.objects.update(read_at=NOW)
    tick(NOW + 7 * HOUR + timedelta(minutes=1))
    assert len(told()) == 1


def test_what_is_done_in_time_or_paused_warns_nobody(cast: Cast) -> None:
    work = a_service(cast)
    completed(work, taken(work, "A-1"), now=NOW + HOUR)
    paused = an_item(work, "A-2")
    pause = pauses.propose_pause(actor=work.manager, now=NOW, item_id=paused.pk, reason="Illegible")
    pauses.decide_pauses(actor=work.lead, now=NOW, pause_ids=[pause.pk], approve=True)
    tick(NOW + 9 * HOUR)
    assert told() == []


def test_many_items_make_one_notification_that_says_how_many(cast: Cast) -> None:
    work = a_service(cast)
    for number in range(7):
        an_item(work, f"A-{number}")
    tick(NOW + 7 * HOUR)
    (one,) = Notification.objects.all()
    assert one.title == "7 items of Invoices are due soon"
    assert one.detail.splitlines() == ["A-0", "A-1", "A-2", "A-3", "A-4", "…"]
    assert Alarm.objects.filter(state=Alarm.State.TOLD).count() == 7


def test_it_waits_for_the_working_hours_of_who_is_told_on_their_own_clock(cast: Cast) -> None:
    work = a_service(cast)
    Person.objects.filter(pk=cast.person(Role.DELIVERY_MANAGER, cast.provider).pk).update(
        zone="Asia/Manila"
    )  # 15:00 UTC is 23:00 there
    an_item(work)
    tick(NOW + 7 * HOUR)
    (alarm,) = Alarm.objects.all()
    assert (alarm.state, alarm.deliver_at) == (Alarm.State.WAITING, utc("03-03 00:00"))
    tick(NOW + 7.5 * HOUR)
    assert told() == []
    tick(utc("03-03 00:00"))
    assert told() == [(LONG, work.manager.person_id)], "by then it is long overdue, and that alone is said"
    alarm.refresh_from_db()
    assert alarm.state == Alarm.State.CANCELLED


def test_it_waits_for_the_hours_of_the_company_where_a_person_says_none(cast: Cast) -> None:
    work = a_service(cast)
    Organisation.objects.filter(pk=cast.provider.pk).update(
        working_hours="Mon-Fri 06:00-15:00; closed 2026-03-03"
    )
    an_item(work)
    tick(NOW + 7 * HOUR)
    assert Alarm.objects.get().deliver_at == utc("03-04 06:00")


def test_hours_that_somebody_has_chosen_hold_also_when_the_clocks_go_forward(cast: Cast) -> None:
    work = a_service(cast)
    manager = cast.person(Role.DELIVERY_MANAGER, cast.provider).pk
    Person.objects.filter(pk=manager).update(zone="Europe/Amsterdam")
    ReachableHours.objects.create(person_id=manager, hours="Mon-Sun 02:30-06:00")
    an_item(work, now=utc("03-28 16:00"))  # due at 00:00 UTC on the night of the change
    tick(utc("03-28 23:00"))
    assert Alarm.objects.get().deliver_at == utc("03-29 01:00"), "02:30 does not exist: it is 03:00 at once"


def test_an_alarm_whose_clock_has_changed_is_not_told_and_the_new_time_warns_anew(cast: Cast) -> None:
    work = a_service(cast)
    item = an_item(work)
    with transaction.atomic():
        assert alarms.raise_alarms(actor=BACKDESK, now=NOW + 7 * HOUR) == 1
    wider = agreed_anew(work, targets="turnaround = { hours = 20 }")
    reclocking.change_terms(
        actor=work.lead, now=NOW + 7 * HOUR, service=work.service, version=wider, reason="Agreed"
    )
    reclocking.apply_terms(actor=BACKDESK, now=NOW + 7 * HOUR)
    tick(NOW + 7 * HOUR)
    assert told() == []
    assert Alarm.objects.get().state == Alarm.State.CANCELLED
    item.refresh_from_db()
    assert item.due_at == NOW + 20 * HOUR
    tick(NOW + 23.5 * HOUR)
    assert told() == [(OVERDUE, work.manager.person_id)]


def test_a_clock_that_jumps_days_ahead_tells_the_gravest_alone_and_back_again_nothing(cast: Cast) -> None:
    work = a_service(cast)
    an_item(work)
    tick(NOW + 4 * timedelta(days=1))
    assert sorted(told()) == sorted([(LONG, work.manager.person_id), (LONG, work.lead.person_id)])
    tick(NOW - timedelta(days=2))
    tick(NOW + 7 * HOUR)  # now it says: due soon, of which nobody was told
    tick(NOW + 4 * timedelta(days=1))
    assert [one for one in told() if one[0] == LONG] == told()[:2]


def test_a_worker_killed_before_its_transaction_ends_has_told_nobody_and_the_next_one_does(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = a_service(cast)
    an_item(work)
    alarms.raise_alarms(actor=BACKDESK, now=NOW + 7 * HOUR)
    notify = notifications.notify

    def killed(**told: Any) -> None:
        notify(**told)
        raise KeyboardInterrupt

    monkeypatch.setattr(notifications, "notify", killed)
    with pytest.raises(KeyboardInterrupt):
        alarms.tell_alarms(actor=BACKDESK, now=NOW + 7 * HOUR)
    monkeypatch.undo()
    assert told() == []
    assert Alarm.objects.get().state == Alarm.State.WAITING
    assert alarms.tell_alarms(actor=BACKDESK, now=NOW + 7 * HOUR) == 1
    assert len(told()) == 1


def test_a_target_in_days_warns_in_working_time(cast: Cast) -> None:
    work = a_service(cast)
    days = 'turnaround = { days = 2, day_rule = "day0" }'
    in_use(work, agreed_anew(work, targets=days, calendar='calendar = "Mon-Fri 09:00-17:00"'))
    item = an_item(work, now=utc("03-05 10:00"))
    assert item.due_at == utc("03-09 17:00"), "Thursday, Friday, Monday"
    tick(utc("03-09 13:00"))
    assert told() == []
    tick(utc("03-09 13:50"))
    assert told() == [(SOON, work.manager.person_id)]


def under(work: Work, *lines: str) -> Work:
    """With the turnaround of 8 hours, and these lines of alarms."""
    return in_use(
        work, agreed_anew(work, targets="\n".join(("turnaround = { hours = 8 }", "[alarms]", *lines)))
    )


def test_a_service_says_how_long_before_and_after_its_due_times_somebody_is_told(cast: Cast) -> None:
    work = under(a_service(cast), "warn_hours = 3", "escalate_hours = 0.75")
    manager, lead = work.manager.person_id, work.lead.person_id
    an_item(work)  # due at 17:00
    tick(NOW + 5 * HOUR - timedelta(minutes=1))
    assert told() == []
    tick(NOW + 5 * HOUR)
    tick(NOW + 8.5 * HOUR)
    assert told() == [(SOON, manager), (OVERDUE, manager)]
    tick(NOW + 8.75 * HOUR)
    assert sorted(told()[2:]) == sorted([(LONG, manager), (LONG, lead)])


def test_the_control_the_same_hours_are_nothing_to_an_item_of_the_version_before(cast: Cast) -> None:
    work = a_service(cast)
    an_item(work)
    under(work, "warn_hours = 3")
    tick(NOW + 5 * HOUR)
    assert told() == []
    tick(NOW + 6.5 * HOUR)
    assert told() == [(SOON, work.manager.person_id)]


def test_nobody_is_warned_where_the_service_says_no_hours_before(cast: Cast) -> None:
    work = under(a_service(cast), "warn_hours = 0", "escalate_hours = 12")
    an_item(work)
    tick(NOW + 8 * HOUR)
    assert told() == [(OVERDUE, work.manager.person_id)]


def test_a_service_without_target_warns_nobody(cast: Cast) -> None:
    work = a_service(cast)
    in_use(work, agreed_anew(work, targets="accuracy = 0.99"))
    item = an_item(work)
    assert item.due_at is None
    tick(NOW + timedelta(days=9))
    assert told() == []


def tick(now: datetime) -> None:
    alarms.raise_alarms(actor=BACKDESK, now=now)
    alarms.tell_alarms(actor=BACKDESK, now=now)


def told() -> list[tuple[str, int]]:
    told = Notification.objects.filter(kind__in=[SOON, OVERDUE, LONG]).order_by("pk")
    return list(told.values_list("kind", "person_id"))


def test_the_cast_is_told_only_of_its_own(cast: Cast) -> None:
    """The control of all the others: nobody else's lead hears of it."""
    work: Work = a_service(cast)
    an_item(work)
    tick(NOW + 30 * HOUR)
    strangers = {cast.other_lead.person_id, *cast.people[cast.other_provider.pk]}
    assert not {person for _, person in told()} & strangers
    assert Item.objects.count() == 1


def test_who_is_away_is_told_when_they_are_back_unless_nobody_else_is_there(cast: Cast) -> None:
    """A second lead comes: then the first, on holiday until Thursday, is told on Thursday, and the other at once."""
    work = a_service(cast)
    manager = cast.person(Role.DELIVERY_MANAGER, cast.provider)
    away = {"begins_at": NOW - HOUR, "ends_at": NOW + timedelta(days=3)}
    Absence.objects.create(person=manager, organisation=cast.provider, kind="holiday", **away)
    an_item(work, "A-1")
    tick(NOW + 7 * HOUR)
    assert [(one.person_id, one.deliver_at) for one in Alarm.objects.all()] == [(manager.pk, NOW + 7 * HOUR)]
    Alarm.objects.all().delete()
    second = Person.objects.create(email="second@steady.example", name="Second", created_at=NOW)
    Membership.objects.create(
        person=second, organisation=cast.provider, role=Role.DELIVERY_MANAGER, began_at=NOW
    )
    tick(NOW + 7 * HOUR)
    told_at = dict(Alarm.objects.values_list("person_id", "deliver_at"))
    assert told_at == {second.pk: NOW + 7 * HOUR, manager.pk: NOW + timedelta(days=3)}
