"""What second eyes found: the list with how much was right, and one finding with its dispute."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import polars as pl
from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from backdesk.desks import services
from backdesk.parties.web.acting import allowed, clock, is_done
from backdesk.platform.actor import Actor
from backdesk.platform.web import tables
from backdesk.platform.web.figures import Figure
from backdesk.platform.web.parts import Empty, Kind, Status, Tab
from backdesk.platform.web.tables import Column, Table
from backdesk.work import policies
from backdesk.work.models import Finding, Inspection, Service
from backdesk.work.operations import findings as verbs
from backdesk.work.queries import judging, quality
from backdesk.work.queries.compiled import compiled
from backdesk.work.queries.people import companies_of, names_of
from backdesk.work.web import counted
from backdesk.work.web.columns import item_column
from backdesk.work.web.periods import Period, day_of, period_of
from backdesk.work.web.quality import measured, places
from backdesk.work.web.quality.second_look import Keyed, keyed_of
from backdesk.work.web.quality.titles import title_at

STATES: Mapping[str, Kind] = {"stands": "neutral", "disputed": "warn", "upheld": "bad", "withdrawn": "good"}
_NOTHING = Empty(
    title=gettext_lazy("No errors found"),
    text=gettext_lazy(
        "What reviews, double keying and returned items bring up stands here, by kind and field."
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What the record says of a period, for who sees whole work."""

    period: Period
    as_of: datetime | None
    figures: tuple[Figure, ...]
    people: Table | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingsPage:
    measured: Measured | None
    table: Table
    tabs: tuple[Tab, ...]
    now: datetime = field(default_factory=clock)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedPage:
    """`of`: the service and the person whose items they are, if the figure is of one."""

    title: str
    of: str
    first: date
    last: date
    table: Table
    tabs: tuple[Tab, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingPage:
    finding: Finding
    category: str
    field: str
    whose: str
    by: str
    origin: str
    state: Status
    disputed_by: str
    answered_by: str
    keyed: Keyed | None
    form: forms.Form | None
    asks: str
    now: datetime


class DisputeForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why it is no error"),
        max_length=1000,
        help_text=gettext_lazy("Who found it reads this and answers."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AnswerForm(forms.Form):
    upheld = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=(
            ("yes", gettext_lazy("It is an error: the finding is upheld")),
            ("no", gettext_lazy("It is none: the finding is withdrawn and counts no more")),
        ),
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=gettext_lazy("Why"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


@require_safe
@allowed(policies.may_read_findings)
def findings(request: HttpRequest, actor: Actor) -> HttpResponse:
    columns = _columns(actor)
    state = tables.read_state(request.GET, columns=columns, sort="-at")
    table = tables.from_queryset(
        quality.findings_for(actor),
        name="findings",
        columns=columns,
        state=state,
        caption=gettext_lazy("Findings"),
        empty=_NOTHING,
    )
    if state.export:
        return tables.file_response(table=table, filename="findings.csv")
    page = FindingsPage(
        measured=_measured(request, actor) if policies.sees_whole(actor) else None,
        table=table,
        tabs=places.tabs(actor, "quality"),
    )
    return render(request, "work/quality/findings.html", {"page": page})


@require_safe
@allowed(policies.sees_whole)
def items(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Those a figure of quality counts: the address says which, of which days, and of whose work."""
    now = clock()
    last = day_of(request.GET.get("until"), now.date())
    first = day_of(request.GET.get("from"), last.replace(day=1))
    count = request.GET.get("count", "judged")
    person, asked, partner = (_number(request.GET.get(name)) for name in ("person", "service", "partner"))
    records = [one for one in judging.records(actor) if _is_asked_for(one.service, asked, partner)]
    if not records:
        raise Http404
    services = {one.service.pk: one.service.name for one in records}
    try:
        found = [
            judging.items_behind(one, count, first=first, last=last, now=now, person=person).with_columns(
                service=pl.lit(one.service.pk)
            )
            for one in records
        ]
    except judging.UnknownCount as error:
        raise Http404(str(error)) from error
    table = counted.table_of(actor, pl.concat(found), request.GET, services=services)
    if table.state.export:
        return tables.file_response(table=table, filename="items.csv")
    whose = [services[asked]] if asked else []
    if person:
        names = names_of(actor, companies_of(one.service for one in records))
        whose.append(names.get(person, _("somebody")))
    page = CountedPage(
        title=str(counted.TITLES[count]),
        of=" · ".join(whose),
        first=first,
        last=last,
        table=table,
        tabs=counted.tabs_of(count, request.GET),
    )
    return render(request, "work/quality/items.html", {"page": page})


def _is_asked_for(service: Service, asked: int | None, partner: int | None) -> bool:
    return asked in (None, service.pk) and partner in (None, service.client_id, service.provider_id)


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(policies.may_read_findings)
def finding(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """One finding; posted to, it is disputed by whose work it is, and decided on by who found it."""
    found = quality.findings_for(actor).filter(pk=pk).first()
    if found is None:
        raise Http404
    form = _form(request, actor, found)
    if request.method == "POST":
        if form is None:
            page = _page(actor, found, None)
            return render(request, "work/quality/finding.html", {"page": page}, status=409)
        if is_done(form, lambda: _do(actor, found, form)):
            return HttpResponseRedirect(request.path)
    page = _page(actor, found, form)
    status = 422 if request.method == "POST" else 200
    return render(request, "work/quality/finding.html", {"page": page}, status=status)


def _measured(request: HttpRequest, actor: Actor) -> Measured:
    now, records = clock(), judging.records(actor)
    period = period_of(request.GET, today=now.date())
    shares = judging.shares(records, first=period.first, last=period.last)
    disputed = quality.findings_for(actor).filter(state=Finding.State.DISPUTED).count()
    to_decide = Figure(
        title=_("Disputes to decide"),
        value=disputed,
        href=f"{reverse('work:quality')}?state=disputed" if disputed else "",
    )
    return Measured(
        period=period,
        as_of=records[0].as_of if records else None,
        figures=(*measured.figures_of(shares, period), to_decide),
        people=measured.by_person(actor, shares, records, period),
    )


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and text.isascii() and len(text) < 19 else None


def _form(request: HttpRequest, actor: Actor, found: Finding) -> forms.Form | None:
    """What the actor may say of it now."""
    data = request.POST if request.method == "POST" else None
    look = found.inspection
    if found.state == Finding.State.STANDS:
        is_open = found.dispute_until is not None and clock() <= found.dispute_until
        if is_open and policies.may_dispute(actor, look.organisation_id, look.person_id):
            return DisputeForm(data)
    decides = policies.may_answer_dispute(actor, look.inspector_organisation_id or found.client_id)
    if found.state == Finding.State.DISPUTED and decides and found.disputed_by_id != actor.person_id:
        return AnswerForm(data)
    return None


def _do(actor: Actor, found: Finding, form: forms.Form) -> object:
    entered = form.cleaned_data
    if isinstance(form, DisputeForm):
        return verbs.dispute(actor=actor, now=clock(), finding_id=found.pk, reason=entered["reason"])
    return verbs.answer_dispute(
        actor=actor,
        now=clock(),
        finding_id=found.pk,
        upheld=entered["upheld"] == "yes",
        answer=entered["answer"],
    )


def _page(actor: Actor, found: Finding, form: forms.Form | None) -> FindingPage:
    service = compiled(actor=actor, version_id=found.item.version_id).service
    names = names_of(actor, {found.client_id, found.provider_id})
    look = found.inspection
    return FindingPage(
        finding=found,
        category=_category(service, found),
        field=_field(service, found),
        whose=names.get(look.person_id or 0, _("somebody")),
        by=names.get(look.inspector_id, _("somebody")) if look.inspector_id else _("Backdesk"),
        origin=look.get_kind_display(),
        state=_status(found),
        disputed_by=names.get(found.disputed_by_id or 0, _("somebody")),
        answered_by=names.get(found.answered_by_id or 0, _("somebody")),
        keyed=keyed_of(actor, found, service),
        form=form,
        asks=_("Dispute it") if isinstance(form, DisputeForm) else _("Decide"),
        now=clock(),
    )


def _columns(actor: Actor) -> tuple[Column, ...]:
    known = _Known(actor)
    return (
        Column(
            key="category",
            title=gettext_lazy("Error"),
            value=known.error,
            href=lambda row: reverse("work:quality-finding", args=(row.pk,)),
            detail=lambda row: row.note,
        ),
        item_column(detail=lambda row: row.service.name),
        Column(
            key="is_critical",
            title=gettext_lazy("Weight"),
            kind="status",
            value=_weight,
            filter="choice",
            choices=(("True", gettext_lazy("critical")), ("False", gettext_lazy("not critical"))),
        ),
        Column(
            key="person",
            title=gettext_lazy("Whose work"),
            value=known.whose,
            field="inspection__person_id",
            sortable=False,
        ),
        Column(
            key="kind",
            title=gettext_lazy("Found by"),
            value=lambda row: row.inspection.get_kind_display(),
            field="inspection__kind",
            filter="choice",
            choices=Inspection.Kind.choices,
        ),
        Column(
            key="state",
            title=gettext_lazy("State"),
            kind="status",
            value=_status,
            filter="choice",
            choices=Finding.State.choices,
        ),
        Column(key="at", title=gettext_lazy("Found"), kind="time"),
    )


class _Known:
    """Names and words, looked up once for all rows."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.names: Mapping[int, str] | None = None

    def whose(self, row: Finding) -> str:
        if self.names is None:
            self.names = names_of(self.actor, {row.client_id, row.provider_id})
        return self.names.get(row.inspection.person_id or 0, _("somebody"))

    def error(self, row: Finding) -> str:
        service = compiled(actor=self.actor, version_id=row.item.version_id).service
        return " · ".join(one for one in (_category(service, row), _field(service, row)) if one)


def _category(service: services.Service, found: Finding) -> str:
    names = {one.key: one.name for one in service.errors}
    if found.category:
        return names.get(found.category, found.category)
    return "" if found.field else _("Returned by the client")


def _field(service: services.Service, found: Finding) -> str:
    return title_at(service.output, found.field) if found.field else ""


def _weight(row: Finding) -> Status:
    if row.is_critical:
        return Status(kind="bad", word=_("critical"))
    return Status(kind="neutral", word=_("not critical"))


def _status(found: Finding) -> Status:
    return Status(kind=STATES[found.state], word=found.get_state_display())
