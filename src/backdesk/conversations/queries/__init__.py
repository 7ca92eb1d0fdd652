"""Reads of conversations: every one begins at what the actor may see."""

from backdesk.conversations.queries.people import Addressable, addressable, suggested
from backdesk.conversations.queries.threads import (
    Excerpt,
    Reading,
    matching_messages,
    message_of,
    messages_of,
    reading_of,
    subject_of,
    thread_of,
    thread_on,
    threads_followed,
)

__all__ = (
    "Addressable",
    "Excerpt",
    "Reading",
    "addressable",
    "matching_messages",
    "message_of",
    "messages_of",
    "reading_of",
    "subject_of",
    "suggested",
    "thread_of",
    "thread_on",
    "threads_followed",
)
