"""What the audit trail asks of the parties: the names behind its numbers, and who reads trails."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from backdesk.parties.models import Membership, Person


class TrailDirectory:
    def names(self, people: Collection[int]) -> Mapping[int, str]:
        return {person.pk: str(person) for person in Person.objects.filter(pk__in=people)}

    def readers(self, roles: Collection[str]) -> Mapping[int, frozenset[int]]:
        found: dict[int, set[int]] = {}
        current = Membership.objects.current().filter(role__in=roles)
        for organisation_id, person_id in current.values_list("organisation_id", "person_id"):
            found.setdefault(organisation_id, set()).add(person_id)
        return {organisation_id: frozenset(people) for organisation_id, people in found.items()}
