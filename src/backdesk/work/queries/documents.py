"""Documents somebody may read: both companies through the item alone."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet

from backdesk.platform.actor import Actor
from backdesk.work.models import Document, Item
from backdesk.work.queries import doing

_LOOKED_AT = 200
_SHOWN = 3


def documents_for(actor: Actor) -> QuerySet[Document]:
    """Of items they may read, the others than what the other company keeps; and what they brought for one to come."""
    of_items = Q(item__in=doing.items_for(actor))
    brought = Q(item=None, organisation_id=actor.organisation_id, person_id=actor.person_id)
    return Document.objects.visible_to(actor).filter(of_items | brought).order_by("pk")


def documents_of(actor: Actor, item: Item) -> list[Document]:
    """Of an item the actor may read, in the order they came."""
    return list(Document.objects.visible_to(actor).filter(item=item).order_by("pk"))


def same_elsewhere(actor: Actor, documents: Collection[Document]) -> dict[int, list[Item]]:
    """By document, other items of its service that have the very same file: it may have come twice. The first few."""
    if not documents:
        return {}
    own = {one.pk: (one.item_id, one.service_id, one.sha256) for one in documents}
    same = (
        Document.objects.visible_to(actor)
        .filter(
            service__in={service for _item, service, _sha in own.values()},
            sha256__in={sha for _item, _service, sha in own.values()},
            item__in=doing.items_for(actor),
        )
        .select_related("item")
        .order_by("item_id", "pk")[:_LOOKED_AT]
    )
    found: dict[int, dict[int, Item]] = {}
    for other in same:
        for pk, (item_id, service_id, sha) in own.items():
            if (
                other.item
                and (other.service_id, other.sha256) == (service_id, sha)
                and other.item_id != item_id
            ):
                found.setdefault(pk, {})[other.item.pk] = other.item
    return {pk: list(items.values())[:_SHOWN] for pk, items in found.items()}
