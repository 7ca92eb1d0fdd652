"""What is recorded of the work of every service: five tables, each with the moment that says in which month a row is.

A row goes into the month in which it was over (a step ended, an item closed); until then it is part of what is current.
People and companies stand as numbers: whoever reads a record is shown the names they may see.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import polars as pl

SCHEMA_VERSION: Final = 2
_MOMENT: Final = pl.Datetime("us", "UTC")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """`sql` selects `service` and the columns of `schema`; `moment` and `state` are expressions over its rows, `owner`
    is the part of it that knows the service.

    `state` goes into a month's fingerprint: it differs where a row of that month is not what it was. `is_clients`: the
    client's alone, whose files and numbers of rows the provider is not shown.
    """

    name: str
    owner: str
    sql: str
    moment: str
    state: str
    schema: pl.Schema
    is_clients: bool = False


_STEPS = Table(
    name="steps",
    owner="step",
    sql="""
        SELECT step.service_id AS service, step.id AS step, step.item_id AS item, item.version_id AS version,
               step.node, step.kind::text AS kind, step.organisation_id AS organisation, step.holder_id AS person,
               step.enabled_at, step.started_at, step.ended_at, step.touch_seconds::bigint AS touch_seconds
        FROM work_step AS step JOIN work_item AS item ON item.id = step.item_id
        WHERE step.kind IN ('do', 'key', 'review', 'adjudicate') AND step.started_at IS NOT NULL
          AND step.state IN ('taken', 'open', 'done')
    """,
    moment="step.ended_at",
    state="step.touch_seconds",
    schema=pl.Schema(
        {
            "step": pl.Int64(),
            "item": pl.Int64(),
            "version": pl.Int64(),
            "node": pl.String(),
            "kind": pl.String(),
            "organisation": pl.Int64(),
            "person": pl.Int64(),
            "enabled_at": _MOMENT,
            "started_at": _MOMENT,
            "ended_at": _MOMENT,
            "touch_seconds": pl.Int64(),
        }
    ),
)
_ITEMS = Table(
    name="items",
    owner="item",
    sql="""
        SELECT item.service_id AS service, item.id AS item, item.version_id AS version, item.received_at,
               CASE WHEN item.state IN ('delivered', 'accepted') THEN item.delivered_at END AS delivered_at,
               item.closed_at, item.due_at, item.state = 'cancelled' AS is_cancelled, item.round::bigint AS round,
               CASE WHEN item.state IN ('delivered', 'accepted') THEN
                   EXISTS (SELECT 1 FROM work_inspection AS look WHERE look.item_id = item.id
                           AND look.is_sent_back AND look.internal_to IS NULL)
                   ELSE false END AS was_sent_back,
               CASE WHEN item.state IN ('delivered', 'accepted') THEN
                   (SELECT nullif(sum(step.touch_seconds), 0) FROM work_step AS step WHERE step.item_id = item.id)
                   END::bigint AS touch_seconds
        FROM work_item AS item WHERE true
    """,
    moment="item.closed_at",
    state="item.sequence",
    schema=pl.Schema(
        {
            "item": pl.Int64(),
            "version": pl.Int64(),
            "received_at": _MOMENT,
            "delivered_at": _MOMENT,
            "closed_at": _MOMENT,
            "due_at": _MOMENT,
            "is_cancelled": pl.Boolean(),
            "round": pl.Int64(),
            "was_sent_back": pl.Boolean(),
            "touch_seconds": pl.Int64(),
        }
    ),
)
_LOOKS = Table(
    name="looks",
    owner="look",
    sql="""
        SELECT look.service_id AS service, look.item_id AS item, look.kind::text AS kind, look.node, look.at,
               look.organisation_id AS organisation, look.person_id AS person,
               look.is_sent_back, look.errors::bigint AS errors, look.critical::bigint AS critical
        FROM work_inspection AS look WHERE look.internal_to IS NULL
    """,
    moment="look.at",
    state="look.errors + 1000 * look.critical",
    schema=pl.Schema(
        {
            "item": pl.Int64(),
            "kind": pl.String(),
            "node": pl.String(),
            "at": _MOMENT,
            "organisation": pl.Int64(),
            "person": pl.Int64(),
            "is_sent_back": pl.Boolean(),
            "errors": pl.Int64(),
            "critical": pl.Int64(),
        }
    ),
)
_PAUSES = Table(
    name="pauses",
    owner="item",
    sql="""
        SELECT item.service_id AS service, pause.item_id AS item, pause.reason, pause.began_at, pause.ended_at,
               CASE pause.state WHEN 'approved' THEN true WHEN 'refused' THEN false END AS approved,
               pause.state = 'withdrawn' AS is_withdrawn
        FROM work_pause AS pause JOIN work_item AS item ON item.id = pause.item_id WHERE true
    """,
    moment="pause.ended_at",
    state="CASE pause.state WHEN 'proposed' THEN 0 WHEN 'approved' THEN 1 WHEN 'refused' THEN 2 ELSE 3 END",
    schema=pl.Schema(
        {
            "item": pl.Int64(),
            "reason": pl.String(),
            "began_at": _MOMENT,
            "ended_at": _MOMENT,
            "approved": pl.Boolean(),
            "is_withdrawn": pl.Boolean(),
        }
    ),
)
_GOLD = Table(
    name="gold",
    owner="gold",
    sql="""
        SELECT gold.service_id AS service, gold.item_id AS item, gold.seeded_at, look.at, look.node,
               look.person_id AS person, look.errors::bigint AS errors, look.critical::bigint AS critical
        FROM work_goldcase AS gold
        LEFT JOIN work_inspection AS look ON look.item_id = gold.item_id AND look.kind = 'gold'
        WHERE gold.item_id IS NOT NULL
    """,
    moment="gold.compared_at",
    state="coalesce(look.errors + 1000 * look.critical, -1)",
    schema=pl.Schema(
        {
            "item": pl.Int64(),
            "seeded_at": _MOMENT,
            "at": _MOMENT,
            "node": pl.String(),
            "person": pl.Int64(),
            "errors": pl.Int64(),
            "critical": pl.Int64(),
        }
    ),
    is_clients=True,
)
TABLES: Final[Mapping[str, Table]] = MappingProxyType(
    {table.name: table for table in (_STEPS, _ITEMS, _LOOKS, _PAUSES, _GOLD)}
)
