"""What people hold in an organisation, told by the apps that know: leaving hands it over.

An app registers in its `AppConfig.ready`::

    holdings.register(Holding(title=_("teams led"), count=queries.teams_led, hand_over=operations.hand_over_teams))

`count(actor=, person=)` says how many there are, for the page that tells before it happens; `hand_over(actor=, now=,
person=, successor=)` is called inside the transaction of offboarding. What stays with the person as history, such as
what they answered or wrote, is not held; but what of it tells of themselves goes when they are erased::

    holdings.register_erasure(operations.blank_comments)

which is called with `actor`, `now` and `person_id` in the transaction and the scope (every row) of erasing them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.utils.functional import Promise

from backdesk.parties.models import Person
from backdesk.platform.actor import Actor


class Count(Protocol):
    def __call__(self, *, actor: Actor, person: Person) -> int: ...


class HandOver(Protocol):
    def __call__(self, *, actor: Actor, now: datetime, person: Person, successor: Person) -> None: ...


class Erase(Protocol):
    def __call__(self, *, actor: Actor, now: datetime, person_id: int) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    title: str | Promise
    count: Count
    hand_over: HandOver


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Of one kind, by one person."""

    holding: Holding
    count: int

    @property
    def title(self) -> str:
        return str(self.holding.title)


_registered: list[Holding] = []
_erasures: list[Erase] = []


def register(holding: Holding) -> None:
    if holding not in _registered:
        _registered.append(holding)


def register_erasure(erase: Erase) -> None:
    if erase not in _erasures:
        _erasures.append(erase)


def erase_texts(*, actor: Actor, now: datetime, person: Person) -> None:
    """What the apps keep of a person in free text, in every organisation."""
    for erase in _erasures:
        erase(actor=actor, now=now, person_id=person.pk)


def held_by(*, actor: Actor, person: Person) -> tuple[Held, ...]:
    """What the person holds in the actor's organisation; kinds of which they hold nothing are left out."""
    return tuple(_held(actor, person))


def _held(actor: Actor, person: Person) -> Iterator[Held]:
    for holding in _registered:
        if count := holding.count(actor=actor, person=person):
            yield Held(holding=holding, count=count)
