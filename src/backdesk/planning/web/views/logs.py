"""Into a work history: its steps, cases and rejected rows."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from backdesk.evidence.eventlog.reasons import understood
from backdesk.evidence.measures import CAUSES
from backdesk.parties.web.acting import allowed
from backdesk.planning import policies, records
from backdesk.planning.models import WorkHistory
from backdesk.planning.queries import comparisons
from backdesk.planning.queries.addresses import EXACTLY
from backdesk.planning.queries.handovers import steps_handed_over
from backdesk.planning.web.asked_days import cases_in, days_asked_for, steps_in
from backdesk.planning.web.figures import definition, measured_column
from backdesk.planning.web.sentences import of_deviation
from backdesk.planning.web.views.comparisons import KINDS
from backdesk.planning.web.views.handovers import handovers_form
from backdesk.platform.actor import Actor
from backdesk.platform.disclosure import disclosed_fields
from backdesk.platform.web import formats, tables
from backdesk.platform.web.parts import Empty, Status
from backdesk.platform.web.tables import Column, Table
from backdesk.platform.web.words import Words


def _history(actor: Actor, pk: int) -> WorkHistory:
    """A work history that has been read."""
    return get_object_or_404(WorkHistory.objects.visible_to(actor).read().select_related("process"), pk=pk)


def _case_url(pk: int, case: str) -> str:
    return f"{reverse('planning:history-case', args=(pk,))}?{urlencode({'case': case})}"


YES = (("true", _("yes")), ("false", _("no")))


def _yes_no(key: str, *, measure: str, title: Words, optional: bool = False) -> Column:
    """Whether a step counts in the share that the `measure` is."""
    return replace(
        measured_column(measure, title=title, filter="choice", is_optional=optional),
        key=key,
        kind="text",
        choices=YES,
        value=lambda row: None if row[key] is None else (_("yes") if row[key] else _("no")),
    )


def _seconds(key: str, *, measure: str, title: Words, definition: Words, optional: bool = False) -> Column:
    """A step's own length of time, `definition` said of one step; source and limits are those of the `measure`."""
    return replace(
        measured_column(measure, title=title, filter="at-least", is_optional=optional),
        key=key,
        kind="duration",
        unit="",
        decimals=None,
        definition=definition,
        mark=(lambda row: "estimated" if row["start_estimated"] else "")
        if key == "touch_working_s"
        else None,
    )


