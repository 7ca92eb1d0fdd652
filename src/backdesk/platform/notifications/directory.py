"""Who can be told: the app of people and organisations says it, being above this floor.

It registers once, in its `AppConfig.ready`::

    notifications.register_directory(queries.recipients)
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """`organisation`: the name of the one they are told in, empty for what is about their own account.

    `working_hours`: their own, else those of that organisation, on the clock of `working_zone`; empty where nobody
    said any.
    """

    person_id: int
    name: str
    email: str
    language: str
    zone: str
    organisation: str = ""
    working_hours: str = ""
    working_zone: str = ""

    @property
    def timezone(self) -> ZoneInfo:
        try:
            return ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError):
            return ZoneInfo("UTC")


class Directory(Protocol):
    def __call__(self, *, organisation_id: int | None, people: Collection[int]) -> Mapping[int, Recipient]:
        """Those of `people` who are members of the organisation now; without one, those who can still sign in."""


def _nobody(*, organisation_id: int | None, people: Collection[int]) -> Mapping[int, Recipient]:
    return {}


_directory: Directory = _nobody


def register_directory(directory: Directory) -> None:
    global _directory  # noqa: PLW0603  (set once at start, by parties)
    _directory = directory


def recipients(*, organisation_id: int | None, people: Collection[int]) -> Mapping[int, Recipient]:
    return _directory(organisation_id=organisation_id, people=people) if people else {}
