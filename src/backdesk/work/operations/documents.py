"""Documents are brought for an item that is to be created, or added to one that is there."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import BinaryIO, Final

from django.utils.translation import gettext as _

from backdesk.parties.policies import company, require
from backdesk.platform import documents as papers
from backdesk.platform import files
from backdesk.platform.actor import Actor
from backdesk.platform.errors import Refused
from backdesk.platform.isolation import operation
from backdesk.platform.querysets import SharedQuerySet
from backdesk.work import policies
from backdesk.work.models import Document, Item, Service, Step
from backdesk.work.operations import events, holding
from backdesk.work.operations.events import Deed
from backdesk.work.queries import doing

MOST_OF_AN_ITEM: Final = 100
#: What was brought and belongs to no item by then is forgotten.
WAITS: Final = timedelta(days=2)


class TooManyDocuments(Refused):
    """An item has as many documents as anybody can look through."""


class NoSuchDocument(Refused):
    """A document that was named is gone, belongs to another item already, or was never brought."""


@operation
def bring_document(
    *,
    actor: Actor,
    now: datetime,
    service: Service,
    stream: BinaryIO,
    filename: str,
    limit: int,
    declared: str = "",
) -> Document:
    """For an item to come; until then it is the company's alone. Raises `NotAccepted`, `FileTooLarge`."""
    require(policies.may_create(actor))
    service = Service.objects.visible_to(actor).get(pk=service.pk)
    document = _kept(actor, now, service, stream=stream, filename=filename, limit=limit, declared=declared)
    document.internal_to = company(actor)
    document.save()
    return document


@operation
def add_document(
    *,
    actor: Actor,
    now: datetime,
    item_id: int,
    stream: BinaryIO,
    filename: str,
    limit: int,
    declared: str = "",
    step: Step | None = None,
    field: str = "",
    is_internal: bool = False,
) -> Document:
    """To an item one may read; `field`: whose value it is, shown where that is shown; `is_internal`: for one's own
    company alone. Raises `Item.DoesNotExist`."""
    item = doing.items_for(actor).get(pk=item_id)
    course = holding.of_item(actor=actor, now=now, item_id=item.pk)
    _require_room(course.item, 1)
    service = Service.objects.get(pk=item.service_id)
    document = _kept(actor, now, service, stream=stream, filename=filename, limit=limit, declared=declared)
    document.item, document.step, document.field = course.item, step, field
    document.internal_to = company(actor) if is_internal else None
    document.save()
    events.append(actor=actor, now=now, deeds=[_added(course.item, document)])
    return document


@operation
def attach_documents(
    *, actor: Actor, now: datetime, item: Item, brought: Collection[int], kept: Collection[int] = ()
) -> list[Document]:
    """What was brought becomes the item's; `kept` of it stay the company's own. Raises `NoSuchDocument`."""
    require(policies.may_create(actor))
    course = holding.of_item(actor=actor, now=now, item_id=item.pk)
    _require_room(course.item, len(set(brought)))
    found = list(
        _waiting(actor).select_for_update().filter(pk__in=brought, service=item.service_id).order_by("pk")
    )
    if len(found) != len(set(brought)):
        raise NoSuchDocument(
            _(
                "A document you named is not there to be attached. Bring it again: it is kept for two days only."
            )
        )
    for one in found:
        one.item, one.internal_to = course.item, company(actor) if one.pk in kept else None
    Document.objects.bulk_update(found, ("item", "internal_to"))
    events.append(actor=actor, now=now, deeds=[_added(course.item, one) for one in found])
    return found


@operation
def forget_what_nobody_attached(*, actor: Actor, now: datetime) -> int:
    """By Backdesk itself, as a job."""
    waiting = Document.objects.select_for_update(skip_locked=True, of=("self",)).select_related("file")
    gone = list(waiting.filter(item=None, added_at__lt=now - WAITS)[:1000])
    for one in gone:
        one.delete()
        files.remove(file=one.file)
        papers.forget(one.sha256)
    return len(gone)


def _kept(
    actor: Actor,
    now: datetime,
    service: Service,
    *,
    stream: BinaryIO,
    filename: str,
    limit: int,
    declared: str,
) -> Document:
    kept = papers.keep(
        stream=stream, name=filename, organisation_id=company(actor), limit=limit, declared=declared
    )
    return Document(
        service=service,
        client_id=service.client_id,
        provider_id=service.provider_id,
        organisation_id=company(actor),
        person_id=actor.person_id,
        file=kept.file,
        path=kept.file.path,
        name=kept.file.name,
        kind=kept.kind,
        sha256=kept.file.sha256,
        size=kept.file.size,
        added_at=now,
    )


def _waiting(actor: Actor) -> SharedQuerySet[Document]:
    return Document.objects.visible_to(actor).filter(
        item=None, organisation_id=company(actor), person_id=actor.person_id
    )


def _added(item: Item, document: Document) -> Deed:
    facts = {"document": document.pk, "name": document.name, "sha256": document.sha256, "size": document.size}
    return Deed(kind="document added", item=item, facts=facts, internal_to=document.internal_to)


def _require_room(item: Item, count: int) -> None:
    if item.documents.count() + count > MOST_OF_AN_ITEM:
        raise TooManyDocuments(
            _("An item has at most %(most)s documents. Put several in one PDF.") % {"most": MOST_OF_AN_ITEM}
        )
