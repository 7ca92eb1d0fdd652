"""Activities: what is done in a function, measured or as people estimate it, and what people say of it."""

from typing import Annotated, Any

from pydantic import Field

from backdesk.planning import operations, policies
from backdesk.planning.api.area import planning
from backdesk.planning.api.disclosing import disclosed
from backdesk.planning.models import Activity, Answer, Function
from backdesk.planning.queries.activities import (
    Neighbour,
    activity_of,
    activity_to_change,
    neighbours,
    performers,
    voices,
)
from backdesk.planning.queries.inventory import activities_of
from backdesk.platform.api import (
    Amount,
    AmountIn,
    By,
    Call,
    Given,
    Id,
    Listing,
    Name,
    Named,
    Page,
    Query,
    Real,
    Schema,
    Text,
    Whole,
    listed,
    sorts,
)


class ActivityOut(Schema):
    id: int
    name: str
    function: Named
    history_id: int | None = Field(
        description="The work history it is measured in; null where entered by hand."
    )
    steps_per_month: float | None
    hours_per_month: float | None
    minutes_each: float | None
    people: int | None
    cost_per_month: Amount | None = Field(description="Null where it is not known, or not for this role.")
    currency: str
    figures: dict[str, float | None] = Field(description="What was measured, by its name in the catalogue.")


class ActivityGiven(Given):
    """An activity without a record, as people estimate it."""

    name: Annotated[Name, Field(max_length=300)]
    function_id: Annotated[Whole, Field(ge=1, le=2**63 - 1)]
    steps_per_month: Annotated[Real, Field(ge=0, le=10_000_000)]
    minutes_each: Annotated[Real, Field(ge=0, le=100_000)]
    people: Annotated[Whole, Field(ge=1, le=100_000)] | None = None
    cost_per_month: AmountIn | None = None
    currency: Annotated[Text, Field(pattern="^(?:[A-Z]{3})?$")] = ""

    def values(self) -> dict[str, Any]:
        return {**self.model_dump(exclude={"function_id"}), "function": Function(pk=self.function_id)}


class ActivityChanged(Given):
    """Of a measured activity only its function is for people to say; leave the rest out."""

    function_id: Annotated[Whole, Field(ge=1, le=2**63 - 1)]
    name: Annotated[Name, Field(max_length=300)] | None = None
    steps_per_month: Annotated[Real, Field(ge=0, le=10_000_000)] | None = None
    minutes_each: Annotated[Real, Field(ge=0, le=100_000)] | None = None
    people: Annotated[Whole, Field(ge=1, le=100_000)] | None = None
    cost_per_month: AmountIn | None = None
    currency: Annotated[Text, Field(pattern="^(?:[A-Z]{3})?$")] = ""

    def values(self) -> dict[str, Any]:
        return {**self.model_dump(exclude={"function_id"}), "function": Function(pk=self.function_id)}


class ActivitiesAsked(Listing):
    also = {"function": "function__name"}

    sort: str = sorts(
        "name", "function", "steps_per_month", "hours_per_month", "minutes_each", first="-hours_per_month"
    )
    name: Annotated[Text | None, By("name__icontains")] = None
    function_id: Annotated[Id | None, By("function_id")] = None
    history_id: Annotated[Id | None, By("history_id")] = None


class NeighbourOut(Schema):
    id: int | None = Field(
        description="Null where a case begins or ends, or the activity is not kept any more."
    )
    name: str
    steps: int
    share: float


class NeighboursOut(Schema):
    """Where the work of an activity comes from, and where it goes, the most frequent first."""

    before: list[NeighbourOut]
    after: list[NeighbourOut]


class PerformerOut(Schema):
    resource: str | None
    team: str | None
    steps: int
    share: float
    touch_minutes_median: float | None
    rework_share: float | None


Grade = Annotated[Whole, Field(ge=1, le=5)]


