"""A client of Backdesk's API, for programs that bring work in, do it, or take it over.

    backdesk = Backdesk("https://backdesk.example.org", token="bd_…")
    item = backdesk.create_item(12, {"document_number": "4711"}, documents=[Path("4711.pdf")])
    for row in backdesk.items(state="delivered"):
        ...

It needs nothing of Backdesk itself, and stands by itself: `requests` sends, `standardwebhooks` verifies.
"""

from backdesk.client.api import Backdesk
from backdesk.client.errors import (
    BackdeskError,
    Conflict,
    Fault,
    Forbidden,
    Invalid,
    NotFound,
    Problem,
    ServerFailed,
    TooManyRequests,
    Unauthenticated,
    Unreachable,
)
from backdesk.client.shapes import (
    BatchResult,
    Completed,
    Document,
    Event,
    Finding,
    GoldCase,
    Item,
    ItemRow,
    NewItem,
    Outcome,
    Queue,
    Ref,
    Step,
    Webhook,
    Work,
)
from backdesk.client.webhooks import Message, NotFromBackdesk, read_message

__all__ = [
    "Backdesk",
    "BackdeskError",
    "BatchResult",
    "Completed",
    "Conflict",
    "Document",
    "Event",
    "Fault",
    "Finding",
    "Forbidden",
    "GoldCase",
    "Invalid",
    "Item",
    "ItemRow",
    "Message",
    "NewItem",
    "NotFound",
    "NotFromBackdesk",
    "Outcome",
    "Problem",
    "Queue",
    "Ref",
    "ServerFailed",
    "Step",
    "TooManyRequests",
    "Unauthenticated",
    "Unreachable",
    "Webhook",
    "Work",
    "read_message",
]
