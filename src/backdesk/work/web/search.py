"""Items among what search finds: by the beginning of their key, and by the words of the newest titles."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backdesk.platform import search
from backdesk.platform.actor import Actor
from backdesk.platform.search import Hit, Source, Words
from backdesk.work.models import Item
from backdesk.work.queries import item_list
from backdesk.work.queries.item_list import Asked

_WHOLE = frozenset({"operations_lead", "employee", "controller", "auditor", "delivery_manager"})


def register() -> None:
    search.register(Source(kind="item", title=_("Items"), function=items, roles=_WHOLE, order=40))


def items(*, actor: Actor, words: Words, limit: int) -> Iterable[Hit]:
    found = item_list.found(actor=actor, now=timezone.now(), asked=Asked(text=str(words)), limit=limit)
    return [
        Hit(title=one.title, url=reverse("work:item", args=(one.pk,)), detail=_detail(one)) for one in found
    ]


def _detail(item: Item) -> str:
    parts = (
        item.service.name,
        item.business_key if item.business_key != item.title else "",
        item.get_state_display(),
    )
    return " · ".join(str(part) for part in parts if part)
