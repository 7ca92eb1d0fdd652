"""A small service that a client of the cast has handed to its provider, for tests of work; made in a few statements.

`a_service(cast)` is a published one, `an_item(work)` one item of it, `taken(work)` its first step in the agent's hands.
A process of another shape is given as text (`process`): tasks in order, or BPMN of the test's own.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import pairwise
from typing import Any

from backdesk.desks import services
from backdesk.desks.services.reading import read_service
from backdesk.evidence.process.bpmn import Node
from backdesk.parties.models import Engagement, Participant, Person, Role
from backdesk.platform.actor import Actor, system
from backdesk.work.models import (
    Acknowledgement,
    Entitlement,
    Item,
    Route,
    Service,
    ServiceSecret,
    ServiceSource,
    ServiceVersion,
    Step,
)
from backdesk.work.operations import intake, steps
from tests.cast import NOW, Cast

BACKDESK = system(name="work", interface="job")
LONG_AGO = datetime.fromisoformat("2026-01-01T00:00:00+00:00")
MONEY = {"type": "object", "format": "money"}
INPUT = {
    "type": "object",
    "required": ["number"],
    "properties": {
        "number": {"type": "string", "title": "Number"},
        "supplier": {"type": "string", "title": "Supplier"},
        "phone": {"type": "string", "title": "Telephone", "x-visibility": "masked"},
        "budget": {**MONEY, "title": "Budget", "x-visibility": "client"},
    },
}
OUTPUT = {
    "type": "object",
    "required": ["total"],
    "properties": {
        "total": {**MONEY, "title": "Total", "x-critical": True},
        "note": {"type": "string", "title": "Note"},
    },
}
CHECKS = b"""
[[check]]
key = "positive"
field = "total"
that = "output.total.amount > 0"
message = "The total is above 0."

[[check]]
key = "large"
field = "total"
severity = "warning"
that = "output.total.amount < 10000"
message = "The total is large; is it right?"
"""
SETTINGS = """
key = "{key}"
name = "Invoices"
description = "Supplier invoices are entered."
language = "en"
skills = []
standard_minutes = 4
calendar = "24/7"
zone = "UTC"
key_fields = ["number"]
[targets]
turnaround = {{ hours = 8 }}
[price]
basis = "item"
amount = 2.40
currency = "EUR"
[taking]
mode = "{mode}"
lease_minutes = 15
limit = {limit}
may_choose = {may_choose}
{more}
[pauses]
reasons = ["Illegible"]
[[errors]]
key = "amount"
name = "Wrong amount"
critical = true
"""
ENTERED = {"total": {"amount": "12.30", "currency": "EUR"}}
#: One task for the provider, and done.
ENTER = '<userTask id="enter" name="Enter"/>'


@dataclass(kw_only=True)
class Work:
    """A published service with whom it is between."""

    cast: Cast
    engagement: Engagement
    service: Service
    version: ServiceVersion
    routes: Mapping[str, Route]
    agents: list[Person] = field(default_factory=list)

    @property
    def lead(self) -> Actor:
        return self.cast.lead

    @property
    def manager(self) -> Actor:
        return self.cast.actor(Role.DELIVERY_MANAGER, self.cast.provider)

    def agent(self, place: int = 0) -> Actor:
        """The first is the agent of the cast."""
        return Actor(
            person_id=self.agents[place].pk,
            organisation_id=self.cast.provider.pk,
            roles=frozenset({Role.AGENT}),
        )


def a_service(
    cast: Cast,
    *,
    key: str = "invoices",
    process: str = "",
    mode: str = "pull",
    limit: int = 1,
    may_choose: bool = False,
    agents: int = 2,
    checks: bytes = CHECKS,
    quality: str = "",
    taking: str = "",
    functions: str = "",
) -> Work:
    """Between the client and the provider of the cast, in use, with so many agents who may do every task of it."""
    files = folder(
        key=key,
        process=process or a_process(),
        mode=mode,
        limit=limit,
        may_choose=may_choose,
        checks=checks,
        quality=quality,
        taking=taking,
        functions=functions,
    )
    engagement = an_engagement(cast)
    service, version = _published(engagement, key, files)
    work = Work(
        cast=cast,
        engagement=engagement,
        service=service,
        version=version,
        routes=_routes(service, files),
    )
    people = [cast.person(Role.AGENT, cast.provider), *_more_agents(cast, key, agents - 1)]
    entitle(work, people)
    work.agents = people
    return work


def an_item(work: Work, number: str = "A-1", *, now: datetime = NOW, **given: Any) -> Item:
    values = {"number": number, "supplier": "Alder Paper", **given.pop("values", {})}
    return intake.create_item(actor=work.lead, now=now, service=work.service, values=values, **given)


def taken(work: Work, number: str = "A-1", *, now: datetime = NOW, agent: int = 0) -> Step:
    """An item, its first step in the agent's hands."""
    an_item(work, number, now=now)
    step = steps.take_next(actor=work.agent(agent), now=now)
    assert step is not None
    return step