def _step_columns(actor: Actor, pk: int) -> tuple[Column, ...]:
    columns = (
        Column(key="case", title=_("Case"), filter="contains", href=lambda row: _case_url(pk, row["case"])),
        Column(key="activity", title=_("Activity"), filter="contains"),
        Column(
            key="follows",
            title=pgettext_lazy("step", "After"),
            filter="contains",
            reason=_("the case begins with it"),
        ),
        Column(key="resource", title=_("Person"), filter="contains", reason=_("not recorded")),
        Column(key="team", title=_("Team"), filter="contains", reason=_("not recorded"), is_optional=True),
        Column(key="enabled_at", title=_("Could begin"), kind="time", is_optional=True),
        Column(key="started_at", title=_("Started"), kind="time"),
        Column(key="ended_at", title=_("Ended"), kind="time"),
        _seconds(
            "waiting_working_s",
            measure="waiting_hours",
            title=_("Waited"),
            definition=_("working time from when the step could have begun to its start"),
        ),
        _seconds(
            "touch_working_s",
            measure="touch_hours",
            title=_("Worked"),
            definition=_("working time from start to end"),
        ),
        _seconds(
            "waiting_s",
            measure="waited_hours",
            title=_("Waited, elapsed"),
            definition=_("elapsed time to the start, nights included"),
            optional=True,
        ),
        *(
            _seconds(
                f"{cause}_s",
                measure=f"waited_{cause}_hours",
                title="",
                definition=definition(f"waited_{cause}_hours"),
                optional=True,
            )
            for cause in CAUSES
        ),
        _yes_no("is_rework", measure="rework_share", title=_("Repeat")),
        _yes_no("is_handoff", measure="handoff_share", title=_("Handoff"), optional=True),
        Column(key="line", title=_("Line in the file"), kind="number", is_optional=True),
    )
    return disclosed_fields(actor, policies.STEP).among(columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogPage:
    """`told`: which rows alone these are, where the address says more than the table shows."""

    history: WorkHistory
    table: Table
    told: str = ""


@require_safe
@allowed(policies.may_read)
def steps(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """The steps behind a figure: the address holds which."""
    history = _history(actor, pk)
    columns = _step_columns(actor, pk)
    state = tables.read_state(request.GET, columns=columns, sort="-ended_at")
    disclosed = {column.key for column in columns}
    exactly = {
        name: value
        for name, field in EXACTLY.items()
        if field in disclosed and (value := request.GET.get(name))
    }
    frame, told = _asked_for(request, actor, history)
    asked = days_asked_for(request, history)
    frame, when = steps_in(request, frame, asked) if asked and "ended_at" in disclosed else (frame, "")
    told = " ".join(filter(None, (_exactly_told(exactly), when, told)))
    for name, value in exactly.items():
        frame = frame.filter(pl.col(EXACTLY[name]) == value)
    table = tables.from_frame(
        frame.select(*(one.source_field for one in columns), "start_estimated"),
        name="steps",
        columns=columns,
        state=state,
        empty=Empty(
            title=_("No such step"), text=_("No step of this work history fits; take a filter away.")
        ),
    )
    if state.export:
        return tables.file_response(table=table, filename="steps.csv")
    return render(request, "planning/steps.html", {"page": LogPage(history=history, table=table, told=told)})


def _exactly_told(exactly: Mapping[str, str]) -> str:
    """Which steps alone these are."""
    words = {
        "of": _("Those of “%(name)s”"),
        "after": _("after “%(name)s”"),
        "by": _("done by %(name)s"),
        "in": _("done in the team “%(name)s”"),
    }
    if not exactly:
        return ""
    told = ", ".join(str(words[name]) % {"name": value} for name, value in exactly.items())
    return f"{told[0].upper()}{told[1:]}."


def _asked_for(request: HttpRequest, actor: Actor, history: WorkHistory) -> tuple[pl.LazyFrame, str]:
    """All steps, or those alone that were handed over as the address says; and which these are, in words."""
    asked = None
    if "between" in request.GET:
        asked = handovers_form(request, actor, history).asked()
    if asked is None:
        return records.measured(history), ""
    giver, taker = request.GET.get("giver", ""), request.GET.get("taker", "")
    back = "came_back" in request.GET
    steps = steps_handed_over(actor, history, asked, giver=giver, taker=taker, came_back=back)
    told = _("Handed over from %(giver)s to %(taker)s.") if giver and taker else _("Handed over.")
    words = [
        told % {"giver": giver, "taker": taker},
        _("Those alone that came straight back.") if back else "",
    ]
    return steps, " ".join(map(str, filter(None, words)))


def _case_columns(pk: int) -> tuple[Column, ...]:
    return (
        Column(key="case", title=_("Case"), filter="contains", href=lambda row: _case_url(pk, row["case"])),
        Column(key="arrived_at", title=_("Arrived"), kind="time"),
        Column(key="completed_at", title=_("Completed"), kind="time"),
        Column(key="steps", title=_("Steps"), kind="number", filter="at-least"),
        measured_column("cycle_hours", filter="at-least"),
        measured_column("cycle_working_hours", filter="at-least", is_optional=True),
        measured_column("touch_hours", filter="at-least"),
        measured_column("flow_efficiency"),
        measured_column("handoffs"),
        Column(key="rework_steps", title=_("Repeats"), kind="number", filter="at-least"),
        Column(key="variant", title=_("Variant"), filter="contains", is_optional=True),
    )


@require_safe
@allowed(policies.may_read)
def cases(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    history = _history(actor, pk)
    columns = _case_columns(pk)
    state = tables.read_state(request.GET, columns=columns, sort="-arrived_at")
    frame, told = records.cases(history), ""
    if found := comparisons.comparison(history):
        departed, told = _beside_process(request, found)
        frame = frame if departed is None else frame.filter(pl.col("case").is_in(departed.implode()))
    if asked := days_asked_for(request, history):
        frame, when = cases_in(request, frame, asked)
        told = " ".join(filter(None, (told, when)))
    table = tables.from_frame(frame, name="cases", columns=columns, state=state)
    if state.export:
        return tables.file_response(table=table, filename="cases.csv")
    return render(request, "planning/cases.html", {"page": LogPage(history=history, table=table, told=told)})


def _beside_process(request: HttpRequest, found: comparisons.Comparison) -> tuple[pl.Series | None, str]:
    """Those alone that went as the address says beside the process, and which these are, in words."""
    deviation, activity, fits = (request.GET.get(name, "") for name in ("deviation", "of", "fits"))
    if deviation in KINDS:
        told = _("Those that depart from the process at “%(activity)s”: %(deviation)s.")
        words = {"activity": activity, "deviation": KINDS[deviation]}
        return found.cases_with(kind=deviation, activity=activity), told % words
    if fits == "yes":
        return found.cases_that_fit(fit=True), gettext("Those that went as the process says.")
    if fits == "no":
        return found.cases_that_fit(fit=False), gettext("Those that did not go as the process says.")
    return None, ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    history: WorkHistory
    case: str
    facts: dict[str, Any]
    table: Table
    compared: "Compared | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A case beside the process its work history is compared with."""

    deviations: tuple[str, ...]
    table: Table


@require_safe
@allowed(policies.may_read)
def case(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """One case, step by step."""
    history = _history(actor, pk)
    name = request.GET.get("case", "")
    facts = records.cases(history).filter(pl.col("case") == name).collect()
    if facts.is_empty():
        raise Http404
    columns = tuple(replace(one, filter=None) for one in _step_columns(actor, pk) if one.key != "case")
    state = tables.read_state(request.GET, columns=columns, sort="started_at")
    found = records.measured(history).filter(pl.col("case") == name)
    table = tables.from_frame(found, name="steps", columns=columns, state=state)
    if state.export:
        return tables.file_response(table=table, filename="case.csv")
    page = CasePage(
        history=history,
        case=name,
        facts=facts.row(0, named=True),
        table=table,
        compared=_compared(history, name),
    )
    return render(request, "planning/case.html", {"page": page})


BESIDE = {
    (True, True): Status(kind="good", word=_("As the process says")),
    (True, False): Status(kind="warn", word=_("Not in the process here")),
    (False, True): Status(kind="bad", word=_("Missing in the case")),
}
PAIRS = (
    Column(key="activity", title=_("Activity"), sortable=False),
    Column(key="beside", title=_("Beside the process"), kind="status", sortable=False),
    Column(key="step", title=_("Step"), kind="number", sortable=False, reason=_("not done")),
)


def _compared(history: WorkHistory, case: str) -> Compared | None:
    found = comparisons.comparison(history)
    aligned = found.of_case(case) if found else None
    if aligned is None:
        return None
    pairs, deviations = aligned
    rows = [
        {
            "step": None if pair.step is None else pair.step + 1,
            "activity": pair.activity,
            "beside": BESIDE[pair.step is not None, pair.task is not None],
        }
        for pair in pairs
    ]
    table = Table(
        name="alignment",
        columns=PAIRS,
        rows=rows,
        total=len(rows),
        state=tables.State(),
        can_export=False,
        can_choose_columns=False,
    )
    return Compared(deviations=tuple(map(of_deviation, deviations)), table=table)


REJECTS = (
    Column(key="line", title=_("Line"), kind="number"),
    Column(key="field", title=_("Field"), filter="contains"),
    Column(key="value", title=_("What stands there")),
    Column(
        key="reason",
        title=_("What is wrong, and what would be right"),
        value=lambda row: formats.in_language(understood(row["reason"])),
    ),
)


@require_safe
@allowed(policies.may_read)
def rejects(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    history = _history(actor, pk)
    state = tables.read_state(request.GET, columns=REJECTS, sort="line")
    table = tables.from_frame(
        records.rejects(history),
        name="rejects",
        columns=REJECTS,
        state=state,
        empty=Empty(title=_("Nothing was rejected"), text=_("Every row of the file was read.")),
    )
    if state.export:
        return tables.file_response(table=table, filename="rejected-rows.csv")
    return render(request, "planning/rejects.html", {"page": LogPage(history=history, table=table)})
