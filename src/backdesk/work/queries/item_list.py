"""The list of items: a page of it out of any number, by what was asked for.

Each page is read behind the row the one before ended with, service by service, since the indexes begin with the
service; so the thousandth page of a million items costs what the first does. Of many services a few rows each are
read first, and more only where a service has given all of its few. Nothing is counted beyond `COUNTED`.
Texts are looked for at the beginning of keys, and within the titles of the newest `LOOKED_THROUGH` items.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from django.db import connection

from backdesk.platform.actor import Actor
from backdesk.platform.isolation import prepared
from backdesk.work.models import Item, Service, Step
from backdesk.work.queries import rows

COUNTED: Final = 1_000
LOOKED_THROUGH: Final = 10_000
SOON: Final = timedelta(hours=4)
_AT_LEAST_EACH: Final = 25
_FEW: Final = 8
_KEYS_EACH: Final = 10_000
_SERVICES: Final = f"""
SELECT {rows.columns(Service, "service")} FROM work_service AS service
WHERE (client_id = %s OR provider_id = %s) AND state <> 'draft' ORDER BY name, id
"""  # noqa: S608  our own words
_LAST_TEXT: Final = "\U0010ffff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """`state`: one of the item's, or "paused"; `due`: overdue, soon or later, of what is open. `by_due`: the earliest
    due first, else the newest first. `import_id`: created by that import."""

    service_id: int | None = None
    state: str = ""
    due: str = ""
    holder_id: int | None = None
    text: str = ""
    import_id: int | None = None
    by_due: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """`total` is at most `COUNTED`, and then `is_more` than that. `before` and `after` lead to its neighbours."""

    items: tuple[Item, ...]
    total: int
    is_more: bool
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A stretch of the list in which rows are in the order of these columns."""

    columns: tuple[str, ...]
    condition: str = "true"
    descends: bool = False


_NEWEST: Final = (_Part(columns=("id",), descends=True),)
_BY_DUE: Final = (
    _Part(columns=("due_at", "id"), condition="item.due_at IS NOT NULL"),
    _Part(columns=("id",), condition="item.due_at IS NULL"),
)


def services_of(actor: Actor) -> list[Service]:
    """Those that are or were in use, by name."""
    found = prepared.rows(sql=_SERVICES, values=[actor.organisation_id, actor.organisation_id])
    return [rows.made(Service, row) for row in found]


def items_of(
    *,
    actor: Actor,
    now: datetime,
    asked: Asked,
    services: Sequence[Service],
    limit: int,
    at: str = "",
    back: bool = False,
) -> Slice:
    """The rows behind the place `at`, or those before it. `services`: all that the actor sees."""
    chosen = [one.pk for one in services if asked.service_id in (None, one.pk)]
    reading = _Reading(services=chosen, where=_where(asked, now, len(chosen)))
    found = reading.rows(_BY_DUE if asked.by_due else _NEWEST, limit=limit + 1, at=at, back=back)
    shown = found[:limit] if not back else found[:limit][::-1]
    beyond = len(found) > limit
    total = len(found) if not (at or beyond) else reading.count()
    return Slice(
        items=_items(actor, services, [pk for pk, _ in shown]),
        total=min(total, COUNTED),
        is_more=total > COUNTED,
        before=_place(shown[0], asked) if shown and (beyond if back else at) else "",
        after=_place(shown[-1], asked) if shown and (beyond or back) else "",
    )


def found(*, actor: Actor, now: datetime, asked: Asked, limit: int) -> tuple[Item, ...]:
    """The first of them, uncounted."""
    services = services_of(actor)
    chosen = [one.pk for one in services if asked.service_id in (None, one.pk)]
    reading = _Reading(services=chosen, where=_where(asked, now, len(chosen)))
    return _items(actor, services, [pk for pk, _ in reading.rows(_NEWEST, limit=limit, at="", back=False)])


