"""Work that comes round by the clock, once a tick however many workers there are::

    @periodic(cron="*/5 * * * *")
    def send_what_is_due(now: datetime) -> None: ...

Called in the scope of the house. A tick that comes while the one before is still at work, or waits, is left out; one
that fails is logged, and the next one tries again. So it must take up whatever is due, not what the tick is for.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from procrastinate.contrib.django import app

from backdesk.platform.isolation import as_system
from backdesk.platform.jobs.queue import QUEUE
from backdesk.platform.requests import request_id

Tick = Callable[[datetime], None]


def periodic(*, cron: str) -> Callable[[Tick], Tick]:
    """Register the decorated function for the times of a five-field cron expression, in UTC."""

    def register(function: Tick) -> Tick:
        name = f"{function.__module__}.{function.__qualname__}"

        @app.periodic(cron=cron)
        @app.task(name=name, queue=QUEUE, lock=name, queueing_lock=name)
        def tick(timestamp: int) -> None:
            with request_id(f"tick-{function.__name__}-{timestamp}"[:64]), as_system(name):
                function(datetime.now(UTC))

        return function

    return register
