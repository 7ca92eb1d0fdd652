"""Figures of the catalogue as the strips of pages show them."""

from collections.abc import Mapping

from backdesk.evidence.assessment import MOSTLY
from backdesk.evidence.measures import CATALOGUE
from backdesk.platform.web.figures import Figure

COUNTED = frozenset({"steps", "cases", "people", "activities"})
"""Units that the title names already."""


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
    reason: str = "the record does not tell",
) -> Figure:
    """With its definition, and marked where it rests on estimated starts."""
    measure = CATALOGUE[name]
    return Figure(
        title=measure.title,
        value=value,
        unit="" if measure.unit in COUNTED else measure.unit,
        decimals=decimals,
        definition=measure.definition,
        source=measure.source,
        href=href,
        reason=reason,
        estimated=estimated and measure.needs_starts,
    )
