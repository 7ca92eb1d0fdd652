"""Items whose right answer is known: waiting, come in, and what came of them. For the client alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backdesk.desks import services
from backdesk.desks.services import Schema
from backdesk.parties.web.acting import allowed, clock, tell
from backdesk.platform.actor import Actor
from backdesk.platform.errors import Refused
from backdesk.platform.web import tables
from backdesk.platform.web.parts import Empty, Status, Tab
from backdesk.platform.web.tables import Column, Table
from backdesk.work import policies
from backdesk.work.models import GoldCase, Service
from backdesk.work.operations import gold as verbs
from backdesk.work.queries import quality
from backdesk.work.queries.compiled import compiled
from backdesk.work.web.entry import blocks, reading
from backdesk.work.web.entry.blocks import EntryForm, Message
from backdesk.work.web.entry.facts import Told, facts
from backdesk.work.web.entry.reading import Texts
from backdesk.work.web.quality import places
from backdesk.work.web.selected import selected

_NOTHING = Empty(
    title=gettext_lazy("No gold yet"),
    text=gettext_lazy(
        "Add items you know the right answer of. Some come in after others, and nobody who does them can tell."
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldPage:
    table: Table
    services: tuple[Service, ...]
    tabs: tuple[Tab, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGoldPage:
    """First what is given, then the right answer; `given` is the first as it is carried through the second."""

    service: Service
    title: str
    form: EntryForm
    given: str
    told: tuple[Told, ...]
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Typed:
    """The texts of the form, what is wrong with them, and of the whole."""

    texts: Texts = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    adding: str = ""
    problem: str = ""


@require_safe
@allowed(policies.may_define)
def gold(request: HttpRequest, actor: Actor) -> HttpResponse:
    errors = quality.errors_in_gold(actor)
    columns = (
        Column(
            key="title",
            title=gettext_lazy("Case"),
            value=_title,
            field="title",
            href=lambda row: reverse("work:item", args=(row.item_id,)) if row.item_id else "",
            detail=lambda row: row.service.name,
        ),
        Column(
            key="state",
            title=gettext_lazy("State"),
            kind="status",
            value=lambda row: _state(row, errors),
            sortable=False,
        ),
        Column(key="seeded_at", title=gettext_lazy("Came in"), kind="time", reason=_("it waits")),
        Column(key="made_at", title=gettext_lazy("Added"), kind="time"),
    )
    state = tables.read_state(request.GET, columns=columns, sort="-made_at")
    table = tables.from_queryset(
        quality.cases_of(actor), name="gold", columns=columns, state=state,
        caption=gettext_lazy("Gold"), empty=_NOTHING, row_id=lambda row: str(row.pk),
        bulk=(tables.BulkAction(title=gettext_lazy("Withdraw"), url=reverse("work:quality-gold-withdrawals")),),
    )  # fmt: skip
    if state.export:
        return tables.file_response(table=table, filename="gold.csv")
    page = GoldPage(
        table=table,
        services=tuple(quality.services_of(actor)),
        tabs=places.tabs(actor, "quality-gold"),
    )
    return render(request, "work/quality/gold.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(policies.may_define)
def gold_new(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """A case of one service: its input first, then as much of the right answer as is known."""
    row = quality.services_of(actor).filter(pk=pk).first()
    if row is None or row.current_id is None:
        raise Http404
    making = _Making(
        request=request,
        actor=actor,
        row=row,
        service=compiled(actor=actor, version_id=row.current_id).service,
    )
    if request.method != "POST":
        return making.shown(_Typed())
    deed, _blank, table = request.POST.get("_row", "").partition(" ")
    if deed:
        return making.shown(making.with_row(deed, table))
    return making.go_on()


@require_POST
@allowed(policies.may_define)
def gold_withdrawals(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Of those selected; one that has come in stays, and says so."""
    for case in selected(request, quality.cases_of(actor)):
        _withdraw(request, actor, case)
    return HttpResponseRedirect(reverse("work:quality-gold"))


