"""One activity: what the record says of it, what people say, and what follows."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backdesk.evidence.assessment import CRITERION, Candidate, Criterion, Evidence
from backdesk.evidence.measures import CATALOGUE
from backdesk.parties.web.acting import allowed, clock
from backdesk.planning import operations, policies
from backdesk.planning.models import Activity, Answer, Function
from backdesk.planning.queries import pictures
from backdesk.planning.queries.activities import (
    Neighbour,
    Voices,
    neighbours,
    performers,
    voices,
    waiting_hours,
)
from backdesk.planning.queries.addresses import steps_address, steps_behind, steps_of
from backdesk.planning.queries.candidates import ranked
from backdesk.planning.web.bars import Bars, Part, bars, reach, stacked
from backdesk.planning.web.figures import is_estimated, measured_column, measured_figure
from backdesk.planning.web.forms import ActivityForm, AnswerForm, MoveForm
from backdesk.planning.web.verdicts import STATUS
from backdesk.platform.actor import Actor
from backdesk.platform.disclosure import disclosed_fields
from backdesk.platform.web import formats, tables
from backdesk.platform.web.figures import Figure
from backdesk.platform.web.parts import Status
from backdesk.platform.web.tables import Column, Table

BY_HAND = gettext_lazy("entered by hand: nobody measured it")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What the record says, with the address of the steps behind it, where there are any, and its interval."""

    evidence: Evidence
    address: str
    interval: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One criterion with what the record says and what people say, side by side."""

    criterion: Criterion
    value: float | None
    points: float | None
    recorded: tuple[Recorded, ...]
    said: tuple[Evidence, ...]

    @property
    def title(self) -> str:
        return _(self.criterion.title)

    @property
    def meaning(self) -> str:
        return _(self.criterion.meaning)

    @property
    def question(self) -> str:
        return _(self.criterion.question)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Work that comes from a neighbour or goes to it, with the steps that do."""

    name: str
    steps: int
    share: float
    url: str
    steps_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Why its steps wait: all causes in one bar, and each by itself."""

    bar: SafeString
    causes: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityPage:
    activity: Activity
    candidate: Candidate
    status: Status
    bars: Bars
    figures: tuple[Figure, ...]
    judgements: tuple[Judgement, ...]
    waiting: Waiting | None
    charts: tuple[pictures.Picture, ...]
    before: tuple[Way, ...]
    after: tuple[Way, ...]
    people: Table | None
    voices: Voices
    answered: bool
    may_edit: bool
    may_answer: bool
    steps_url: str


@require_safe
@allowed(policies.may_read)
def activity(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    found = get_object_or_404(
        Activity.objects.visible_to(actor).select_related("function", "history__file", "history__job"), pk=pk
    )
    shown = disclosed_fields(actor, policies.ACTIVITY)
    people = _people(request, found) if found.history and shown.shows("performers") else None
    if people and people.state.export:
        return tables.file_response(table=people, filename="people.csv")
    candidate = ranked(actor, found).candidate
    before, after = neighbours(actor, found)
    said = voices(actor, found)
    page = ActivityPage(
        activity=found,
        candidate=candidate,
        status=STATUS[candidate.verdict],
        bars=bars(candidate, reach=reach([candidate])),
        figures=_figures(found, sees_cost=shown.shows("cost_per_month")),
        judgements=_judgements(found, candidate),
        waiting=_waiting(found),
        charts=pictures.of_activity(found) if found.history else (),
        before=tuple(_way(found, one, source=one.name, target=found.name) for one in before),
        after=tuple(_way(found, one, source=found.name, target=one.name) for one in after),
        people=people,
        voices=said,
        answered=said.own is not None,
        may_edit=policies.may_edit(actor),
        may_answer=policies.may_answer(actor),
        steps_url=steps_of(found),
    )
    return render(request, "planning/activity.html", {"page": page})


def _way(activity: Activity, neighbour: Neighbour, *, source: str, target: str) -> Way:
    assert activity.history_id is not None
    return Way(
        name=neighbour.name,
        steps=neighbour.steps,
        share=neighbour.share,
        url=reverse("planning:activity", args=(neighbour.pk,)) if neighbour.pk else "",
        steps_url=steps_address(activity.history_id, of=target, after=source),
    )


BESIDE_A_CAUSE = ("case", "activity", "follows", "resource", "enabled_at", "started_at", "waiting_s")
"""Columns of the steps behind a cause; the cause's own comes last."""


