"""The inventory: functions, and what is done in them."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backdesk.parties.web.acting import allowed, clock
from backdesk.planning import operations, policies
from backdesk.planning.models import Activity, Function
from backdesk.planning.queries.addresses import steps_behind
from backdesk.planning.queries.inventory import (
    FunctionRow,
    Totals,
    activities_of,
    functions_of,
    totals_of,
)
from backdesk.planning.queries.rates import repricing_of
from backdesk.planning.web.figures import is_estimated, measured_column
from backdesk.planning.web.forms import FunctionForm
from backdesk.platform.actor import Actor
from backdesk.platform.disclosure import disclosed_fields
from backdesk.platform.models import Job
from backdesk.platform.web import tables
from backdesk.platform.web.figures import Figure
from backdesk.platform.web.parts import Empty
from backdesk.platform.web.tables import Column, Table
from backdesk.platform.web.words import Words

BY_HAND = _("entered by hand: nobody measured it")

OFFICES = {"front": _("Front"), "middle": _("Middle"), "back": _("Back")}
"""Short, for a column whose head says what they are."""


def _mark(row: Activity) -> str:
    if row.history_id is None:
        return gettext("by hand")
    return "estimated" if is_estimated(row.figures) else ""


def _of_work(
    key: str, name: str, *, title: Words = "", decimals: int | None = None, bar: bool = False
) -> Column:
    """A figure of the catalogue that people enter where no record tells it; hours to be compared, not read out."""
    column = measured_column(name, title=title, decimals=decimals, bar=bar, href=_behind(name))
    unit = "h" if column.kind == "hours" else column.unit
    return replace(column, key=key, kind="number", unit=unit, reason="")


def _of_record(name: str, *, title: Words = "", optional: bool = False) -> Column:
    """A figure of the catalogue that a record alone tells."""
    return replace(
        measured_column(name, title=title, is_optional=optional, href=_behind(name)),
        reason=BY_HAND,
        value=lambda row: row.figures.get(name),
        field=f"figures__{name}",
    )


def _behind(name: str) -> Callable[[Activity], str]:
    return lambda row: steps_behind(row, figure=name)


COST = Column(
    key="cost_per_month",
    title=_("Cost a month"),
    kind="money",
    definition=_("touch time a month x what an hour of whoever did it costs, by the rates"),
    reason=_("no rate applies: set the rates, or enter the cost"),
    href=_behind("touch_hours_per_month"),
)
BASE = (
    Column(
        key="name",
        title=_("Activity"),
        href=lambda row: reverse("planning:activity", args=(row.pk,)),
        filter="contains",
        mark=_mark,
    ),
    Column(
        key="function",
        title=_("Function"),
        value=lambda row: row.function.name,
        field="function__name",
        filter="contains",
        href=lambda row: f"?{urlencode({'function': row.function.name})}#activities",
    ),
    Column(
        key="office",
        title=_("Office"),
        value=lambda row: OFFICES[row.function.office],
        field="function__office",
        filter="choice",
        is_optional=True,
        choices=tuple(OFFICES.items()),
    ),
    _of_work("steps_per_month", "steps_per_month", title=_("Volume a month"), decimals=0),
    _of_work("hours_per_month", "touch_hours_per_month", title=_("Work a month"), decimals=1, bar=True),
    _of_work("minutes_each", "touch_minutes_median", title=_("Each"), decimals=1),
    _of_record("waiting_hours_median", title=_("Waiting, median")),
    _of_record("rework_share"),
    _of_work("people", "people"),
    _of_record("bus_factor_90", optional=True),
    _of_record("handoff_share", optional=True),
    _of_record("touch_minutes_p90", title=_("Each, 90th percentile"), optional=True),
    Column(
        key="said",
        title=_("Answers"),
        kind="number",
        is_optional=True,
        definition=_("people who said how they see this activity"),
    ),
)
EMPTY = Empty(
    title=_("The inventory is empty"),
    text=_(
        "It lists every activity of every function, with its volume, hours and cost. Upload a work history and it "
        "fills by itself; work without a record is entered by hand."
    ),
    action=_("Upload a work history"),
    url=reverse_lazy("planning:history-new"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Front, middle or back office with its functions, the bars of all offices on one scale."""

    title: Words
    rows: tuple[FunctionRow, ...]
    largest: float


@dataclass(frozen=True, slots=True, kw_only=True)
class InventoryPage:
    figures: tuple[Figure, ...]
    offices: tuple[Office, ...]
    table: Table
    may_edit: bool
    sees_cost: bool
    repricing: Job | None


