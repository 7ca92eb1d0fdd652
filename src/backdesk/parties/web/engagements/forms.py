"""What people type about an engagement."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, tzinfo
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backdesk.parties.queries.participants import NamedPerson


class ProposalForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=200, help_text=_("What both companies call it, such as “Accounts, 2026”.")
    )
    email = forms.EmailField(
        label=_("E-mail of who leads delivery at the provider"),
        help_text=_(
            "They accept it with the link in the mail, valid for 14 days. They need an account here."
        ),
    )
    begins_on = forms.DateField(
        label=_("Begins on"),
        required=False,
        help_text=_("Leave it empty to begin as soon as it is accepted."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def values(self, zone: tzinfo) -> dict[str, Any]:
        begins_on = self.cleaned_data["begins_on"]
        return {
            "name": self.cleaned_data["name"],
            "email": self.cleaned_data["email"],
            "begins_at": datetime.combine(begins_on, time.min, tzinfo=zone) if begins_on else None,
        }


class EndingForm(forms.Form):
    last_day = forms.DateField(
        label=_("Last day"),
        help_text=_("No item comes in after it; those that are open are worked to their end."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class NamingForm(forms.Form):
    person = forms.TypedChoiceField(label=_("Colleague"), coerce=int)

    def __init__(self, *args: Any, people: Iterable[NamedPerson], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [(one.person_id, one.name) for one in people]  # type: ignore[attr-defined]
