"""Engagements of a company: proposed, running, ended, and who is named in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backdesk.parties import operations, policies
from backdesk.parties.models import Engagement, Participant
from backdesk.parties.queries.engagements import (
    EngagementRow,
    engagement_row,
    engagement_rows,
    named_in,
    to_be_named,
)
from backdesk.parties.queries.participants import NamedPerson, colleagues_named
from backdesk.parties.web.acting import allowed, clock, is_done, tell
from backdesk.parties.web.engagements.forms import EndingForm, NamingForm, ProposalForm
from backdesk.parties.web.engagements.links import Shown, shown_of
from backdesk.platform.actor import Actor
from backdesk.platform.web import tables
from backdesk.platform.web.parts import Empty, Status
from backdesk.platform.web.tables import Column, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class EngagementsPage:
    table: Table
    may_propose: bool


@require_safe
@allowed(policies.may_see_engagements)
def engagements(request: HttpRequest, actor: Actor) -> HttpResponse:
    may_propose = policies.may_engage(actor)
    state = tables.read_state(request.GET, columns=COLUMNS)
    rows = engagement_rows(actor=actor, now=clock())
    table = tables.from_rows(
        rows, name="engagements", columns=COLUMNS, state=state, empty=_nothing_yet(may_propose)
    )
    if state.export:
        return tables.file_response(table=table, filename="engagements.csv")
    page = EngagementsPage(table=table, may_propose=may_propose and bool(rows))
    return render(request, "parties/engagements/engagements.html", {"page": page})


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Somebody both companies are shown; `is_own`: a colleague, who can be taken out."""

    participant: Participant
    company: str
    is_own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EngagementPage:
    row: EngagementRow
    status: Status
    people: tuple[Named, ...]
    shown: tuple[Shown, ...]
    ending: EndingForm | None
    naming: NamingForm | None
    may_send: bool

    @property
    def headings(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.heading for one in self.shown))

    @property
    def last_day(self) -> datetime | None:
        ends_at = self.row.engagement.ends_at
        return ends_at - timedelta(seconds=1) if ends_at else None


