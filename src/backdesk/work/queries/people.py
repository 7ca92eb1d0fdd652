"""What the people of both companies are called, as far as the actor may know them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from backdesk.parties.queries.participants import NamedPerson, colleagues_named, participants_named
from backdesk.platform.actor import Actor
from backdesk.work.models import Item, Service


def names_of(actor: Actor, companies: Collection[int]) -> dict[int, str]:
    """By person."""
    return {one.person_id: one.name for one in _known(actor, companies)}


def names_for(actor: Actor, items: Iterable[Item]) -> Mapping[tuple[int, int], str]:
    """By person and the company they did something for."""
    known = _known(actor, companies_of(items))
    return {(one.person_id, one.organisation_id): one.name for one in known}


def companies_of(those: Iterable[Item | Service]) -> set[int]:
    return {company for one in those for company in (one.client_id, one.provider_id)}


def _known(actor: Actor, companies: Collection[int]) -> tuple[NamedPerson, ...]:
    return (*participants_named(actor=actor, organisation_ids=companies), *colleagues_named(actor))