def earliest_due(*, actor: Actor, now: datetime, limit: int) -> list[int]:
    """Numbers of the open items that are due soon, the earliest first."""
    asked = Asked(due="soon", by_due=True)
    services = [one.pk for one in services_of(actor)]
    reading = _Reading(services=services, where=_where(asked, now, len(services)))
    return [pk for pk, _ in reading.rows(_BY_DUE[:1], limit=limit, at="", back=False)]


def titles_of(*, actor: Actor, numbers: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Title and business key, of those the actor's company sees."""
    rows = Item.objects.visible_to(actor).filter(pk__in=numbers)
    return {pk: (title, key) for pk, title, key in rows.values_list("pk", "title", "business_key")}


def steps_in_hand(items: Sequence[Item]) -> dict[int, Step]:
    """What is under way of each: the step somebody holds, else the one that waits to be taken."""
    active = (
        Step.objects.select_related("route")
        .filter(item__in=items, state__in=[Step.State.OPEN, Step.State.TAKEN])
        .order_by("-state", "pk")
        .only("item_id", "state", "holder_id", "route__name")
    )
    found: dict[int, Step] = {}
    for step in active:
        found.setdefault(step.item_id, step)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Where:
    sql: str
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    services: Sequence[int]
    where: _Where

    def rows(
        self, parts: tuple[_Part, ...], *, limit: int, at: str, back: bool
    ) -> list[tuple[int, datetime | None]]:
        """Numbers and due times, from the place on, in the order they are met."""
        due, number = _taken_apart(at)
        begin = 0 if len(parts) == 1 or not at or due is not None else 1
        order = list(range(begin, -1, -1)) if back and at else list(range(begin, len(parts)))
        found: list[tuple[int, datetime | None]] = []
        for place, index in enumerate(order):
            start = (
                ((due, number) if len(parts[index].columns) == 2 else (number,)) if at and place == 0 else ()
            )
            found += self._part(parts[index], start=start, limit=limit - len(found), back=back)
            if len(found) >= limit:
                break
        return found

    def count(self) -> int:
        with connection.cursor() as cursor:
            some = f"SELECT 1 {self._from('true', '', COUNTED + 1)} LIMIT {COUNTED + 1}"
            cursor.execute(
                f"SELECT count(*) FROM ({some}) AS counted",  # noqa: S608
                [list(self.services), *self.where.values],
            )
            return int(cursor.fetchone()[0])

    def _part(
        self, part: _Part, *, start: tuple[Any, ...], limit: int, back: bool
    ) -> list[tuple[int, datetime | None]]:
        descends = part.descends != back
        read = partial(self._read, part, start=start, limit=limit, descends=descends)
        few = min(limit, max(_FEW, 2 * limit // max(len(self.services), 1)))
        found = read(self.services, few)
        given = Counter(service_id for _, _, service_id in found)
        busy = [one for one, count in given.items() if count == few < limit]
        if busy:
            found = [*read(busy, limit), *(row for row in found if row[2] not in busy)]
            found.sort(key=lambda row: (row[1], row[0])[-len(part.columns) :], reverse=descends)
        return [(number, due) for number, due, _ in found[:limit]]

    def _read(
        self,
        part: _Part,
        services: Sequence[int],
        each: int,
        *,
        start: tuple[Any, ...],
        limit: int,
        descends: bool,
    ) -> list[tuple[int, datetime | None, int]]:
        """With the service of each; at most so many `each` service."""
        sign, way = ("<", "DESC") if descends else (">", "ASC")
        columns = ", ".join(f"item.{name}" for name in part.columns)
        beyond = f"({columns}) {sign} ({', '.join(['%s'] * len(start))})" if start else "true"
        inner = "ORDER BY " + ", ".join(f"item.{name} {way}" for name in part.columns)
        rows = self._from(f"{part.condition} AND {beyond}", inner, each)
        outer = inner.replace("item.", "found.")
        sql = f"SELECT found.id, found.due_at, found.service_id {rows} {outer} LIMIT {int(limit)}"
        with connection.cursor() as cursor:
            cursor.execute(sql, [list(services), *self.where.values, *start])
            return list(cursor.fetchall())

    def _from(self, condition: str, order: str, limit: int) -> str:
        return (
            "FROM unnest(%s::bigint[]) AS service (id) CROSS JOIN LATERAL (SELECT item.id, item.due_at, "  # noqa: S608
            "item.service_id "
            f"FROM work_item AS item WHERE item.service_id = service.id AND {self.where.sql} AND {condition} "
            f"{order} LIMIT {int(limit)}) AS found"
        )


def _where(asked: Asked, now: datetime, services: int) -> _Where:
    found = list(_conditions(asked, now, services))
    return _Where(
        sql=" AND ".join(sql for sql, _ in found) or "true",
        values=tuple(v for _, values in found for v in values),
    )


def _conditions(asked: Asked, now: datetime, services: int) -> Iterator[tuple[str, tuple[Any, ...]]]:
    if asked.state == "paused":
        yield "item.is_paused AND item.state = 'open'", ()
    elif asked.state:
        yield "item.state = %s", (asked.state,)
    elif asked.due or asked.by_due:
        yield "item.state = 'open'", ()
    match asked.due:
        case "overdue":
            yield "item.due_at < %s", (now,)
        case "soon":
            yield "item.due_at >= %s AND item.due_at < %s", (now, now + SOON)
        case "later":
            yield "item.due_at >= %s", (now + SOON,)
    if asked.holder_id is not None:
        yield (
            "item.id IN (SELECT item_id FROM work_step WHERE state = 'taken' AND holder_id = %s)",
            (asked.holder_id,),
        )
    if asked.import_id is not None:
        yield (
            "item.id IN (SELECT item_id FROM work_importline WHERE batch_id = %s AND outcome = 'created')",
            (asked.import_id,),
        )
    if asked.text:
        yield _holding(asked.text, max(LOOKED_THROUGH // max(services, 1), _AT_LEAST_EACH))


def _holding(text: str, newest: int) -> tuple[str, tuple[Any, ...]]:
    """Keys are mostly in capitals, and mostly typed without."""
    begins = {text, text.upper()}
    keys = " UNION ALL ".join(
        "(SELECT id FROM work_item WHERE service_id = service.id AND business_key >= %s AND business_key < %s "  # noqa: S608
        f"AND business_key <> '' AND state <> 'cancelled' LIMIT {_KEYS_EACH})"
        for _begin in begins
    )
    words = (
        "SELECT newest.id FROM (SELECT id, title, business_key FROM work_item WHERE service_id = service.id "  # noqa: S608
        f"ORDER BY id DESC LIMIT {int(newest)}) AS newest "
        "WHERE newest.title ILIKE %s OR newest.business_key ILIKE %s"
    )
    ranges = [bound for begin in begins for bound in (begin, begin + _LAST_TEXT)]
    return f"item.id IN ({keys} UNION ALL ({words}))", (*ranges, _like(text), _like(text))


def _like(text: str) -> str:
    plain = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{plain}%"


def _items(actor: Actor, services: Sequence[Service], numbers: Sequence[int]) -> tuple[Item, ...]:
    """In the order of the numbers, each with its service."""
    known, found = (
        {one.pk: one for one in services},
        Item.objects.visible_to(actor).defer("data").in_bulk(numbers),
    )
    for item in found.values():
        item.service = known[item.service_id]
    return tuple(found[number] for number in numbers if number in found)


def _place(row: tuple[int, datetime | None], asked: Asked) -> str:
    number, due = row
    return f"{due.isoformat() if due and asked.by_due else ''}~{number}"


def _taken_apart(at: str) -> tuple[datetime | None, int]:
    """Of a place that is none, that of the beginning."""
    due, _, number = at.partition("~")
    try:
        return (datetime.fromisoformat(due) if due else None), int(number or 0)
    except ValueError:
        return None, 0
