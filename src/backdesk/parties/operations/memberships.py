"""Roles given and ended."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from backdesk.parties.models import Membership, Organisation, Person, Role
from backdesk.platform import audit
from backdesk.platform.actor import Actor
from backdesk.platform.errors import Refused


class UnknownRole(Refused):
    """No such role."""


@transaction.atomic
def give_role(
    *, actor: Actor, now: datetime, person: Person, organisation: Organisation, role: str
) -> Membership:
    """A role the person has already stays as it is."""
    if role not in Role.values:
        raise UnknownRole(f"'{role}' is no role. The roles are {', '.join(Role.values)}.")
    membership, is_new = Membership.objects.get_or_create(
        person=person, organisation=organisation, role=role, ended_at=None, defaults={"began_at": now}
    )
    if is_new:
        after = {"person": person.pk, "organisation": organisation.pk, "role": role}
        audit.record(actor=actor, now=now, verb="role given", subject=membership, after=after)
    return membership
