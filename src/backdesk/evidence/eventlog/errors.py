"""What can go wrong with a work history: each message is a plain sentence for the person who gave it."""

from __future__ import annotations

from collections.abc import Mapping


class LogError(Exception):
    """A work history that cannot be read; the message says what is wrong and what would be right."""


class UnreadableFile(LogError):
    """The file is missing, is of a kind not read, or is broken from its first byte."""


class FileTooLarge(LogError):
    """The file, or one value in it, is larger than is read."""


class NothingRead(LogError):
    """The file is of a known kind but holds no event that could be accepted."""


class ColumnMissing(LogError):
    """A role of the mapping has no column; says which role, the columns there are, and how to name one.

    `found` are the columns of the roles that were found, by their roles.
    """

    def __init__(self, message: str, *, found: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.found = dict(found or {})


class MappingInvalid(LogError):
    """A mapping given by the caller names an unknown role, or an order of dates that cannot be."""


class UnknownZone(LogError):
    """The time zone named is not one of the IANA database; close names are suggested."""
