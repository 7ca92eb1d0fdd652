"""Columns of texts, of which there are many fewer than rows: each one is cleaned and judged once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import polars as pl

from backdesk.evidence.eventlog.attributes import NO_VALUE

LONGEST: Final = max(map(len, NO_VALUE))  # bytes of a word for nothing


@dataclass(frozen=True, slots=True)
class Texts:
    """Hold the different values of a column, cleaned and null where they stand for none, and which one each row has."""

    distinct: pl.Series
    places: pl.Series  # in `distinct`, one a row

    @classmethod
    def of(cls, values: pl.Series) -> Texts:
        """Find the different values of a column of any type."""
        kind = values.dtype
        if not isinstance(kind, pl.Categorical) or kind.categories.is_global():
            kind = pl.Categorical(pl.Categories.random())
            values = values.cast(pl.String).rechunk().cast(kind)
        places = values.to_physical()
        last = places.max()  # numbers begin at 0
        numbers = pl.int_range(last + 1 if isinstance(last, int) else 0, eager=True).cast(places.dtype)
        return cls(cleaned(numbers.cat.to(kind).cast(pl.String)), places)

    def through(self, changed: Callable[[pl.Expr], pl.Expr]) -> Texts:
        """Write every value in another way."""
        return Texts(self.distinct.to_frame("text").select(changed(pl.col("text")))["text"], self.places)

    def of_type(self, dtype: pl.DataType) -> Texts:
        """Hold the values in another type."""
        return Texts(self.distinct.cast(dtype), self.places)

    def slice(self, at: int, size: int) -> pl.Series:
        """Give the values of some rows."""
        return self.distinct.gather(self.places.slice(at, size))

    def any(self, wrong: pl.Expr) -> bool:
        """Tell whether something is so of any value, which `text` stands for."""
        return bool(self.distinct.cast(pl.String).to_frame("text").select(wrong.any()).item())


def cleaned(values: pl.Series) -> pl.Series:
    """Take the blanks around texts away; null where nothing is left, or a word for nothing."""
    text = values.str.strip_chars()
    if (text.str.len_bytes() == values.str.len_bytes()).all():
        text = values  # and not held twice
    if not (text.str.len_bytes() <= LONGEST).any():
        return text
    return text.set(text.is_in(NO_VALUE), None)
