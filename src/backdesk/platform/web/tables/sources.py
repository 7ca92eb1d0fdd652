"""Rows of a table from where they are kept. The sorting, filtering and slicing is done there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F

from backdesk.platform.web.parts import Empty
from backdesk.platform.web.tables.columns import Column, Row
from backdesk.platform.web.tables.state import State, threshold
from backdesk.platform.web.tables.table import NOTHING_YET, BulkAction, Table
from backdesk.platform.web.words import Words

if TYPE_CHECKING:
    import polars as pl


def from_queryset(
    queryset: models.QuerySet[Any, Any],
    *,
    name: str,
    columns: Sequence[Column],
    state: State,
    caption: Words = "",
    empty: Empty = NOTHING_YET,
    row_id: Callable[[Row], str] | None = None,
    bulk: tuple[BulkAction, ...] = (),
    totals: Row | None = None,
) -> Table:
    """Two statements: one counts, one fetches the page, its order made total by the primary key."""
    found = queryset.filter(**_lookups(columns, state))
    total = found.count()
    page = state.within(total)
    ordered = found.order_by(*_order(columns, page), "pk")
    return Table(
        name=name,
        columns=tuple(columns),
        state=page,
        rows=list(ordered[page.offset : page.offset + page.limit]),
        total=total,
        caption=caption,
        empty=empty,
        row_id=row_id,
        bulk=bulk,
        totals=totals,
    )


def from_frame(
    frame: pl.DataFrame | pl.LazyFrame,
    *,
    name: str,
    columns: Sequence[Column],
    state: State,
    caption: Words = "",
    empty: Empty = NOTHING_YET,
    row_id: Callable[[Row], str] | None = None,
    bulk: tuple[BulkAction, ...] = (),
    totals: Row | None = None,
) -> Table:
    """Rows are dictionaries; what is missing comes last in either direction, ties keep the frame's order.

    Of a lazy frame no more than the rows of the page are brought to memory.
    """
    import polars as pl

    found = _filtered(frame.lazy(), columns, state)
    total: int = found.select(pl.len()).collect().item()
    page = state.within(total)
    return Table(
        name=name,
        columns=tuple(columns),
        state=page,
        rows=_sorted(found, columns, page).slice(page.offset, page.limit).collect().to_dicts(),
        total=total,
        caption=caption,
        empty=empty,
        row_id=row_id,
        bulk=bulk,
        totals=totals,
    )


def from_rows(
    rows: Sequence[Row],
    *,
    name: str,
    columns: Sequence[Column],
    state: State,
    caption: Words = "",
    empty: Empty = NOTHING_YET,
    row_id: Callable[[Row], str] | None = None,
    bulk: tuple[BulkAction, ...] = (),
    totals: Row | None = None,
) -> Table:
    """For the few hundred rows that are in memory anyway (a ranking, say). Sorted and filtered by what they show."""
    by_key = {column.key: column for column in columns}
    found = [row for row in rows if all(_passes(by_key[key], row, text) for key, text in state.filters)]
    page = state.within(len(found))
    if (column := by_key.get(page.sort_key)) is not None:
        found = _in_order(found, column, is_descending=page.is_descending)
    return Table(
        name=name,
        columns=tuple(columns),
        state=page,
        rows=found[page.offset : page.offset + page.limit],
        total=len(found),
        caption=caption,
        empty=empty,
        row_id=row_id,
        bulk=bulk,
        totals=totals,
    )


def _lookups(columns: Sequence[Column], state: State) -> dict[str, Any]:
    by_key = {column.key: column for column in columns}
    return dict(_lookup(by_key[key], text) for key, text in state.filters)


def _lookup(column: Column, text: str) -> tuple[str, Any]:
    if column.filter == "contains":
        return f"{column.source_field}__icontains", text
    if column.filter == "choice":
        return column.source_field, text
    return f"{column.source_field}__gte", _bound(column, text)


def _bound(column: Column, text: str) -> Decimal:
    """A share is asked for in per cent, as it is shown; a length of time in hours."""
    bound = threshold(text) or Decimal(0)
    if column.kind == "duration":
        return bound * 3600
    return bound / 100 if column.kind == "share" else bound


def _order(columns: Sequence[Column], state: State) -> list[Any]:
    column = next((c for c in columns if c.key == state.sort_key), None)
    if column is None:
        return []
    field = F(column.source_field)
    return [field.desc(nulls_last=True) if state.is_descending else field.asc(nulls_last=True)]


def _filtered(frame: pl.LazyFrame, columns: Sequence[Column], state: State) -> pl.LazyFrame:
    by_key = {column.key: column for column in columns}
    for key, text in state.filters:
        frame = frame.filter(_condition(by_key[key], text))
    return frame


def _condition(column: Column, text: str) -> pl.Expr:
    import polars as pl

    field = pl.col(column.source_field)
    if column.filter == "contains":
        return field.cast(pl.String).str.to_lowercase().str.contains(text.lower(), literal=True)
    if column.filter == "choice":
        return field.cast(pl.String) == text
    return field >= float(_bound(column, text))


def _sorted(frame: pl.LazyFrame, columns: Sequence[Column], state: State) -> pl.LazyFrame:
    import polars as pl

    column = next((c for c in columns if c.key == state.sort_key), None)
    if column is None:
        return frame
    field = pl.col(column.source_field)
    key = field.cast(pl.String).str.to_lowercase() if column.kind in ("text", "status") else field
    return frame.sort(key, descending=state.is_descending, nulls_last=True, maintain_order=True)


def _passes(column: Column, row: Row, text: str) -> bool:
    value = column.value_in(row)
    if value is None:
        return False
    if column.filter == "contains":
        return text.casefold() in str(value).casefold()
    if column.filter == "choice":
        return str(value) == text
    return bool(value >= _bound(column, text))


def _in_order(rows: list[Row], column: Column, *, is_descending: bool) -> list[Row]:
    known = [row for row in rows if column.value_in(row) is not None]
    unknown = [row for row in rows if column.value_in(row) is None]
    return sorted(known, key=lambda row: _sort_key(column.value_in(row)), reverse=is_descending) + unknown


def _sort_key(value: Any) -> Any:
    return (
        str(value).casefold()
        if not isinstance(value, int | float | Decimal) and not hasattr(value, "year")
        else value
    )
