"""What is typed into a thread."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

BOTH = "both"
INTERNAL = "internal"


class MessageForm(forms.Form):
    text = forms.CharField(
        label=_("Message"),
        required=False,  # the operation says what a message needs
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    audience = forms.ChoiceField(
        label=_("Who sees it"),
        required=False,
        initial=BOTH,
        choices=((BOTH, _("Both companies")), (INTERNAL, _("Internal note"))),
    )

    @property
    def is_internal(self) -> bool:
        return str(self["audience"].value()) == INTERNAL
