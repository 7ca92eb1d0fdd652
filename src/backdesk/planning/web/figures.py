"""Figures of the catalogue as the strips of pages show them."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backdesk.evidence.assessment import MOSTLY
from backdesk.evidence.measures import CATALOGUE
from backdesk.platform.web.figures import Figure
from backdesk.platform.web.tables.columns import Column, Filter, Kind, Row
from backdesk.platform.web.words import Words

COUNTED = frozenset({"steps", "cases", "people", "activities"})
"""Units that the title names already."""


def definition(name: str) -> Words:
    """Of a figure of the catalogue, in the reader's language where it is shown."""
    return gettext_lazy(CATALOGUE[name].definition)


def is_estimated(figures: Mapping[str, float | None]) -> bool:
    """Whether most of the starts behind these figures are."""
    return (figures.get("estimated_share") or 0.0) > MOSTLY


def measured_figure(
    name: str,
    value: float | None,
    *,
    decimals: int,
    href: str,
    estimated: bool = False,
    reason: Words = gettext_lazy("the record does not tell"),
) -> Figure:
    """With its definition, and marked where it rests on estimated starts."""
    measure = CATALOGUE[name]
    return Figure(
        title=_(measure.title),
        value=value,
        unit="" if measure.unit in COUNTED else _(measure.unit) if measure.unit.isalpha() else measure.unit,
        decimals=decimals,
        definition=_(measure.definition),
        source=measure.source,
        limits=_(measure.limits) if measure.limits else "",
        href=href,
        reason=reason,
        estimated=estimated and measure.needs_starts,
    )


def measured_column(
    name: str,
    *,
    title: Words = "",
    decimals: int | None = None,
    filter: Filter | None = None,  # noqa: A002  as a column calls it
    href: Callable[[Row], str] | None = None,
    bar: bool = False,
    is_optional: bool = False,
    estimated: bool = False,
) -> Column:
    """A column of it with its title, definition, source and limits, in the reader's language where it is shown."""
    measure = CATALOGUE[name]
    kind = _KINDS.get(measure.unit, "number")
    return Column(
        key=name,
        title=title or gettext_lazy(measure.title),
        kind=kind,
        unit="" if measure.unit in COUNTED or kind != "number" else measure.unit,
        decimals=0 if measure.unit in COUNTED else decimals,
        definition=gettext_lazy(measure.definition),
        source=measure.source,
        limits=gettext_lazy(measure.limits) if measure.limits else "",
        reason=gettext_lazy("the record does not tell"),
        filter=filter,
        href=href,
        bar=bar,
        is_optional=is_optional,
        mark=(lambda row: "estimated") if estimated and measure.needs_starts else None,
    )


_KINDS: Mapping[str, Kind] = {"%": "share", "h": "hours"}
