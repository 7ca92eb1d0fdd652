"""Rows as the models they are, without what Django works out anew for each: thousands are read and made at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model
from django.db.models.base import ModelState

_M = TypeVar("_M", bound=Model)


def columns(model: type[Model], alias: str) -> str:
    """Of all its fields, as they are read from a table or function of that name in the statement."""
    return ", ".join(f'{alias}."{one.column}"' for one in model._meta.concrete_fields)


def count(model: type[Model]) -> int:
    return len(model._meta.concrete_fields)


def made(model: type[_M], row: Sequence[Any]) -> _M:
    """As many values as `columns` has, in its order, as `prepared.rows` gives them."""
    one = _blank(model)
    one._state.adding, one._state.db = False, DEFAULT_DB_ALIAS
    vars(one).update(zip(_usual(model)[0], row, strict=True))
    return one


def fresh(model: type[_M], **values: Any) -> _M:
    """A new one, its values by the names of columns, as `model(**values)` makes it."""
    usual, makers = _usual(model)
    one = _blank(model)
    vars(one).update(usual, **{name: make() for name, make in makers.items()} | values)
    return one


def link(row: Model, name: str, to: Model) -> None:
    """Set a foreign key and what it leads to, as `row.name = to` does."""
    vars(row)[f"{name}_id"] = to.pk
    row._state.fields_cache[name] = to


def _blank(model: type[_M]) -> _M:
    one = model.__new__(model)
    one._state = ModelState()
    return one


@cache
def _usual(model: type[Model]) -> tuple[Mapping[str, Any], Mapping[str, Callable[[], Any]]]:
    """What columns have unless it is said otherwise, and what makes those of which each row has its own."""
    fields = model._meta.concrete_fields
    makers = {one.attname: one.default for one in fields if one.has_default() and callable(one.default)}
    return {one.attname: None if one.attname in makers else one.get_default() for one in fields}, makers
