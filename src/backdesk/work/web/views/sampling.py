"""How much is looked at twice, and what was drawn. For the client alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from backdesk.desks import services as services_
from backdesk.parties.web.acting import allowed, clock, is_done
from backdesk.platform.actor import Actor
from backdesk.platform.web import fields, tables
from backdesk.platform.web.parts import Empty, Status, Tab
from backdesk.platform.web.tables import Column, Table
from backdesk.work import policies
from backdesk.work.models import SamplingRate, Service
from backdesk.work.operations import sampling as verbs
from backdesk.work.queries import quality
from backdesk.work.queries.compiled import compiled
from backdesk.work.queries.people import names_of
from backdesk.work.web.columns import item_column, service_column
from backdesk.work.web.quality import places

HUNDRED = Decimal(100)
_NO_DRAWS = Empty(
    title=gettext_lazy("Nothing was drawn yet"),
    text=gettext_lazy("Each time work could be looked at twice, what the draw came to stands here."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLine:
    """A rate that holds: of one person's work, or, where `who` is empty, of everybody's, perhaps instead of another."""

    what: str
    share: Decimal
    who: str = ""
    instead_of: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRates:
    """A service: the rates that hold, what draws, and the form to set another."""

    service: Service
    rates: tuple[RateLine, ...]
    seed: str
    form: forms.Form
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplingPage:
    services: tuple[ServiceRates, ...]
    table: Table
    tabs: tuple[Tab, ...]


class RateForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("What"), choices=SamplingRate.Kind.choices)
    person = forms.ChoiceField(label=gettext_lazy("Of whose work"), required=False)
    share = fields.DecimalField(
        label=gettext_lazy("Share, in %"),
        min_value=0,
        max_value=100,
        decimal_places=2,
        required=False,
        help_text=gettext_lazy("Empty: as it would be without."),
        widget=fields.NumberText(),
    )

    def __init__(self, *given: object, people: Mapping[int, str], **named: object) -> None:
        super().__init__(*given, **named)  # type: ignore[arg-type]
        everybody = [("", _("everybody"))]
        person = self.fields["person"]
        assert isinstance(person, forms.ChoiceField)
        person.choices = everybody + [(str(pk), name) for pk, name in people.items()]


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(policies.may_define)
def sampling(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The rates of all services; posted to, one is set."""
    services = list(quality.services_of(actor))
    known = _Known.of(actor, services)
    posted = _posted(request, known) if request.method == "POST" else None
    if posted is not None and _set(request, actor, *posted):
        return HttpResponseRedirect(request.path)
    columns = _columns(services)
    state = tables.read_state(request.GET, columns=columns, sort="-at")
    table = tables.from_queryset(
        quality.draws_of(actor),
        name="draws",
        columns=columns,
        state=state,
        caption=gettext_lazy("What was drawn"),
        empty=_NO_DRAWS,
    )
    if state.export:
        return tables.file_response(table=table, filename="draws.csv")
    lines = tuple(_rates(known, one, posted[1] if posted and posted[0] == one else None) for one in services)
    page = SamplingPage(services=lines, table=table, tabs=places.tabs(actor, "quality-sampling"))
    return render(request, "work/quality/sampling.html", {"page": page}, status=422 if posted else 200)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What is asked of all services at once: who is called what, who did which work, what is set, what draws."""

    actor: Actor
    services: list[Service]
    names: Mapping[int, str]
    people: Mapping[int, list[int]]
    rates: list[SamplingRate]
    seeds: Mapping[int, str]

    @staticmethod
    def of(actor: Actor, services: list[Service]) -> _Known:
        return _Known(
            actor=actor,
            services=services,
            names=names_of(actor, {one.provider_id for one in services}),
            people=quality.people_of(actor, services),
            rates=list(quality.rates_of(actor).order_by("person_id")),
            seeds=quality.seeds_of(actor),
        )


def _posted(request: HttpRequest, known: _Known) -> tuple[Service, forms.Form]:
    asked = request.POST.get("service", "")
    service = next((one for one in known.services if str(one.pk) == asked), None)
    if service is None:
        raise Http404
    return service, _form(known, service, request.POST)


def _set(request: HttpRequest, actor: Actor, service: Service, form: forms.Form) -> bool:
    def deed() -> object:
        entered = form.cleaned_data
        share = entered["share"]
        return verbs.set_rate(
            actor=actor,
            now=clock(),
            service=service,
            kind=entered["kind"],
            share=None if share is None else share / HUNDRED,
            person_id=int(entered["person"]) if entered["person"] else None,
        )

    if not is_done(form, deed):
        return False
    messages.success(request, _("The rate of “%(service)s” is set.") % {"service": service.name})
    return True


def _form(known: _Known, service: Service, data: Mapping[str, str] | None = None) -> forms.Form:
    people = {pk: known.names[pk] for pk in known.people.get(service.pk, ()) if pk in known.names}
    return RateForm(data, people=people, auto_id=f"rate-{service.pk}-%s")


def _rates(known: _Known, service: Service, form: forms.Form | None) -> ServiceRates:
    assert service.current_id is not None
    definition = compiled(actor=known.actor, version_id=service.current_id).service
    return ServiceRates(
        service=service,
        rates=tuple(_lines(known, service, definition)),
        seed=known.seeds.get(service.pk, ""),
        form=form or _form(known, service),
        is_open=form is not None,
    )


def _lines(known: _Known, service: Service, definition: services_.Service) -> Iterator[RateLine]:
    """By kind, as far as the process has it: everybody's, then those of single people."""
    kinds = {node.attributes.get("kind", "do") for node in definition.process.of_kind("user")} | {"gold"}
    for kind, title in SamplingRate.Kind.choices:
        if kind not in kinds:
            continue
        agreed = verbs.agreed(definition, kind) * HUNDRED
        own = {
            one.person_id: one.share * HUNDRED
            for one in known.rates
            if (one.service_id, one.kind) == (service.pk, kind)
        }
        whole = own.pop(None, None)
        yield RateLine(
            what=str(title),
            share=agreed if whole is None else whole,
            instead_of=None if whole is None else agreed,
        )
        for person_id, share in own.items():
            yield RateLine(what=str(title), share=share, who=known.names.get(person_id or 0, _("somebody")))


def _columns(services: list[Service]) -> tuple[Column, ...]:
    return (
        item_column(),
        service_column(services),
        Column(
            key="kind",
            title=gettext_lazy("For"),
            value=lambda row: row.get_kind_display(),
            filter="choice",
            choices=SamplingRate.Kind.choices,
        ),
        Column(key="share", title=gettext_lazy("Share"), kind="share"),
        Column(
            key="is_drawn",
            title=gettext_lazy("Drawn"),
            kind="status",
            value=_drawn,
            filter="choice",
            choices=(("True", gettext_lazy("drawn")), ("False", gettext_lazy("passed by"))),
        ),
        Column(
            key="key",
            title=gettext_lazy("Key"),
            sortable=False,
            definition=gettext_lazy(
                "With the service's seed this text gives a number: the first 8 bytes of its keyed BLAKE2b, as a share "
                "of the largest there is. It is drawn where that is below the share."
            ),
        ),
        Column(key="at", title=gettext_lazy("When"), kind="time"),
    )


def _drawn(row: object) -> Status:
    if getattr(row, "is_drawn", False):
        return Status(kind="info", word=_("drawn"))
    return Status(kind="neutral", word=_("passed by"))
