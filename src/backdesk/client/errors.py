"""What goes wrong with a call, by what one can do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class BackdeskError(Exception):
    """A call was not carried out."""


class Unreachable(BackdeskError):
    """No answer came, also not when asked again. Whether the call was carried out is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong in what was sent; `pointer` says where."""

    source: str
    pointer: str
    detail: str


class Problem(BackdeskError):
    """Backdesk refused: `code` names the kind of problem for programs, `detail` says it for people."""

    def __init__(self, told: Mapping[str, Any], *, status: int) -> None:
        super().__init__(str(told.get("detail") or f"The server answered {status}."))
        self.status = status
        self.code = str(told.get("code", ""))
        self.detail = str(self)
        self.request_id = str(told.get("request_id", ""))
        self.faults = tuple(
            Fault(source=one["source"], pointer=one["pointer"], detail=one["detail"])
            for one in told.get("errors", ())
        )


class Unauthenticated(Problem):
    """The token is missing, unknown, expired or revoked."""


class Forbidden(Problem):
    """The token's scope, or its person's role, does not allow this."""


class NotFound(Problem):
    """There is no such thing, or none this token may see."""


class Conflict(Problem):
    """It is in the way of what is there: a duplicate, a step somebody else has by now, a change meanwhile."""


class Invalid(Problem):
    """What was sent cannot be accepted; `faults` says what of it."""


class TooManyRequests(Problem):
    """The token's allowance is used up, also after waiting."""


class ServerFailed(Problem):
    """A fault of the server, also when asked again."""


_BY_STATUS: Mapping[int, type[Problem]] = {
    401: Unauthenticated,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    412: Conflict,
    429: TooManyRequests,
}


def problem_of(status: int, told: Mapping[str, Any]) -> Problem:
    kind = _BY_STATUS.get(status, ServerFailed if status >= 500 else Invalid)
    return kind(told, status=status)
