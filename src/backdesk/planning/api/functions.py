"""Functions: what the company's work belongs to."""

from typing import Annotated, Any, Literal

from pydantic import Field

from backdesk.planning import operations, policies
from backdesk.planning.api.area import planning
from backdesk.planning.api.disclosing import disclosed
from backdesk.planning.models import Function
from backdesk.planning.queries.inventory import (
    FunctionRow,
    Totals,
    function_of,
    function_to_change,
    functions_of,
    totals_of,
)
from backdesk.platform.api import (
    Amount,
    By,
    Call,
    Given,
    Id,
    Listing,
    Name,
    Page,
    Query,
    Schema,
    Text,
    listed,
    sorts,
)

Office = Literal["front", "middle", "back"]


class FunctionOut(Schema):
    id: int
    name: str
    office: Office
    description: str


class FunctionRowOut(FunctionOut):
    activities: int
    hours_per_month: float | None
    cost_per_month: Amount | None = Field(description="Null where it is not known, or not for this role.")
    currency: str


class FunctionGiven(Given):
    name: Annotated[Name, Field(max_length=300)]
    office: Office
    description: Annotated[Text, Field(max_length=10_000)] = ""

    def values(self) -> dict[str, Any]:
        return {**self.model_dump(), "office": Function.Office(self.office)}


class FunctionsAsked(Listing):
    also = {"hours_per_month": "hours"}

    sort: str = sorts("name", "hours_per_month", "activities", first="-hours_per_month")
    name: Annotated[Text | None, By("name__icontains")] = None
    office: Annotated[Office | None, By("office")] = None


class InventoryOut(Schema):
    """What all activities of the company add up to."""

    functions: int
    activities: int
    hours_per_month: float | None
    cost_per_month: Amount | None = Field(description="Null where it is not known, or not for this role.")
    currency: str


@planning.read("/inventory", InventoryOut, may=policies.may_read)
def get_inventory(call: Call) -> Any:
    """The figures of the whole inventory."""
    return _totals(call, totals_of(functions_of(call.actor)))


@planning.read("/functions", Page[FunctionRowOut], may=policies.may_read)
def list_functions(call: Call, asked: Query[FunctionsAsked]) -> Any:
    """Functions, with what their activities add up to."""
    return listed(call, functions_of(call.actor), asked, shown=lambda row: _row(call, row))


@planning.create("/functions", FunctionOut)
def add_function(call: Call, given: FunctionGiven) -> Any:
    """Add a function."""
    return operations.add_function(actor=call.actor, now=call.now, **given.values())


@planning.read("/functions/{pk}", FunctionOut, may=policies.may_read, tagged=True)
def get_function(call: Call, pk: Id) -> Any:
    """One function."""
    return function_of(call.actor, pk)


@planning.change("/functions/{pk}", FunctionOut, current=function_to_change)
def change_function(call: Call, pk: Id, given: FunctionGiven) -> Any:
    """Name or describe a function anew."""
    function = Function(pk=pk)
    return operations.change_function(actor=call.actor, now=call.now, function=function, **given.values())


@planning.remove("/functions/{pk}", of=FunctionOut, current=function_to_change)
def remove_function(call: Call, pk: Id) -> None:
    """Remove a function that holds no activities any more."""
    operations.remove_function(actor=call.actor, now=call.now, function=Function(pk=pk))


def _totals(call: Call, totals: Totals) -> dict[str, Any]:
    found = {
        "functions": totals.functions,
        "activities": totals.activities,
        "hours_per_month": totals.hours,
        "cost_per_month": totals.cost,
        "currency": totals.currency,
    }
    return disclosed(call, found)


def _row(call: Call, row: FunctionRow) -> dict[str, Any]:
    found = {
        "id": row.pk,
        "name": row.name,
        "office": row.office,
        "description": row.description,
        "activities": row.activities,
        "hours_per_month": row.hours,
        "cost_per_month": row.cost,
        "currency": row.currency,
    }
    return disclosed(call, found)
