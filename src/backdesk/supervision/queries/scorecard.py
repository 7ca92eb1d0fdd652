"""The scorecard of a service: its figures by period, worked out once for each time the record was read.

Nothing here asks the database for items: the record lies in columns beside it, and is as new as it says.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final, Literal
from zoneinfo import ZoneInfo

import polars as pl

from backdesk.evidence import measures
from backdesk.evidence.measures import UnknownCount as UnknownCount
from backdesk.platform.actor import Actor
from backdesk.work.queries.compiled import compiled
from backdesk.work.queries.record import ServiceRecord, record_of, records_of, services_recorded

Every = Literal["day", "week", "month"]
SHOWN: Final[dict[Every, int]] = {"day": 31, "week": 26, "month": 13}
_DAYS: Final[dict[Every, int]] = {"day": 1, "week": 7, "month": 30}
_KEPT: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard:
    """`figures`: one row a period, the present one last. `ages`: of what is open now."""

    record: ServiceRecord
    every: Every
    figures: pl.DataFrame
    ages: pl.DataFrame

    @property
    def present(self) -> dict[str, object]:
        return self.figures.row(-1, named=True)


def scorecard_of(*, actor: Actor, service_id: int, every: Every, now: datetime) -> Scorecard:
    """Raises `DoesNotExist` for a service of others."""
    return _scorecard(record_of(actor=actor, service_id=service_id), every, now)


def scorecards(*, actor: Actor, now: datetime) -> list[Scorecard]:
    """Of every service the actor's company has a part in, by month."""
    services = services_recorded(actor)
    return [_scorecard(one, "month", now) for one in records_of(actor=actor, services=services)]


def items_behind(
    record: ServiceRecord, count: str, *, first: date, last: date, now: datetime
) -> pl.DataFrame:
    """The items a figure counts. Raises `UnknownCount`."""
    items, looks = record.items(), record.looks()
    return measures.behind(items, looks, count, zone=record.zone, first=first, last=last, now=now)


def period_end(first: date, every: Every) -> date:
    """The last day of the period that begins on this one."""
    if every == "month":
        return (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return first + timedelta(days=_DAYS[every] - 1)


def today(record: ServiceRecord, now: datetime) -> date:
    """Where the service is."""
    return now.astimezone(ZoneInfo(record.zone)).date()


def targets_of(actor: Actor, record: ServiceRecord) -> dict[str, float]:
    """What the service promises, as shares."""
    if record.service.current_id is None:
        return {}
    agreed = compiled(actor=actor, version_id=record.service.current_id).service.targets
    wanted = {"attainment": agreed.attainment, "accuracy": agreed.accuracy}
    return {name: float(share) for name, share in wanted.items() if share is not None}


def _scorecard(record: ServiceRecord, every: Every, now: datetime) -> Scorecard:
    last = today(record, now)
    figures, ages = _figures(_Key(record), every, _first(last, every), last, record.as_of or now)
    return Scorecard(record=record, every=every, figures=figures, ages=ages)


def _began(items: pl.DataFrame, zone: str) -> date | None:
    """The day of the first item: before it there was no service to speak of."""
    received: datetime | None = items["received_at"].min()  # type: ignore[assignment]
    return received.astimezone(ZoneInfo(zone)).date() if received else None


def _first(last: date, every: Every) -> date:
    return last - timedelta(days=_DAYS[every] * (SHOWN[every] - 1))


class _Key:
    """A record by what tells that it is the same."""

    def __init__(self, record: ServiceRecord) -> None:
        self.record = record
        self._same = (
            record.service.pk,
            record.organisation_id,
            record.version,
            record.months,
            record.agreed,
        )

    def __hash__(self) -> int:
        return hash(self._same)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self._same == other._same


@lru_cache(maxsize=_KEPT)
def _figures(
    key: _Key, every: Every, first: date, last: date, at: datetime
) -> tuple[pl.DataFrame, pl.DataFrame]:
    record = key.record
    items = record.items()
    figures = measures.service_figures(
        items,
        record.looks(),
        zone=record.zone,
        every=every,
        first=max(first, _began(items, record.zone) or last),
        last=last,
        now=at,
        standard_minutes=record.agreed.standard_minutes,
    )
    return figures, measures.ageing(items, now=at)
