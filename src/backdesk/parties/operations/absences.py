"""Being away: planned, changed, withdrawn."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from backdesk.parties import policies
from backdesk.parties.models import Absence, Person
from backdesk.parties.operations import qualifying, telling
from backdesk.platform import audit
from backdesk.platform.actor import Actor
from backdesk.platform.errors import Refused
from backdesk.platform.isolation import operation


class AbsencesOverlap(Refused):
    """One is away once at a time: the other absence is the one to change."""

    status = 409


class EndsBeforeItBegins(Refused):
    """A period ends after it begins."""


@operation
def plan_absence(
    *,
    actor: Actor,
    now: datetime,
    person: Person,
    begins_at: datetime,
    ends_at: datetime,
    kind: str,
    note: str = "",
) -> Absence:
    """One's own, or a colleague's by who manages."""
    policies.require(policies.may_plan_absence_of(actor, person.pk))
    absence = Absence(
        organisation_id=policies.company(actor),
        person=Person.objects.visible_to(actor).get(pk=person.pk),
        begins_at=begins_at,
        ends_at=ends_at,
        kind=kind,
        note=note,
    )
    _save(actor, now, absence)
    _record(actor, now, gettext_noop("absence planned"), absence, after=_period(absence))
    telling.tell_of_absence(actor=actor, now=now, absence=absence)
    return absence


@operation
def change_absence(
    *,
    actor: Actor,
    now: datetime,
    absence: Absence,
    begins_at: datetime,
    ends_at: datetime,
    kind: str,
    note: str = "",
) -> Absence:
    absence = _own(actor, absence)
    before = _period(absence)
    absence.begins_at, absence.ends_at, absence.kind, absence.note = begins_at, ends_at, kind, note
    _save(actor, now, absence)
    _record(actor, now, gettext_noop("absence changed"), absence, before=before, after=_period(absence))
    return absence


@operation
def withdraw_absence(*, actor: Actor, now: datetime, absence: Absence) -> None:
    absence = _own(actor, absence)
    _record(actor, now, gettext_noop("absence withdrawn"), absence, before=_period(absence))
    absence.delete()
    _tell(now, absence)


def end_absences(*, actor: Actor, now: datetime, person: Person) -> None:
    """A part of offboarding: who has left is not away. What lies in the past stays."""
    for absence in Absence.objects.visible_to(actor).filter(person=person, ends_at__gt=now):
        before = _period(absence)
        _record(actor, now, gettext_noop("absence withdrawn"), absence, before=before)
        if absence.begins_at < now:
            absence.ends_at = now
            absence.save(update_fields=["ends_at"])
        else:
            absence.delete()


def _own(actor: Actor, absence: Absence) -> Absence:
    absence = Absence.objects.visible_to(actor).get(pk=absence.pk)
    policies.require(policies.may_plan_absence_of(actor, absence.person_id))
    return absence


def _save(actor: Actor, now: datetime, absence: Absence) -> None:
    if absence.begins_at >= absence.ends_at:
        raise EndsBeforeItBegins(_("The last day is before the first. Exchange them."))
    try:
        with transaction.atomic():
            absence.save()
    except IntegrityError as error:
        if "one_absence_at_a_time" not in str(error):
            raise
        raise AbsencesOverlap(_in_the_way(actor, absence)) from error
    _tell(now, absence)


def _tell(now: datetime, absence: Absence) -> None:
    qualifying.changed(now=now, organisation_id=absence.organisation_id, person_id=absence.person_id)


def _in_the_way(actor: Actor, absence: Absence) -> str:
    others = Absence.objects.visible_to(actor).filter(person=absence.person_id).exclude(pk=absence.pk)
    other = others.within(absence.begins_at, absence.ends_at).earliest("begins_at")
    return _(
        "There is an absence from %(first)s until %(last)s already. Change that one, or choose other days."
    ) % {
        "first": date_format(timezone.localtime(other.begins_at), "DATE_FORMAT"),
        "last": date_format(timezone.localtime(other.ends_at), "DATE_FORMAT"),
    }


def _period(absence: Absence) -> dict[str, object]:
    """Why somebody is away stays out of the trail, which more people read than may know it."""
    return {"person": absence.person_id, "begins_at": absence.begins_at, "ends_at": absence.ends_at}


def _record(actor: Actor, now: datetime, verb: str, absence: Absence, **values: dict[str, object]) -> None:
    audit.record(
        actor=actor,
        now=now,
        verb=verb,
        subject=absence,
        before=values.get("before"),
        after=values.get("after"),
    )
