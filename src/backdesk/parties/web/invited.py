"""Coming in by an invitation: open to everybody who has its secret."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from backdesk.parties import operations
from backdesk.parties.models import Invitation, Role
from backdesk.parties.requests import SESSION_KEY, Standing, standing_of
from backdesk.parties.web.account.entering import sign_in_newcomer
from backdesk.parties.web.acting import clock, is_done, tell
from backdesk.parties.web.organisation.forms import NewcomerForm
from backdesk.platform.errors import Refused
from backdesk.platform.isolation import identifying


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationPage:
    """`form`: for a newcomer. `signed_in_as`: the address of whoever is signed in."""

    invitation: Invitation
    signed_in_as: str
    has_account: bool
    form: NewcomerForm | None

    @property
    def organisation(self) -> str:
        return self.invitation.organisation.name

    @property
    def roles(self) -> tuple[str, ...]:
        return tuple(str(Role(role).label) for role in self.invitation.roles)

    @property
    def is_for_the_person(self) -> bool:
        return self.signed_in_as == self.invitation.email


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalPage:
    text: str


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    with identifying():
        try:
            found = operations.invitation_of(secret=secret, now=clock())
        except Refused as refusal:
            page = RefusalPage(text=str(refusal))
            return render(request, "parties/invitation_over.html", {"page": page}, status=refusal.status)
        standing = standing_of(request)
        if standing is not None:
            return _for_somebody_signed_in(request, found, standing, secret)
        return _for_a_newcomer(request, found, secret)


def _for_somebody_signed_in(
    request: HttpRequest, found: Invitation, standing: Standing, secret: str
) -> HttpResponse:
    if request.method == "POST" and tell(
        request,
        lambda: operations.accept_as_member(actor=standing.actor, now=clock(), secret=secret),
        done=_("You belong to %(organisation)s now, too.") % {"organisation": found.organisation},
    ):
        return _go_in(request, found)
    page = InvitationPage(invitation=found, signed_in_as=standing.person.email, has_account=True, form=None)
    return render(request, "parties/invitation.html", {"page": page})


def _for_a_newcomer(request: HttpRequest, found: Invitation, secret: str) -> HttpResponse:
    form = NewcomerForm(request.POST or None)
    if is_done(
        form,
        lambda: _make_and_sign_in(request, secret, form),
        at={operations.PasswordTooWeak: "password"},
    ):
        messages.success(request, _("Welcome to %(organisation)s.") % {"organisation": found.organisation})
        return _go_in(request, found)
    has_account = operations.has_account(found)
    page = InvitationPage(
        invitation=found, signed_in_as="", has_account=has_account, form=None if has_account else form
    )
    return render(request, "parties/invitation.html", {"page": page}, status=422 if form.errors else 200)


def _make_and_sign_in(request: HttpRequest, secret: str, form: NewcomerForm) -> None:
    person = operations.accept_as_newcomer(
        now=clock(), secret=secret, language=_language(), **form.cleaned_data
    )
    sign_in_newcomer(request, person)


def _go_in(request: HttpRequest, found: Invitation) -> HttpResponse:
    request.session[SESSION_KEY] = found.organisation_id
    return redirect("/")


def _language() -> str:
    """The one their browser asks for, where we speak it."""
    language = get_language() or ""
    return language if language in dict(settings.LANGUAGES) else "en"
