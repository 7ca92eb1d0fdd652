"""What of a person goes from conversations when they are erased: their name. What they wrote was for two companies."""

from __future__ import annotations

from datetime import datetime

from backdesk.conversations import writing
from backdesk.conversations.models import Mention, Message, Reader
from backdesk.platform.actor import Actor

_SOMEBODY = "…"


def blank_names(*, actor: Actor, now: datetime, person_id: int) -> None:
    """Where they wrote, and where somebody named them. In the transaction and the scope of erasing them."""
    Message.objects.filter(author_id=person_id).update(author_name="")
    for mention in Mention.objects.filter(person_id=person_id).select_related("message"):
        text = writing.without_name(mention.message.text, mention.name, _SOMEBODY)
        Message.objects.filter(pk=mention.message_id).update(text=text)
    Mention.objects.filter(person_id=person_id).delete()
    Reader.objects.filter(person_id=person_id).delete()
