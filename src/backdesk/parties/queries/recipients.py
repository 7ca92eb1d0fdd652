"""Who can be told something, and who should be."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from backdesk.parties.models import Absence, Membership, Organisation, Person
from backdesk.platform.notifications import Recipient


def recipients(*, organisation_id: int | None, people: Collection[int]) -> Mapping[int, Recipient]:
    """Those of `people` who are members of the organisation now; without one, those who can still sign in."""
    active = Person.objects.filter(pk__in=people, is_active=True)
    if organisation_id is None:
        return {person.pk: _recipient(person, None) for person in active}
    members = Membership.objects.current().filter(organisation_id=organisation_id)
    organisation = Organisation.objects.get(pk=organisation_id)
    return {
        person.pk: _recipient(person, organisation)
        for person in active.filter(pk__in=members.values("person_id"))
    }


def people_with(*, organisation_id: int, roles: Collection[str]) -> frozenset[int]:
    """The members who have one of these roles now: those to tell where a role is concerned, not a name."""
    members = Membership.objects.current().filter(organisation_id=organisation_id, role__in=roles)
    return frozenset(members.values_list("person_id", flat=True))


def back_from(*, organisation_id: int, people: Collection[int], at: datetime) -> Mapping[int, datetime]:
    """Until when those of them are away who are away at the moment, absences that follow each other taken together."""
    absences = Absence.objects.filter(organisation_id=organisation_id, person_id__in=people, ends_at__gt=at)
    found: dict[int, datetime] = {}
    for person_id, begins_at, ends_at in absences.order_by("begins_at").values_list(
        "person_id", "begins_at", "ends_at"
    ):
        if begins_at <= found.get(person_id, at):
            found[person_id] = ends_at
    return found


def language_of(*, email: str, organisation_id: int) -> str:
    """Of who has this address; of nobody known, the language most people of the organisation have."""
    known = (
        Person.objects.filter(email__iexact=email, is_active=True).values_list("language", flat=True).first()
    )
    if known:
        return known
    members = Membership.objects.current().filter(organisation_id=organisation_id)
    spoken = Person.objects.filter(pk__in=members.values("person_id")).values_list("language", flat=True)
    return max(sorted(set(spoken)), key=list(spoken).count, default="en")


def _recipient(person: Person, organisation: Organisation | None) -> Recipient:
    works = person if person.working_hours or organisation is None else organisation
    return Recipient(
        person_id=person.pk,
        name=person.name,
        email=person.email,
        language=person.language,
        zone=person.zone,
        organisation=organisation.name if organisation else "",
        working_hours=works.working_hours,
        working_zone=works.zone,
    )
