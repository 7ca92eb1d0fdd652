"""The demonstration's work: an engagement with the services that come with Backdesk, and some days of items.

Everything is done by the verbs people use, in the names of the demonstration's people, at the times it would have
happened.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from io import BytesIO
from typing import Any

from django.db import transaction

from backdesk.desks import services
from backdesk.parties.operations import accept_proposal, name_participant, propose_engagement
from backdesk.parties.operations.engagements import renew_proposal_secret
from backdesk.parties.queries.demonstration import Side, sides
from backdesk.platform.actor import Actor
from backdesk.platform.isolation import as_system
from backdesk.work.models import Entitlement, Item, Service, Step
from backdesk.work.operations import acceptance, demonstration_items, documents, intake, questions, steps
from backdesk.work.operations.demonstration_papers import invoice_pdf
from backdesk.work.operations.items import NewItem, create_items
from backdesk.work.operations.services import acknowledge_procedure, import_service, publish_service
from backdesk.work.operations.taking import EnoughInHand

SEED = 11
WORKING_DAYS = 7
BEGINS, ENDS = time(7, 30), time(15, 30)
"""Of the agents' day, in UTC: they work the client's hours."""
#: Items a working day.
VOLUMES: Mapping[str, int] = {"invoice-entry": 11, "customer-record": 7}
#: How an agent's minutes compare to the standard time, one after the other.
PACES = (0.8, 1.0, 1.15, 1.3, 0.95)
#: Invoices that wait with the page they came on.
PAPERS = 6
QUESTION_SHARE = 0.04
RETURNED_SHARE = 0.03


@as_system("the demonstration's work")
@transaction.atomic
def load_work(*, now: datetime, days: int = WORKING_DAYS) -> int:
    """Load it where there is a demonstration without work. Returns how many items there are then."""
    found = sides()
    if found is None or Service.objects.filter(client_id=found[0].organisation_id).exists():
        return 0
    client, provider = found
    dates = list(_working_days(now, days))
    made = [_publish(client, provider, key, dates[0] - timedelta(days=2)) for key in services.example_keys()]
    agents = _entitled(provider.people["agent"])
    work = _Days(client=client, agents=agents, services=made, now=now)
    for day in dates:
        work.do_day(day)
    work.bring_papers(now)
    return Item.objects.filter(client_id=client.organisation_id).count()


def _working_days(now: datetime, days: int) -> Iterator[datetime]:
    """The mornings of the last working days, today's among them if it is one."""
    morning = now.replace(hour=0, minute=0, second=0, microsecond=0)
    back = [morning - timedelta(days=number) for number in range(days * 2)]
    return reversed([day for day in back if day.weekday() < 5][:days])


def _publish(client: Side, provider: Side, key: str, at: datetime) -> Service:
    lead = client.people["operations_lead"][0]
    engagement_id = _engagement(client, provider, at)
    version = import_service(
        actor=lead, now=at, engagement_id=engagement_id, files=services.example_files(key), note="As agreed."
    )
    service = publish_service(actor=lead, now=at, service=version.service)
    for agent in (*provider.people["agent"], *provider.people["delivery_manager"]):
        acknowledge_procedure(actor=agent, now=at, service=service, procedure_digest=version.procedure_digest)
    return service


def _engagement(client: Side, provider: Side, at: datetime) -> int:
    """The one there is, or one proposed and accepted."""
    known = Service.objects.filter(client_id=client.organisation_id).first()
    if known is not None:
        return known.engagement_id
    lead, manager = client.people["operations_lead"][0], provider.people["delivery_manager"][0]
    assert manager.person_id is not None
    engagement = propose_engagement(
        actor=lead, now=at, name="Accounts and records", email=provider.emails[manager.person_id]
    )
    renewed = renew_proposal_secret(actor=lead, now=at, engagement_id=engagement.pk)
    assert renewed is not None
    accept_proposal(actor=manager, now=at, secret=renewed[1])
    for actor, people in ((lead, client.people["employee"][:3]), (manager, provider.people["agent"])):
        for colleague in people:
            assert colleague.person_id is not None
            name_participant(actor=actor, now=at, engagement=engagement, person_id=colleague.person_id)
    return engagement.pk


def _entitled(agents: Sequence[Actor]) -> list[Actor]:
    """Those of them who are given any of the work."""
    known = set(Entitlement.objects.values_list("person_id", flat=True))
    return [one for one in agents if one.person_id in known]


