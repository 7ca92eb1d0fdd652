"""The record of a service's work, as one company may see it: for figures, maps, and whoever analyses histories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

import polars as pl

from backdesk.evidence.eventlog import StepLog, steps_from_arrow
from backdesk.evidence.measures import SERVICE_ITEMS, SERVICE_LOOKS
from backdesk.parties.queries.participants import names_of_companies
from backdesk.platform.actor import Actor
from backdesk.work.models import RecordSnapshot, Service
from backdesk.work.queries.compiled import compiled
from backdesk.work.queries.people import names_of
from backdesk.work.records import keeping
from backdesk.work.records.tables import TABLES

OBJECTS: Final = {"resource": "person", "line": "step"}
"""What of a record are objects in OCEL, beside the items: who did a step, and the step itself."""
_RETURNED: Final = "return"
"""Looks of this kind are no sample of the work: they would count what happened to be noticed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """What a service says now of the time it takes, and when."""

    zone: str = "UTC"
    calendar: str = "24/7"
    standard_minutes: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRecord:
    """`as_of`: when what is not kept by month was read last; None where nothing has been recorded yet.

    `version` changes whenever what is recorded does; two records of one are equal, so that what was worked out of one
    can be kept.
    """

    service: Service
    months: tuple[tuple[str, date, str], ...]
    as_of: datetime | None = field(compare=False)
    version: tuple[int, ...]
    agreed: Agreed
    organisation_id: int

    @property
    def zone(self) -> str:
        return self.agreed.zone

    def items(self) -> pl.DataFrame:
        """With the schema `SERVICE_ITEMS`; which of them is gold, its client alone is told."""
        returned = self.table("looks").filter(pl.col("kind") == _RETURNED)
        first = returned.group_by("item").agg(pl.col("at").min().alias("returned_at"))
        gold = self.table("gold").select("item", is_gold=True).unique()
        found = self.table("items").join(first, on="item", how="left").join(gold, on="item", how="left")
        return (
            found.with_columns(pl.col("is_gold").fill_null(value=False))
            .select(SERVICE_ITEMS.names())
            .cast(SERVICE_ITEMS)
            .collect()
        )

    def looks(self) -> pl.DataFrame:
        """With the schema `SERVICE_LOOKS` and `person`, whose work it was; gold for the client alone."""
        schema = pl.Schema({**SERVICE_LOOKS, "person": pl.Int64()})
        both = (
            self.table("looks").filter(pl.col("kind") != _RETURNED),
            self.table("gold").filter(pl.col("at").is_not_null()),
        )
        return pl.concat([one.select(schema.names()).cast(schema) for one in both]).collect()

    def makers(self) -> pl.DataFrame:
        """Who of the provider did a task of an item: `item`, `person`, each pair once."""
        made = (
            pl.col("kind").is_in(("do", "key")),
            pl.col("organisation") == self.service.provider_id,
            pl.col("person").is_not_null() & pl.col("ended_at").is_not_null(),
        )
        return self.table("steps").filter(*made).select("item", "person").unique().collect()

    def table(self, name: str) -> pl.LazyFrame:
        if TABLES[name].is_clients and self.organisation_id != self.service.client_id:
            return pl.LazyFrame(schema=TABLES[name].schema)
        months = [(month, path) for table, month, path in self.months if table == name]
        return keeping.scan(service_id=self.service.pk, table=TABLES[name], months=months)


def every_service() -> list[Service]:
    """Of all companies, for who keeps this Backdesk; in the scope of the house."""
    return list(Service.objects.select_related("client", "provider").order_by("pk"))


def services_recorded(actor: Actor) -> list[Service]:
    """Those the actor's company has a part in, and that are more than a draft."""
    rows = Service.objects.visible_to(actor).exclude(state=Service.State.DRAFT)
    return list(rows.select_related("current").order_by("name", "pk"))


def record_of(*, actor: Actor, service_id: int) -> ServiceRecord:
    """Raises `DoesNotExist` for a service of others."""
    (record,) = records_of(actor=actor, services=[Service.objects.visible_to(actor).get(pk=service_id)])
    return record


def records_of(*, actor: Actor, services: Sequence[Service]) -> list[ServiceRecord]:
    """Of services the actor sees, in one statement."""
    assert actor.organisation_id is not None
    months: dict[int, dict[tuple[str, date], str]] = {}
    for one in snapshots_of(actor=actor, services=services):
        months.setdefault(one.service_id, {})[one.table, one.month] = one.path
    as_of = keeping.as_of()
    return [
        ServiceRecord(
            service=service,
            months=tuple((table, month, path) for (table, month), path in months.get(service.pk, {}).items()),
            as_of=as_of.at if as_of else None,
            version=keeping.version_of(service.pk),
            organisation_id=actor.organisation_id,
            agreed=_agreed(actor, service),
        )
        for service in services
    ]


def snapshots_of(*, actor: Actor, services: Sequence[Service]) -> list[RecordSnapshot]:
    """The months that are kept, the latest revision of each last."""
    rows = RecordSnapshot.objects.visible_to(actor).filter(service__in=services)
    return list(rows.order_by("month", "table", "revision"))


def step_log(*, actor: Actor, record: ServiceRecord) -> StepLog:
    """The work on a service as every history is kept: steps with their enabling, start and end.

    A case is an item, by its number. People and companies have the names the actor may see; others keep their number.
    """
    rows = record.table("steps").collect()
    nodes = _names_of_nodes(actor, rows["version"].unique().to_list())
    both = (record.service.client_id, record.service.provider_id)
    people, companies = names_of(actor, both), names_of_companies(both)
    steps = rows.select(
        pl.col("item").cast(pl.String).alias("case"),
        pl.struct("version", "node")
        .map_elements(lambda at: nodes.get((at["version"], at["node"]), at["node"]), return_dtype=pl.String)
        .alias("activity"),
        _named("person", people).alias("resource"),
        pl.lit(None, pl.String).alias("team"),
        _named("organisation", companies).alias("party"),
        pl.lit(record.service.name).alias("function"),
        "enabled_at",
        "started_at",
        "ended_at",
        pl.lit(False).alias("start_estimated"),
        (pl.col("step") % 2**32).alias("line"),
    )
    note = f"{rows.height} steps of the service {record.service.name}, as they were worked on here."
    return steps_from_arrow(steps, zone=record.zone, notes=(note,))


def _agreed(actor: Actor, service: Service) -> Agreed:
    if service.current_id is None:
        return Agreed()
    found = compiled(actor=actor, version_id=service.current_id).service
    minutes = found.standard_minutes
    return Agreed(
        zone=found.zone,
        calendar=found.calendar,
        standard_minutes=float(minutes) if minutes else None,
    )


def _names_of_nodes(actor: Actor, versions: Sequence[int]) -> dict[tuple[int, str], str]:
    return {
        (version, node.id): node.name or node.id
        for version in versions
        for node in compiled(actor=actor, version_id=version).service.process.nodes.values()
    }


def _named(column: str, names: Mapping[int, str]) -> pl.Expr:
    number = pl.col(column)
    unnamed = pl.when(number.is_not_null()).then(pl.format("no. {}", number))
    known = (
        number.replace_strict(names, default=None, return_dtype=pl.String)
        if names
        else pl.lit(None, pl.String)
    )
    return pl.coalesce(known, unnamed)
