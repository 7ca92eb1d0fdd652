"""The board of whoever leads a team, and work given to somebody by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from backdesk.parties.web.acting import allowed, clock
from backdesk.platform.actor import Actor
from backdesk.platform.errors import Refused
from backdesk.platform.web import tables
from backdesk.platform.web.figures import Figure
from backdesk.platform.web.parts import Empty, Status
from backdesk.platform.web.tables import BulkAction, Column, Table
from backdesk.platform.web.words import Words
from backdesk.work import policies
from backdesk.work.models import Step
from backdesk.work.operations.taking import reassign
from backdesk.work.queries import board as queries
from backdesk.work.queries.board import Board, Load
from backdesk.work.web.columns import item_column
from backdesk.work.web.selected import selected
from backdesk.work.web.working import due_of

_TOLD = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Hour:
    title: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardPage:
    figures: tuple[Figure, ...]
    people: Table
    soon: Table
    held: Table
    hours: tuple[Hour, ...]
    now: datetime

    @property
    def most(self) -> int:
        return max((one.count for one in self.hours), default=0)


class GivingForm(forms.Form):
    person = forms.TypedChoiceField(
        label=gettext_lazy("Give them to"),
        coerce=int,
        help_text=gettext_lazy(
            "Whoever has them in hand now cannot complete them any more; their draft is kept."
        ),
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[int, str]], **given: Any) -> None:
        super().__init__(*args, **given)
        person = self.fields["person"]
        assert isinstance(person, forms.TypedChoiceField)
        person.choices = [("", "–"), *choices]


@dataclass(frozen=True, slots=True, kw_only=True)
class GivingPage:
    form: GivingForm
    steps: tuple[Step, ...]
    people: int


@require_safe
@allowed(policies.may_lead_queue)
def board(request: HttpRequest, actor: Actor) -> HttpResponse:
    now = clock()
    day = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    found = queries.board(actor=actor, now=now, day_began_at=day)
    people = _people(request, found)
    if people.state.export:
        return tables.file_response(table=people, filename="load.csv")
    page = BoardPage(
        figures=_figures(found),
        people=people,
        soon=_steps(
            request, found, now, name="soon", rows=found.soon, caption=_("Due within 4 hours"),
            empty=_("Nothing is due within the next 4 hours"),
        ),
        held=_steps(
            request, found, now, name="held", rows=found.held, caption=_("In hand"),
            empty=_("Nobody has anything in hand"),
        ),
        hours=tuple(Hour(title=f"{hour}:00", count=count) for hour, count in enumerate(found.by_hour) if count),
        now=now,
    )  # fmt: skip
    return render(request, "work/board.html", {"page": page})


@require_POST
@allowed(policies.may_lead_queue)
def giving(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The first time to say to whom, then to give them."""
    steps = selected(request, queries.steps_of(actor))
    if not steps:
        messages.info(request, _("Select what is to be given to somebody first."))
        return redirect("work:board")
    people = queries.entitled_among(actor, steps)
    data = request.POST if "person" in request.POST else None
    form = GivingForm(data, choices=[(one.person_id, one.name) for one in people])
    if data is not None and form.is_valid():
        name = next(one.name for one in people if one.person_id == form.cleaned_data["person"])
        _give(request, actor, steps, form.cleaned_data["person"], name)
        return redirect("work:board")
    page = GivingPage(form=form, steps=tuple(steps), people=len(people))
    return render(request, "work/giving.html", {"page": page}, status=200 if data is None else 422)


def _give(request: HttpRequest, actor: Actor, steps: Sequence[Step], person_id: int, name: str) -> None:
    """Step by step: one they may not be given stays where it is, and holds up no other."""
    given, left = 0, []
    for step in steps:
        try:
            reassign(actor=actor, now=clock(), step_id=step.pk, to_person=person_id)
            given += 1
        except Refused as refusal:
            left.append(f"{step.item.title}: {refusal}")
    if given:
        text = ngettext("%(name)s has %(count)s step more.", "%(name)s has %(count)s steps more.", given)
        messages.success(request, text % {"name": name, "count": given})
    for says in left[:_TOLD]:
        messages.warning(request, says)


def _figures(found: Board) -> tuple[Figure, ...]:
    items = reverse("work:items")
    here = [one for one in found.loads if one.away_until is None]
    return (
        Figure(title=_("Done today"), value=found.done, definition=DONE_TODAY),
        Figure(
            title=_("In hand"),
            value=len(found.held),
            href="#in-hand",
            note=_at_least(len(found.held), queries.MOST_IN_HAND),
        ),
        Figure(
            title=_("Due within 4 hours"),
            value=len(found.soon),
            href=f"{items}?due=soon&sort=due",
            note=_at_least(len(found.soon), queries.SHOWN),
        ),
        Figure(
            title=_("People here"),
            value=len(here),
            note=_away(len(found.loads) - len(here)),
            definition=_(
                "people who may be given work, have some in hand or completed some today, and are not away now"
            ),
        ),
    )