def _withdraw(request: HttpRequest, actor: Actor, case: GoldCase) -> None:
    done = _("“%(title)s” is withdrawn.") % {"title": _title(case)}
    tell(request, lambda: verbs.withdraw_case(actor=actor, now=clock(), case_id=case.pk), done=done)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Making:
    """A case that is being made, as its form was sent."""

    request: HttpRequest
    actor: Actor
    row: Service
    service: services.Service

    @property
    def given(self) -> dict[str, Any] | None:
        """The input, once it was right; None while it is asked for."""
        try:
            kept = json.loads(self.request.POST.get("_given", ""))
        except ValueError:
            return None
        return kept if isinstance(kept, dict) else None

    @property
    def schema(self) -> Schema:
        return self.service.input if self.given is None else _optional(self.service.output)

    @property
    def texts(self) -> dict[str, str]:
        sent = self.request.POST.items()
        return {name: str(text) for name, text in sent if not name.startswith(("_", "csrf"))}

    def with_row(self, deed: str, table: str) -> _Typed:
        if deed == "add":
            return _Typed(texts=self.texts, adding=table)
        name, _dash, row = table.rpartition("-")
        return _Typed(
            texts=reading.without_row(self.texts, name, int(row)) if row.isdecimal() else self.texts
        )

    def go_on(self) -> HttpResponse:
        found = reading.read(self.schema, self.texts, lookups=self.service.lookups)
        if found.problems:
            return self.shown(_Typed(texts=found.texts, problems=found.problems))
        given = self.given
        if given is None:
            return self.shown(_Typed(), given=found.values)
        try:
            verbs.add_case(
                actor=self.actor, now=clock(), service=self.row, values=given, truth=found.values,
                title=self.request.POST.get("_title", "").strip(),
            )  # fmt: skip
        except verbs.InvalidCase as invalid:
            says = [reading.in_words(self.schema, one) for part in invalid.problems.values() for one in part]
            return self.shown(_Typed(texts=found.texts, problem=" ".join(says)))
        except Refused as refusal:
            return self.shown(_Typed(texts=found.texts, problem=str(refusal)))
        messages.success(self.request, _("The case waits for its turn."))
        return HttpResponseRedirect(reverse("work:quality-gold"))

    def shown(self, typed: _Typed, *, given: Mapping[str, Any] | None = None) -> HttpResponse:
        given = given if given is not None else self.given
        schema = self.service.input if given is None else _optional(self.service.output)
        filled = blocks.Filled(
            texts=typed.texts,
            messages={name: (Message(severity="error", text=says),) for name, says in typed.problems.items()},
            sources=blocks.Sources(lookups=self.service.lookups),
            adding=typed.adding,
        )
        page = NewGoldPage(
            service=self.row,
            title=self.request.POST.get("_title", ""),
            form=blocks.form(schema.fields, filled, summary=bool(typed.problems)),
            given="" if given is None else json.dumps(given),
            told=() if given is None else facts(
                self.service.input.fields, given, at="input", lookups=self.service.lookups
            ),
            problem=typed.problem,
        )  # fmt: skip
        is_refused = bool(typed.problem or typed.problems)
        template = "work/quality/gold_new.html"
        return render(self.request, template, {"page": page}, status=422 if is_refused else 200)


def _optional(schema: Schema) -> Schema:
    """The same fields, none of which must be filled: who knows a part of the answer gives that part."""
    document = {name: value for name, value in schema.document.items() if name != "required"}
    return Schema(document=document, fields=tuple(replace(one, required=False) for one in schema.fields))


def _title(case: GoldCase) -> str:
    if case.item is not None:
        return case.item.title
    return case.title or _("Case %(number)s") % {"number": case.pk}


def _state(case: GoldCase, errors: Mapping[int, int]) -> Status:
    if case.withdrawn_at:
        return Status(kind="neutral", word=_("withdrawn"))
    if case.item_id is None:
        return Status(kind="neutral", word=_("waits"))
    if case.compared_at is None:
        return Status(kind="info", word=_("under way"))
    wrong = errors.get(case.item_id, 0)
    if not wrong:
        return Status(kind="good", word=_("right"))
    return Status(kind="bad", word=ngettext("%(count)s error", "%(count)s errors", wrong) % {"count": wrong})
