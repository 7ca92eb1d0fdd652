"""Columns that the lists of work share: an item with where it leads, and the service it is of."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backdesk.platform.web.tables import Column, Row
from backdesk.work.models import Item, Service


def item_column(*, key: str = "item", detail: Callable[[Row], str] | None = None) -> Column:
    """The item a row is about."""
    return Column(
        key=key,
        title=_("Item"),
        value=lambda row: row.item.title,
        field="item__title",
        href=lambda row: reverse("work:item", args=(row.item.pk,)),
        detail=detail,
        filter="contains",
    )


def service_column(services: Iterable[Service]) -> Column:
    """The service of a row, to be chosen among `services`."""
    return Column(
        key="service",
        title=_("Service"),
        value=lambda row: row.service.name,
        field="service_id",
        filter="choice",
        choices=[(str(one.pk), one.name) for one in services],
    )


def key_of(item: Item) -> str:
    """Its business key, where that is not what the item is called anyway."""
    return item.business_key if item.business_key != item.title else ""
