"""One row in every table that a client and its provider share, past every verb: for the tests of the walls alone.

Where a row can be kept by one of the two, there are three of it: for both, the client's own, the provider's own.
"""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from backdesk.conversations.models import Mention, Message, Reader, Thread
from backdesk.parties.models import Engagement, Participant, Role
from backdesk.platform.models import StoredFile
from backdesk.work.models import (
    Acknowledgement,
    Alarm,
    Arrival,
    Document,
    Draw,
    Entitlement,
    Event,
    Finding,
    GoldCase,
    ImportBatch,
    ImportLine,
    Inspection,
    Item,
    ItemPrivate,
    Pause,
    Presence,
    Question,
    QueueCount,
    RecordSnapshot,
    Route,
    SamplingRate,
    Service,
    ServiceSecret,
    ServiceSource,
    ServiceVersion,
    Step,
    StepDraft,
    TermsChange,
)
from tests.cast import NOW, Cast


def fill_shared_work(side: Cast) -> Item:
    """Work that `side.client` has handed to `side.provider`."""
    both = {"client_id": side.client.pk, "provider_id": side.provider.pk}
    engagement = _engagement(side)
    service, version = _service(engagement, both)
    routes = [_route(service, both, organisation.pk) for organisation in (side.client, side.provider)]
    item = Item.objects.create(
        **both, service=service, version=version, business_key="A-1", title="Invoice A-1", source="form",
        data={"input": {"total": "12.00"}, "output": {}}, received_at=NOW, sequence=3,
    )  # fmt: skip
    ItemPrivate.objects.create(item=item, client_id=side.client.pk, data={"input": {"margin": "3.00"}})
    people = side.person(Role.OPERATIONS_LEAD), side.person(Role.AGENT, side.provider)
    for person, route in zip(people, routes, strict=True):
        _step(item, route, person.pk, both)
    for sequence, keeper in enumerate(_keepers(both), start=1):
        _event(item, sequence, keeper, both)
    _people(side, service, version, both)
    _second_eyes(item, both)
    _intake(item, both)
    _thread(side, item, both)
    _clock(side, item, both)
    _record(item, both)
    return item


def the_other_way_round(cast: Cast) -> Cast:
    """The same cast, seen from the other client, who works with the other provider."""
    return replace(
        cast,
        client=cast.other_client,
        other_client=cast.client,
        provider=cast.other_provider,
        other_provider=cast.provider,
    )


def _engagement(side: Cast) -> Engagement:
    engagement = Engagement.objects.create(
        client=side.client, provider=side.provider, name="Invoices",
        begins_at=NOW, proposed_at=NOW, accepted_at=NOW,
    )  # fmt: skip
    for organisation, role in ((side.client, Role.OPERATIONS_LEAD), (side.provider, Role.AGENT)):
        person = side.person(role, organisation)
        Participant.objects.create(
            engagement=engagement, client_id=side.client.pk, provider_id=side.provider.pk,
            person=person, organisation=organisation, name=person.name, since=NOW,
        )  # fmt: skip
    return engagement


def _service(engagement: Engagement, both: dict[str, int]) -> tuple[Service, ServiceVersion]:
    service = Service.objects.create(
        **both, engagement=engagement, key="invoices", name="Invoices", created_at=NOW
    )
    version = ServiceVersion.objects.create(
        **both, service=service, number=1, digest="0" * 64, procedure_digest="1" * 64,
        made_at=NOW, published_at=NOW,
    )  # fmt: skip
    service.current, service.state = version, Service.State.ACTIVE
    service.save()
    for keeper in (None, both["client_id"]):
        folder = {"service.toml": base64.b64encode(b"whole" if keeper else b"stripped").decode()}
        ServiceSource.objects.create(**both, version=version, internal_to=keeper, files=folder)
    ServiceSecret.objects.create(service=service, client_id=both["client_id"], seed=b"s" * 32)
    return service, version


def _route(service: Service, both: dict[str, int], organisation_id: int) -> Route:
    return Route.objects.create(
        **both, service=service, organisation_id=organisation_id, node="enter", name="Enter"
    )


def _step(item: Item, route: Route, person_id: int, both: dict[str, int]) -> None:
    step = Step.objects.create(
        **both, item=item, service_id=item.service_id, route=route, organisation_id=route.organisation_id,
        node="enter", enabled_at=NOW,
    )  # fmt: skip
    StepDraft.objects.create(
        step=step, organisation_id=route.organisation_id, person_id=person_id, values={}, saved_at=NOW
    )
    Entitlement.objects.create(person_id=person_id, organisation_id=route.organisation_id, route=route)


def _event(item: Item, sequence: int, keeper: int | None, both: dict[str, int]) -> None:
    at = NOW + timedelta(minutes=sequence)
    Event.objects.create(
        **both, item=item, sequence=sequence, kind="noted", at=at, internal_to=keeper, nonce=b"n" * 16
    )


