"""Founding companies."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from backdesk.parties.models import Organisation, Person, Role
from backdesk.parties.operations.memberships import give_role
from backdesk.parties.operations.people import acceptable_password, add_person
from backdesk.parties.operations.zones import known_zone
from backdesk.platform import audit
from backdesk.platform.actor import Actor, system


@transaction.atomic
def found_organisation(
    *,
    actor: Actor,
    now: datetime,
    name: str,
    is_client: bool = False,
    is_provider: bool = False,
    is_demonstration: bool = False,
    zone: str = "UTC",
) -> Organisation:
    organisation = Organisation.objects.create(
        name=name,
        is_client=is_client,
        is_provider=is_provider,
        is_demonstration=is_demonstration,
        zone=known_zone(zone),
        created_at=now,
    )
    audit.record(
        actor=actor,
        now=now,
        verb="organisation founded",
        subject=organisation,
        after={"name": organisation.name},
    )
    return organisation


@transaction.atomic
def found_client(*, now: datetime, company: str, zone: str, name: str, email: str, password: str) -> Person:
    """A company that may hand work over, and its first person, who leads its operations."""
    actor = system(name="backdesk found")
    organisation = found_organisation(actor=actor, now=now, name=company, is_client=True, zone=zone)
    chosen = acceptable_password(password, email=email, name=name)
    person = add_person(actor=actor, now=now, email=email, name=name, password=chosen, zone=zone)
    give_role(actor=actor, now=now, person=person, organisation=organisation, role=Role.OPERATIONS_LEAD.value)
    return person
