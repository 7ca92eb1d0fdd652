"""How the work of a history flows: as a map of what follows what, and as a model of it."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from backdesk.parties.web.acting import allowed
from backdesk.planning import policies
from backdesk.planning.models import WorkHistory
from backdesk.planning.queries import maps
from backdesk.planning.web.map_forms import HandoversForm, MapForm, ModelForm, SelectionForm
from backdesk.platform.actor import Actor
from backdesk.platform.web.parts import Tab


@dataclass(frozen=True, slots=True, kw_only=True)
class MapPage:
    history: WorkHistory
    form: MapForm
    drawn: maps.Drawn
    handed_over: bool
    tabs: tuple[Tab, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelPage:
    history: WorkHistory
    form: ModelForm
    drawn: maps.DrawnModel
    tabs: tuple[Tab, ...]
    file_url: str


@require_safe
@allowed(policies.may_read)
def process_map(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    history = _history(actor, pk)
    form = MapForm(request.GET, known=maps.known(history), zone=history.summary["zone"])
    asked = form.asked()
    page = MapPage(
        history=history,
        form=form,
        drawn=maps.drawn(actor, history, asked),
        handed_over=asked.handed_over,
        tabs=tabs(request, history, form),
    )
    return render(request, "planning/map.html", {"page": page})


@require_safe
@allowed(policies.may_read)
def process_model(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    history = _history(actor, pk)
    form = ModelForm(request.GET, known=maps.known(history), zone=history.summary["zone"])
    drawn = maps.drawn_model(history, form.asked())
    if request.GET.get("export") == "bpmn" and drawn.bpmn:
        return _file(drawn.bpmn)
    given = request.GET.copy()
    given["export"] = "bpmn"
    page = ModelPage(
        history=history,
        form=form,
        drawn=drawn,
        tabs=tabs(request, history, form),
        file_url=f"?{given.urlencode()}",
    )
    return render(request, "planning/model.html", {"page": page})


def _history(actor: Actor, pk: int) -> WorkHistory:
    """A work history that has been read."""
    return get_object_or_404(WorkHistory.objects.visible_to(actor).read(), pk=pk)


def _file(bpmn: bytes) -> HttpResponse:
    headers = {
        "Content-Disposition": 'attachment; filename="model.bpmn"',
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(bpmn, content_type="application/xml", headers=headers)


def tabs(request: HttpRequest, history: WorkHistory, form: SelectionForm) -> tuple[Tab, ...]:
    """The other views of the same cases."""
    kept = request.GET.copy()
    for name in set(kept) - {"function", *form.SELECTING}:
        del kept[name]
    same = f"?{kept.urlencode()}" if kept else ""
    views = (
        (_("As it flows"), "planning:history-map", MapForm),
        (_("As a model"), "planning:history-model", ModelForm),
        (_("From hand to hand"), "planning:history-handovers", HandoversForm),
    )
    return tuple(
        Tab(title=title, url=reverse(name, args=(history.pk,)) + same, is_current=isinstance(form, kind))
        for title, name, kind in views
    )
