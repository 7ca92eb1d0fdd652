"""A figure as a page shows it: never a bare number."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backdesk.platform.web import formats
from backdesk.platform.web.words import Words

NO_DATA = gettext_lazy("nothing is recorded from which it could be computed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number with all that is needed to believe it.

    `value`: the number, in `unit`; None shows a dash with `reason`. `unit` "%" takes a share (0.25 is 25 %), "s" a
    number of seconds shown as a readable length of time, "h" working hours likewise, a currency code ("EUR") an
    amount of money. `href` opens the rows behind it. `interval`: lower and upper bound, same unit, and `sample` the
    number of items it rests on. `definition`: the formula in plain words; `source` who defined it so; `limits`
    when it misleads.
    `note`: a few words beneath ("12 % more than in October").
    """

    title: Words
    value: float | int | Decimal | None
    unit: str = ""
    definition: Words = ""
    source: Words = ""
    limits: Words = ""
    href: str = ""
    reason: Words = ""
    note: Words = ""
    decimals: int | None = None
    estimated: bool = False
    interval: tuple[float, float] | None = None
    sample: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenFigure:
    """A figure in words, ready for its template."""

    figure: Figure
    value: formats.Quantity | None
    interval: str

    @property
    def reason(self) -> str:
        return str(self.figure.reason or NO_DATA)


def written(figure: Figure) -> WrittenFigure:
    known = figure.value if formats.is_known(figure.value) else None
    return WrittenFigure(
        figure=figure,
        value=None if known is None else _quantity(figure, known),
        interval=_interval(figure),
    )


def _quantity(figure: Figure, value: float | int | Decimal) -> formats.Quantity:
    if figure.unit == "%":
        return formats.share(value, decimals=figure.decimals)
    if figure.unit == "s":
        return formats.duration(value)
    if figure.unit == "h":
        return formats.hours(value)
    if len(figure.unit) == 3 and figure.unit.isupper():
        return formats.money(value, currency=figure.unit, decimals=figure.decimals)
    return formats.measured(value, unit=figure.unit, decimals=figure.decimals)


def _interval(figure: Figure) -> str:
    if figure.interval is None:
        return ""
    low, high = (_quantity(figure, bound) for bound in figure.interval)
    return _("95\u202f%% interval %(low)s to %(high)s") % {"low": low, "high": high}
