"""The API of conversations."""

from backdesk.conversations.api.area import conversations

from backdesk.conversations.api import mail, threads  # isort: skip

__all__ = ["conversations", "mail", "threads"]
