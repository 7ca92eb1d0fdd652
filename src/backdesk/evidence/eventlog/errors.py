"""What can go wrong with a work history: each message is a plain sentence for the person who gave it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from backdesk.evidence.sentences import Sentence, in_a_row, say


class LogError(Exception):
    """A work history that cannot be read; the message says what is wrong and what would be right.

    Its text is in English; `message` is the same as a sentence that can be said in another language.
    """

    def __init__(self, message: Sentence) -> None:
        super().__init__(message)
        self.message = message


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

    def __init__(self, message: Sentence, *, found: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.found = dict(found or {})


class MappingInvalid(LogError):
    """A mapping given by the caller names an unknown role, or an order of dates that cannot be."""


class UnknownZone(LogError):
    """The time zone named is not one of the IANA database; close names are suggested."""


def listed(names: Sequence[str]) -> str:
    """Name up to thirty things, each in quotes.

    >>> listed(["Order", "Task"])
    '"Order", "Task"'
    """
    return in_a_row([say('"{}"', name) for name in names], most=30) if names else ""
