"""Inviting people, and the invitations that are out."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backdesk.parties import operations, policies, queries
from backdesk.parties.models import Invitation
from backdesk.parties.queries.invitations import InvitationRow
from backdesk.parties.web.acting import allowed, clock, is_done, tell
from backdesk.parties.web.organisation.forms import InvitationForm
from backdesk.platform.actor import Actor
from backdesk.platform.web.parts import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    row: InvitationRow
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationsPage:
    open: tuple[Line, ...]
    ended: tuple[Line, ...]


@require_safe
@allowed(policies.may_manage)
def invitations(request: HttpRequest, actor: Actor) -> HttpResponse:
    now = clock()
    lines = [Line(row=row, status=_status(row)) for row in queries.invitation_rows(actor=actor, now=now)]
    page = InvitationsPage(
        open=tuple(line for line in lines if line.row.is_open),
        ended=tuple(line for line in lines if not line.row.is_open),
    )
    return render(request, "parties/invitations.html", {"page": page})


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitePage:
    form: InvitationForm


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(policies.may_manage)
def invitation_new(request: HttpRequest, actor: Actor) -> HttpResponse:
    form = InvitationForm(
        request.POST or None, roles=queries.roles_here(actor), teams=queries.teams_open(actor)
    )
    if is_done(
        form,
        lambda: operations.invite_person(actor=actor, now=clock(), **form.cleaned_data),
        at={
            operations.AlreadyMember: "email",
            operations.AlreadyInvited: "email",
            operations.NoEmail: "email",
        },
    ):
        messages.success(request, _("The invitation to %(email)s is on its way.") % form.cleaned_data)
        return redirect("organisation:invitations")
    status = 422 if form.errors else 200
    return render(request, "parties/invitation_new.html", {"page": InvitePage(form=form)}, status=status)


@require_POST
@allowed(policies.may_manage)
def mail(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    one = get_object_or_404(Invitation.objects.visible_to(actor), pk=pk)
    tell(
        request,
        lambda: operations.resend_invitation(actor=actor, now=clock(), invitation=one),
        done=_("The invitation to %(email)s is on its way again.") % {"email": one.email},
    )
    return redirect("organisation:invitations")


@require_POST
@allowed(policies.may_manage)
def revocation(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    one = get_object_or_404(Invitation.objects.visible_to(actor), pk=pk)
    done = _("The invitation to %(email)s is taken back.") % {"email": one.email}
    tell(
        request,
        lambda: operations.revoke_invitation(actor=actor, now=clock(), invitation=one),
        done=done,
    )
    return redirect("organisation:invitations")


def _status(row: InvitationRow) -> Status:
    match row.state:
        case "accepted":
            return Status(kind="good", word=_("accepted"))
        case "revoked":
            return Status(kind="neutral", word=_("taken back"))
        case "expired":
            return Status(kind="warn", word=_("expired"))
        case "waiting":
            return Status(kind="neutral", word=_("mail not sent yet"))
    return Status(kind="info", word=_("sent"))
