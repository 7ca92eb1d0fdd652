"""Functions and activities with their totals."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, QuerySet, Sum
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from backdesk.planning.models import Activity, Function
from backdesk.platform.actor import Actor


def activities_of(actor: Actor) -> QuerySet[Activity]:
    """Activities with `said`, how many people answered about each."""
    visible = Activity.objects.visible_to(actor).select_related("function")
    return visible.annotate(said=Count("answers"))


def function_of(actor: Actor, pk: int) -> Function:
    return Function.objects.visible_to(actor).get(pk=pk)


def function_to_change(actor: Actor, pk: int) -> Function:
    """Nobody else changes it until the transaction ends."""
    return Function.objects.visible_to(actor).select_for_update().get(pk=pk)


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionRow:
    """A function with what its activities add up to; `cost` is None where they do not."""

    pk: int
    name: str
    office: str
    office_title: str
    description: str
    activities: int
    hours: float | None
    cost: Decimal | None
    currencies: frozenset[str]
    costed: int

    @property
    def currency(self) -> str:
        return next(iter(self.currencies), "")

    @property
    def query(self) -> str:
        """Of the address that shows its activities alone."""
        return urlencode({"function": self.name})


def functions_of(actor: Actor) -> tuple[FunctionRow, ...]:
    """Largest first."""
    sums = (
        Activity.objects.visible_to(actor)
        .order_by()
        .values("function_id", "currency")
        .annotate(
            activities=Count("id"),
            hours=Sum("hours_per_month"),
            cost=Sum("cost_per_month"),
            costed=Count("cost_per_month"),
        )
    )
    by_function: dict[int, list[dict[str, object]]] = {}
    for row in sums:
        by_function.setdefault(row["function_id"], []).append(dict(row))
    rows = (
        _row(function, by_function.get(function.pk, [])) for function in Function.objects.visible_to(actor)
    )
    return tuple(sorted(rows, key=lambda row: (-(row.hours or 0), row.name)))


def _row(function: Function, sums: list[dict[str, object]]) -> FunctionRow:
    hours = [float(str(row["hours"])) for row in sums if row["hours"] is not None]
    costs = [Decimal(str(row["cost"])) for row in sums if row["cost"] is not None]
    return FunctionRow(
        pk=function.pk,
        name=function.name,
        office=function.office,
        office_title=function.get_office_display(),
        description=function.description,
        activities=sum(int(str(row["activities"])) for row in sums),
        hours=sum(hours) if hours else None,
        cost=costs[0] if len(costs) == 1 else None,
        currencies=frozenset(str(row["currency"]) for row in sums if row["cost"] is not None),
        costed=sum(int(str(row["costed"])) for row in sums),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    functions: int
    activities: int
    hours: float | None
    cost: Decimal | None
    currencies: frozenset[str]
    cost_note: str

    @property
    def currency(self) -> str:
        return next(iter(self.currencies), "")


def totals_of(rows: Iterable[FunctionRow]) -> Totals:
    rows = tuple(rows)
    hours = [row.hours for row in rows if row.hours is not None]
    costs = [row.cost for row in rows if row.cost is not None]
    currencies = frozenset().union(*(row.currencies for row in rows))
    activities, costed = sum(row.activities for row in rows), sum(row.costed for row in rows)
    return Totals(
        functions=len(rows),
        activities=activities,
        hours=sum(hours) if hours else None,
        cost=sum(costs, Decimal(0)) if costs and len(currencies) == 1 else None,
        currencies=currencies,
        cost_note=_("of %(costed)s of %(all)s activities") % {"costed": costed, "all": activities}
        if costs and costed < activities
        else "",
    )
