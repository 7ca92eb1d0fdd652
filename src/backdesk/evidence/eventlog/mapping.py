"""Which column of a file plays which role."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

from backdesk.evidence.eventlog.errors import MappingInvalid
from backdesk.evidence.sentences import say

ROLES: Final = (
    "case",
    "activity",
    "ended_at",
    "started_at",
    "resource",
    "team",
    "party",
    "function",
    "lifecycle",
)
TIMES: Final = ("ended_at", "started_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """Say which column of a file plays which role; every role holds a column name, or None.

    `ended_at` is the time column when there is only one. `day_first` settles dates such as 03/04/2024,
    `time_format` (strftime codes, for example "%d.%m.%Y %H:%M") replaces the formats found by itself.
    `object_type` is for object-centric logs alone: the type of the objects that are the cases.

    >>> Mapping(case="Order", activity="Task", ended_at="Done").columns()
    ('Order', 'Task', 'Done')
    """

    case: str
    activity: str
    ended_at: str | None = None
    started_at: str | None = None
    resource: str | None = None
    team: str | None = None
    party: str | None = None
    function: str | None = None
    lifecycle: str | None = None
    day_first: bool | None = None
    time_format: str | None = None
    object_type: str | None = None

    def columns(self) -> tuple[str, ...]:
        """Give the columns this mapping uses, in the order of the roles, each once.

        >>> Mapping(case="id", activity="task", started_at="t", ended_at="t").columns()
        ('id', 'task', 't')
        """
        return tuple(dict.fromkeys(column for _, column in self.roles()))

    def roles(self) -> tuple[tuple[str, str], ...]:
        """Give each role that has a column, with the column.

        >>> Mapping(case="id", activity="task", ended_at="done").roles()
        (('case', 'id'), ('activity', 'task'), ('ended_at', 'done'))
        """
        return tuple((role, getattr(self, role)) for role in ROLES if getattr(self, role) is not None)

    def to_dict(self) -> dict[str, Any]:
        """Give the mapping as a plain dictionary, for JSON or a form; `from_dict` takes it back.

        >>> Mapping(case="id", activity="task").to_dict()["case"]
        'id'
        """
        values = asdict(self)
        return values if self.object_type else {key: values[key] for key in values if key != "object_type"}

    @classmethod
    def from_dict(cls, values: AnyMapping[str, Any]) -> Mapping:
        """Make a mapping from a dictionary; empty strings count as None.

        Raises `MappingInvalid` where a key is no role, or the case or the activity has no column.

        >>> Mapping.from_dict({"case": "id", "activity": "task", "team": ""}).team is None
        True
        """
        known = {field.name for field in fields(cls)}
        if unknown := sorted(set(values) - known):
            raise MappingInvalid(
                say("The mapping names {}; the roles are {}.", ", ".join(unknown), ", ".join(ROLES))
            )
        given = {key: value for key, value in values.items() if value not in (None, "")}
        for role in ("case", "activity"):
            if role not in given:
                raise MappingInvalid(
                    say("The mapping names no column for the {0}; give for example {0}=Column.", role)
                )
        return cls(**given)

    @classmethod
    def from_text(cls, text: str) -> Mapping:
        """Read a mapping as typed in a terminal: "role=Column" pairs, separated by commas.

        A comma or an equals sign within a column's name is written with a backslash before it.
        Raises `MappingInvalid` naming the part that cannot be read.

        >>> Mapping.from_text("case=Order, activity=Task, ended_at=Done at, day_first=yes").ended_at
        'Done at'
        """
        pairs = [_pair(part) for part in _split(text, ",") if part.strip()]
        values: dict[str, Any] = dict(pairs)
        if len(values) < len(pairs):
            raise MappingInvalid(say("The mapping {} names a role twice; name each role once.", repr(text)))
        if "day_first" in values:
            values["day_first"] = _yes_or_no(values["day_first"])
        return cls.from_dict(values)


def _pair(part: str) -> tuple[str, str]:
    pieces = _split(part, "=")
    if len(pieces) != 2 or not pieces[0].strip():
        raise MappingInvalid(
            say('"{}" is no part of a mapping; write role=Column, as in case=Order.', part.strip())
        )
    return pieces[0].strip(), pieces[1].strip()


def _split(text: str, mark: str) -> list[str]:
    """Split at the mark, unless a backslash stands before it; other escapes stay as they are."""
    parts, current, escaped = [], "", False
    for character in text:
        if escaped:
            current += character if character == mark else "\\" + character
        elif character == mark:
            parts.append(current)
            current = ""
        elif character != "\\":
            current += character
        escaped = character == "\\" and not escaped
    return [*parts, current + ("\\" if escaped else "")]


def _yes_or_no(text: str) -> bool:
    answers = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
    try:
        return answers[text.lower()]
    except KeyError:
        raise MappingInvalid(say("{} is neither yes nor no.", f"day_first={text}")) from None
