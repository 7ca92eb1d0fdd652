"""The demonstration company: founded like any other, its record read like any other."""

import io
import secrets
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from backdesk.evidence import assessment, demonstration, eventlog
from backdesk.evidence.assessment import Rates
from backdesk.evidence.demonstration import Demonstration, Employee, ManualActivity
from backdesk.parties.operations import add_person, found_organisation, give_role
from backdesk.parties.operations.demonstration import PROVIDER, Placed, SignIn, found_provider, furnish
from backdesk.planning import policies
from backdesk.planning.models import Activity, Function
from backdesk.planning.operations.answers import answer_activity
from backdesk.planning.operations.histories import receive_history, settle_columns
from backdesk.planning.operations.inventory import add_activity, add_function
from backdesk.planning.operations.rates import set_rates
from backdesk.planning.operations.readings import read_history
from backdesk.platform import uploads
from backdesk.platform.actor import Actor, system
from backdesk.platform.isolation import as_system

SEED = 20
SIGNS_IN = {
    "Operations director": "operations_lead",
    "Accounts payable clerk": "employee",
    "Controller": "controller",
    "Data steward": "employee",
}
#: Works half days, and the other half for the provider.
GUEST = "Data steward"


@as_system("the demonstration company")
@transaction.atomic
def load_demonstration(*, now: datetime, scale: float = 1.0) -> tuple[SignIn, ...]:
    """Found the demonstration company with a year of work up to the end of last month."""
    made = demonstration.generate(seed=SEED, until=_last_month(now), scale=scale)
    company = found_organisation(
        actor=system(name="demonstration"),
        now=now,
        name=made.name,
        is_client=True,
        is_demonstration=True,
        zone=made.zone,
    )
    actor = Actor(
        person_id=None,
        organisation_id=company.pk,
        roles=policies.LEAD,
        interface="cli",
        name="demonstration",
    )
    sign_ins, people = _bring_people(made, company, actor, now)
    functions = {
        one.name: add_function(
            actor=actor,
            now=now,
            name=one.name,
            office=Function.Office(one.office),
            description=one.description,
        )
        for one in made.functions
    }
    rates = Rates(entries=tuple(assessment.Rate(**one._asdict()) for one in made.rates))
    set_rates(actor=actor, now=now, rates=rates)
    _read_record(made, actor, now)
    for work in made.manual:
        _enter(work, made, functions, rates, actor, now)
    _answer(made, people, actor, now)
    teams = {employee.name: employee.team for employee in made.people}
    placed = [Placed(person=person, team=teams[name]) for name, person in people.items()]
    furnish(actor=actor, now=now, placed=placed)
    return (*sign_ins, *found_provider(now=now, guest=people[_first(made, GUEST).name]))


def _last_month(now: datetime) -> date:
    """The day after the record ends: the first of this month, so that months are whole."""
    return now.astimezone(ZoneInfo("Europe/Copenhagen")).date().replace(day=1)


def _bring_people(
    made: Demonstration, company: Any, actor: Actor, now: datetime
) -> tuple[tuple[SignIn, ...], dict[str, Any]]:
    """Those who sign in, and those who say something; the other people of the record need no account."""
    answering = {answer.person for answer in made.answers}
    signing = {_first(made, title).email: role for title, role in SIGNS_IN.items()}
    sign_ins, people = [], {}
    for employee in made.people:
        role = signing.get(employee.email)
        if role is None and employee.name not in answering:
            continue
        password = secrets.token_urlsafe(10) if role else None
        person = add_person(
            actor=actor,
            now=now,
            email=employee.email,
            name=employee.name,
            password=password,
            zone=employee.calendar.zone,
        )
        give_role(actor=actor, now=now, person=person, organisation=company, role=role or "employee")
        people[employee.name] = person
        if role and password:
            told = f"{role} of {made.name}"
            if employee.title == GUEST:
                told += f", and agent of {PROVIDER}"
            sign_ins.append(SignIn(email=employee.email, password=password, role=told))
    return tuple(sign_ins), people


def _first(made: Demonstration, title: str) -> Employee:
    return next(employee for employee in made.people if employee.title == title)


def _read_record(made: Demonstration, actor: Actor, now: datetime) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "workflow-export.csv"
        made.write_csv(path)
        found = eventlog.propose(path)
        history = receive_history(
            actor=actor,
            now=now,
            name="Workflow export",
            stream=io.BytesIO(path.read_bytes()),
            filename=path.name,
            limit=uploads.limit_bytes(),
        )
    assert found.mapping is not None, found.reason
    settle_columns(
        actor=actor, now=now, history=history, mapping=found.mapping, zone=made.zone, calendar=made.calendar
    )
    read_history(actor=actor, now=now, history_id=history.pk, progress=lambda fraction, phase: None)


def _enter(
    work: ManualActivity,
    made: Demonstration,
    functions: dict[str, Function],
    rates: Rates,
    actor: Actor,
    now: datetime,
) -> None:
    hours = Decimal(repr(work.volume * work.minutes / 60))
    team = {employee.name: employee.team for employee in made.people}
    hourly = [
        rate
        for name in work.people
        if (rate := rates.hourly(resource=name, team=team.get(name), activity=work.name)) is not None
    ]
    cost = (sum(hourly, Decimal(0)) / len(hourly) * hours).quantize(Decimal("0.01")) if hourly else None
    add_activity(
        actor=actor,
        now=now,
        function=functions[work.function],
        name=work.name,
        steps_per_month=work.volume,
        minutes_each=work.minutes,
        people=len(work.people),
        cost_per_month=cost,
        currency=rates.currency or "",
    )


def _answer(made: Demonstration, people: dict[str, Any], actor: Actor, now: datetime) -> None:
    activities = {one.name: one for one in Activity.objects.visible_to(actor).select_related("function")}
    for answer in made.answers:
        answer_activity(
            actor=Actor(
                person_id=people[answer.person].pk,
                organisation_id=actor.organisation_id,
                roles=frozenset({"employee"}),
                interface="cli",
                name=answer.person,
            ),
            now=now,
            activity=activities[answer.activity],
            grades=asdict(answer.grades),
            comment=answer.comment or "",
        )
