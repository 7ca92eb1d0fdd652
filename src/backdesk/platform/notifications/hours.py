"""When somebody may be reached: in the hours they chose for e-mails, else while they work."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _

from backdesk.platform import audit
from backdesk.platform.actor import Actor
from backdesk.platform.errors import Refused
from backdesk.platform.isolation import operation
from backdesk.platform.models.notifications import ReachableHours
from backdesk.platform.notifications.directory import Recipient
from backdesk.platform.notifications.preferences import NotAPerson

#: As many characters as are kept of hours.
LONGEST = 200

_AN_INSTANT = timedelta(microseconds=1)


class UnreadableHours(Refused):
    """Hours that no calendar can read, such as those of no day."""


def hours_of(actor: Actor) -> str:
    """Empty where e-mails may come at any time."""
    own = ReachableHours.objects.visible_to(actor).first()
    return own.hours if own else ""


@operation
def choose_hours(*, actor: Actor, now: datetime, hours: str) -> str:
    """As people write them, `Mon-Fri 08:00-18:00`; empty for any time. The hours as they are kept."""
    if actor.person_id is None:
        raise NotAPerson("Only a person chooses when they are told.")
    own = ReachableHours.objects.visible_to(actor).first()
    before, after = own.hours if own else "", readable(hours)
    if before == after:
        return after
    kept = ReachableHours(person_id=actor.person_id, hours=after)
    if after:
        kept.save()
    else:
        ReachableHours.objects.filter(person_id=actor.person_id).delete()
    audit.record(
        actor=actor,
        now=now,
        verb="hours for e-mails changed",
        subject=kept,
        before={"hours": before},
        after={"hours": after},
    )
    return after


def chosen(people: Collection[int]) -> Mapping[int, str]:
    return dict(ReachableHours.objects.filter(person_id__in=people).values_list("person_id", "hours"))


def reachable_from(recipient: Recipient, hours: str, at: datetime, *, otherwise: str = "") -> datetime:
    """The first moment not before `at` that lies in these hours; without any, in those they work; without these, in
    `otherwise`; at any time where that is empty, too."""
    zone = str(recipient.timezone)
    if not hours and recipient.working_hours:
        hours, zone = recipient.working_hours, recipient.working_zone
    if not (hours or otherwise):
        return at
    from backdesk.evidence import calendars  # which brings numpy: only for whom it is needed

    calendar = calendars.parse(hours or otherwise, zone=zone)
    found = calendars.add_working_seconds(calendar, starts=at, seconds=_AN_INSTANT.total_seconds()).item()
    if not isinstance(found, datetime):  # such hours never come again
        return at
    return max(at, found.replace(tzinfo=UTC) - _AN_INSTANT)


def forget(*, person_id: int) -> None:
    ReachableHours.objects.filter(person_id=person_id).delete()


def readable(hours: str) -> str:
    """In the one form they are kept in."""
    if not hours.strip():
        return ""
    from backdesk.evidence import calendars

    try:
        read = str(calendars.parse(hours, zone="UTC"))
    except calendars.CalendarError as error:
        raise UnreadableHours(
            _("These hours cannot be read: %(why)s.") % {"why": str(error).rstrip(".")}
        ) from error
    if len(read) > LONGEST:
        raise UnreadableHours(
            _(
                "These hours have %(length)s characters; there is room for %(longest)s. Name fewer single days."
            )
            % {"length": len(read), "longest": LONGEST}
        )
    return read
