"""Threads beside things, the messages in them, and who reads and follows them."""

from backdesk.conversations.models.messages import Mention, Message
from backdesk.conversations.models.readers import Reader, ReaderQuerySet
from backdesk.conversations.models.threads import InternalThread, Thread

__all__ = ("InternalThread", "Mention", "Message", "Reader", "ReaderQuerySet", "Thread")
