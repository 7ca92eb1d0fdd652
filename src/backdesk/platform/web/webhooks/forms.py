"""Where messages go and of which kinds; from when on they are sent again."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backdesk.platform.webhooks import addresses
from backdesk.platform.webhooks.kinds import TEST, registry


class EndpointForm(forms.Form):
    url = forms.CharField(
        label=_("Address"),
        max_length=addresses.LONGEST,
        widget=forms.URLInput({"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Messages are sent there by POST: https://erp.example.com/backdesk"),
    )
    description = forms.CharField(
        label=_("Name"),
        max_length=200,
        required=False,
        help_text=_("What listens there. Without a name it is called by its address."),
    )
    kinds = forms.MultipleChoiceField(
        label=_("What it is told of"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("With none chosen it is told of everything, also of kinds that come later."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(kind.name, kind.title) for kind in registry if kind is not TEST]
        self.fields["kinds"].choices = offered  # type: ignore[attr-defined]
        if not offered:
            del self.fields["kinds"]


class SinceForm(forms.Form):
    since = forms.DateField(
        label=_("Told on this day or later"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    @property
    def moment(self) -> datetime:
        """Days are the reader's own."""
        return timezone.make_aware(datetime.combine(self.cleaned_data["since"], time.min))
