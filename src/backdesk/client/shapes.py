"""What the API tells, typed. What a later Backdesk tells besides is left out, so a client does not break by it."""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import datetime
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")
Values = Mapping[str, Any]
"""By field; amounts and days as text, as the API has them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ref:
    id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """`claim` is sent along with every word on a step, so that a late one is refused."""

    id: int
    item_id: int
    node: str
    name: str
    kind: str
    state: str
    organisation_id: int | None
    priority: int
    due_at: datetime | None
    enabled_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    holder_id: int | None
    claim: int
    lease_until: datetime | None
    touch_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    id: int
    service: Ref
    title: str
    business_key: str
    state: str
    priority: int
    language: str
    source: str
    round: int
    received_at: datetime
    due_at: datetime | None
    is_paused: bool
    delivered_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(ItemRow):
    """`values` by part: input and output; `masked` paths have values that are shown on request alone."""

    sequence: int
    values: Mapping[str, Values]
    masked: tuple[str, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A step in one's hands: what it shows, and what it `asks` for, as JSON Schema."""

    step: Step
    item: Item
    asks: Mapping[str, Any]
    draft: Values | None
    error_categories: tuple[Mapping[str, Any], ...] = ()
    apart: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    item: ItemRow
    opened: tuple[Step, ...]
    warnings: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    id: int
    name: str
    service: str
    language: str
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    sequence: int
    kind: str
    at: datetime
    organisation_id: int | None
    person_id: int | None
    step_id: int | None
    is_internal: bool
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """An error that second eyes found; until `dispute_until` it may be disputed."""

    id: int
    inspection_id: int
    item_id: int
    service_id: int
    category: str
    is_critical: bool
    field: str
    note: str
    at: datetime
    state: str
    dispute_until: datetime | None
    dispute_reason: str
    disputed_at: datetime | None
    answer: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldCase:
    """An item whose right answer is known; `item_id` as which it came in."""

    id: int
    service_id: int
    title: str
    values: Values
    truth: Values
    made_at: datetime
    item_id: int | None
    seeded_at: datetime | None
    compared_at: datetime | None
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    id: int
    item_id: int | None
    name: str
    kind: str
    size: int
    sha256: str
    organisation_id: int
    is_internal: bool
    field: str
    added_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewItem:
    """A row of a batch."""

    values: Values
    title: str = ""
    business_key: str = ""
    priority: int = 5
    language: str = ""
    received_at: datetime | None = None

    def body(self) -> dict[str, Any]:
        told = {one.name: getattr(self, one.name) for one in fields(self)}
        return told | {"received_at": self.received_at.isoformat() if self.received_at else None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`outcome`: created, duplicate or rejected; `errors` with pointer and detail."""

    outcome: str
    item_id: int | None
    errors: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchResult:
    created: int
    duplicate: int
    rejected: int
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """An endpoint; `secret` is told once, when it is added."""

    id: int
    url: str
    description: str
    kinds: tuple[str, ...]
    paused_at: datetime | None
    secret: str = field(default="", repr=False)


def parsed(kind: type[T], told: Any) -> T:
    """The JSON of an answer as `kind`."""
    value: T = _value(kind, told)
    return value


def _value(kind: Any, told: Any) -> Any:
    if told is None:
        return None
    inner = _inner(kind)
    if inner is datetime:
        return datetime.fromisoformat(told)
    if get_origin(inner) is tuple:
        return tuple(_value(get_args(inner)[0], one) for one in told)
    if is_dataclass(inner):
        hints = _hints(cast("type", inner))
        return inner(**{name: _value(hint, told[name]) for name, hint in hints.items() if name in told})  # type: ignore[operator]
    return told


def _inner(kind: Any) -> Any:
    """What may be None besides, without that."""
    if get_origin(kind) in (Union, types.UnionType):
        return next(one for one in get_args(kind) if one is not types.NoneType)
    return kind


@cache
def _hints(kind: Any) -> Mapping[str, Any]:
    return get_type_hints(kind)


def bodies(rows: Sequence[NewItem]) -> list[dict[str, Any]]:
    return [row.body() for row in rows]
