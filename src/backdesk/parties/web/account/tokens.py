"""One's tokens for the API. The secret is shown once."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from datetime import datetime

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backdesk.parties import operations
from backdesk.parties.models import Token
from backdesk.parties.queries.tokens import tokens_of
from backdesk.parties.web.account.profile import account_tabs, standing
from backdesk.platform.errors import Refused
from backdesk.platform.web.parts import Status, Tab

_SCOPES = (
    ("read", gettext_lazy("Read everything you may see")),
    ("write", gettext_lazy("Change everything you may change")),
    ("planning:read", gettext_lazy("Read planning")),
    ("planning:write", gettext_lazy("Change planning")),
    ("parties:read", gettext_lazy("Read people and teams")),
    ("parties:write", gettext_lazy("Change people and teams")),
)
_LIVES = (
    ("30", gettext_lazy("30 days")),
    ("90", gettext_lazy("90 days")),
    ("365", gettext_lazy("A year")),
)


class TokenForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=100,
        help_text=gettext_lazy("What will use it: nightly export, invoice import."),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What it may do"),
        choices=_SCOPES,
        initial=["read"],
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Never more than you may yourself."),
    )
    life = forms.ChoiceField(
        label=gettext_lazy("It ends after"), choices=_LIVES, initial="90", widget=forms.RadioSelect
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRow:
    id: int
    name: str
    scopes: str
    expires_at: datetime
    last_used_at: datetime | None
    status: Status
    is_living: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TokensPage:
    tokens: tuple[TokenRow, ...]
    organisation: str
    now: datetime
    tabs: tuple[Tab, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTokenPage:
    form: TokenForm
    organisation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeTokenPage:
    name: str
    secret: str
    expires_at: datetime


@require_safe
def tokens(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    here = standing(request)
    page = TokensPage(
        tokens=tuple(_row(token, now) for token in tokens_of(here.actor)),
        organisation=here.place.organisation.name if here.place else "",
        now=now,
        tabs=account_tabs("account-tokens"),
    )
    return render(request, "account/tokens.html", {"page": page})


@never_cache
@reauthentication_required(app="allauth.account")
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Answers with the secret itself instead of leading on, since it is kept nowhere to be shown from."""
    here = standing(request)
    form = TokenForm(request.POST or None)
    if form.is_valid():
        try:
            made = _make(request, form)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            shown = MadeTokenPage(name=made.token.name, secret=made.secret, expires_at=made.token.expires_at)
            return render(request, "account/token_made.html", {"page": shown})
    page = NewTokenPage(form=form, organisation=here.place.organisation.name if here.place else "")
    return render(request, "account/token_new.html", {"page": page})


@require_POST
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    actor = standing(request).actor
    token = get_object_or_404(tokens_of(actor), pk=token_id)
    operations.revoke_token(actor=actor, now=timezone.now(), token=token)
    messages.success(request, _("“%(name)s” is revoked.") % {"name": token.name})
    return redirect("account-tokens")


def _make(request: HttpRequest, form: TokenForm) -> operations.MadeToken:
    now = timezone.now()
    return operations.create_token(
        actor=standing(request).actor,
        now=now,
        name=form.cleaned_data["name"],
        scopes=form.cleaned_data["scopes"],
        expires_at=now + dt.timedelta(days=int(form.cleaned_data["life"])),
    )


def _row(token: Token, now: datetime) -> TokenRow:
    status = _status(token, now)
    return TokenRow(
        id=token.pk,
        name=token.name,
        scopes=", ".join(token.scopes),
        expires_at=token.expires_at,
        last_used_at=token.last_used_at,
        status=status,
        is_living=status.kind == "good",
    )


def _status(token: Token, now: datetime) -> Status:
    if token.revoked_at:
        return Status(kind="neutral", word=_("revoked"))
    if token.expires_at <= now:
        return Status(kind="neutral", word=_("expired"))
    return Status(kind="good", word=_("in force"))
