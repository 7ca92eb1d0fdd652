"""Second eyes: what was looked at and found, disputed, taken over or returned, sampled, and known beforehand."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field

from backdesk.platform.api import (
    By,
    Call,
    Given,
    Id,
    Listing,
    Page,
    Query,
    Real,
    Schema,
    Text,
    Whole,
    YesNo,
    listed,
    sorts,
)
from backdesk.platform.api.fields import LARGEST_ID
from backdesk.work import policies
from backdesk.work.api.area import work
from backdesk.work.api.faults import told_by_field
from backdesk.work.api.shapes import ItemRowOut, row_told
from backdesk.work.models import GoldCase, Item, Service
from backdesk.work.operations import acceptance, findings, gold, sampling
from backdesk.work.queries import quality

AT_ONCE = 200
Number = Annotated[Whole, Field(ge=1, le=LARGEST_ID)]
Words = Annotated[Text, Field(min_length=1, max_length=1000)]
Reason = Annotated[Text, Field(min_length=1, max_length=500)]
Values = Annotated[dict[str, Any], Field(description="By field; amounts and days as text.")]
Kind = Literal["review", "key", "gold"]


class InspectionOut(Schema):
    """One look at somebody's work. `errors` and `critical` count the findings that stand."""

    id: int
    item_id: int
    service_id: int
    kind: Literal["review", "keying", "gold", "return"]
    round: int = Field(description="How often the client had returned the item by then.")
    step_id: int | None = Field(description="The step that was looked at.")
    node: str
    organisation_id: int = Field(description="Whose work it is.")
    person_id: int | None
    inspector_organisation_id: int | None = Field(description="Null where Backdesk compared.")
    inspector_id: int | None
    at: datetime
    is_sent_back: bool
    errors: int
    critical: int


class FindingOut(Schema):
    id: int
    inspection_id: int
    item_id: int
    service_id: int
    category: str = Field(description="Of the service's error categories; empty where a comparison found it.")
    is_critical: bool
    field: str
    note: str
    at: datetime
    state: Literal["stands", "disputed", "upheld", "withdrawn"]
    dispute_until: datetime | None = Field(description="Null where it cannot be disputed.")
    dispute_reason: str
    disputed_at: datetime | None
    answer: str
    answered_at: datetime | None


class GoldCaseOut(Schema):
    """An item whose right answer is known. For the client's lead alone."""

    id: int
    service_id: int
    title: str
    values: dict[str, Any]
    truth: dict[str, Any]
    made_at: datetime
    item_id: int | None = Field(description="As which it came in; null while it waits.")
    seeded_at: datetime | None
    compared_at: datetime | None
    withdrawn_at: datetime | None


class RateOut(Schema):
    kind: Kind
    person_id: int | None = Field(description="Whose work; null: everybody's.")
    share: Real
    set_at: datetime


class DrawOut(Schema):
    """With the service's seed the same key and share give the same answer again."""

    id: int
    service_id: int
    item_id: int
    kind: Kind
    key: str
    person_id: int | None
    share: Real
    is_drawn: bool
    at: datetime


class InspectionsAsked(Listing):
    sort: str = sorts("id", first="-id")
    service_id: Annotated[Id | None, By("service_id")] = None
    item_id: Annotated[Id | None, By("item_id")] = None
    kind: Annotated[Literal["review", "keying", "gold", "return"] | None, By("kind")] = None


class FindingsAsked(Listing):
    sort: str = sorts("id", first="-id")
    service_id: Annotated[Id | None, By("service_id")] = None
    item_id: Annotated[Id | None, By("item_id")] = None
    state: Annotated[Literal["stands", "disputed", "upheld", "withdrawn"] | None, By("state")] = None


class OfServiceAsked(Listing):
    sort: str = sorts("id", first="-id")
    service_id: Annotated[Id | None, By("service_id")] = None


class DisputeGiven(Given):
    reason: Words


class AnswerGiven(Given):
    upheld: YesNo = Field(description="Whether it is an error all the same.")
    answer: Words


class ItemsGiven(Given):
    item_ids: Annotated[list[Number], Field(min_length=1, max_length=AT_ONCE)]


class ReturnGiven(ItemsGiven):
    reason: Reason


class GoldGiven(Given):
    values: Values
    truth: Values = Field(description="The right answer, or as much of it as is known.")
    title: Annotated[Text, Field(max_length=200)] = ""


class RateGiven(Given):
    kind: Kind
    share: Annotated[Real, Field(ge=0, le=1)] | None = Field(
        description="From 0, none, to 1, all; null: as it would be without."
    )
    person_id: Number | None = Field(None, description="Whose work; null: everybody's.")


