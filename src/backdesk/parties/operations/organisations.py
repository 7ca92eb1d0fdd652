"""Founding companies, and what is settled for all of one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _

from backdesk.parties import policies
from backdesk.parties.models import CLIENT_ROLES, Membership, Organisation, Person, Role, roles_at
from backdesk.parties.operations.memberships import give_role
from backdesk.parties.operations.people import acceptable_password, add_person
from backdesk.parties.operations.zones import known_zone
from backdesk.platform import audit, notifications
from backdesk.platform.actor import Actor
from backdesk.platform.errors import Refused
from backdesk.platform.isolation import operation


class NoSide(Refused):
    """A company hands work over, takes it over, or both."""


class SideInUse(Refused):
    """Somebody has a role of the side that would go."""

    status = 409


@operation
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
    policies.require(policies.is_backdesk(actor))
    organisation = Organisation.objects.create(
        name=name,
        is_client=is_client,
        is_provider=is_provider,
        is_demonstration=is_demonstration,
        zone=known_zone(zone),
        created_at=now,
    )
    audit.record(
        actor=replace(actor, organisation_id=organisation.pk),
        now=now,
        verb="organisation founded",
        subject=organisation,
        after={"name": organisation.name},
    )
    return organisation


@operation
def found_company(
    *,
    actor: Actor,
    now: datetime,
    company: str,
    zone: str,
    name: str,
    email: str,
    password: str,
    is_client: bool = True,
    is_provider: bool = False,
) -> Person:
    """A company, and its first person, who manages there: operations at a client, delivery at a provider."""
    organisation = found_organisation(
        actor=actor, now=now, name=company, is_client=is_client, is_provider=is_provider, zone=zone
    )
    chosen = acceptable_password(password, email=email, name=name)
    person = add_person(actor=actor, now=now, email=email, name=name, password=chosen, zone=zone)
    here = replace(actor, organisation_id=organisation.pk)
    for role in policies.MANAGERS.intersection(roles_at(organisation)):
        give_role(actor=here, now=now, person=person, organisation=organisation, role=role)
    return person


@operation
def change_organisation(
    *,
    actor: Actor,
    now: datetime,
    name: str,
    zone: str,
    is_client: bool,
    is_provider: bool,
    second_factor_required: bool | None = None,
    working_hours: str | None = None,
) -> Organisation:
    """The one the actor acts for. Its second factor and its working hours stay as they are where they are not said."""
    policies.require(policies.may_manage(actor))
    organisation = Organisation.objects.visible_to(actor).select_for_update().get()
    before = _settings(organisation)
    organisation.name, organisation.zone = name.strip(), known_zone(zone)
    organisation.is_client, organisation.is_provider = is_client, is_provider
    if second_factor_required is not None:
        organisation.second_factor_required = second_factor_required
    if working_hours is not None:
        organisation.working_hours = notifications.readable(working_hours)
    if before == _settings(organisation):
        return organisation
    _require_sides(actor, organisation)
    organisation.save()
    audit.record(
        actor=actor,
        now=now,
        verb="organisation changed",
        subject=organisation,
        before=before,
        after=_settings(organisation),
    )
    return organisation


def _settings(organisation: Organisation) -> dict[str, object]:
    settled = ("name", "zone", "working_hours", "is_client", "is_provider", "second_factor_required")
    return {name: getattr(organisation, name) for name in settled}


def _require_sides(actor: Actor, organisation: Organisation) -> None:
    if not (organisation.is_client or organisation.is_provider):
        raise NoSide(_("Say whether the company hands work over, takes it over, or both."))
    members = Membership.objects.visible_to(actor).current()
    stray = members.exclude(role__in=roles_at(organisation)).select_related("person").first()
    if stray is None:
        return
    side = _("hands work over") if stray.role in CLIENT_ROLES else _("takes work over")
    raise SideInUse(
        _("%(person)s is %(role)s, which only a company has that %(side)s. End that role first.")
        % {"person": stray.person, "role": Role(stray.role).label, "side": side}
    )
