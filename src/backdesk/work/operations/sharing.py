"""Whose people do a step that either company may do: the provider's, unless somebody registered another answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from backdesk.work.models import Item

Share = Callable[[Item, str, datetime], int]


def register(share: Share) -> Callable[[], None]:
    """Let `share(item, node, now)` say the organisation; gives a function that takes it back.

    A handover that grows step by step decides here which share of the items goes to the provider.
    """
    _registered.append(share)
    return lambda: _registered.remove(share)


def organisation_for(item: Item, node: str, now: datetime) -> int:
    """The latest registered decides."""
    return _registered[-1](item, node, now) if _registered else item.provider_id


_registered: list[Share] = []