def _at_least(count: int, most: int) -> str:
    return _("at least: the first are counted") if count == most else ""


def _away(count: int) -> str:
    return ngettext("%(count)s is away", "%(count)s are away", count) % {"count": count} if count else ""


def _people(request: HttpRequest, found: Board) -> Table:
    state = tables.read_state(request.GET, columns=LOADS, sort="-held", prefix="p-")
    return tables.from_rows(
        found.loads,
        name="people",
        columns=LOADS,
        state=state,
        caption=_("Load of each person"),
        empty=Empty(
            title=_("Nobody may be given work yet"),
            text=_(
                "People are, who have the skills a task asks for and have read the procedure of its service."
            ),
            action=_("See who has which skill"),
            url=reverse("organisation:people"),
        ),
    )


def _presence(one: Load) -> Status:
    if one.away_until is not None:
        return Status(kind="neutral", word=_("away"))
    if not one.queues:
        return Status(kind="warn", word=_("in no queue"))
    return Status(kind="good", word=_("here"))


def _steps(
    request: HttpRequest,
    found: Board,
    now: datetime,
    *,
    name: str,
    rows: Sequence[Step],
    caption: Words,
    empty: Words,
) -> Table:
    columns = _step_columns(found, now)
    return tables.from_rows(
        rows,
        name=name,
        columns=columns,
        state=tables.read_state(request.GET, columns=columns, prefix=f"{name}-"),
        caption=caption,
        empty=Empty(title=empty),
        row_id=lambda step: str(step.pk),
        bulk=(BulkAction(title=_("Give to somebody"), url=reverse("work:giving")),),
    )


def _step_columns(found: Board, now: datetime) -> tuple[Column, ...]:
    return (
        replace(item_column(key="title", detail=lambda step: step.item.service.name), filter=None),
        Column(key="task", title=gettext_lazy("Task"), value=lambda step: step.route.name),
        Column(
            key="due", title=gettext_lazy("Due"), kind="status", value=lambda step: due_of(step.item, now),
            sortable=False,
        ),
        Column(
            key="with",
            title=gettext_lazy("With"),
            value=lambda step: found.names.get(step.holder_id) if step.state == Step.State.TAKEN else None,
            reason=gettext_lazy("nobody has it in hand"),
        ),
        Column(
            key="taken_at",
            title=gettext_lazy("Since"),
            kind="time",
            value=lambda step: step.taken_at if step.state == Step.State.TAKEN else None,
            reason=gettext_lazy("nobody has it in hand"),
        ),
    )  # fmt: skip


DONE_TODAY = gettext_lazy("steps that people of your company completed since the day began where you are")
LOADS = (
    Column(
        key="person",
        title=gettext_lazy("Person"),
        value=lambda one: one.person.name,
        href=lambda one: f"{reverse('work:items')}?holder={one.person.person_id}",
        filter="contains",
    ),
    Column(key="here", title=gettext_lazy("Here"), kind="status", value=_presence, sortable=False),
    Column(
        key="held",
        title=gettext_lazy("In hand"),
        kind="number",
        bar=True,
        value=lambda one: len(one.held),
    ),
    Column(
        key="since",
        title=gettext_lazy("Longest since"),
        kind="time",
        value=lambda one: one.since,
        reason=gettext_lazy("nothing is in hand"),
    ),
    Column(
        key="overdue", title=gettext_lazy("Overdue in hand"), kind="number",
        value=lambda one: one.overdue,
    ),
    Column(
        key="done", title=gettext_lazy("Done today"), kind="number", bar=True,
        value=lambda one: one.done, definition=DONE_TODAY,
    ),
    Column(
        key="touch",
        title=gettext_lazy("Touch time today"),
        kind="duration",
        value=lambda one: one.touch_seconds or None,
        definition=gettext_lazy("time somebody was at the item, idleness taken out, of what was completed today"),
        reason=gettext_lazy("nothing was completed yet"),
    ),
    Column(
        key="given_back",
        title=gettext_lazy("Given back"),
        kind="number",
        value=lambda one: one.given_back,
        definition=gettext_lazy("today, to the queue, with a reason that stands with the item"),
    ),
    Column(
        key="chosen",
        title=gettext_lazy("Picked"),
        kind="number",
        value=lambda one: one.chosen,
        definition=gettext_lazy("today, instead of the next in turn, where the service lets people choose"),
    ),
    Column(
        key="queues", title=gettext_lazy("Queues"), kind="number",
        value=lambda one: one.queues, is_optional=True,
        definition=gettext_lazy("of which they may be given work"),
    ),
)  # fmt: skip
