"""Roles given and ended."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from backdesk.parties import policies
from backdesk.parties.models import Membership, Organisation, Person, Role, roles_at
from backdesk.parties.operations import qualifying, telling
from backdesk.platform import audit
from backdesk.platform.actor import Actor
from backdesk.platform.errors import Refused
from backdesk.platform.isolation import operation


class UnknownRole(Refused):
    """No such role."""


class RoleOfTheOtherSide(Refused):
    """A provider has no operations lead, a client no agents."""


class LastManager(Refused):
    """Without anybody who manages, nobody could ever give that role again."""

    status = 409


class LastRole(Refused):
    """Who has no role left has left: that is offboarding, which hands over what they hold."""

    status = 409


@operation
def give_role(
    *, actor: Actor, now: datetime, person: Person, organisation: Organisation, role: str
) -> Membership:
    """A role the person has already stays as it is."""
    policies.require(_may_give(actor, person, organisation))
    known_role(role, organisation)
    membership, is_new = Membership.objects.get_or_create(
        person=person, organisation=organisation, role=role, ended_at=None, defaults={"began_at": now}
    )
    if is_new:
        after = {"person": person.pk, "organisation": organisation.pk, "role": role}
        audit.record(actor=actor, now=now, verb="role given", subject=membership, after=after)
        telling.tell_of_role(actor=actor, now=now, membership=membership)
        qualifying.changed(now=now, organisation_id=organisation.pk, person_id=person.pk)
    return membership


@operation
def give_colleague_role(*, actor: Actor, now: datetime, person: Person, role: str) -> Membership:
    """To somebody of the organisation the actor acts in."""
    policies.require(policies.may_manage(actor))
    colleague = Person.objects.visible_to(actor).get(pk=person.pk)
    here = Organisation.objects.visible_to(actor).get()
    return give_role(actor=actor, now=now, person=colleague, organisation=here, role=role)


@operation
def end_role(*, actor: Actor, now: datetime, person: Person, role: str) -> Membership:
    """One of several: the last one ends by offboarding the person."""
    policies.require(policies.may_manage(actor))
    own = Membership.objects.visible_to(actor).current().filter(person=person)
    membership = own.select_related("person").get(role=role)
    person = membership.person
    if not own.exclude(pk=membership.pk).exists():
        raise LastRole(
            _("This is the last role of %(person)s. To end it, offboard them.") % {"person": person}
        )
    require_another_manager(actor=actor, besides=person, roles=frozenset({role}))
    membership = end_membership(actor=actor, now=now, membership=membership)
    telling.tell_of_role(actor=actor, now=now, membership=membership)
    return membership


def end_membership(*, actor: Actor, now: datetime, membership: Membership) -> Membership:
    """A part of other verbs, which have looked whether it may end."""
    membership.ended_at = now
    membership.save(update_fields=["ended_at"])
    before = {"person": membership.person_id, "role": membership.role}
    audit.record(actor=actor, now=now, verb="role ended", subject=membership, before=before)
    qualifying.changed(now=now, organisation_id=membership.organisation_id, person_id=membership.person_id)
    return membership


def known_role(role: str, organisation: Organisation) -> str:
    if role not in Role.values:
        raise UnknownRole(
            _("'%(role)s' is no role. The roles are %(roles)s.")
            % {"role": role, "roles": ", ".join(Role.values)}
        )
    if role not in roles_at(organisation):
        raise RoleOfTheOtherSide(
            _("Nobody is %(role)s at %(organisation)s: there one is %(roles)s.")
            % {
                "role": Role(role).label,
                "organisation": organisation,
                "roles": ", ".join(str(one.label) for one in roles_at(organisation)),
            }
        )
    return role


def require_another_manager(*, actor: Actor, besides: Person, roles: frozenset[str]) -> None:
    """Two managers who end each other's role at once wait for each other here."""
    if not roles & policies.MANAGERS:
        return
    organisation = Organisation.objects.visible_to(actor).select_for_update().get()
    managing = Membership.objects.visible_to(actor).current().filter(role__in=policies.MANAGERS)
    others = managing.exclude(person=besides, role__in=roles)
    if not others.exists():
        raise LastManager(
            _("%(person)s is the last who manages %(organisation)s. Give somebody else that role first.")
            % {"person": besides, "organisation": organisation}
        )


def _may_give(actor: Actor, person: Person, organisation: Organisation) -> bool:
    """A manager to a colleague; anybody else comes in by invitation."""
    if policies.is_backdesk(actor):
        return True
    is_here = actor.organisation_id == organisation.pk
    return (
        is_here
        and policies.may_manage(actor)
        and Person.objects.visible_to(actor).filter(pk=person.pk).exists()
    )