def completed(
    work: Work, step: Step, *, now: datetime = NOW, agent: int = 0, **given: Any
) -> steps.Completed:
    values = given.pop("values", ENTERED)
    return steps.complete(
        actor=work.agent(agent), now=now, step_id=step.pk, claim=step.claim, values=values, **given
    )


def a_process(*tasks: str, lanes: str = "") -> str:
    """BPMN of tasks one after the other (their XML, each with an `id`), all of the provider's if no lanes are given."""
    every = tasks or (ENTER,)
    ids = [task.split('id="')[1].split('"')[0] for task in every]
    flows = [a_flow(f"{source} {target}") for source, target in pairwise(["begin", *ids, "end"])]
    begin, end = '<startEvent id="begin"/>', '<endEvent id="end"/>'
    return bpmn(lanes or a_lane("provider", *ids), begin, *every, end, *flows)


def a_flow(ends: str, condition: str = "") -> str:
    """From a node to another, "enter check"."""
    source, target = ends.split()
    inside = f"<conditionExpression>{condition}</conditionExpression>" if condition else ""
    return f'<sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">{inside}</sequenceFlow>'


def a_lane(party: str, *ids: str) -> str:
    inside = "".join(f"<flowNodeRef>{one}</flowNodeRef>" for one in ids)
    role = {"client": 'b:role="employee"', "provider": 'b:role="agent"'}.get(party, "")
    return f'<lane id="{party}_lane" name="{party}" b:party="{party}" {role}>{inside}</lane>'


def bpmn(*parts: str) -> str:
    """Of lanes, nodes and flows as XML."""
    before, _, rest = "".join(sorted(parts, key=lambda part: not part.startswith("<lane"))).rpartition(
        "</lane>"
    )
    lanes = f"{before}</lane>"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:b="urn:backdesk:process:1" '
        'targetNamespace="urn:test"><process id="p" name="Invoices">'
        f'<laneSet id="lanes">{lanes}</laneSet>{rest}</process></definitions>'
    )


@lru_cache(maxsize=32)
def folder(
    *, key: str, process: str, mode: str, limit: int, may_choose: bool, checks: bytes,
    quality: str = "", taking: str = "", functions: str = "",
) -> Mapping[str, bytes]:  # fmt: skip
    """`quality`: what stands under that heading of the settings; `taking`: what stands there besides;
    `functions`: their tables."""
    settings = SETTINGS.format(
        key=key, mode=mode, limit=limit, may_choose=str(may_choose).lower(), more=taking
    )
    settings += f"[quality]\n{quality}\n" if quality else ""
    settings += functions
    return {
        "service.toml": settings.encode(),
        "process.bpmn": process.encode(),
        "input.schema.json": json.dumps(INPUT).encode(),
        "output.schema.json": json.dumps(OUTPUT).encode(),
        "procedure.md": b"# Invoices\n\nEnter the total as it stands on the invoice.\n",
        "checks.toml": checks,
    }


def an_engagement(cast: Cast) -> Engagement:
    found = Engagement.objects.filter(client=cast.client, provider=cast.provider).first()
    if found:
        return found
    engagement = Engagement.objects.create(
        client=cast.client, provider=cast.provider, name="Invoices",
        begins_at=LONG_AGO, proposed_at=LONG_AGO, accepted_at=LONG_AGO,
    )  # fmt: skip
    both = {"client_id": cast.client.pk, "provider_id": cast.provider.pk, "since": LONG_AGO}
    Participant.objects.bulk_create(
        Participant(engagement=engagement, person=person, organisation=where, name=person.name, **both)
        for where in (cast.client, cast.provider)
        for person in cast.people[where.pk].values()
    )
    return engagement


