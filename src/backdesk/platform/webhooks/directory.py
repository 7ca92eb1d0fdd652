"""Who keeps an organisation's webhooks: the app that knows people says it, being above this floor.

It registers once, in its `AppConfig.ready`::

    webhooks.register_people(queries.people_with)
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from backdesk.platform.webhooks.policies import KEEPERS


class People(Protocol):
    """The members of an organisation who have one of these roles now."""

    def __call__(self, *, organisation_id: int, roles: Collection[str]) -> Collection[int]: ...


def _nobody(*, organisation_id: int, roles: Collection[str]) -> Collection[int]:
    return ()


_people: People = _nobody


def register_people(people: People) -> None:
    global _people  # noqa: PLW0603  (set once at start, by parties)
    _people = people


def keepers(organisation_id: int) -> Collection[int]:
    return _people(organisation_id=organisation_id, roles=KEEPERS)
