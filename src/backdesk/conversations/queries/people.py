"""Whom one may address in a thread: one's own colleagues, and those the other company is known by."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from django.db.models import F

from backdesk.conversations.models import Message, Thread
from backdesk.parties.queries.participants import (
    NamedPerson,
    colleagues_named,
    names_of_companies,
    participants_named,
)
from backdesk.platform.actor import Actor

MOST_SUGGESTED: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressable:
    person_id: int
    name: str
    organisation_id: int
    organisation: str


def addressable(
    *, actor: Actor, companies: Collection[int], thread: Thread | None = None
) -> list[Addressable]:
    """By name. Of the other company those an engagement names, and those who have written here."""
    others = [one for one in companies if one != actor.organisation_id]
    found = [*colleagues_named(actor), *participants_named(actor=actor, organisation_ids=others)]
    found += _who_wrote(actor, thread, others) if thread and others else []
    names = names_of_companies(companies)
    return [
        Addressable(
            person_id=one.person_id,
            name=one.name,
            organisation_id=one.organisation_id,
            organisation=names[one.organisation_id],
        )
        for one in {(one.person_id, one.organisation_id): one for one in found}.values()
        if one.organisation_id in names
    ]


def suggested(people: Collection[Addressable], *, typed: str, besides: int | None) -> list[Addressable]:
    """Those of whose name a word begins with what was typed after the @."""
    wanted = typed.casefold()

    def fits(name: str) -> bool:
        return name.casefold().startswith(wanted) or any(
            word.startswith(wanted) for word in name.casefold().split()
        )

    return [one for one in people if one.person_id != besides and fits(one.name)][:MOST_SUGGESTED]


def _who_wrote(actor: Actor, thread: Thread, companies: Collection[int]) -> list[NamedPerson]:
    said = Message.objects.visible_to(actor).filter(thread=thread, organisation_id__in=companies)
    rows = said.exclude(author=None).exclude(author_name="").order_by("author_name")
    return [
        NamedPerson(person_id=person_id, name=name, organisation_id=organisation_id)
        for person_id, name, organisation_id in rows.values_list(
            F("author_id"), "author_name", "organisation_id"
        ).distinct()
    ]
