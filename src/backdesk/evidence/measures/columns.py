"""What is asked of a table has to be in it; where not, what comes close is offered, or who adds it is named."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

import polars as pl


class UnknownGrouping(Exception):
    """A column or period to group by that a table does not have."""


class NotMeasured(Exception):
    """Steps without what is measured of them, of which a figure was asked."""


def checked_keys(keys: str | Iterable[str], table: pl.DataFrame, *, of: str = "measured steps") -> list[str]:
    """Return the columns to group by, also of the one named; raise `UnknownGrouping` for one there is not."""
    asked = [keys] if isinstance(keys, str) else list(keys)
    for key in asked:
        if key not in table.columns:
            raise UnknownGrouping(f"{of} have no column {key!r}; did you mean {near(key, table)}?")
    return asked


def check_period(every: str, known: Iterable[str]) -> None:
    """Raise `UnknownGrouping` for a period that is none of those known."""
    if every not in (periods := list(known)):
        raise UnknownGrouping(f"{every!r} is no period here; take {' or '.join(periods)}")


def check_measured(steps: pl.DataFrame, column: str, *, by: str = "measure_steps") -> None:
    """Raise `NotMeasured` where steps lack a column that a function adds."""
    if column not in steps.columns:
        raise NotMeasured(f"these steps have no column {column!r}; give them to `{by}` first")


def near(name: str, table: pl.DataFrame) -> str:
    """Return the columns whose names come close."""
    return " or ".join(difflib.get_close_matches(name, table.columns, n=2) or ["activity", "resource"])
