"""A figure as a page shows it: never a bare number."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number with all that is needed to believe it.

    `value`: the number, in `unit`; None shows a dash with `reason`. `unit` "%" takes a share (0.25 is 25 %), "s" a
    number of seconds shown as a readable length of time, a currency code ("EUR") an amount of money.
    `href` opens the rows behind it. `interval`: lower and upper bound, same unit. `definition`: the formula
    in plain words; `source` who defined it so. `note`: a few words beneath ("12 % more than in October").
    """

    title: str
    value: float | int | Decimal | None
    unit: str = ""
    definition: str = ""
    source: str = ""
    href: str = ""
    reason: str = ""
    note: str = ""
    decimals: int | None = None
    estimated: bool = False
    interval: tuple[float, float] | None = None
    sample: int | None = None
