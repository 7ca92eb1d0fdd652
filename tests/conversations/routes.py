"""Who may open which address of conversations: every member, where they see what it is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backdesk.parties.models import Role
from tests.cast import Cast
from tests.conversations.matters import a_matter, a_thread, own_thread, said
from tests.permissions import Route

LEAD = frozenset({Role.OPERATIONS_LEAD.value})


def a_message(cast: Cast) -> Mapping[str, Any]:
    """Of the lead's own."""
    return {"pk": said(cast.lead, own_thread(cast), now=_now()).pk}


def a_message_to_withdraw(cast: Cast) -> Mapping[str, Any]:
    return a_message(cast)


def _now() -> Any:
    """By the clock, which the pages read: what is older than 15 minutes nobody edits."""
    from django.utils import timezone

    return timezone.now()


ROUTES = {
    "conversations:threads": Route(),
    "conversations:thread": Route(of=a_thread),
    "conversations:messages": Route(of=a_thread, method="post", data={"text": "Noted."}),
    "conversations:following": Route(of=a_thread, method="post", data={"follow": "1"}),
    "conversations:reading": Route(of=a_thread, method="post"),
    "conversations:people": Route(of=a_thread, data={"typed": "a"}),
    "conversations:first-message": Route(of=a_matter, method="post", data={"text": "First."}),
    "conversations:people-about": Route(of=a_matter),
    "conversations:message": Route(of=a_message, roles=LEAD),
    "conversations:withdrawal": Route(of=a_message_to_withdraw, roles=LEAD, method="post"),
}
