"""Documents somebody may read: both companies through the item alone."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet

from backdesk.platform.actor import Actor
from backdesk.work.models import Document, Item
from backdesk.work.queries import doing


def documents_for(actor: Actor) -> QuerySet[Document]:
    """Of items they may read, the others than what the other company keeps; and what they brought for one to come."""
    of_items = Q(item__in=doing.items_for(actor))
    brought = Q(item=None, organisation_id=actor.organisation_id, person_id=actor.person_id)
    return Document.objects.visible_to(actor).filter(of_items | brought).order_by("pk")


def documents_of(actor: Actor, item: Item) -> list[Document]:
    """Of an item the actor may read, in the order they came."""
    return list(Document.objects.visible_to(actor).filter(item=item).order_by("pk"))


def same_elsewhere(actor: Actor, documents: Collection[Document]) -> dict[int, list[Item]]:
    """By document, other items of its service that have the very same file: it may have come twice."""
    items = doing.items_for(actor)
    found: dict[int, list[Item]] = {}
    for one in documents:
        same = Document.objects.visible_to(actor).filter(service=one.service_id, sha256=one.sha256)
        others = items.filter(pk__in=same.exclude(item=one.item_id).values("item_id")).order_by("pk")[:3]
        if others:
            found[one.pk] = list(others)
    return found