def _waiting(activity: Activity) -> Waiting | None:
    found = waiting_hours(activity)
    if not found:
        return None
    whole = sum(found.values())
    causes = tuple(
        Part(
            title=_(CATALOGUE[f"waited_{cause}_hours"].title),
            meaning=_(CATALOGUE[f"waited_{cause}_hours"].definition),
            amount=hours,
            share=hours / whole,
            href=steps_of(
                activity, shown={"sort": f"-{cause}_s", "columns": (*BESIDE_A_CAUSE, f"{cause}_s")}
            ),
        )
        for cause, hours in found.items()
    )
    bar = stacked(causes, label=_("Why its steps wait"))  # of all, so that each keeps its shade
    return Waiting(bar=bar, causes=tuple(one for one in causes if one.amount))


FIGURES = (
    ("steps_per_month", 0),
    ("touch_hours_per_month", 1),
    ("touch_minutes_median", 1),
    ("waiting_hours_median", 1),
    ("rework_share", 1),
    ("handoff_share", 0),
    ("people", 0),
    ("bus_factor_90", 0),
)
"""Each with its decimals."""


def _figures(activity: Activity, *, sees_cost: bool) -> tuple[Figure, ...]:
    estimated = is_estimated(activity.figures)
    by_hand = {
        "steps_per_month": activity.steps_per_month,
        "touch_hours_per_month": activity.hours_per_month,
        "touch_minutes_median": activity.minutes_each,
        "people": activity.people,
    }
    values = activity.figures if activity.history_id else by_hand
    figures = [
        measured_figure(
            name,
            values.get(name),
            decimals=decimals,
            href=steps_behind(activity, figure=name),
            estimated=estimated,
            reason=_("the record does not tell") if activity.history_id else BY_HAND,
        )
        for name, decimals in FIGURES
    ]
    if sees_cost:
        figures.append(
            Figure(
                title=_("Cost a month"),
                value=activity.cost_per_month,
                unit=activity.currency,
                decimals=0,
                definition=_("touch time a month x what an hour of whoever did it costs, by the rates"),
                href=reverse("planning:rates"),
                reason=_("no rate applies: set the rates"),
            )
        )
    return tuple(figures)


def _judgements(activity: Activity, candidate: Candidate) -> tuple[Judgement, ...]:
    return tuple(
        Judgement(
            criterion=CRITERION[score.criterion],
            value=score.value,
            points=candidate.contributions.get(score.criterion),
            recorded=tuple(
                Recorded(
                    evidence=one,
                    address=steps_behind(activity, figure=one.figure),
                    interval=_interval(activity, one.figure),
                )
                for one in score.evidence
                if not one.figure.startswith("answers.")
            ),
            said=tuple(one for one in score.evidence if one.figure.startswith("answers.")),
        )
        for score in candidate.scores
    )


def _interval(activity: Activity, figure: str) -> str:
    """Of hours; empty where the record gives none."""
    low, high = (activity.figures.get(f"{figure}_{bound}") for bound in ("low", "high"))
    if low is None or high is None or low == high:
        return ""
    words = _("95\u202f%% interval %(low)s to %(high)s")
    return words % {"low": formats.hours(low), "high": formats.hours(high)}


def _people(request: HttpRequest, activity: Activity) -> Table:
    columns = _people_columns(activity)
    state = tables.read_state(request.GET, columns=columns, sort="-steps")
    return tables.from_rows(performers(activity), name="people", columns=columns, state=state)


