"""Answers by e-mail, passed on by whatever takes in the mail of the domain they are sent to."""

from typing import Any, Literal

from pydantic import Field

from backdesk.conversations import operations
from backdesk.conversations.api.area import conversations
from backdesk.conversations.mail import Ignored
from backdesk.platform.api import Call, Schema


class MailOut(Schema):
    outcome: Literal["posted", "ignored"]
    message_id: int | None = Field(description="Of the message it became; the same for the same mail.")
    why: str = Field(description="Why it was ignored: no person wrote it.")


@conversations.receive("/mail/replies", MailOut, media_type="message/rfc822")
def receive_reply(call: Call) -> Any:
    """Take in an answer: the raw mail (RFC 5322), as it came.

    The address it was sent to says to which conversation it belongs and is signed; it must come from the person that
    address was made for, and is posted in their name. What machines sent (bounces, holiday notices, lists) is ignored,
    so that nothing answers to itself: such a mail needs no bounce. The same mail twice is one message.
    """
    try:
        message = operations.receive_mail(now=call.now, data=call.request.body, interface="api")
    except Ignored as ignored:
        return {"outcome": "ignored", "message_id": None, "why": str(ignored)}
    return {"outcome": "posted", "message_id": message.pk, "why": ""}
