"""Scorecards of services, the items behind each figure, how the work flows, and the record it all rests on."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

import polars as pl
from django.core.exceptions import ObjectDoesNotExist
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from backdesk.evidence import charts, eventlog
from backdesk.evidence.measures import SERVICE_CATALOGUE
from backdesk.parties.queries.participants import names_of_companies
from backdesk.parties.web.acting import allowed, clock
from backdesk.platform.actor import Actor
from backdesk.platform.web import formats, tables
from backdesk.platform.web.figures import Figure
from backdesk.platform.web.parts import Empty, Tab
from backdesk.platform.web.tables import Column, Table
from backdesk.supervision import policies
from backdesk.supervision.queries import maps
from backdesk.supervision.queries import scorecard as cards
from backdesk.supervision.queries.scorecard import Scorecard
from backdesk.supervision.web import ageing, wording
from backdesk.work.queries import judging
from backdesk.work.queries.periods import today
from backdesk.work.queries.record import OBJECTS, ServiceRecord, record_of, snapshots_of, step_log
from backdesk.work.web import counted
from backdesk.work.web.periods import Period, day_of, period_of

_Found = TypeVar("_Found")

WIDTH: Final = 460
FORMS: Final[Mapping[str, tuple[str, str]]] = {
    "ocel.json": ("application/json", "OCEL 2.0"),
    "ocel.sqlite": ("application/vnd.sqlite3", "OCEL 2.0, SQLite"),
    "xes": ("application/xml", "XES"),
    "csv": ("text/csv", "CSV"),
    "parquet": ("application/vnd.apache.parquet", "Parquet"),
}
_SUFFIX: Final = {"ocel.json": ".json", "ocel.sqlite": ".sqlite"}
_PATHS: Final = {"few": 0.05, "some": 0.2, "all": 1.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    title: str
    svg: SafeString


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorecardsPage:
    """`partners`: all services of one together, where somebody does several."""

    table: Table
    partners: Table | None
    as_of: datetime | None
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorecardPage:
    record: ServiceRecord
    between: str
    period: Period
    figures: tuple[Figure, ...]
    pictures: tuple[Picture, ...]
    ages: tuple[ageing.Age, ...]
    table: Table
    now: datetime

    @property
    def lies_something(self) -> bool:
        return any(age.items for age in self.ages)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemsPage:
    record: ServiceRecord
    title: str
    first: date
    last: date
    table: Table
    tabs: tuple[Tab, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MapPage:
    record: ServiceRecord
    drawn: maps.Drawn
    tabs: tuple[Tab, ...]
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPage:
    record: ServiceRecord
    forms: tuple[tuple[str, str], ...]
    table: Table
    now: datetime


@require_safe
@allowed(policies.may_supervise)
def scorecards(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    now = clock()
    found = cards.scorecards(actor=actor, now=now)
    columns = _overview_columns(actor, found)
    state = tables.read_state(request.GET, columns=columns, sort="service")
    empty = Empty(
        title=_("No service is in use yet"),
        text=_("A service that was agreed and published shows here how it goes, from its first item on."),
        action=_("See the services"),
        url=reverse("work:services"),
    )
    table = tables.from_rows(found, name="services", columns=columns, state=state, empty=empty)
    if table.state.export:
        return tables.file_response(table=table, filename="scorecards.csv")
    as_of = found[0].record.as_of if found else None
    page = ScorecardsPage(table=table, partners=_partners(actor, found), as_of=as_of, now=now)
    return render(request, "supervision/scorecards.html", {"page": page})


@require_safe
@allowed(policies.may_supervise)
def scorecard(request: HttpRequest, actor: Actor, pk: int) -> HttpResponseBase:
    now, record = clock(), _record(actor, pk)
    period = period_of(request.GET, today=today(record, now))
    card = cards.scorecard_of(record=record, every=period.every, now=now, last=period.last)
    columns = wording.columns(card)
    state = tables.read_state(request.GET, columns=columns, sort="-period")
    table = tables.from_frame(card.figures, name="periods", columns=columns, state=state)
    if table.state.export:
        return tables.file_response(table=table, filename="scorecard.csv")
    service = card.record.service
    names = names_of_companies([service.client_id, service.provider_id])
    page = ScorecardPage(
        record=card.record,
        between=_("%(provider)s for %(client)s")
        % {"provider": names[service.provider_id], "client": names[service.client_id]},
        period=period,
        figures=wording.figures_of(card),
        pictures=_pictures(actor, card),
        ages=ageing.ages_of(card),
        table=table,
        now=now,
    )
    return render(request, "supervision/scorecard.html", {"page": page})


@require_safe
@allowed(policies.may_supervise)
def items(request: HttpRequest, actor: Actor, pk: int) -> HttpResponseBase:
    """Those a figure counts: the address says which figure, and of which days."""
    record, now = _record(actor, pk), clock()
    last = day_of(request.GET.get("until"), today(record, now))
    first = day_of(request.GET.get("from"), last.replace(day=1))
    count = request.GET.get("count", "open_items")
    try:
        found = judging.items_behind(record, count, first=first, last=last, now=now)
    except judging.UnknownCount as error:
        raise Http404(str(error)) from error
    if count == "open_items":
        found = ageing.lying(found, request.GET.get("lying", ""), record.as_of or now)
    table = counted.table_of(actor, found, request.GET)
    if table.state.export:
        return tables.file_response(table=table, filename="items.csv")
    title = str(counted.TITLES[count])
    tabs = counted.tabs_of(count, request.GET)
    page = ItemsPage(record=record, title=title, first=first, last=last, table=table, tabs=tabs)
    return render(request, "supervision/items.html", {"page": page})


@require_safe
@allowed(policies.may_supervise)
def process_map(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    record = _record(actor, pk)
    asked = request.GET.get("paths", "some")
    share = _PATHS.get(asked, _PATHS["some"])
    titles = {"few": _("Main paths"), "some": _("Usual paths"), "all": _("All paths")}
    page = MapPage(
        record=record,
        drawn=maps.drawn(actor=actor, record=record, paths_share=share),
        tabs=tuple(
            Tab(title=title, url=f"?paths={name}", is_current=_PATHS[name] == share)
            for name, title in titles.items()
        ),
        now=clock(),
    )
    return render(request, "supervision/map.html", {"page": page})


@require_safe
@allowed(policies.may_supervise)
def record(request: HttpRequest, actor: Actor, pk: int) -> HttpResponseBase:
    """What is recorded of the work: the months that are kept, and the whole of it to take along."""
    found = _record(actor, pk)
    rows = snapshots_of(actor=actor, services=[found.service])
    state = tables.read_state(request.GET, columns=_SNAPSHOT_COLUMNS, sort="-month")
    table = tables.from_rows(
        rows,
        name="months",
        columns=_SNAPSHOT_COLUMNS,
        state=state,
        empty=Empty(
            title=_("No month is kept yet"),
            text=_("A month is kept for good three days after it is over, as a file that never changes."),
        ),
    )
    if table.state.export:
        return tables.file_response(table=table, filename="record.csv")
    page = RecordPage(
        record=found,
        forms=tuple((name, title) for name, (_kind, title) in FORMS.items()),
        table=table,
        now=clock(),
    )
    return render(request, "supervision/record.html", {"page": page})


@require_safe
@allowed(policies.may_supervise)
def record_file(request: HttpRequest, actor: Actor, pk: int, form: str) -> FileResponse:
    """The work as a history: every step with its enabling, start and end."""
    if form not in FORMS:
        raise Http404
    found = _record(actor, pk)
    log = step_log(actor=actor, record=found)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"record{_SUFFIX.get(form, f'.{form}')}")
        eventlog.write(log, path=path, objects=OBJECTS)
        file = path.open("rb")  # it stays readable when the folder is gone; the response closes it
    kind, _title = FORMS[form]
    return FileResponse(file, as_attachment=True, filename=f"{found.service.key}.{form}", content_type=kind)


_SNAPSHOT_COLUMNS: Final = (
    Column(key="month", title=gettext_lazy("Month"), kind="date"),
    Column(key="table", title=gettext_lazy("Table"), filter="contains"),
    Column(key="revision", title=gettext_lazy("Revision"), kind="number"),
    Column(key="rows", title=gettext_lazy("Rows"), kind="number"),
    Column(key="sha256", title=gettext_lazy("SHA-256"), value=lambda one: one.sha256[:16] + "…"),
    Column(key="made_at", title=gettext_lazy("Kept"), kind="time"),
)


def _overview_columns(actor: Actor, found: list[Scorecard]) -> tuple[Column, ...]:
    services = [card.record.service for card in found]
    names = names_of_companies({one for row in services for one in (row.client_id, row.provider_id)})
    shown = (
        "received",
        "delivered",
        "open_items",
        "days_to_clear",
        "attainment",
        "first_pass_yield",
        "accuracy",
    )
    return (
        Column(
            key="service",
            title=_("Service"),
            filter="contains",
            value=lambda card: card.record.service.name,
            href=lambda card: reverse("supervision:scorecard", args=(card.record.service.pk,)),
        ),
        Column(
            key="partner",
            title=_("With"),
            filter="contains",
            value=lambda card: names[_partner(actor, card)],
        ),
        *(_of_card(one) for one in shown),
    )


def _partner(actor: Actor, card: Scorecard) -> int:
    service = card.record.service
    is_client = service.client_id == actor.organisation_id
    return int(service.provider_id if is_client else service.client_id)


def _of_card(name: str) -> Column:
    measure, kinds = SERVICE_CATALOGUE[name], {"%": "share"}
    kind: Any = kinds.get(measure.unit, "number")
    return Column(
        key=name,
        title=_(measure.title),
        kind=kind,
        decimals=1 if measure.unit == "days" else None,
        unit=_("days") if measure.unit == "days" else "",
        definition=_(measure.definition),
        limits=_(measure.limits),
        reason=wording.REASONS.get(name, ""),
        value=lambda card: card.present[name],
        href=lambda card: wording.address(card, name, card.present["period"]),
        detail=lambda card: wording.rests_on(card.present, name),
    )


def _partners(actor: Actor, found: list[Scorecard]) -> Table | None:
    rows = cards.by_partner(actor, found)
    if len(rows) == len(found):
        return None
    names = names_of_companies([row["partner"] for row in rows])
    shown = (
        "received",
        "delivered",
        "open_items",
        "backlog_hours",
        "attainment",
        "first_pass_yield",
        "accuracy",
    )
    who = Column(key="partner", title=_("With"), value=lambda row: names[row["partner"]], sortable=False)
    return Table(
        name="partners",
        columns=(who, *(wording.partner_column(one) for one in shown)),
        rows=rows,
        total=len(rows),
        state=tables.State(),
        caption=_("All services together"),
        can_export=False,
        can_choose_columns=False,
    )


def _pictures(actor: Actor, card: Scorecard) -> tuple[Picture, ...]:
    targets = cards.targets_of(actor, card.record)
    plans: tuple[tuple[str, Callable[[], Any]], ...] = (
        (
            _("Volume and backlog"),
            lambda: charts.service_flow(
                _linked(card, "received"), every=card.every, width=WIDTH, say=formats.said
            ),
        ),
        (
            _("In time and right"),
            lambda: charts.service_quality(
                _linked(card, "attainment"), every=card.every, targets=targets, width=WIDTH, say=formats.said
            ),
        ),
    )
    return tuple(picture for title, draw in plans if (picture := _drawn(title, draw)))


def _linked(card: Scorecard, figure: str) -> pl.DataFrame:
    """Each period with the address of the items behind the figure."""
    addresses = [wording.address(card, figure, first) for first in card.figures["period"]]
    return card.figures.with_columns(href=pl.Series(addresses, dtype=pl.String))


def _drawn(title: str, draw: Callable[[], Any]) -> Picture | None:
    try:
        svg = mark_safe(charts.svg(draw()))  # noqa: S308  our own drawing, names escaped
    except charts.NothingToChart:
        return None
    return Picture(title=title, svg=svg)


def _record(actor: Actor, pk: int) -> ServiceRecord:
    return _or_404(lambda: record_of(actor=actor, service_id=pk))


def _or_404(find: Callable[[], _Found]) -> _Found:
    try:
        return find()
    except ObjectDoesNotExist as error:
        raise Http404 from error