def _people_columns(activity: Activity) -> tuple[Column, ...]:
    def behind(figure: str) -> Callable[[tables.Row], str]:
        return lambda row: steps_behind(activity, figure=figure, by=row["resource"])

    return (
        Column(key="resource", title=gettext_lazy("Person"), href=behind("steps")),
        Column(key="team", title=gettext_lazy("Team")),
        Column(key="steps", title=gettext_lazy("Steps"), kind="number", bar=True, href=behind("steps")),
        Column(
            key="share",
            title=gettext_lazy("Share"),
            kind="share",
            definition=gettext_lazy("steps of the person / steps of the activity"),
        ),
        measured_column(
            "touch_minutes_median",
            title=gettext_lazy("Each, median"),
            decimals=1,
            href=behind("touch_minutes_median"),
        ),
        measured_column("rework_share", title=gettext_lazy("Rework"), href=behind("rework_share")),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityFormPage:
    form: MoveForm
    activity: Activity | None
    needs_function: bool
    function_url: str


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(policies.may_edit)
def activity_new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Work without a record, as people estimate it."""
    form = ActivityForm(request.POST or None, functions=Function.objects.visible_to(actor))
    if request.method == "POST" and form.is_valid():
        try:
            added = operations.add_activity(actor=actor, now=clock(), **form.cleaned_data)
        except operations.NameTaken as error:
            form.add_error("name", str(error))
        else:
            return redirect("planning:activity", pk=added.pk)
    return _form_page(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(policies.may_edit)
def activity_edit(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    found = get_object_or_404(Activity.objects.visible_to(actor).select_related("function"), pk=pk)
    functions = Function.objects.visible_to(actor)
    form: MoveForm
    if found.history_id is None:
        form = ActivityForm(request.POST or None, functions=functions, initial=ActivityForm.values_of(found))
    else:
        form = MoveForm(request.POST or None, functions=functions, initial={"function": found.function})
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_activity(actor=actor, now=clock(), activity=found, **form.cleaned_data)
        except operations.NameTaken as error:
            form.add_error("name", str(error))
        else:
            return redirect("planning:activity", pk=pk)
    return _form_page(request, form, found)


def _form_page(request: HttpRequest, form: MoveForm, activity: Activity | None) -> HttpResponse:
    page = ActivityFormPage(
        form=form,
        activity=activity,
        needs_function=not form.fields["function"].queryset.exists(),  # type: ignore[attr-defined]
        function_url=reverse("planning:function-new"),
    )
    return render(request, "planning/activity_form.html", {"page": page}, status=422 if form.errors else 200)


@require_POST
@allowed(policies.may_edit)
def activity_removal(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    found = get_object_or_404(Activity.objects.visible_to(actor), pk=pk)
    try:
        operations.remove_activity(actor=actor, now=clock(), activity=found)
    except operations.StillInUse as error:
        messages.error(request, str(error))
        return redirect("planning:activity", pk=pk)
    messages.success(request, _("“%(name)s” is removed.") % {"name": found.name})
    return redirect("planning:inventory")


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerPage:
    activity: Activity
    form: AnswerForm


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(policies.may_answer)
def answer(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """What the person who is signed in says of the activity; they may say it anew."""
    found = get_object_or_404(Activity.objects.visible_to(actor).select_related("function"), pk=pk)
    own = Answer.objects.visible_to(actor).filter(activity=found, person_id=policies.person(actor)).first()
    form = AnswerForm(request.POST or None, instance=own)
    if request.method == "POST" and form.is_valid():
        operations.answer_activity(
            actor=actor,
            now=clock(),
            activity=found,
            grades={name: form.cleaned_data[name] for name in Answer.GRADES},
            comment=form.cleaned_data["comment"],
        )
        messages.success(
            request, _("Thank you: what you say of “%(name)s” counts now.") % {"name": found.name}
        )
        return redirect("planning:activity", pk=pk)
    page = AnswerPage(activity=found, form=form)
    return render(request, "planning/answer.html", {"page": page}, status=422 if form.errors else 200)