def _people(side: Cast, service: Service, version: ServiceVersion, both: dict[str, int]) -> None:
    Acknowledgement.objects.create(
        **both, service=service, organisation_id=side.provider.pk, at=NOW,
        person=side.person(Role.AGENT, side.provider), procedure_digest=version.procedure_digest,
    )  # fmt: skip
    for organisation, role in ((side.client, Role.EMPLOYEE), (side.provider, Role.AGENT)):
        person = side.person(role, organisation)
        Presence.objects.create(person_id=person.pk, organisation_id=organisation.pk, seen_at=NOW)


def _clock(side: Cast, item: Item, both: dict[str, int]) -> None:
    lead = side.person(Role.OPERATIONS_LEAD)
    question = Question.objects.create(
        **both, item=item, from_id=side.provider.pk, to_id=side.client.pk, text="Which date?", asked_at=NOW,
        asked_by=side.person(Role.AGENT, side.provider),
    )  # fmt: skip
    Pause.objects.create(
        **both, item=item, question=question, reason="Illegible", began_at=NOW, proposed_at=NOW,
        proposed_by=question.asked_by,
    )  # fmt: skip
    TermsChange.objects.create(
        **both, service=item.service, version=item.version, since=NOW, made_by=lead, made_at=NOW
    )
    for organisation in (side.client, side.provider):
        Alarm.objects.create(
            item=item, organisation_id=organisation.pk, person_id=lead.pk, kind=Alarm.Kind.BREACH,
            due_at=NOW, raised_at=NOW, deliver_at=NOW,
        )  # fmt: skip


def _record(item: Item, both: dict[str, int]) -> None:
    """A month that was kept; the file itself is not looked for."""
    for table, keeper in (("items", None), ("gold", both["client_id"])):
        RecordSnapshot.objects.create(
            **both, service_id=item.service_id, internal_to=keeper, table=table,
            month=NOW.date().replace(day=1), path=f"{table}.parquet",
            rows=1, sha256="0" * 64, schema_version=1, fingerprint="1", made_at=NOW,
        )  # fmt: skip


def _second_eyes(item: Item, both: dict[str, int]) -> None:
    mine = {"service_id": item.service_id, "client_id": both["client_id"]}
    SamplingRate.objects.create(**mine, kind="review", share=Decimal("0.1"), set_at=NOW)
    Draw.objects.create(
        **mine, item=item, kind="review", key="review 1", share=Decimal("0.1"), is_drawn=True, at=NOW
    )
    GoldCase.objects.create(**mine, values={}, truth={}, made_at=NOW)
    for keeper in _keepers(both):
        look = Inspection.objects.create(
            **both, item=item, service_id=item.service_id, internal_to=keeper, kind="review", at=NOW,
            organisation_id=both["provider_id"], errors=1,
        )  # fmt: skip
        Finding.objects.create(
            **both, item=item, service_id=item.service_id, internal_to=keeper, inspection=look,
            category="amount", is_critical=False, at=NOW,
        )  # fmt: skip


def _intake(item: Item, both: dict[str, int]) -> None:
    for keeper in _keepers(both):
        owner = keeper or both["client_id"]
        file = StoredFile.objects.create(
            organisation_id=owner, name="a.pdf", sha256="0" * 64, size=1, path=f"{owner}/a"
        )
        Document.objects.create(
            **both, item=item, service_id=item.service_id, internal_to=keeper, organisation_id=owner,
            file=file, path=file.path, name=file.name, kind="application/pdf", sha256=file.sha256, size=1,
            added_at=NOW,
        )  # fmt: skip
    owned = {"organisation_id": both["client_id"], "service_id": item.service_id}
    batch = ImportBatch.objects.create(**owned, file=file, received_at=NOW)
    ImportLine.objects.create(
        batch=batch, line=2, organisation_id=both["client_id"], outcome=ImportLine.Outcome.CREATED, item=item
    )
    Arrival.objects.create(**owned, source="mail", mark="0" * 64, name="Invoice", item=item, at=NOW)
    for route in Route.objects.filter(service_id=item.service_id):
        QueueCount.objects.create(
            **both, route=route, counted_at=NOW, open=1, taken=0, overdue=0, soon=0, paused=0
        )


def _thread(side: Cast, item: Item, both: dict[str, int]) -> None:
    thread = Thread.objects.create(
        **both, subject_kind="work.item", subject_id=str(item.pk), title=item.title, created_at=NOW
    )
    lead = side.person(Role.OPERATIONS_LEAD)
    Reader.objects.create(thread=thread, person=lead, organisation=side.client)
    for keeper in _keepers(both):
        author: dict[str, Any] = {"organisation_id": keeper or side.client.pk, "author_name": lead.name}
        message = Message.objects.create(
            **both, **author, thread=thread, internal_to=keeper, text="Which date?", at=NOW
        )
        Mention.objects.create(message=message, person=lead, name=lead.name)


def _keepers(both: dict[str, int]) -> tuple[int | None, int, int]:
    """Nobody, the client, the provider: whose alone a row can be."""
    return None, both["client_id"], both["provider_id"]
