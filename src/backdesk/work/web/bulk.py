"""What can be done with many items at once: each deed with its form, and which items it leaves as they are.

A part of work that has a deed of its own adds it with `register`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backdesk.platform.actor import Actor
from backdesk.platform.errors import Refused
from backdesk.platform.web import fields
from backdesk.platform.web.tables import BulkAction
from backdesk.platform.web.words import Words
from backdesk.work import policies
from backdesk.work.models import Item
from backdesk.work.operations.items import cancel_item, change_priority


class PriorityForm(forms.Form):
    priority = fields.IntegerField(
        label=gettext_lazy("Priority"),
        min_value=1,
        max_value=9,
        help_text=gettext_lazy(
            "From 1, first, to 9, last; 5 is what items have that nobody said anything of."
        ),
        widget=fields.NumberText(),
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        help_text=gettext_lazy("Both companies read it in the history of each item."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """`refuses` says why an item stays as it is, empty where it does not. `do` changes one. `back`: the list it is
    chosen from."""

    key: str
    title: Words
    heading: Words
    done: Words
    form: type[forms.Form]
    policy: Callable[[Actor], bool]
    refuses: Callable[[Actor, Item], str]
    do: Callable[[Actor, datetime, Item, Mapping[str, Any]], object]
    is_danger: bool = False
    back: str = "work:items"


@dataclass(frozen=True, slots=True, kw_only=True)
class Previewed:
    """An item that is asked for, and why it would stay as it is."""

    item: Item
    stays: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    changed: int
    left: tuple[str, ...]


def register(deed: Deed) -> None:
    _DEEDS[deed.key] = deed


def actions_for(actor: Actor) -> tuple[BulkAction, ...]:
    return tuple(_action(deed) for deed in _DEEDS.values() if deed.policy(actor))


def actions_on(actor: Actor, item: Item) -> tuple[BulkAction, ...]:
    """Those that would not leave the item as it is."""
    may = (deed for deed in _DEEDS.values() if deed.policy(actor))
    return tuple(_action(deed) for deed in may if not deed.refuses(actor, item))


def _action(deed: Deed) -> BulkAction:
    url = reverse("work:items-bulk", args=(deed.key,))
    return BulkAction(title=deed.title, url=url, is_danger=deed.is_danger)


def deed_of(key: str) -> Deed | None:
    return _DEEDS.get(key)


def previewed(actor: Actor, deed: Deed, items: Sequence[Item]) -> tuple[Previewed, ...]:
    return tuple(Previewed(item=one, stays=deed.refuses(actor, one)) for one in items)


def do(actor: Actor, now: datetime, deed: Deed, items: Sequence[Item], entered: Mapping[str, Any]) -> Done:
    """Item by item: one that somebody else has changed meanwhile stays as it is, and holds up no other."""
    changed, left = 0, []
    for one in items:
        says = deed.refuses(actor, one)
        if not says:
            try:
                deed.do(actor, now, one, entered)
                changed += 1
            except Refused as refusal:
                says = str(refusal)
        if says:
            left.append(f"{one.title}: {says}")
    return Done(changed=changed, left=tuple(left))


def _not_open(actor: Actor, item: Item) -> str:
    if item.state == Item.State.OPEN:
        return ""
    return _("it is %(state)s already") % {"state": item.get_state_display()}


def _not_to_cancel(actor: Actor, item: Item) -> str:
    if not policies.is_client_of(actor, item.client_id):
        return _("only its client can cancel it")
    return _not_open(actor, item)


def _prioritise(actor: Actor, now: datetime, item: Item, entered: Mapping[str, Any]) -> object:
    return change_priority(actor=actor, now=now, items=[item], priority=entered["priority"])


def _cancel(actor: Actor, now: datetime, item: Item, entered: Mapping[str, Any]) -> object:
    return cancel_item(actor=actor, now=now, item=item, reason=entered["reason"])


_DEEDS: dict[str, Deed] = {}
register(
    Deed(
        key="priority",
        title=gettext_lazy("Change the priority"),
        heading=gettext_lazy("Change the priority of these items"),
        done=gettext_lazy("The priority was changed."),
        form=PriorityForm,
        policy=policies.may_lead_queue,
        refuses=_not_open,
        do=_prioritise,
    )
)
register(
    Deed(
        key="cancellation",
        title=gettext_lazy("Cancel the work"),
        heading=gettext_lazy("Cancel these items"),
        done=gettext_lazy("They are cancelled."),
        form=ReasonForm,
        policy=policies.may_define,
        refuses=_not_to_cancel,
        do=_cancel,
        is_danger=True,
    )
)
