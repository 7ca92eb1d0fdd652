"""The scorecard of a service: its figures by period, worked out once for each time the record was read.

Nothing here asks the database for items: the record lies in columns beside it, and is as new as it says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

import polars as pl

from backdesk.evidence import measures
from backdesk.platform.actor import Actor
from backdesk.work.queries.compiled import compiled
from backdesk.work.queries.periods import Every, today
from backdesk.work.queries.record import ServiceRecord, records_of, services_recorded

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


def scorecard_of(
    *, record: ServiceRecord, every: Every, now: datetime, last: date | None = None
) -> Scorecard:
    """Up to the period in which `last` lies, or the present one."""
    return _scorecard(record, every, now, last)


def scorecards(*, actor: Actor, now: datetime) -> list[Scorecard]:
    """Of every service the actor's company has a part in, by month."""
    services = services_recorded(actor)
    return [_scorecard(one, "month", now) for one in records_of(actor=actor, services=services)]


def by_partner(actor: Actor, cards: Sequence[Scorecard]) -> list[dict[str, Any]]:
    """The present month of all services with a company together, by that company: a row each, with `partner`."""
    found: dict[int, list[pl.DataFrame]] = {}
    for card in cards:
        service = card.record.service
        is_client = service.client_id == actor.organisation_id
        partner = service.provider_id if is_client else service.client_id
        found.setdefault(int(partner), []).append(card.figures.tail(1))
    return [
        {"partner": partner, "period": rows[0]["period"].item(), **_total(rows)}
        for partner, rows in found.items()
    ]


def _total(rows: Sequence[pl.DataFrame]) -> dict[str, Any]:
    return measures.service_total(pl.concat(rows)).row(0, named=True)


def targets_of(actor: Actor, record: ServiceRecord) -> dict[str, float]:
    """What the service promises, as shares."""
    if record.service.current_id is None:
        return {}
    agreed = compiled(actor=actor, version_id=record.service.current_id).service.targets
    wanted = {"attainment": agreed.attainment, "accuracy": agreed.accuracy}
    return {name: float(share) for name, share in wanted.items() if share is not None}


def _scorecard(record: ServiceRecord, every: Every, now: datetime, last: date | None = None) -> Scorecard:
    last = min(last or today(record, now), today(record, now))
    figures, ages = _figures(record, every, _first(last, every), last, record.as_of or now)
    return Scorecard(record=record, every=every, figures=figures, ages=ages)


def _began(items: pl.DataFrame, zone: str) -> date | None:
    """The day of the first item: before it there was no service to speak of."""
    received: datetime | None = items["received_at"].min()  # type: ignore[assignment]
    return received.astimezone(ZoneInfo(zone)).date() if received else None


def _first(last: date, every: Every) -> date:
    return last - timedelta(days=_DAYS[every] * (SHOWN[every] - 1))


@lru_cache(maxsize=_KEPT)
def _figures(
    record: ServiceRecord, every: Every, first: date, last: date, at: datetime
) -> tuple[pl.DataFrame, pl.DataFrame]:
    items = record.items()
    figures = measures.service_figures(
        items,
        looks=record.looks(),
        zone=record.zone,
        every=every,
        first=max(first, _began(items, record.zone) or last),
        last=last,
        now=at,
        standard_minutes=record.agreed.standard_minutes,
    )
    return figures, measures.ageing(items, now=at)
