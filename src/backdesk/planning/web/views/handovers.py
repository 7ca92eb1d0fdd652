"""Who hands work to whom in a work history: a matrix of those who do it most, and every pair."""

from dataclasses import dataclass

import polars as pl
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from backdesk.parties.web.acting import allowed
from backdesk.planning import policies
from backdesk.planning.models import WorkHistory
from backdesk.planning.queries import maps
from backdesk.planning.queries.handovers import betweens, handovers_of
from backdesk.planning.web.figures import is_estimated, measured_column, measured_figure
from backdesk.planning.web.map_forms import HandoversForm, SelectionForm
from backdesk.planning.web.views.maps import tabs
from backdesk.platform.actor import Actor
from backdesk.platform.web import tables
from backdesk.platform.web.figures import Figure
from backdesk.platform.web.parts import Empty, Tab
from backdesk.platform.web.tables import Column, Table

MOST = 12
SHADES = 6
EMPTY = Empty(
    title=_("No handover"), text=_("In these cases nobody took up what somebody else had done before.")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """`shade`: from 0 (none) to `SHADES` (the most there is)."""

    handovers: int
    shade: int
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Those who hand over and take over most, givers down and takers across; `left_out`: how many others there are."""

    names: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell | None, ...]], ...]
    left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoversPage:
    """`matrix` and `table`: where anybody to hand over between can be seen."""

    history: WorkHistory
    form: HandoversForm
    tabs: tuple[Tab, ...]
    figures: tuple[Figure, ...] = ()
    matrix: Matrix | None = None
    table: Table | None = None


@require_safe
@allowed(policies.may_read)
def handovers(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Givers and takers, those of most handovers first."""
    history = get_object_or_404(WorkHistory.objects.visible_to(actor).read(), pk=pk)
    form = handovers_form(request, actor, history)
    page = HandoversPage(history=history, form=form, tabs=tabs(request, history, form))
    if (asked := form.asked()) is not None:
        page = _filled(request, page, handovers_of(actor, history, asked))
        if page.table and page.table.state.export:
            return tables.file_response(table=page.table, filename="handovers.csv")
    return render(request, "planning/handovers.html", {"page": page})


def handovers_form(request: HttpRequest, actor: Actor, history: WorkHistory) -> HandoversForm:
    """Of what the actor may see: the address says which of it."""
    return HandoversForm(
        request.GET,
        known=maps.known(history),
        zone=history.summary["zone"],
        betweens=betweens(actor, history),
    )


def _filled(request: HttpRequest, page: HandoversPage, found: pl.DataFrame) -> HandoversPage:
    steps = _Steps(page.history, page.form)
    columns = _columns(steps, estimated=is_estimated(page.history.summary))
    state = tables.read_state(request.GET, columns=columns, sort="-handovers")
    return HandoversPage(
        history=page.history,
        form=page.form,
        tabs=page.tabs,
        figures=_figures(found, steps),
        matrix=_matrix(found, steps),
        table=tables.from_frame(found, name="handovers", columns=columns, state=state, empty=EMPTY),
    )


class _Steps:
    """Addresses of the steps behind figures: of the same cases, between the same."""

    def __init__(self, history: WorkHistory, form: HandoversForm) -> None:
        self._place = reverse("planning:history-steps", args=(history.pk,))
        kept = {name: form.data.get(name) for name in ("between", *SelectionForm.SELECTING)}
        chosen = {name: value for name, value in kept.items() if value}
        self._kept = {**chosen, "function": form.function_asked}

    def __call__(self, **asked: str) -> str:
        return f"{self._place}?{urlencode({**self._kept, **asked})}"


def _figures(found: pl.DataFrame, steps: _Steps) -> tuple[Figure, ...]:
    handed, returned = (int(found[name].sum()) for name in ("handovers", "returned"))
    return (
        measured_figure("handovers", handed, decimals=0, href=steps()),
        measured_figure("returned", returned, decimals=0, href=steps(came_back="yes")),
        measured_figure(
            "returned_share",
            returned / handed if handed else None,
            decimals=1,
            href=steps(came_back="yes"),
            reason=_("nothing was handed over"),
        ),
    )


def _columns(steps: _Steps, *, estimated: bool) -> tuple[Column, ...]:
    def pair(row: tables.Row, **more: str) -> str:
        return steps(giver=str(row["giver"]), taker=str(row["taker"]), **more)

    def returned(row: tables.Row) -> str:
        return pair(row, came_back="yes") if row["returned"] else ""

    return (
        Column(key="giver", title=_("From"), filter="contains", href=pair),
        Column(key="taker", title=_("To"), filter="contains"),
        measured_column("handovers", filter="at-least", bar=True, href=pair),
        Column(key="cases", title=_("Cases"), kind="number", filter="at-least", href=pair),
        measured_column(
            "handover_hours_median",
            filter="at-least",
            href=lambda row: pair(row, sort="-waiting_working_s"),
            estimated=estimated,
        ),
        measured_column("returned", filter="at-least", href=returned),
        measured_column("returned_share", href=returned),
        measured_column("crossing_share", is_optional=True),
    )


def _matrix(found: pl.DataFrame, steps: _Steps) -> Matrix | None:
    """Of those who give and take most; None where nothing is handed over."""
    if found.is_empty():
        return None
    counts = {
        (str(giver), str(taker)): n for giver, taker, n in found.select("giver", "taker", "handovers").rows()
    }
    taking_part: dict[str, int] = {}
    for (giver, taker), count in counts.items():
        taking_part[giver] = taking_part.get(giver, 0) + count
        taking_part[taker] = taking_part.get(taker, 0) + count
    names = sorted(taking_part, key=lambda name: (-taking_part[name], name))[:MOST]
    most = max(counts.values())

    def cell(giver: str, taker: str) -> Cell | None:
        count = counts.get((giver, taker), 0)
        shade = -(-count * SHADES // most)
        return (
            None
            if giver == taker
            else Cell(handovers=count, shade=shade, url=steps(giver=giver, taker=taker))
        )

    return Matrix(
        names=tuple(names),
        rows=tuple((giver, tuple(cell(giver, taker) for taker in names)) for giver in names),
        left_out=len(taking_part) - len(names),
    )
