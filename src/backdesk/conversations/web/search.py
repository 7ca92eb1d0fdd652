"""What search finds in conversations."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy

from backdesk.conversations import queries, writing
from backdesk.platform import search
from backdesk.platform.actor import Actor
from backdesk.platform.search import Hit, Source, Words


def register() -> None:
    search.register(Source(kind="message", title=gettext_lazy("Conversations"), function=messages, order=60))


def messages(*, actor: Actor, words: Words, limit: int) -> Iterator[Hit]:
    """Each opens its thread where it was said."""
    for one in queries.matching_messages(actor=actor, words=words, limit=limit):
        address = reverse("conversations:thread", args=(one.thread_id,))
        yield Hit(
            title=one.thread.title,
            detail=f"{one.author_name}: {writing.excerpt(one.text, length=120)}",
            url=f"{address}#message-{one.pk}",
        )
