"""Who may call which operation of conversations: everybody, of what they see."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from backdesk.conversations.mail import Asked, address_for
from backdesk.parties.models import Role
from tests.api.listing import ApiOperation
from tests.cast import Cast
from tests.conversations.letters import letter
from tests.conversations.matters import own_thread, said

LEAD = frozenset({Role.OPERATIONS_LEAD.value})


def a_thread(cast: Cast) -> dict[str, Any]:
    thread = own_thread(cast)
    said(cast.lead, thread)
    return {"pk": thread.pk}


def a_message(cast: Cast) -> dict[str, Any]:
    """The lead's, whose colleagues may read it and not change it."""
    return {"pk": said(cast.lead, own_thread(cast), now=timezone.now()).pk}


def an_answer(cast: Cast) -> tuple[bytes, str]:
    lead = cast.person(Role.OPERATIONS_LEAD)
    asked = Asked(thread_id=own_thread(cast).pk, person_id=lead.pk, organisation_id=cast.client.pk)
    return letter(to=address_for(asked), sender=lead.email), "message/rfc822"


API_OPERATIONS = {
    "list_threads": ApiOperation(),
    "get_thread": ApiOperation(of=a_thread),
    "list_messages": ApiOperation(of=a_thread),
    "post_message": ApiOperation(of=a_thread, tell=lambda cast: {"text": "Noted."}),
    "get_message": ApiOperation(of=a_message),
    "edit_message": ApiOperation(of=a_message, roles=LEAD, tell=lambda cast: {"text": "Better."}),
    "withdraw_message": ApiOperation(of=a_message, roles=LEAD),
    "get_reading": ApiOperation(of=a_thread),
    "mark_read": ApiOperation(of=a_thread, tell=lambda cast: {}),
    "follow_thread": ApiOperation(of=a_thread, tell=lambda cast: {"follows": True}),
    "receive_reply": ApiOperation(raw=an_answer),
}
