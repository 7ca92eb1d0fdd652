"""The pictures of a report: process map and charts, as SVG."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from backdesk.evidence.assessment import Assessment

Theme = Literal["page", "print"]

MOST_PATHS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One chart with what it shows."""

    svg: str
    caption: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictures:
    """What a report shows; None where there is nothing to draw."""

    map: str | None
    contributions: str | None
    record: tuple[Picture, ...]


def pictures(assessment: Assessment, *, theme: Theme) -> Pictures:
    """Draw the pictures of a report, in the colours of a page or of print."""
    if not assessment.work.height:
        return Pictures(map=None, contributions=None, record=())
    return Pictures(map=_map(assessment, theme), contributions=None, record=())


def _map(assessment: Assessment, theme: Theme) -> str | None:
    from backdesk.evidence.process.drawing import draw
    from backdesk.evidence.process.layout import LayoutFailed, LayoutTookTooLong
    from backdesk.evidence.process.maps import process_map

    inside = assessment.bundles[0].activities if assessment.bundles else ()
    try:
        return draw(process_map(assessment.work), inside=inside, max_edges=MOST_PATHS, theme=theme)
    except (LayoutFailed, LayoutTookTooLong):
        return None  # the tables say the same
