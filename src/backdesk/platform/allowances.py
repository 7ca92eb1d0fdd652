"""How many requests may come: counted for a token and, where signing in failed, for an address.

The generic cell rate algorithm: of each one only the moment is kept at which its allowance is full again. One
statement, `platform_count_request`, counts and decides, whatever runs beside it; who asks more of the database in the
same message calls it there. The table is unlogged: after a crash everybody begins anew.
"""

import hashlib
import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from backdesk.platform.isolation import prepared

_COUNT = "SELECT full_at, is_over FROM platform_count_request(%s, %s, %s, %s)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """So many requests a window, all at once or spread over it."""

    requests: int
    window: timedelta = timedelta(minutes=1)

    @property
    def step(self) -> timedelta:
        return self.window / self.requests


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What is left of an allowance; `wait` is until one more request may come, zero while some may."""

    limit: Limit
    left: int
    wait: timedelta
    full_in: timedelta

    @property
    def is_over(self) -> bool:
        return self.wait > timedelta(0)

    @property
    def headers(self) -> dict[str, str]:
        """As the draft of the IETF on RateLimit headers has it, and Retry-After where it is over."""
        window = int(self.limit.window.total_seconds())
        told = {
            "RateLimit-Policy": f'"requests";q={self.limit.requests};w={window}',
            "RateLimit": f'"requests";r={self.left};t={_seconds(self.full_in)}',
        }
        return {**told, "Retry-After": str(max(1, _seconds(self.wait)))} if self.is_over else told


def count(*, name: str, limit: Limit, now: datetime) -> Allowance:
    """Count one request; one too many is not counted."""
    ((full_at, is_over),) = prepared.rows(sql=_COUNT, values=[name, now, limit.step, limit.window])
    return left(limit=limit, now=now, full_at=full_at, is_over=is_over)


def left(*, limit: Limit, now: datetime, full_at: datetime, is_over: bool) -> Allowance:
    """What the database has counted."""
    full_in = max(full_at - now, timedelta(0))
    room = limit.window - full_in
    return Allowance(
        limit=limit,
        left=0 if is_over else math.floor(room / limit.step),
        wait=limit.step - room if is_over else timedelta(0),
        full_in=full_in,
    )


def of_address(address: str) -> str:
    """No address is kept, only what it can be told by while it counts."""
    return f"address:{hashlib.blake2b(address.encode(), digest_size=16).hexdigest()}"


def _seconds(length: timedelta) -> int:
    return math.ceil(length.total_seconds())