@dataclass(slots=True, kw_only=True)
class _Days:
    """Days of work of both companies, one after the other."""

    client: Side
    agents: Sequence[Actor]
    services: Sequence[Service]
    now: datetime
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))  # noqa: S311  no secret is made of it
    truths: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    """What is right of each item, by its business key."""
    numbers: int = 1000

    def do_day(self, day: datetime) -> None:
        """Items come in, the agents work them, the client answers, approves and accepts."""
        begins, ends = datetime.combine(day, BEGINS, day.tzinfo), datetime.combine(day, ENDS, day.tzinfo)
        for hour in (0, 3, 5):
            at = begins + timedelta(hours=hour)
            if at <= self.now:
                self.bring_in(at)
            self.agents_work(at, min(at + timedelta(hours=3), ends, self.now))
            if at + timedelta(hours=3) <= self.now:
                self.client_works(min(at + timedelta(hours=3), ends))
        if ends <= self.now:
            self.accept(ends)

    def bring_in(self, at: datetime) -> None:
        for service in self.services:
            rows = [
                self.new_item(service.key, at)
                for _ in range(round(VOLUMES[service.key] / 3 + self.chance.random() - 0.5))
            ]
            lead = self.client.people["operations_lead"][0]
            create_items(actor=lead, now=at, service=service, rows=rows, source="api")

    def bring_papers(self, at: datetime) -> None:
        """Invoices that came in just now, each with the page that is to be entered, wait for whoever signs in."""
        lead = self.client.people["operations_lead"][0]
        service = next(one for one in self.services if one.key == "invoice-entry")
        for _ in range(PAPERS):
            new = self.new_item(service.key, at)
            page = invoice_pdf(self.truths[new.title], sender=new.values["sender"], document_number=new.title)
            paper = documents.bring_document(
                actor=lead, now=at, service=service, stream=BytesIO(page), filename=f"{new.title}.pdf",
                declared="application/pdf", limit=len(page),
            )  # fmt: skip
            intake.create_item(
                actor=lead, now=at, service=service, values=new.values, brought=[paper.pk], title=new.title,
                source="api",
            )  # fmt: skip

    def new_item(self, key: str, at: datetime) -> NewItem:
        self.numbers += 1
        made = demonstration_items.MAKERS[key](self.chance, self.numbers, at.date())
        self.truths[made.title] = made.output
        priority = 3 if self.chance.random() < 0.06 else 5
        return NewItem(values=made.input, title=made.title, priority=priority, received_at=at)

    def agents_work(self, begins: datetime, ends: datetime) -> None:
        """Whoever is free first takes the next item, until nothing waits for them."""
        free = dict.fromkeys(range(len(self.agents)), begins)
        while free:
            place = min(free, key=lambda one: free[one])
            at = free.pop(place)
            took = self.one_step(self.agents[place], at, PACES[place % len(PACES)], ends)
            if took is not None:
                free[place] = took

    def one_step(self, actor: Actor, at: datetime, pace: float, ends: datetime) -> datetime | None:
        """Take one and do it: when they are free again. None where there is nothing, or the day is over."""
        if at >= ends:
            return None
        try:
            step = steps.take_next(actor=actor, now=at)
        except EnoughInHand:
            return None
        if step is None:
            return None
        done_at = at + timedelta(minutes=3.2 * pace * self.chance.uniform(0.6, 1.8))
        if done_at > ends:
            return None
        self.do(actor, step, at, done_at)
        return done_at + timedelta(minutes=self.chance.uniform(0.5, 14))

    def do(self, actor: Actor, step: Step, at: datetime, done_at: datetime) -> None:
        item = step.item
        if step.node == "Enter" and self.chance.random() < QUESTION_SHARE:
            text = "The order number cannot be read. Which one is it?"
            questions.ask(
                actor=actor, now=done_at, item_id=item.pk, text=text, reason="Order number missing",
                step_id=step.pk, claim=step.claim,
            )  # fmt: skip
            return
        truth = self.truths[item.title]
        wrong = step.kind != Step.Kind.REVIEW and self.chance.random() < 0.08
        values, outcome = demonstration_items.answer(self.chance, step, truth, wrong=wrong)
        steps.complete(
            actor=actor,
            now=done_at,
            step_id=step.pk,
            claim=step.claim,
            values=values,
            outcome=outcome,
            confirmed=True,
            touch_seconds=int((done_at - at).total_seconds()),
        )

    def client_works(self, at: datetime) -> None:
        """Approvals by an employee, answers by the lead."""
        employee, lead = self.client.people["employee"][0], self.client.people["operations_lead"][0]
        while step := steps.take_next(actor=employee, now=at):
            steps.complete(
                actor=employee, now=at, step_id=step.pk, claim=step.claim, confirmed=True, touch_seconds=40,
                values={"approved": self.chance.random() > RETURNED_SHARE, "cost_centre": "4200"},
            )  # fmt: skip
        for question in demonstration_items.open_questions(actor=lead):
            if self.chance.random() < 0.7:
                questions.answer(
                    actor=lead,
                    now=at,
                    question_id=question.pk,
                    text="Leave it empty; it was ordered by phone.",
                )

    def accept(self, at: datetime) -> None:
        """What was delivered some days ago; a few go back."""
        lead = self.client.people["operations_lead"][0]
        ripe = Item.objects.filter(
            client_id=self.client.organisation_id,
            state=Item.State.DELIVERED,
            delivered_at__lt=at - timedelta(days=1),
        )
        items = list(ripe.order_by("pk"))
        back = [item for item in items if self.chance.random() < RETURNED_SHARE]
        acceptance.accept(actor=lead, now=at, items=[item for item in items if item not in back])
        if back:
            acceptance.give_back(actor=lead, now=at, items=back, reason="It differs from what was given.")
