"""An item added by hand: the form its service's input is made of, and the documents that come with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from backdesk.desks import services
from backdesk.parties.web.acting import allowed, clock
from backdesk.platform import uploads
from backdesk.platform.actor import Actor
from backdesk.platform.errors import Refused
from backdesk.work import policies
from backdesk.work.models import Document, Item, Service
from backdesk.work.operations.documents import bring_document
from backdesk.work.operations.intake import create_item
from backdesk.work.operations.items import DuplicateItem, InvalidItem
from backdesk.work.queries import item_list
from backdesk.work.queries.compiled import compiled
from backdesk.work.queries.documents import documents_for
from backdesk.work.web.entry import blocks, reading
from backdesk.work.web.entry.blocks import EntryForm, Message
from backdesk.work.web.entry.lookups import Option
from backdesk.work.web.entry.reading import Texts
from backdesk.work.web.views.attaching import uploads_of_fields

#: What of the form is no field has a name no field can have.
OURS = "_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choosing:
    """Which service an item is to be of."""

    services: tuple[Service, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewItemPage:
    service: Service
    form: EntryForm
    brought: tuple[Document, ...]
    limit: int
    languages: tuple[str, ...] = ()
    language: str = ""
    title: str = ""
    problem: str = ""
    existing: Item | None = None

    @property
    def takes_files(self) -> bool:
        """In its fields, each for itself."""
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What the form holds, and what was said of it."""

    texts: Texts = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    adding: str = ""
    problem: str = ""
    existing: Item | None = None


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(policies.may_create)
def item_new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Of the service in the address; where there is just one, of that."""
    open_ones = [one for one in item_list.services_of(actor) if one.state == Service.State.ACTIVE]
    asked = request.GET.get("service", "")
    chosen = [one for one in open_ones if str(one.pk) == asked] if asked else open_ones
    if asked and not chosen:
        raise Http404
    if len(chosen) != 1:
        return render(request, "work/item_choosing.html", {"page": Choosing(services=tuple(chosen))})
    return _of_service(request, actor, chosen[0])


def _of_service(request: HttpRequest, actor: Actor, row: Service) -> HttpResponse:
    form = _Form(request=request, actor=actor, row=row, service=_definition(actor, row))
    if request.method != "POST":
        return form.shown(Typed(), ())
    texts = form.texts()
    brought = form.brought_before()
    try:
        brought = (*brought, *form.brought_now())
        for name, document in form.brought_in_fields():
            brought, texts[name] = (*brought, document), str(document.pk)
        deed, _blank, table = request.POST.get("_row", "").partition(" ")
        if deed:
            return form.shown(_with_rows(texts, deed, table), brought)
        found = reading.read(form.service.input, texts, lookups=form.service.lookups)
        problems = form.without_files_to_come(found.problems, brought)
        if problems:
            return form.shown(Typed(texts=found.texts, problems=problems), brought)
        created = form.create(found.values, brought)
    except InvalidItem as invalid:
        typed = Typed(texts=texts, problems=reading.problems_of(form.service.input, invalid.problems))
    except DuplicateItem as duplicate:
        typed = Typed(texts=texts, problem=str(duplicate), existing=duplicate.existing)
    except Refused as refusal:
        typed = Typed(texts=texts, problem=str(refusal))
    else:
        messages.success(request, _("“%(title)s” was added.") % {"title": created.title})
        again = f"{request.path}?service={row.pk}"
        item = reverse("work:item", args=(created.pk,))
        return HttpResponseRedirect(again if "_again" in request.POST else item)
    return form.shown(typed, brought)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """The form of one service, as it was sent."""

    request: HttpRequest
    actor: Actor
    row: Service
    service: services.Service

    def texts(self) -> dict[str, str]:
        given = self.request.POST.items()
        return {name: str(text) for name, text in given if not name.startswith((OURS, "csrf"))}

    def brought_before(self) -> tuple[Document, ...]:
        """What an earlier try left, which a refused form keeps."""
        asked = [
            int(one) for one in self.request.POST.getlist("_document") if one.isdecimal() and len(one) < 19
        ]
        return tuple(documents_for(self.actor).filter(pk__in=asked, service=self.row, item=None))

    def brought_now(self) -> list[Document]:
        return [self._bring(upload) for upload in self.request.FILES.getlist("_file")]

    def brought_in_fields(self) -> Iterator[tuple[str, Document]]:
        """With the names of the inputs of fields that hold a file."""
        for name, _field, upload in uploads_of_fields(self.request, self.service.input):
            yield name, self._bring(upload)

    def without_files_to_come(
        self, problems: Mapping[str, str], brought: Sequence[Document]
    ) -> dict[str, str]:
        """A field for a file is filled with what was brought."""
        files = (
            {one.input_name() for one in self.service.input.fields if one.type == "file"}
            if brought
            else set()
        )
        return {name: says for name, says in problems.items() if name not in files}

    def create(self, values: Mapping[str, Any], brought: Sequence[Document]) -> Item:
        return create_item(
            actor=self.actor,
            now=clock(),
            service=self.row,
            values=values,
            brought=[one.pk for one in brought],
            title=self.request.POST.get("_title", "").strip(),
            language=self.language,
        )

    def _bring(self, upload: UploadedFile[Any]) -> Document:
        return bring_document(
            actor=self.actor,
            now=clock(),
            service=self.row,
            stream=upload,  # type: ignore[arg-type]  # an upload is read as a stream is
            filename=upload.name or "",
            declared=upload.content_type or "",
            limit=uploads.limit_bytes(),
        )

    @property
    def language(self) -> str:
        """One of those with queues of their own; else none."""
        asked = self.request.POST.get("_language", "")
        return asked if asked in self.languages else ""

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(one.code for one in self.service.taking.languages)

    def shown(self, typed: Typed, brought: Sequence[Document]) -> HttpResponse:
        messages_of = {name: (Message(severity="error", text=says),) for name, says in typed.problems.items()}
        options = tuple(Option(key=str(one.pk), name=one.name) for one in brought)
        filled = blocks.Filled(
            texts=typed.texts,
            messages=messages_of,
            sources=blocks.Sources(lookups=self.service.lookups, documents=options),
            adding=typed.adding,
        )
        page = NewItemPage(
            service=self.row,
            form=blocks.form(self.service.input.fields, filled, summary=bool(typed.problems)),
            brought=tuple(brought),
            limit=uploads.limit_bytes(),
            title=self.request.POST.get("_title", ""),
            languages=self.languages,
            language=self.language,
            problem=typed.problem,
            existing=typed.existing,
        )
        is_refused = bool(typed.problem or typed.problems)
        return render(self.request, "work/item_new.html", {"page": page}, status=422 if is_refused else 200)


def _definition(actor: Actor, row: Service) -> services.Service:
    assert row.current_id is not None  # it is in use
    return compiled(actor=actor, version_id=row.current_id).service


def _with_rows(texts: Texts, deed: str, table: str) -> Typed:
    """A line of a table more, or one less."""
    if deed == "add":
        return Typed(texts=texts, adding=table)
    name, _dash, row = table.rpartition("-")
    return Typed(texts=reading.without_row(texts, name, int(row)) if row.isdecimal() else texts)
