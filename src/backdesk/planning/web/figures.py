"""Figures of the catalogue as the strips of pages show them."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backdesk.evidence.assessment import MOSTLY
from backdesk.evidence.measures import CATALOGUE
from backdesk.platform.web.figures import Figure
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
    estimated: bool,
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
        href=href,
        reason=reason,
        estimated=estimated and measure.needs_starts,
    )
