"""How many requests may come: counted for a token and, where signing in failed, for an address.

The generic cell rate algorithm: of each one only the moment is kept at which its allowance is full again. One
statement counts and decides, whatever runs beside it. The table is unlogged: after a crash everybody begins anew.
"""

import hashlib
import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from backdesk.platform.isolation import prepared

_SQL = """
INSERT INTO platform_requestallowance AS kept (name, full_at, is_over)
VALUES (%(name)s, %(now)s + %(step)s, false)
ON CONFLICT (name) DO UPDATE SET
    is_over = greatest(kept.full_at, %(now)s) + %(step)s > %(now)s + %(window)s,
    full_at = CASE
        WHEN greatest(kept.full_at, %(now)s) + %(step)s > %(now)s + %(window)s THEN kept.full_at
        ELSE greatest(kept.full_at, %(now)s) + %(step)s
    END
RETURNING full_at, is_over
"""


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
    values = {"name": name, "now": now, "step": limit.step, "window": limit.window}
    ((full_at, is_over),) = prepared.rows(sql=_SQL, values=values)
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
