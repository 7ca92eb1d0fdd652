"""How much of the work was right in a stretch of days, by service and by who did it: from the record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Final

import polars as pl

from backdesk.evidence import measures
from backdesk.evidence.measures import SERVICE_INTERVALS
from backdesk.evidence.measures import UnknownCount as UnknownCount
from backdesk.evidence.statistics.proportions import Interval, wilson
from backdesk.platform.actor import Actor
from backdesk.work.queries.record import ServiceRecord, records_of, services_recorded

_KEPT: Final = 2_000


def records(actor: Actor) -> list[ServiceRecord]:
    """Of every service the actor's company has a part in."""
    return records_of(actor=actor, services=services_recorded(actor))


def shares(found: Sequence[ServiceRecord], *, first: date, last: date) -> pl.DataFrame:
    """A row for each service and, with `person`, for each of those whose work it was: what
    `measures.service_quality` gives, by `service` and `person`; null: everybody."""
    parts = [_shares(one, first, last) for one in found]
    return pl.concat(parts) if parts else pl.DataFrame()


def share_of(table: pl.DataFrame, name: str) -> tuple[Interval | None, int]:
    """A share over all services of such a table, and of how many."""
    wrong, of, _low, _high = SERVICE_INTERVALS[name]
    if table.is_empty():
        return None, 0
    bad, total = table.filter(pl.col("person").is_null()).select(pl.col(wrong).sum(), pl.col(of).sum()).row(0)
    return (wilson(count=total - bad, total=total) if total else None), total


def items_behind(
    record: ServiceRecord, count: str, *, first: date, last: date, now: datetime, person: int | None = None
) -> pl.DataFrame:
    """The items a figure counts; of one person, those they did a task of, or were looked at for. Raises
    `UnknownCount`."""
    items, looks = record.items(), record.looks()
    if person is not None:
        looks = looks.filter(pl.col("person") == person)
        own = record.makers().filter(pl.col("person") == person).select("item")
        items = items.join(pl.concat([own, looks.select("item")]), on="item", how="semi")
        if not measures.is_of_looks(count):
            items = items.join(own, on="item", how="semi")
    return measures.behind(items, looks=looks, count=count, zone=record.zone, first=first, last=last, now=now)


@lru_cache(maxsize=_KEPT)
def _shares(record: ServiceRecord, first: date, last: date) -> pl.DataFrame:
    items, looks = record.items(), record.looks()
    everybody = pl.lit(None, pl.Int64).alias("person")
    made = items.join(record.makers(), on="item", how="inner")
    parts = [
        measures.service_quality(mine, looks=seen, by=["person"], zone=record.zone, first=first, last=last)
        for mine, seen in (
            (items.with_columns(everybody), looks.with_columns(everybody)),
            (made, looks.filter(pl.col("person").is_not_null())),
        )
    ]
    return pl.concat(parts).select(pl.lit(record.service.pk).alias("service"), pl.all())
