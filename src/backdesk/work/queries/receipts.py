"""When an item was received: not later than now."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext_noop

from backdesk.desks.services import FieldProblem

#: Of whoever brings an item in and ours, at most.
CLOCKS_APART: Final = timedelta(minutes=5)
_TOO_EARLY: Final = gettext_noop(
    "The time of receipt lies in the future. Correct it, or leave it out: then it is now."
)


def too_early(received_at: datetime | None, *, now: datetime) -> tuple[FieldProblem, ...]:
    """What is not received yet is not brought in."""
    if received_at is None or received_at <= now + CLOCKS_APART:
        return ()
    return (FieldProblem(path="", text=_TOO_EARLY),)
