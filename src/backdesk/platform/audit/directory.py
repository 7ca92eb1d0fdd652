"""What the trail knows people by is their number; their names, and who reads trails, parties says, being above.

It registers once, in its `AppConfig.ready`::

    audit.register_directory(queries.TrailDirectory())
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol


class Directory(Protocol):
    def names(self, people: Collection[int]) -> Mapping[int, str]:
        """Of those the present scope may know, also of who left."""

    def readers(self, roles: Collection[str]) -> Mapping[int, frozenset[int]]:
        """By organisation, the members who have one of these roles now."""


class _Nobody:
    def names(self, people: Collection[int]) -> Mapping[int, str]:
        return {}

    def readers(self, roles: Collection[str]) -> Mapping[int, frozenset[int]]:
        return {}


_directory: Directory = _Nobody()


def register_directory(directory: Directory) -> None:
    global _directory  # noqa: PLW0603  (set once at start, by parties)
    _directory = directory


def directory() -> Directory:
    return _directory
