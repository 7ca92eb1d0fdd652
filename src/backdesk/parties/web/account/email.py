"""The address one signs in with, changed once the new one is confirmed."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from backdesk.parties import operations
from backdesk.parties.operations import addresses
from backdesk.parties.web.account.profile import standing
from backdesk.platform.errors import Refused


class EmailForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("New e-mail address"),
        help_text=gettext_lazy(
            "A link goes there. The address changes when you have opened it, within a day."
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailPage:
    form: EmailForm
    present: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationPage:
    present: str
    wanted: str


@reauthentication_required(app="allauth.account")
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest) -> HttpResponse:
    person = standing(request).person
    form = EmailForm(request.POST or None)
    if form.is_valid():
        address = form.cleaned_data["email"]
        confirmation = addresses.confirmation_for(person=person, email=address)
        url = request.build_absolute_uri(reverse("account-email-confirmation", args=[confirmation]))
        get_adapter(request).send_mail("account/email/email_change", address, {"url": url, "person": person})
        messages.success(request, _("A link is on its way to %(email)s. Open it there.") % {"email": address})
        return redirect("account")
    return render(request, "account/email.html", {"page": EmailPage(form=form, present=person.email)})


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Opened on the device one is signed in on: the link alone changes nothing."""
    here = standing(request)
    try:
        wanted = addresses.confirmed_address(person=here.person, confirmation=token)
        if request.method == "POST":
            former = here.person.email
            operations.change_email(
                actor=here.actor, now=timezone.now(), person=here.person, confirmation=token
            )
            get_adapter(request).send_mail("account/email/email_changed", former, {})
            messages.success(request, _("From now on you sign in with %(email)s.") % {"email": wanted})
            return redirect("account")
    except addresses.ConfirmationInvalid as refused:
        raise Http404(str(refused)) from refused
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("account")
    page = ConfirmationPage(present=here.person.email, wanted=wanted)
    return render(request, "account/email_confirm.html", {"page": page})
