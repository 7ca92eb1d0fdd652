"""The demonstration's people: a provider beside the company, and teams, skills and absences in both."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from backdesk.parties.models import Absence, Organisation, Person, Role, Skill
from backdesk.parties.operations.absences import plan_absence
from backdesk.parties.operations.memberships import give_role
from backdesk.parties.operations.organisations import found_organisation
from backdesk.parties.operations.people import add_person
from backdesk.parties.operations.skills import add_skill, grade_skill
from backdesk.parties.operations.teams import join_team, open_team
from backdesk.platform.actor import Actor, system

PROVIDER = "Kestrel Back Office"
MAIL_DOMAIN = "kestrel.example"
ZONE = "Asia/Manila"
MANAGER = ("Amihan Villareal", "Delivery")
SIGNING_AGENT = "Jun Bautista"
AGENTS = (
    (SIGNING_AGENT, "Accounts desk"),
    ("Ligaya Ocampo", "Accounts desk"),
    ("Marisol Reyes", "Accounts desk"),
    ("Efren Dizon", "Content desk"),
    ("Tala Mercado", "Content desk"),
    ("Rosa Ilagan", "Data desk"),
    ("Nilo Salonga", "Data desk"),
)
SKILLS: Mapping[str, tuple[str, ...]] = {
    "Accounts desk": ("Invoice capture", "Three-way match", "VAT returns"),
    "Content desk": ("Photo retouching", "Product texts", "Customs codes"),
    "Data desk": ("Record matching", "Danish addresses"),
    "Finance": ("Accounts payable", "Payroll rules", "VAT returns"),
    "Product content": ("Photo retouching", "Product texts", "Customs codes"),
    "IT support": ("Service desk", "Device set-up"),
    "Customer care": ("Claims", "Record matching", "Danish"),
    "People": ("Recruiting", "Payroll rules"),
}
LEVELS = (3, 2, 4, 2, None, 1, None)
AWAY = (
    (1, 9, Absence.Kind.HOLIDAY),
    (-2, 4, Absence.Kind.SICK),
    (12, 2, Absence.Kind.TRAINING),
    (19, 14, Absence.Kind.HOLIDAY),
    (5, 1, Absence.Kind.OTHER),
)
_EVERY = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """Who may sign in to the demonstration; the password is made for this installation alone."""

    email: str
    password: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Somebody, and the team they belong to."""

    person: Person
    team: str


def found_provider(*, now: datetime, guest: Person) -> tuple[SignIn, ...]:
    """With a delivery manager, agents, and a guest from the company, who belongs to both."""
    house = system(name="demonstration")
    provider = found_organisation(
        actor=house, now=now, name=PROVIDER, is_provider=True, is_demonstration=True, zone=ZONE
    )
    manager, sign_in = _bring(house, now, provider, MANAGER[0], Role.DELIVERY_MANAGER)
    agents = [(*_bring(house, now, provider, name, Role.AGENT), team) for name, team in AGENTS]
    here = replace(house, organisation_id=provider.pk)
    give_role(actor=here, now=now, person=guest, organisation=provider, role=Role.AGENT)
    placed = [Placed(person=agent, team=team) for agent, _, team in agents]
    placed.append(Placed(person=guest, team="Data desk"))
    actor = replace(here, person_id=manager.pk, roles=frozenset({Role.DELIVERY_MANAGER.value}))
    furnish(actor=actor, now=now, placed=placed)
    signing = [one for agent, one, _ in agents if agent.name == SIGNING_AGENT]
    return (sign_in, *signing)


def furnish(*, actor: Actor, now: datetime, placed: Sequence[Placed]) -> None:
    """Teams, skills and absences, by what a manager of the organisation may do."""
    skills: dict[str, Skill] = {}
    for name in dict.fromkeys(one.team for one in placed):
        people = [one.person for one in placed if one.team == name]
        team = open_team(actor=actor, now=now, name=name)
        for place, person in enumerate(people):
            join_team(actor=actor, now=now, team=team, person=person, is_lead=place == 0)
        for skill in SKILLS.get(name, ()):
            if skill not in skills:
                skills[skill] = add_skill(actor=actor, now=now, name=skill)
            _grade(actor, now, people, skills[skill], shift=len(skills))
    _send_away(actor, now, (one.person for one in placed))


def _bring(
    house: Actor, now: datetime, provider: Organisation, name: str, role: Role
) -> tuple[Person, SignIn]:
    email = f"{name.lower().replace(' ', '.')}@{MAIL_DOMAIN}"
    signs_in = role is Role.DELIVERY_MANAGER or name == SIGNING_AGENT
    password = secrets.token_urlsafe(10) if signs_in else None
    person = add_person(actor=house, now=now, email=email, name=name, password=password, zone=ZONE)
    here = replace(house, organisation_id=provider.pk)
    give_role(actor=here, now=now, person=person, organisation=provider, role=role)
    return person, SignIn(email=email, password=password or "", role=f"{role.value} of {PROVIDER}")


def _grade(actor: Actor, now: datetime, people: Iterable[Person], skill: Skill, *, shift: int) -> None:
    for place, person in enumerate(people):
        level = LEVELS[(place + shift) % len(LEVELS)]
        if level is not None:
            grade_skill(actor=actor, now=now, person=person, skill=skill, level=level)


def _send_away(actor: Actor, now: datetime, people: Iterable[Person]) -> None:
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    for place, person in enumerate(list(people)[1::_EVERY]):
        first, days, kind = AWAY[place % len(AWAY)]
        begins_at = midnight + timedelta(days=first)
        plan_absence(
            actor=actor,
            now=now,
            person=person,
            begins_at=begins_at,
            ends_at=begins_at + timedelta(days=days),
            kind=kind,
        )