def entitle(work: Work, people: Iterable[Person]) -> None:
    """To every task of the provider; the client's people to those of the client."""
    both = {"client_id": work.service.client_id, "provider_id": work.service.provider_id}
    clients = work.cast.people[work.cast.client.pk].values()
    rows = [
        Entitlement(person_id=person.pk, organisation_id=route.organisation_id, route=route)
        for route in work.routes.values()
        for person in (people if route.organisation_id == work.service.provider_id else clients)
    ]
    Entitlement.objects.bulk_create(rows)
    Acknowledgement.objects.bulk_create(
        Acknowledgement(
            service=work.service, person=person, organisation_id=work.service.provider_id,
            procedure_digest=work.version.procedure_digest, at=LONG_AGO, **both,
        )
        for person in people
    )  # fmt: skip


def _published(
    engagement: Engagement, key: str, files: Mapping[str, bytes]
) -> tuple[Service, ServiceVersion]:
    assert engagement.provider_id is not None
    both = {"client_id": engagement.client_id, "provider_id": engagement.provider_id}
    service = Service.objects.create(
        **both, engagement=engagement, key=key, name="Invoices", created_at=LONG_AGO
    )
    version = ServiceVersion.objects.create(
        **both, service=service, number=1, digest="0" * 64, procedure_digest="1" * 64,
        made_at=LONG_AGO, published_at=LONG_AGO,
    )  # fmt: skip
    ServiceSource.objects.bulk_create(
        ServiceSource(**both, version=version, internal_to=keeper, files=_encoded(kept))
        for keeper, kept in ((engagement.client_id, files), (None, _shared(files)))
    )
    ServiceSecret.objects.create(service=service, client_id=engagement.client_id, seed=b"s" * 32)
    service.current, service.state = version, Service.State.ACTIVE
    service.save()
    return service, version


def _routes(service: Service, files: Mapping[str, bytes]) -> dict[str, Route]:
    read = _read(files["process.bpmn"], files["service.toml"], files["checks.toml"])
    rows = [
        _route(service, node, read, party)
        for node in read.process.of_kind("user")
        for party in _parties(read, node)
    ]
    Route.objects.bulk_create(rows)
    return {row.node: row for row in rows}


def _route(service: Service, node: Node, read: services.Service, party: str) -> Route:
    taking = read.taking
    return Route(
        service=service, client_id=service.client_id, provider_id=service.provider_id, node=node.id,
        organisation_id=service.client_id if party == "client" else service.provider_id,
        name=node.name or node.id, mode=taking.mode if party == "provider" else "pull",
        at_once=taking.limit, lease_minutes=taking.lease_minutes, may_choose=taking.may_choose,
    )  # fmt: skip


def _parties(read: services.Service, node: Node) -> tuple[str, ...]:
    lane = read.process.lane_of(node.id)
    party = lane.party if lane else "provider"
    return ("client", "provider") if party == "either" else (party,)


@lru_cache(maxsize=32)
def _read(process: bytes, settings: bytes, checks: bytes) -> services.Service:
    known = folder(key="k", process="", mode="pull", limit=1, may_choose=False, checks=b"")
    return read_service({**known, "process.bpmn": process, "service.toml": settings, "checks.toml": checks})


def _shared(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """As both companies may see it: without the field the client keeps to itself."""
    properties = {name: each for name, each in INPUT["properties"].items() if name != "budget"}  # type: ignore[attr-defined]
    return {**files, "input.schema.json": json.dumps({**INPUT, "properties": properties}).encode()}


def _encoded(files: Mapping[str, bytes]) -> dict[str, str]:
    return {path: base64.b64encode(content).decode() for path, content in files.items()}


def _more_agents(cast: Cast, key: str, count: int) -> list[Person]:
    people = Person.objects.bulk_create(
        Person(
            email=f"{key}{number}@steady.example",
            name=f"Agent {number + 2}",
            password="!",
            created_at=LONG_AGO,
        )
        for number in range(count)
    )
    from backdesk.parties.models import Membership

    Membership.objects.bulk_create(
        Membership(person=person, organisation=cast.provider, role=Role.AGENT, began_at=LONG_AGO)
        for person in people
    )
    return people
