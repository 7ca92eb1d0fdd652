"""Who may say what, and for how long they may take it back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from backdesk.conversations.models import Message, Thread
from backdesk.parties.policies import company, is_member, person, require
from backdesk.platform.actor import Actor

__all__ = (
    "EDITABLE_FOR",
    "company",
    "is_member",
    "is_own",
    "may_edit",
    "may_open",
    "may_withdraw",
    "person",
    "require",
    "takes_part",
)

EDITABLE_FOR: Final = timedelta(minutes=15)


def may_open(actor: Actor, *, client_id: int, provider_id: int | None) -> bool:
    """One of the two companies, or Backdesk itself."""
    is_house = actor.person_id is None and actor.organisation_id is None
    return is_house or (is_member(actor) and actor.organisation_id in {client_id, provider_id})


def takes_part(actor: Actor, thread: Thread) -> bool:
    return actor.organisation_id in thread.companies


def is_own(actor: Actor, message: Message) -> bool:
    """Said by the actor, for the company they act for."""
    wrote = actor.person_id is not None and actor.person_id == message.author_id
    return wrote and actor.organisation_id == message.organisation_id


def may_withdraw(actor: Actor, message: Message) -> bool:
    return is_own(actor, message) and message.withdrawn_at is None


def may_edit(actor: Actor, message: Message, now: datetime) -> bool:
    return may_withdraw(actor, message) and now < message.at + EDITABLE_FOR
