"""Lists in pages: one form of asking, whether the rows come from the database, a frame or a query's own rows.

What may be filtered by stands at the field that asks for it::

    class FunctionsAsked(Listing):
        sort: str = sorts("name", "hours", first="-hours")
        name: Annotated[str | None, By("name__icontains")] = None
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from django.db.models import F, QuerySet
from pydantic import Field

from backdesk.platform.api.fields import Schema
from backdesk.platform.api.serving import Call

if TYPE_CHECKING:
    import polars as pl

T = TypeVar("T")

MOST = 200
FURTHEST = 1_000_000


@dataclass(frozen=True, slots=True)
class By:
    """What a field asks of a row: `field`, `field__icontains`, `field__gte`, as Django writes it."""

    lookup: str

    @property
    def parts(self) -> tuple[str, str]:
        for how in ("icontains", "gte", "lte"):
            if self.lookup.endswith(f"__{how}"):
                return self.lookup.removesuffix(f"__{how}"), how
        return self.lookup, "exact"


class Listing(Schema):
    """Which part of a list is asked for. `also` names fields that are sorted by under another name."""

    also: ClassVar[dict[str, str]] = {}

    limit: int = Field(50, ge=1, le=MOST, description="How many at most.")
    offset: int = Field(0, ge=0, le=FURTHEST, description="How many to leave out first.")

    @property
    def wanted(self) -> list[tuple[By, Any]]:
        return [
            (by, value)
            for name, field in type(self).model_fields.items()
            for by in field.metadata
            if isinstance(by, By) and (value := getattr(self, name)) is not None
        ]

    @property
    def order(self) -> tuple[str, bool]:
        """The field, and whether the largest comes first."""
        asked = str(getattr(self, "sort", ""))
        name = asked.removeprefix("-")
        return self.also.get(name, name), asked.startswith("-")


def sorts(*names: str, first: str) -> Any:
    """A field `sort` by one of these names; with a minus the largest first."""
    return Field(
        first, pattern=f"^-?(?:{'|'.join(names)})$", description="By what; with a minus the other way round."
    )


class Page(Schema, Generic[T]):
    """A part of a list."""

    items: list[T]
    total: int = Field(description="How many there are in all.")
    next: str | None = Field(description="The address of the next part; null at the end.")

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        return f"PageOf{params[0].__name__.removesuffix('Out')}"


def listed(
    call: Call,
    rows: QuerySet[Any, Any] | pl.LazyFrame | Sequence[Any],
    asked: Listing,
    *,
    shown: Callable[[Any], Any] | None = None,
) -> dict[str, Any]:
    """The part that is asked for; `shown` makes of a row what is told of it."""
    if isinstance(rows, QuerySet):
        total, items = _of_queryset(rows, asked)
    elif isinstance(rows, Sequence):
        total, items = _of_rows(rows, asked)
    else:
        total, items = _of_frame(rows, asked)
    return {
        "items": [shown(item) for item in items] if shown else items,
        "total": total,
        "next": _next(call, asked, total),
    }


def _next(call: Call, asked: Listing, total: int) -> str | None:
    offset = asked.offset + asked.limit
    if offset >= min(total, FURTHEST + 1):
        return None
    query = call.request.GET.copy()
    query["limit"], query["offset"] = str(asked.limit), str(offset)
    return f"{call.request.path}?{query.urlencode()}"


def _of_queryset(rows: QuerySet[Any, Any], asked: Listing) -> tuple[int, list[Any]]:
    found = rows.filter(**{by.lookup: value for by, value in asked.wanted})
    name, is_descending = asked.order
    if name:
        order = F(name).desc(nulls_last=True) if is_descending else F(name).asc(nulls_last=True)
        found = found.order_by(order, "pk")
    return found.count(), list(found[asked.offset : asked.offset + asked.limit])


def _of_rows(rows: Sequence[Any], asked: Listing) -> tuple[int, list[Any]]:
    found = [row for row in rows if all(_fits(row, by, value) for by, value in asked.wanted)]
    name, is_descending = asked.order
    if name:
        value_of = attrgetter(name)
        known = [row for row in found if value_of(row) is not None]
        known.sort(key=value_of, reverse=is_descending)
        found = [*known, *(row for row in found if value_of(row) is None)]
    return len(found), found[asked.offset : asked.offset + asked.limit]


def _fits(row: Any, by: By, asked: Any) -> bool:
    field, how = by.parts
    value = getattr(row, field)
    if how == "icontains":
        return str(asked).casefold() in str(value).casefold()
    if value is None or how == "exact":
        return bool(value == asked)
    return bool(value >= asked if how == "gte" else value <= asked)


def _of_frame(rows: pl.LazyFrame, asked: Listing) -> tuple[int, list[Any]]:
    found = rows.filter(*_conditions(asked.wanted))
    name, is_descending = asked.order
    if name:
        found = found.sort(name, descending=is_descending, nulls_last=True, maintain_order=True)
    total = found.select(_length()).collect().item()
    return int(total), found.slice(asked.offset, asked.limit).collect().to_dicts()


def _length() -> pl.Expr:
    import polars as pl

    return pl.len()


def _conditions(wanted: Iterable[tuple[By, Any]]) -> list[pl.Expr]:
    import polars as pl

    def condition(by: By, asked: Any) -> pl.Expr:
        field, how = by.parts
        column = pl.col(field)
        if how == "icontains":
            return column.cast(pl.String).str.to_lowercase().str.contains(str(asked).lower(), literal=True)
        return {"exact": column.eq, "gte": column.ge, "lte": column.le}[how](asked)

    return [condition(by, asked) for by, asked in wanted] or [pl.lit(True)]
