"""The services that come with Backdesk, published between the client and the provider of the cast."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.utils import timezone

from backdesk.desks.services.examples import example_files
from backdesk.parties.models import PersonSkill, Role, Skill
from backdesk.work.models import Item, Route, Service, Step
from backdesk.work.operations import intake, services, steps
from tests.cast import Cast
from tests.work.services import Work, an_engagement

INVOICE: Mapping[str, Any] = {
    "document_number": "IN-10442",
    "received_on": "2026-02-27",
    "sender": "accounts@alder.example",
    "ordered_by": "Kim Larsen",
    "budget": {"amount": "12000.00", "currency": "EUR"},
}
ENTERED: Mapping[str, str] = {
    "supplier": "70001",
    "invoice_number": "2026-117",
    "invoice_date": "26 Feb 2026",
    "iban": "NL43ABNA0417164000",
    "lines-0-description": "Copying paper",
    "lines-0-net": "100.00",
    "lines-0-tax_rate": "21",
    "net": "100.00",
    "tax": "21.00",
    "total": "121.00",
}


def a_desk(
    cast: Cast, key: str = "invoice-entry", *, files: Mapping[str, bytes] = MappingProxyType({})
) -> Work:
    """With the agent of the cast, who may do every task of it; `files` stand in place of those it comes with."""
    now = timezone.now()
    engagement = an_engagement(cast)
    version = services.import_service(
        actor=cast.lead, now=now, engagement_id=engagement.pk, files={**example_files(key), **files}
    )
    service = services.publish_service(actor=cast.lead, now=now, service=version.service)
    routes = {f"{one.node}{one.organisation_id}": one for one in Route.objects.filter(service=service)}
    work = Work(
        cast=cast,
        engagement=engagement,
        service=Service.objects.get(pk=service.pk),
        version=version,
        routes=routes,
        agents=[cast.person(Role.AGENT, cast.provider)],
    )
    _qualify(work)
    return work


def _qualify(work: Work) -> None:
    """The agent has every skill it takes, and has read the procedure."""
    now, organisation = timezone.now(), work.cast.provider
    for name in {name for route in work.routes.values() for name in route.skills}:
        skill, _is_new = Skill.objects.get_or_create(organisation=organisation, name=name)
        PersonSkill.objects.create(person=work.agents[0], skill=skill, level=4, since=now)
    digest = work.version.procedure_digest
    services.acknowledge_procedure(actor=work.agent(), now=now, service=work.service, procedure_digest=digest)


def an_invoice(work: Work, **given: Any) -> Item:
    return intake.create_item(
        actor=work.lead, now=timezone.now(), service=work.service, values={**INVOICE, **given}
    )


def in_hand(work: Work) -> Step:
    """The next step, in the agent's hands since just now."""
    step = steps.take_next(actor=work.agent(), now=timezone.now())
    assert step is not None
    return step
