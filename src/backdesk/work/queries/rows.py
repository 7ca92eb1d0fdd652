"""Rows of a statement of our own as the models they are: `raw` would work out anew each time what the columns are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model

_M = TypeVar("_M", bound=Model)


def columns(model: type[Model], alias: str) -> str:
    """Of all its fields, as they are read from a table or function of that name in the statement."""
    return ", ".join(f'{alias}."{one.column}"' for one in model._meta.concrete_fields)


def count(model: type[Model]) -> int:
    return len(model._meta.concrete_fields)


def made(model: type[_M], row: Sequence[Any]) -> _M:
    """As many values as `columns` has, in its order, as `prepared.rows` gives them."""
    return model.from_db(connection.alias, [one.attname for one in model._meta.concrete_fields], row)
