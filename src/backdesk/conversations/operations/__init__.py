"""What one does in a conversation."""

from backdesk.conversations.operations.erasure import blank_names
from backdesk.conversations.operations.messages import (
    AlreadyWithdrawn,
    MentionsStranger,
    NothingSaid,
    TooLateToEdit,
    edit,
    post,
    withdraw,
)
from backdesk.conversations.operations.reading import follow, mark_read, unfollow
from backdesk.conversations.operations.receiving import NotTheirs, receive_mail
from backdesk.conversations.operations.threads import open_thread

__all__ = (
    "AlreadyWithdrawn",
    "MentionsStranger",
    "NotTheirs",
    "NothingSaid",
    "TooLateToEdit",
    "blank_names",
    "edit",
    "follow",
    "mark_read",
    "open_thread",
    "post",
    "receive_mail",
    "unfollow",
    "withdraw",
)