@work.read("/work/inspections", Page[InspectionOut], may=policies.may_read_findings)
def list_inspections(call: Call, asked: Query[InspectionsAsked]) -> Any:
    """Looks at work: reviews, double keying, returns, and, for the client, gold. An agent's, those at their own."""
    return listed(call, quality.inspections_for(call.actor), asked)


@work.read("/work/findings", Page[FindingOut], may=policies.may_read_findings)
def list_findings(call: Call, asked: Query[FindingsAsked]) -> Any:
    """What second eyes found, the newest first. To an agent, of their own work."""
    return listed(call, quality.findings_for(call.actor), asked)


@work.read("/work/findings/{pk}", FindingOut, may=policies.may_read_findings)
def get_finding(call: Call, pk: Id) -> Any:
    """One finding, with its dispute and the answer."""
    return quality.findings_for(call.actor).get(pk=pk)


@work.create("/work/findings/{pk}/dispute", FindingOut, status=200)
def dispute_finding(call: Call, pk: Id, given: DisputeGiven) -> Any:
    """Say why it is no error. By whose work it is, or who leads them, as long as the window is open."""
    return findings.dispute(actor=call.actor, now=call.now, finding_id=pk, reason=given.reason)


@work.create("/work/findings/{pk}/answer", FindingOut, status=200)
def answer_dispute(call: Call, pk: Id, given: AnswerGiven) -> Any:
    """Decide a dispute: the finding is upheld, or withdrawn and counts no more."""
    return findings.answer_dispute(
        actor=call.actor, now=call.now, finding_id=pk, upheld=given.upheld, answer=given.answer
    )


@work.create("/work/acceptances", list[ItemRowOut], status=200)
def accept_items(call: Call, given: ItemsGiven) -> Any:
    """Take delivered items over, all or none. By the client's lead."""
    items = [Item(pk=pk) for pk in given.item_ids]
    return [row_told(one) for one in acceptance.accept(actor=call.actor, now=call.now, items=items)]


@work.create("/work/returns", list[ItemRowOut], status=200)
def return_items(call: Call, given: ReturnGiven) -> Any:
    """Return delivered items for rework, all or none; the reason is a finding of each."""
    items = [Item(pk=pk) for pk in given.item_ids]
    returned = acceptance.give_back(actor=call.actor, now=call.now, items=items, reason=given.reason)
    return [row_told(one) for one in returned]


@work.read("/work/gold-cases", Page[GoldCaseOut], may=policies.may_define)
def list_gold_cases(call: Call, asked: Query[OfServiceAsked]) -> Any:
    """Items whose right answer is known: waiting, come in, compared or withdrawn."""
    return listed(call, quality.cases_of(call.actor), asked)


@work.create("/work/services/{pk}/gold-cases", GoldCaseOut)
def add_gold_case(call: Call, pk: Id, given: GoldGiven) -> Any:
    """Keep an item with its right answer until one is drawn; nobody who does it can tell it from any other."""
    with told_by_field():
        return gold.add_case(actor=call.actor, now=call.now, service=Service(pk=pk), **given.model_dump())


@work.create("/work/gold-cases/{pk}/withdrawal", GoldCaseOut, status=200)
def withdraw_gold_case(call: Call, pk: Id) -> Any:
    """Take a case back before it has come in."""
    case: GoldCase = gold.withdraw_case(actor=call.actor, now=call.now, case_id=pk)
    return case


@work.read("/work/services/{pk}/sampling-rates", list[RateOut], may=policies.may_define)
def list_sampling_rates(call: Call, pk: Id) -> Any:
    """The rates that were set, instead of what the service says."""
    return _rates(call, quality.services_of(call.actor).get(pk=pk).pk)


@work.change("/work/services/{pk}/sampling-rates", list[RateOut])
def set_sampling_rate(call: Call, pk: Id, given: RateGiven) -> Any:
    """Say how much of the work is reviewed, keyed twice, or seeded with gold."""
    share = None if given.share is None else Decimal(str(given.share))
    asked: Mapping[str, Any] = {"kind": given.kind, "share": share, "person_id": given.person_id}
    sampling.set_rate(actor=call.actor, now=call.now, service=Service(pk=pk), **asked)
    return _rates(call, pk)


@work.read("/work/draws", Page[DrawOut], may=policies.may_define)
def list_draws(call: Call, asked: Query[OfServiceAsked]) -> Any:
    """Each time work could be looked at twice, and what the draw came to."""
    return listed(call, quality.draws_of(call.actor), asked)


def _rates(call: Call, pk: int) -> Any:
    return list(quality.rates_of(call.actor).filter(service=pk).order_by("kind", "person_id"))
