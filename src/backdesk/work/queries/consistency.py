"""Whether the due times that stand in rows are those of the clocks' histories."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

import polars as pl
from django.db.models import F, QuerySet

from backdesk.evidence.clocks import Pause, Terms, due_many
from backdesk.platform.actor import Actor
from backdesk.work.models import Item, Step, TermsChange
from backdesk.work.queries.clocks import changes_of, ended_at, stops_of, terms_in_force

_Schema: TypeAlias = "dict[str, pl.DataType | type[pl.DataType]]"
_MOMENT = pl.Datetime("us", "UTC")


@dataclass(frozen=True, slots=True, kw_only=True)
class Differing:
    """An item whose row says something else than its history."""

    item_id: int
    kept: datetime | None
    made: datetime | None


def differing(*, actor: Actor, now: datetime, most: int) -> tuple[int, list[Differing]]:
    """Of the items that changed last, up to `most`: how many were looked at, and which differ.

    What new terms concern is left out until they have been applied.
    """
    applying = TermsChange.objects.filter(applied_at=None, since__lte=now).values("service_id")
    items = list(_latest().exclude(service_id__in=applying)[:most])
    made = _made(actor, items, now)
    return len(items), [
        Differing(item_id=item.pk, kept=item.due_at, made=due)
        for item, due in zip(items, made, strict=True)
        if item.due_at != due
    ]


def steps_differing() -> int:
    """Steps under way that are due at another time than their item."""
    live = Step.objects.filter(state__in=[Step.State.OPEN, Step.State.TAKEN])
    same = live.filter(due_at=F("item__due_at")) | live.filter(due_at=None, item__due_at=None)
    return live.exclude(pk__in=same.values("pk"))[:1000].count()


def _latest() -> QuerySet[Item]:
    return Item.objects.exclude(state=Item.State.CANCELLED).order_by("-pk")


def _made(actor: Actor, items: Sequence[Item], now: datetime) -> list[datetime | None]:
    stops, changes = stops_of(items, now=now), changes_of(items)
    histories: dict[int, list[Terms]] = {}
    rows = []
    for item in items:
        # An item's own terms begin with its receipt, so each is a history by itself where terms have changed.
        own = item.pk if changes[item.service_id] else -item.version_id
        histories.setdefault(own, terms_in_force(actor, item, changes[item.service_id]))
        rows.append((item.pk, item.received_at, ended_at(item), own))
    schema: _Schema = {
        "key": pl.Int64,
        "received_at": _MOMENT,
        "ended_at": _MOMENT,
        "terms": pl.Int64,
    }
    table = pl.DataFrame(rows, schema=schema, orient="row")
    found: list[datetime | None] = due_many(
        table, terms=histories, pauses=_pauses(stops.items()), now=now
    ).to_list()
    return found


def _pauses(stops: Iterable[tuple[int, list[Pause]]]) -> pl.DataFrame:
    schema: _Schema = {
        "key": pl.Int64,
        "began_at": _MOMENT,
        "ended_at": _MOMENT,
        "approved": pl.Boolean,
    }
    rows = [(key, one.began_at, one.ended_at, one.approved) for key, some in stops for one in some]
    return pl.DataFrame(rows, schema=schema, orient="row")
