"""What a client does with many delivered items at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backdesk.platform.actor import Actor
from backdesk.work import policies
from backdesk.work.models import Item
from backdesk.work.operations import acceptance
from backdesk.work.web import bulk

KEYS = frozenset({"acceptance", "return"})


class NothingAsked(forms.Form):
    """Accepting needs no word."""


class ReturnForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("What is wrong"),
        max_length=500,
        help_text=gettext_lazy("Whoever does it again reads this; it counts as a finding for each item."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def register() -> None:
    bulk.register(
        bulk.Deed(
            key="acceptance",
            title=gettext_lazy("Accept"),
            heading=gettext_lazy("Accept these items"),
            done=gettext_lazy("Accepted:"),
            form=NothingAsked,
            policy=policies.may_accept,
            refuses=_not_delivered,
            do=_accept,
            back="work:quality-acceptance",
        )
    )
    bulk.register(
        bulk.Deed(
            key="return",
            title=gettext_lazy("Return"),
            heading=gettext_lazy("Return these items for rework"),
            done=gettext_lazy("Returned for rework:"),
            form=ReturnForm,
            policy=policies.may_accept,
            refuses=_not_delivered,
            do=_return,
            back="work:quality-acceptance",
        )
    )


def _not_delivered(actor: Actor, item: Item) -> str:
    if not policies.is_client_of(actor, item.client_id):
        return _("only its client can")
    if item.state == Item.State.DELIVERED:
        return ""
    return _("it is %(state)s") % {"state": item.get_state_display()}


def _accept(actor: Actor, now: datetime, item: Item, entered: Mapping[str, Any]) -> object:
    return acceptance.accept(actor=actor, now=now, items=[item])


def _return(actor: Actor, now: datetime, item: Item, entered: Mapping[str, Any]) -> object:
    return acceptance.give_back(actor=actor, now=now, items=[item], reason=entered["reason"])