@require_safe
@allowed(policies.may_see_engagements)
def engagement(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    page = _page(actor, _row(actor, pk), EndingForm(initial={"last_day": timezone.localdate(clock())}))
    return render(request, "parties/engagements/engagement.html", {"page": page})


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalPage:
    form: ProposalForm


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(policies.may_engage)
def engagement_new(request: HttpRequest, actor: Actor) -> HttpResponse:
    form = ProposalForm(request.POST or None)
    if is_done(
        form,
        lambda: operations.propose_engagement(
            actor=actor, now=clock(), **form.values(timezone.get_current_timezone())
        ),
        at={operations.NoEmail: "email", operations.EngagementUnnamed: "name"},
    ):
        messages.success(request, _("The proposal to %(email)s is on its way.") % form.cleaned_data)
        return redirect("engagements:engagements")
    status = 422 if form.errors else 200
    return render(
        request, "parties/engagements/engagement_new.html", {"page": ProposalPage(form=form)}, status=status
    )


@require_POST
@allowed(policies.may_engage)
def mail(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    one = _found(actor, pk)
    tell(
        request,
        lambda: operations.resend_proposal(actor=actor, now=clock(), engagement=one),
        done=_("The proposal to %(email)s is on its way again.") % {"email": one.proposed_to},
    )
    return redirect("engagements:engagement", pk=pk)


@require_POST
@allowed(policies.may_engage)
def withdrawal(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    one = _found(actor, pk)
    done = _("The proposal to %(email)s is withdrawn.") % {"email": one.proposed_to}
    if tell(
        request,
        lambda: operations.withdraw_proposal(actor=actor, now=clock(), engagement=one),
        done=done,
    ):
        return redirect("engagements:engagements")
    return redirect("engagements:engagement", pk=pk)


@require_POST
@allowed(policies.may_manage)
def ending(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    one, form = _found(actor, pk), EndingForm(request.POST)
    if is_done(
        form,
        lambda: operations.end_engagement(actor=actor, now=clock(), engagement=one, ends_at=_end_of(form)),
        at={operations.EndsBeforeToday: "last_day"},
    ):
        messages.success(request, _("The engagement ends after that day. Both companies see it."))
        return redirect("engagements:engagement", pk=pk)
    page = _page(actor, _row(actor, pk), form)
    return render(request, "parties/engagements/engagement.html", {"page": page}, status=422)


@require_POST
@allowed(policies.may_manage)
def naming(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    one, form = _found(actor, pk), NamingForm(request.POST, people=colleagues_named(actor))
    if form.is_valid():
        person_id = form.cleaned_data["person"]
        tell(
            request,
            lambda: operations.name_participant(
                actor=actor, now=clock(), engagement=one, person_id=person_id
            ),
        )
    return redirect("engagements:engagement", pk=pk)


@require_POST
@allowed(policies.may_manage)
def unnaming(request: HttpRequest, actor: Actor, pk: int, participant: int) -> HttpResponse:
    own = Participant.objects.visible_to(actor).filter(
        engagement_id=pk, organisation_id=policies.company(actor)
    )
    one = get_object_or_404(own, pk=participant)
    tell(request, lambda: operations.unname_participant(actor=actor, now=clock(), participant=one))
    return redirect("engagements:engagement", pk=pk)


def status_of(row: EngagementRow) -> Status:
    match row.state:
        case "running":
            return Status(kind="good", word=_("running"))
        case "to come":
            return Status(kind="info", word=_("begins later"))
        case "proposed":
            return Status(kind="info", word=_("proposed"))
        case "expired":
            return Status(kind="warn", word=_("proposal expired"))
    return Status(kind="neutral", word=_("ended"))


COLUMNS = (
    Column(
        key="name",
        title=gettext_lazy("Engagement"),
        value=lambda row: row.engagement.name,
        href=lambda row: reverse("engagements:engagement", args=(row.engagement.pk,)),
        filter="contains",
    ),
    Column(key="client", title=gettext_lazy("Client"), filter="contains"),
    Column(
        key="provider",
        title=gettext_lazy("Provider"),
        reason=gettext_lazy("nobody has accepted yet"),
        detail=lambda row: "" if row.provider else row.engagement.proposed_to,
        filter="contains",
    ),
    Column(key="state", title=gettext_lazy("State"), kind="status", value=status_of),
    Column(
        key="begins", title=gettext_lazy("Begins"), kind="date", value=lambda row: row.engagement.begins_at
    ),
    Column(
        key="ends",
        title=gettext_lazy("Ends"),
        kind="date",
        value=lambda row: row.engagement.ends_at,
        reason=gettext_lazy("no end is agreed"),
    ),
)


def _nothing_yet(may_propose: bool) -> Empty:
    if may_propose:
        return Empty(
            title=_("You work with no provider yet"),
            text=_(
                "An engagement is between your company and a provider; the services you hand over belong to it."
            ),
            action=_("Propose an engagement"),
            url=reverse("engagements:engagement-new"),
        )
    return Empty(
        title=_("There is no engagement yet"),
        text=_("A client proposes it to an address; with the link in that mail it is accepted."),
    )


def _page(actor: Actor, row: EngagementRow, ending: EndingForm) -> EngagementPage:
    manages = policies.may_manage(actor)
    lasts = manages and row.state in ("running", "to come")
    participants = named_in(actor=actor, engagement=row.engagement)
    more = to_be_named(colleagues=colleagues_named(actor), named=participants) if lasts else []
    return EngagementPage(
        row=row,
        status=status_of(row),
        people=tuple(_named(actor, row, one) for one in participants),
        shown=shown_of(actor, row.engagement.pk),
        ending=ending if lasts else None,
        naming=_naming(more),
        may_send=policies.may_engage(actor) and row.state in ("proposed", "expired"),
    )


def _naming(people: list[NamedPerson]) -> NamingForm | None:
    return NamingForm(people=people) if people else None


def _named(actor: Actor, row: EngagementRow, one: Participant) -> Named:
    is_client = one.organisation_id == row.engagement.client_id
    is_own = policies.may_manage(actor) and one.organisation_id == actor.organisation_id
    return Named(participant=one, company=row.client if is_client else row.provider, is_own=is_own)


def _row(actor: Actor, pk: int) -> EngagementRow:
    try:
        return engagement_row(actor=actor, now=clock(), pk=pk)
    except Engagement.DoesNotExist as error:
        raise Http404 from error


def _found(actor: Actor, pk: int) -> Engagement:
    return get_object_or_404(Engagement.objects.visible_to(actor), pk=pk)


def _end_of(form: EndingForm) -> datetime:
    after = form.cleaned_data["last_day"] + timedelta(days=1)
    return datetime.combine(after, time.min, tzinfo=timezone.get_current_timezone())
