"""Items as something the two companies talk about."""

from __future__ import annotations

from collections.abc import Collection

from django.urls import reverse
from django.utils.translation import gettext_lazy

from backdesk.conversations import subjects
from backdesk.conversations.subjects import About
from backdesk.parties.queries.recipients import people_with
from backdesk.platform.actor import Actor
from backdesk.work.models import Item, Step
from backdesk.work.queries import doing

KIND = "work.item"
#: Who is told of a message while nobody of their company follows the thread, and nobody has the item in hand.
ASKED = ("operations_lead", "delivery_manager")


def register() -> None:
    subjects.register(
        subjects.Subject(
            kind=KIND, title=gettext_lazy("Item"), about=find, readable=readable, to_tell=people_to_tell
        )
    )


def about(item: Item) -> About:
    return About(
        kind=KIND,
        id=str(item.pk),
        title=item.title,
        url=reverse("work:item", args=[item.pk]),
        client_id=item.client_id,
        provider_id=item.provider_id,
    )


def find(*, actor: Actor, subject_id: str) -> About | None:
    found = doing.items_for(actor).filter(pk=subject_id).first() if subject_id.isdecimal() else None
    return about(found) if found else None


def readable(*, actor: Actor, subject_ids: Collection[str]) -> Collection[str]:
    numbers = [int(one) for one in subject_ids if one.isdecimal()]
    return {str(pk) for pk in doing.items_for(actor).filter(pk__in=numbers).values_list("pk", flat=True)}


def people_to_tell(*, organisation_id: int, subject_id: str) -> Collection[int]:
    """Whoever of the company has the item in hand; else those who lead."""
    held = Step.objects.filter(item_id=subject_id, organisation_id=organisation_id, state=Step.State.TAKEN)
    people = set(held.exclude(holder=None).values_list("holder_id", flat=True))
    return {one for one in people if one} or people_with(organisation_id=organisation_id, roles=ASKED)
