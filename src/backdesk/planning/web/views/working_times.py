"""When the people of a work history work: the hours found in its record, and who departs from them."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from backdesk.parties.web.acting import allowed, clock
from backdesk.planning import operations, policies
from backdesk.planning.models import WorkHistory
from backdesk.planning.queries.pictures import Picture, of_people
from backdesk.planning.queries.working_times import WorkingTime, working_time_of, working_times_of
from backdesk.planning.web.figures import measured_column, measured_figure
from backdesk.platform.actor import Actor
from backdesk.platform.models import Job
from backdesk.platform.web import tables
from backdesk.platform.web.figures import Figure
from backdesk.platform.web.parts import Empty, Status
from backdesk.platform.web.tables import Column, Table

LEVELS = {"team": _("Team"), "person": _("Person")}
EMPTY = Empty(
    title=_("Nobody to tell apart"), text=_("The record names no team, and nobody you may see by name.")
)
DEPARTS = Status(kind="warn", word=_("Other hours"))
ALIKE = Status(kind="neutral", word=pgettext_lazy("working time", "Alike, or too little seen"))


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingTimePage:
    history: WorkHistory
    told: WorkingTime
    job: Job | None
    """Its reading, where that is under way or went wrong: the figures are those of the one before."""
    figures: tuple[Figure, ...]
    pictures: tuple[Picture, ...]
    table: Table
    departing: int
    may_edit: bool

    @property
    def is_being_read(self) -> bool:
        return self.job is not None and not self.job.is_over


@require_safe
@allowed(policies.may_read)
def working_time(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """The working time found, and teams and people, those first who depart from it."""
    history = _history(actor, pk)
    each = working_times_of(actor, history)
    columns = _columns(pk)
    state = tables.read_state(request.GET, columns=columns, sort="-departs")
    table = tables.from_frame(each, name="working-times", columns=columns, state=state, empty=EMPTY)
    if state.export:
        return tables.file_response(table=table, filename="working-times.csv")
    told = working_time_of(history)
    page = WorkingTimePage(
        history=history,
        told=told,
        job=history.job if history.job and history.job.state != Job.State.DONE else None,
        figures=_figures(pk, told),
        pictures=of_people(history),
        table=table,
        departing=int(each["departs"].sum()),
        may_edit=policies.may_edit(actor),
    )
    return render(request, "planning/working_time.html", {"page": page})


@require_POST
@allowed(policies.may_edit)
def reckonings(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Reckon with the working time found: the history is read anew with it."""
    history = _history(actor, pk)
    try:
        operations.reckon_with_found(actor=actor, now=clock(), history=history)
    except (operations.HistoryBusy, operations.NoOtherWorkingTime) as error:
        messages.error(request, str(error))
        return redirect("planning:history-working-time", pk=pk)
    return redirect("planning:history", pk=pk)


def _history(actor: Actor, pk: int) -> WorkHistory:
    read = WorkHistory.objects.visible_to(actor).read()
    return get_object_or_404(read.select_related("job"), pk=pk)


def _figures(pk: int, told: WorkingTime) -> tuple[Figure, ...]:
    """Of the whole, where its working time can be told."""
    if told.found.calendar is None:
        return ()
    return tuple(
        measured_figure(name, told.whole[name], decimals=decimals, href=_steps(pk))
        for name, decimals in (("calendar_hours", 0), ("calendar_support", 0), ("calendar_confidence", 0))
    )


def _columns(pk: int) -> tuple[Column, ...]:
    def steps(row: tables.Row) -> str:
        return _steps(pk, **{"in" if row["level"] == "team" else "by": row["name"]})

    return (
        Column(key="name", title=_("Who"), filter="contains", href=steps),
        Column(
            key="level",
            title=_("Kind"),
            filter="choice",
            choices=tuple(LEVELS.items()),
            value=lambda row: LEVELS[row["level"]],
        ),
        Column(key="calendar", title=_("Works"), kind="calendar", sortable=False),
        measured_column("outside_share", filter="at-least", bar=True, href=steps),
        Column(
            key="departs",
            title=_("Beside the whole"),
            kind="status",
            value=lambda row: DEPARTS if row["departs"] else ALIKE,
        ),
        measured_column("calendar_hours", title=_("Hours a week"), decimals=0),
        Column(key="days", title=_("Days seen"), kind="number", decimals=0, filter="at-least"),
        measured_column("calendar_support", is_optional=True),
        measured_column("calendar_confidence", is_optional=True),
    )


def _steps(pk: int, **of: str) -> str:
    address = reverse("planning:history-steps", args=(pk,))
    return f"{address}?{urlencode(of)}" if of else address