@require_safe
@allowed(policies.may_read)
def plan(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The stage begins with its inventory."""
    return redirect("planning:inventory")


@require_safe
@allowed(policies.may_read)
def inventory(request: HttpRequest, actor: Actor) -> HttpResponse:
    sees_cost = disclosed_fields(actor, policies.ACTIVITY).shows("cost_per_month")
    rows = functions_of(actor)
    totals = totals_of(rows)
    columns = (*BASE[:6], _cost(totals), *BASE[6:]) if sees_cost else BASE
    state = tables.read_state(request.GET, columns=columns, sort="-hours_per_month")
    table = tables.from_queryset(
        activities_of(actor), name="activities", columns=columns, state=state, empty=EMPTY
    )
    if state.export:
        return tables.file_response(table=table, filename="inventory.csv")
    page = InventoryPage(
        figures=_figures(totals, sees_cost=sees_cost),
        offices=_offices(rows),
        table=table,
        may_edit=policies.may_edit(actor),
        sees_cost=sees_cost,
        repricing=repricing_of(actor) if sees_cost else None,
    )
    return render(request, "planning/inventory.html", {"page": page})


def _cost(totals: Totals) -> Column:
    """With the currency in its head; where there are several, beneath each amount."""
    if len(totals.currencies) > 1:
        return replace(COST, detail=lambda row: row.currency)
    return replace(COST, unit=totals.currency)


def _offices(rows: tuple[FunctionRow, ...]) -> tuple[Office, ...]:
    largest = max((row.hours or 0.0 for row in rows), default=0.0)
    by_office = {
        title: tuple(row for row in rows if row.office == office and row.activities)
        for office, title in Function.Office.choices
    }
    return tuple(Office(title=title, rows=own, largest=largest) for title, own in by_office.items() if own)


def _figures(totals: Totals, *, sees_cost: bool) -> tuple[Figure, ...]:
    figures = (
        Figure(title=_("Functions"), value=totals.functions, href=reverse("planning:functions")),
        Figure(title=_("Activities"), value=totals.activities, href="#activities"),
        Figure(
            title=_("Work a month"),
            value=totals.hours,
            unit="h",
            definition=_("sum of the touch time a month of all activities"),
            href="?sort=-hours_per_month",
            reason=_("nothing is measured or entered yet"),
        ),
    )
    cost = Figure(
        title=_("Cost a month"),
        value=totals.cost,
        unit=totals.currency,
        decimals=0,
        definition=_("sum of the cost a month of all activities that have one"),
        href="?sort=-cost_per_month",
        reason=_("no rates are set") if len(totals.currencies) < 2 else _("several currencies do not add up"),
        note=totals.cost_note,
    )
    return (*figures, cost) if sees_cost else figures


def _activities(row: FunctionRow) -> str:
    return f"{reverse('planning:inventory')}?{row.query}#activities"


FUNCTION_COLUMNS = (
    Column(key="name", title=_("Function"), href=_activities),
    Column(key="office", title=_("Office"), value=lambda row: row.office_title),
    Column(key="activities", title=_("Activities"), kind="number", href=_activities),
    Column(
        key="hours",
        title=_("Work a month"),
        kind="number",
        unit="h",
        decimals=1,
        definition=_("sum of the touch time a month of all activities"),
        bar=True,
        href=_activities,
    ),
    Column(key="description", title=_("What it does"), sortable=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionsPage:
    table: Table
    may_edit: bool


@require_safe
@allowed(policies.may_read)
def functions(request: HttpRequest, actor: Actor) -> HttpResponse:
    columns = _function_columns(may_edit=policies.may_edit(actor))
    state = tables.read_state(request.GET, columns=columns, sort="-hours")
    empty = Empty(
        title=_("No functions yet"),
        text=_("Accounting, payroll, service desk: what the company's work belongs to."),
    )
    table = tables.from_rows(functions_of(actor), name="functions", columns=columns, state=state, empty=empty)
    if state.export:
        return tables.file_response(table=table, filename="functions.csv")
    page = FunctionsPage(table=table, may_edit=policies.may_edit(actor))
    return render(request, "planning/functions.html", {"page": page})


def _function_columns(*, may_edit: bool) -> tuple[Column, ...]:
    """A name leads who may change the function to it, and everybody else to what is done in it."""
    name, *others = FUNCTION_COLUMNS
    if may_edit:
        name = replace(name, href=lambda row: reverse("planning:function", args=(row.pk,)))
    return (name, *others)


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionPage:
    form: FunctionForm
    function: Function | None


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(policies.may_edit)
def function_new(request: HttpRequest, actor: Actor) -> HttpResponse:
    form = FunctionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.add_function(actor=actor, now=clock(), **form.cleaned_data)
        except operations.NameTaken as error:
            form.add_error("name", str(error))
        else:
            return redirect("planning:functions")
    page = FunctionPage(form=form, function=None)
    return render(request, "planning/function.html", {"page": page}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(policies.may_edit)
def function_edit(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    function = get_object_or_404(Function.objects.visible_to(actor), pk=pk)
    form = FunctionForm(request.POST or None, instance=function)
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_function(actor=actor, now=clock(), function=function, **form.cleaned_data)
        except operations.NameTaken as error:
            form.add_error("name", str(error))
        else:
            return redirect("planning:functions")
    page = FunctionPage(form=form, function=function)
    return render(request, "planning/function.html", {"page": page}, status=422 if form.errors else 200)


@require_POST
@allowed(policies.may_edit)
def function_removal(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    function = get_object_or_404(Function.objects.visible_to(actor), pk=pk)
    try:
        operations.remove_function(actor=actor, now=clock(), function=function)
    except operations.StillInUse as error:
        messages.error(request, str(error))
        return redirect("planning:function", pk=pk)
    messages.success(request, gettext("“%(name)s” is removed.") % {"name": function.name})
    return redirect("planning:functions")
