"""The people of an organisation, as their colleagues see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from backdesk.parties import policies
from backdesk.parties.models import (
    Absence,
    AbsenceQuerySet,
    Membership,
    Organisation,
    Person,
    PersonSkill,
    Role,
    Team,
    TeamMembership,
    TeamQuerySet,
    Token,
    roles_at,
)
from backdesk.platform.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """`absent_until`: the end of the absence they are in now."""

    id: int
    name: str
    email: str
    roles: tuple[str, ...]
    teams: tuple[str, ...]
    skills: tuple[str, ...]
    absent_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A role as a person's page shows it."""

    role: str
    title: str
    began_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """An absence; why is left empty for who may not know it."""

    id: int
    person_id: int
    begins_at: datetime
    ends_at: datetime
    kind: str
    note: str
    may_change: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerRow:
    """Somebody who has left: their last roles, and when the last one ended."""

    id: int
    name: str
    roles: tuple[str, ...]
    left_at: datetime
    is_erased: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    person: Person
    roles: tuple[Held, ...]
    teams: tuple[TeamMembership, ...]
    skills: tuple[PersonSkill, ...]
    absences: tuple[Away, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnProfile:
    """Who somebody is, and where they act."""

    person: Person
    organisation: Organisation


def organisation_of(actor: Actor) -> Organisation:
    return Organisation.objects.visible_to(actor).get()


def roles_here(actor: Actor) -> tuple[Role, ...]:
    """The roles somebody can have at the actor's organisation."""
    return roles_at(organisation_of(actor))


def people_rows(*, actor: Actor, now: datetime) -> list[PersonRow]:
    """In as many statements for a thousand as for one."""
    roles = _by_person(
        (one.person_id, str(Role(one.role).label)) for one in Membership.objects.visible_to(actor).current()
    )
    joined = TeamMembership.objects.visible_to(actor).current().select_related("team").order_by("team__name")
    teams = _by_person((one.person_id, one.team.name) for one in joined)
    graded = PersonSkill.objects.visible_to(actor).select_related("skill").order_by("-level", "skill__name")
    skills = _by_person((one.person_id, one.skill.name) for one in graded)
    away = dict(_present_absences(actor, now).values_list("person_id", "ends_at"))
    return [
        PersonRow(
            id=person.pk,
            name=person.name,
            email=person.email,
            roles=roles[person.pk],
            teams=teams[person.pk],
            skills=skills[person.pk],
            absent_until=away.get(person.pk),
        )
        for person in Person.objects.visible_to(actor).order_by("name", "pk")
    ]


def former_rows(actor: Actor) -> list[FormerRow]:
    """The last to leave first."""
    gone = Person.objects.known_to(actor).exclude(pk__in=Person.objects.visible_to(actor))
    own = Membership.objects.visible_to(actor).filter(person__in=gone).select_related("person")
    found: dict[int, FormerRow] = {}
    for one in own.order_by("-ended_at", "pk"):
        known = found.get(one.person_id)
        title, left_at = str(Role(one.role).label), one.ended_at
        assert left_at is not None
        found[one.person_id] = FormerRow(
            id=one.person_id,
            name=one.person.name,
            roles=tuple(dict.fromkeys((*known.roles, title))) if known else (title,),
            left_at=known.left_at if known else left_at,
            is_erased=one.person.erased_at is not None,
        )
    return list(found.values())


def profile_numbered(*, actor: Actor, now: datetime, pk: int) -> Profile:
    return profile_of(actor=actor, now=now, person=Person.objects.visible_to(actor).get(pk=pk))


def profile_of(*, actor: Actor, now: datetime, person: Person) -> Profile:
    own = Membership.objects.visible_to(actor).current().filter(person=person)
    joined = TeamMembership.objects.visible_to(actor).current().filter(person=person)
    graded = PersonSkill.objects.visible_to(actor).filter(person=person)
    coming = Absence.objects.visible_to(actor).filter(person=person, ends_at__gt=now)
    return Profile(
        person=person,
        roles=tuple(
            Held(role=one.role, title=str(Role(one.role).label), began_at=one.began_at)
            for one in own.order_by("began_at", "pk")
        ),
        teams=tuple(joined.select_related("team").order_by("team__name")),
        skills=tuple(graded.select_related("skill").order_by("-level", "skill__name")),
        absences=tuple(away(actor, one) for one in coming.order_by("begins_at")),
    )


def own_profile(actor: Actor) -> OwnProfile:
    return OwnProfile(
        person=Person.objects.visible_to(actor).get(pk=policies.person(actor)),
        organisation=organisation_of(actor),
    )


def away(actor: Actor, absence: Absence) -> Away:
    """The one place where it is decided who reads why somebody is away."""
    is_told = policies.may_see_why_absent(actor, absence.person_id)
    return Away(
        id=absence.pk,
        person_id=absence.person_id,
        begins_at=absence.begins_at,
        ends_at=absence.ends_at,
        kind=absence.kind if is_told else "",
        note=absence.note if is_told else "",
        may_change=policies.may_plan_absence_of(actor, absence.person_id),
    )


def away_now(actor: Actor, *, now: datetime) -> dict[int, datetime]:
    """Who of the company is away now, and until when."""
    found = Absence.objects.visible_to(actor).filter(begins_at__lte=now, ends_at__gt=now)
    return dict(found.values_list("person_id", "ends_at"))


def has_role(*, actor: Actor, person: Person, role: str) -> bool:
    return Membership.objects.visible_to(actor).current().filter(person=person, role=role).exists()


def teams_to_join(*, actor: Actor, person: Person) -> TeamQuerySet:
    joined = TeamMembership.objects.visible_to(actor).current().filter(person=person)
    return teams_open(actor).exclude(memberships__in=joined)


def teams_open(actor: Actor) -> TeamQuerySet:
    return Team.objects.visible_to(actor).open().order_by("name")


def open_teams(actor: Actor) -> tuple[Team, ...]:
    return tuple(teams_open(actor))


def colleagues(*, actor: Actor, besides: Person) -> QuerySet[Person]:
    return Person.objects.visible_to(actor).exclude(pk=besides.pk).order_by("name", "pk")


def living_tokens(*, actor: Actor, now: datetime, person: Person) -> int:
    own = Token.objects.visible_to(actor).filter(person=person, revoked_at=None)
    return own.filter(expires_at__gt=now).count()


def _present_absences(actor: Actor, now: datetime) -> AbsenceQuerySet:
    return Absence.objects.visible_to(actor).filter(begins_at__lte=now, ends_at__gt=now)


def _by_person(pairs: Iterable[tuple[int, str]]) -> defaultdict[int, tuple[str, ...]]:
    found: defaultdict[int, tuple[str, ...]] = defaultdict(tuple)
    for person_id, name in pairs:
        found[person_id] += (name,)
    return found
