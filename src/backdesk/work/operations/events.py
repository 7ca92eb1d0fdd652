"""The only writer of items, steps and their events: what an event says changed is what is written to the rows.

One call of the database writes the deeds of a verb: each event, the rows it changes, and its entry in the trail. So
nothing of an item changes without an event, and `rebuild` makes the same item from its events again.

What moves without being a deed is left out: a lease that a heartbeat prolongs, and drafts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db import OperationalError, models
from django.utils.translation import gettext as _
from psycopg.errors import SerializationFailure

from backdesk.platform.actor import Actor
from backdesk.platform.audit import canonical
from backdesk.platform.errors import Refused
from backdesk.platform.isolation import prepared
from backdesk.platform.requests import current_request_id
from backdesk.work.models import Item, Step
from backdesk.work.queries.rebuilding import rebuild as rebuild

_RECORD = "SELECT work_record(%s::json, %s::bigint, %s::bigint, %s, %s, %s)"
_BEGIN = _RECORD.replace("work_record", "work_begin")
_NUMBERS = (
    "SELECT nextval((SELECT pg_get_serial_sequence(%s, 'id')::regclass)) "
    "FROM unnest(array_fill(0, ARRAY[%s::integer]))"
)
CREATED: Final = "item created"
_ITEM = tuple(one.attname for one in Item._meta.concrete_fields if one.attname != "sequence")
#: What a step has of its item, or is given by the database, unless it is said otherwise.
_OF_THE_ITEM = frozenset(
    {"item_id", "service_id", "client_id", "provider_id", "priority", "due_at", "enabled_at"}
)
_STEP = {
    one.attname: one.get_default()
    for one in Step._meta.concrete_fields
    if one.attname not in _OF_THE_ITEM and one.attname != "id"
}


class Overtaken(Refused):
    """Somebody else changed the item meanwhile; nothing was done."""

    status = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One event of an item, with what it changes: `fields` of the item and of `steps` by name, read from the objects.

    `data` are parts of the item's data that are new, `private` those the client keeps to itself, `facts` what the
    event says besides (a reason, a place in the queue). `internal_to`: the company that alone may read the event.
    """

    kind: str
    item: Item
    step: Step | None = None
    fields: Sequence[str] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    private: Mapping[str, Any] = field(default_factory=dict)
    steps: Sequence[tuple[Step, Sequence[str]]] = ()
    added: Sequence[Step] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    internal_to: int | None = None


def append(*, actor: Actor, now: datetime, deeds: Sequence[Deed]) -> list[bool]:
    """Write them, all or none; False for an item that was not created because one of its business key is there.

    The items, and the steps changed, are locked by the caller. Raises `Overtaken` where one of them has gone on since
    it was read.
    """
    new = [deed for deed in deeds if deed.kind == CREATED]
    if len(new) > 1:  # these are written together, and then what else is said of them
        _write(actor, now, _BEGIN, new)
        rest = [deed for deed in deeds if deed.kind != CREATED and deed.item.sequence]
    else:
        rest = list(deeds)
    if rest:
        _write(actor, now, _RECORD, rest)
    return [deed.item.sequence > 0 for deed in deeds]


def number(rows: Sequence[models.Model]) -> None:
    """Give new rows their numbers, in one statement."""
    if not rows:
        return
    given = prepared.rows(sql=_NUMBERS, values=[rows[0]._meta.db_table, len(rows)])
    for row, (pk,) in zip(rows, given, strict=True):
        row.pk = pk


def _write(actor: Actor, now: datetime, sql: str, deeds: Sequence[Deed]) -> None:
    counts: dict[int, int] = {}
    document = [_written(deed, counts) for deed in deeds]
    common = [actor.organisation_id, actor.person_id, actor.interface, current_request_id(), now]
    try:
        found = prepared.rows(sql=sql, values=[canonical.text_of(document), *common])
    except OperationalError as error:
        if not isinstance(error.__cause__, SerializationFailure):
            raise
        raise Overtaken(
            _("Somebody else changed this item a moment ago. Look at it again before you go on.")
        ) from error
    for deed, (sequence,) in zip(deeds, found, strict=True):
        deed.item.sequence = sequence or 0


def _written(deed: Deed, counts: dict[int, int]) -> dict[str, Any]:
    pk = deed.item.pk
    sequence = counts.get(pk, deed.item.sequence)
    counts[pk] = sequence + 1
    return {
        "item": pk,
        "sequence": sequence,
        "kind": deed.kind,
        "step": deed.step.pk if deed.step else None,
        "internal": deed.internal_to,
        "data": canonical.text_of(dict(_data(deed, is_new=sequence == 0))),
    }


def _data(deed: Deed, *, is_new: bool) -> Iterator[tuple[str, Any]]:
    changed = _values(deed.item, _ITEM if is_new else deed.fields)
    if deed.data:
        changed["data"] = deed.data
    if changed:
        yield "item", changed
    if deed.private:
        yield "private", deed.private
    if deed.steps:
        yield "steps", [_named(step, fields) for step, fields in deed.steps]
    if deed.added:
        yield "added", [_named(step, _told(step)) for step in deed.added]
    yield from deed.facts.items()


def _named(step: Step, fields: Sequence[str]) -> dict[str, Any]:
    return {"id": step.pk, **_values(step, fields)}


def _told(step: Step) -> list[str]:
    kept = vars(step)
    told = [name for name, usual in _STEP.items() if kept[name] != usual]
    return told if step.priority == step.item.priority else [*told, "priority"]


def _values(row: models.Model, fields: Sequence[str]) -> dict[str, Any]:
    """Times to the microsecond: the encoder would cut them to thousandths."""
    kept = vars(row)  # a foreign key's number takes ten times as long through its descriptor
    return {
        name: canonical.instant(one) if isinstance(one := kept[name], datetime) else one for name in fields
    }