class AnswerGiven(Given):
    """Grades from 1 (little) to 5 (much); null is “I cannot say”."""

    value: Grade | None = None
    judgement: Grade | None = None
    know_how: Grade | None = None
    customer_contact: Grade | None = None
    sensitivity: Grade | None = None
    hurts: Grade | None = None
    comment: Annotated[Text, Field(max_length=2000)] = ""


class AnswerOut(Schema):
    value: int | None
    judgement: int | None
    know_how: int | None
    customer_contact: int | None
    sensitivity: int | None
    hurts: int | None
    comment: str


class VoicesOut(Schema):
    """What people say of an activity, without their names, in no order; `own` is what the reader said."""

    count: int
    comments: list[str]
    own: AnswerOut | None


@planning.read("/activities", Page[ActivityOut], may=policies.may_read)
def list_activities(call: Call, asked: Query[ActivitiesAsked]) -> Any:
    """The inventory, activity by activity."""
    return listed(call, activities_of(call.actor), asked, shown=lambda row: _shown(call, row))


@planning.create("/activities", ActivityOut)
def add_activity(call: Call, given: ActivityGiven) -> Any:
    """Enter an activity by hand, for work of which there is no record."""
    return operations.add_activity(actor=call.actor, now=call.now, **given.values())


@planning.read("/activities/{pk}", ActivityOut, may=policies.may_read, tagged=True)
def get_activity(call: Call, pk: Id) -> Any:
    """One activity."""
    return _shown(call, activity_of(call.actor, pk))


@planning.change("/activities/{pk}", ActivityOut, current=activity_to_change)
def change_activity(call: Call, pk: Id, given: ActivityChanged) -> Any:
    """Move an activity to a function; of one entered by hand, change its estimates as well."""
    activity = Activity(pk=pk)
    return operations.change_activity(actor=call.actor, now=call.now, activity=activity, **given.values())


@planning.remove("/activities/{pk}", of=ActivityOut, current=activity_to_change)
def remove_activity(call: Call, pk: Id) -> None:
    """Remove an activity entered by hand, with the answers about it."""
    operations.remove_activity(actor=call.actor, now=call.now, activity=Activity(pk=pk))


@planning.read("/activities/{pk}/neighbours", NeighboursOut, may=policies.may_read)
def get_neighbours(call: Call, pk: Id) -> Any:
    """Where its work comes from, and where it goes."""
    before, after = neighbours(call.actor, activity_of(call.actor, pk))
    return {"before": list(map(_neighbour, before)), "after": list(map(_neighbour, after))}


@planning.read("/activities/{pk}/people", list[PerformerOut], may=policies.may_see_people_and_cost)
def list_performers(call: Call, pk: Id) -> Any:
    """Who does it, the busiest first; nobody where it was entered by hand."""
    return performers(activity_of(call.actor, pk))


@planning.read("/activities/{pk}/answers", VoicesOut, may=policies.may_read)
def get_answers(call: Call, pk: Id) -> Any:
    """What people say of it."""
    return voices(call.actor, activity_of(call.actor, pk))


@planning.change("/activities/{pk}/answers/own", AnswerOut)
def answer_activity(call: Call, pk: Id, given: AnswerGiven) -> Any:
    """Say, or say anew, how one sees it; a person has one answer an activity."""
    grades = given.model_dump(include=set(Answer.GRADES))
    return operations.answer_activity(
        actor=call.actor, now=call.now, activity=Activity(pk=pk), grades=grades, comment=given.comment
    )


def _shown(call: Call, activity: Activity) -> dict[str, Any]:
    own = {
        name: getattr(activity, name) for name in ActivityOut.model_fields if name not in {"id", "function"}
    }
    function = {"id": activity.function.pk, "name": activity.function.name}
    return disclosed(call, {**own, "id": activity.pk, "pk": activity.pk, "function": function})


def _neighbour(one: Neighbour) -> dict[str, Any]:
    return {"id": one.pk, "name": one.name, "steps": one.steps, "share": one.share}
