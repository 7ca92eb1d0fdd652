"""What somebody says of themself."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from backdesk.parties.models import Person
from backdesk.parties.operations.zones import known_zone
from backdesk.platform import audit, notifications
from backdesk.platform.actor import Actor
from backdesk.platform.errors import Refused
from backdesk.platform.isolation import operation


class UnknownLanguage(Refused):
    """A language Backdesk does not speak."""


class NameMissing(Refused):
    """Others must know whom they work with."""


@operation
def change_profile(
    *,
    actor: Actor,
    now: datetime,
    person: Person,
    name: str,
    language: str,
    zone: str,
    working_hours: str | None = None,
) -> Person:
    """What did not change leaves no entry; working hours that are not said stay."""
    if language not in dict(settings.LANGUAGES):
        raise UnknownLanguage(
            _("“%(language)s” is none of the languages here: %(known)s.")
            % {"language": language, "known": ", ".join(dict(settings.LANGUAGES))}
        )
    if not name.strip():
        raise NameMissing(_("Say your name, so that others know whom they work with."))
    wanted = {"name": name.strip(), "language": language, "zone": known_zone(zone)}
    if working_hours is not None:
        wanted["working_hours"] = notifications.readable(working_hours)
    before = {field: getattr(person, field) for field in wanted}
    if before != wanted:
        for field, value in wanted.items():
            setattr(person, field, value)
        person.save(update_fields=list(wanted))
        audit.record(
            actor=actor, now=now, verb="profile changed", subject=person, before=before, after=wanted
        )
    return person
