"""What a service agrees on turnaround, as the clocks of its items read it."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from backdesk.desks.services import Service
from backdesk.evidence.calendars import WorkingTime, parse
from backdesk.evidence.clocks import Terms, explain


def terms_of(service: Service, *, since: datetime) -> Terms:
    """The calendar and the target of a version, from when it holds."""
    agreed, calendar = service.targets.turnaround, _calendar(service.calendar, service.zone)
    if agreed is None:
        return Terms(since=since, calendar=calendar)
    if agreed.days is None:
        seconds = float(agreed.hours * 3600) if agreed.hours else None
        return Terms(since=since, calendar=calendar, target_seconds=seconds)
    return Terms(
        since=since,
        calendar=calendar,
        target_days=agreed.days,
        day_rule=agreed.day_rule,
        until=agreed.until,
    )


def due_when_received(service: Service, *, received_at: datetime) -> datetime | None:
    """When an item falls due whose clock nothing has stopped yet."""
    if service.targets.turnaround is None:
        return None
    terms = terms_of(service, since=received_at)
    return explain(received_at=received_at, terms=[terms], now=received_at).due_at


@lru_cache(maxsize=256)
def _calendar(text: str, zone: str) -> WorkingTime:
    return parse(text, zone=zone)
