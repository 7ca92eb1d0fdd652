"""The pictures of a report: process map and charts, as SVG."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import polars as pl

from backdesk.evidence.assessment import CRITERIA, Assessment
from backdesk.evidence.measures import flow, monthly
from backdesk.evidence.process import LayoutFailed, LayoutTookTooLong, Theme, draw, process_map
from backdesk.evidence.reports.languages import ENGLISH, Language
from backdesk.evidence.reports.story import members
from backdesk.evidence.sentences import say

if TYPE_CHECKING:
    import altair as alt

MOST_PATHS: Final = 60
MOST_MAPS: Final = 3
MOST_ROWS: Final = 15
WIDE: Final = 760
HALF: Final = {"page": 460, "print": 360}  # print is smaller, so that its letters are not


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One chart with what it shows."""

    svg: str
    caption: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictures:
    """What a report shows; None, or nothing, where there is nothing to draw."""

    maps: tuple[Picture, ...]
    contributions: str | None
    record: tuple[Picture, ...]


def pictures(assessment: Assessment, *, theme: Theme, language: Language = ENGLISH) -> Pictures:
    """Draw the pictures of a report, in the colours of a page or of print."""
    return Pictures(
        maps=tuple(_maps(assessment, theme, language)),
        contributions=_drawn(lambda: _contributions(assessment, language), theme),
        record=tuple(_record(assessment, theme, language)),
    )


def _maps(assessment: Assessment, theme: Theme, language: Language) -> Iterator[Picture]:
    """Draw each process that a bundle is part of, with the best bundle of it; everything where there is none.

    A record of several functions holds processes that never meet: a map of one can be read.
    """
    mapped: set[str] = set()
    shown = 0
    for bundle in assessment.bundles:
        if shown == MOST_MAPS or mapped.intersection(bundle.activities):
            continue
        process = _process(assessment, bundle.activities)
        mapped |= process
        if drawn := _map(assessment, process, bundle.activities, theme, language):
            shown += 1
            caption = say("The shaded band: {}.", members(bundle))
            yield Picture(svg=drawn, caption=language.tell(caption))
    if not assessment.bundles and assessment.work.height:
        every = set(assessment.work["activity"].cast(pl.String).unique())
        if drawn := _map(assessment, every, (), theme, language):
            yield Picture(svg=drawn, caption=language.tell(say("All activities somebody works on.")))


def _map(
    assessment: Assessment, process: set[str], inside: tuple[str, ...], theme: Theme, language: Language
) -> str | None:
    work = assessment.work.filter(pl.col("activity").cast(pl.String).is_in(list(process)))
    try:
        return draw(
            process_map(work),
            inside=inside,
            max_edges=MOST_PATHS,
            theme=theme,
            title=language.tell(say("How the work flows")),
            say=language.say,
        )
    except (LayoutFailed, LayoutTookTooLong):
        return None  # the tables say the same


def _process(assessment: Assessment, start: tuple[str, ...]) -> set[str]:
    """Find all activities that work reaches from these, in either direction."""
    neighbours: dict[str, set[str]] = {}
    for source, target in assessment.edges.select("source", "target").iter_rows():
        neighbours.setdefault(source, set()).add(target)
        neighbours.setdefault(target, set()).add(source)
    reached, waiting = set(start), list(start)
    while waiting:
        found = neighbours.get(waiting.pop(), set()) - reached
        reached |= found
        waiting.extend(found)
    return reached


def _contributions(assessment: Assessment, language: Language) -> alt.LayerChart:
    from backdesk.evidence.charts import score_contributions

    shown = [one for one in assessment.candidates if not one.nothing][:MOST_ROWS]
    points = [
        (one.activity, language.tell(say(criterion.title)), one.contributions[criterion.name])
        for one in shown
        for criterion in CRITERIA
        if criterion.name in one.contributions
    ]
    totals = [(one.activity, one.total, one.low, one.high) for one in shown]
    return score_contributions(
        pl.DataFrame(points, schema=["activity", "criterion", "points"], orient="row"),
        totals=pl.DataFrame(totals, schema=["activity", "total", "low", "high"], orient="row"),
        width=WIDE,
        say=language.say,
    )


def _record(assessment: Assessment, theme: Theme, language: Language) -> Iterator[Picture]:
    from backdesk.evidence.charts import (
        backlog,
        by_weekday_hour,
        cycle_distribution,
        monthly_volume,
        weekday_hour,
    )

    width, words = HALF[theme], language.say
    zone, measured, cases = assessment.summary.zone, assessment.measured, assessment.cases
    charts: tuple[tuple[str, Callable[[], alt.LayerChart]], ...] = (
        (
            say("How much was done, month by month."),
            lambda: monthly_volume(monthly(measured), width=width, say=words),
        ),
        (
            say("What arrived, was completed and lay open."),
            lambda: backlog(flow(cases, zone=zone), width=width, say=words),
        ),
        (
            say("How long cases take from arrival to completion, nights and weekends included."),
            lambda: cycle_distribution(cases, width=width, say=words),
        ),
        (
            say("When steps end, on the clock of {}.", zone),
            lambda: weekday_hour(by_weekday_hour(measured, zone=zone), width=width, say=words),
        ),
    )
    for caption, chart in charts:
        if drawn := _drawn(chart, theme):
            yield Picture(svg=drawn, caption=language.tell(caption))


def _drawn(chart: Callable[[], alt.LayerChart], theme: Theme) -> str | None:
    """Draw a chart, or nothing where the record has nothing for it."""
    from backdesk.evidence.charts import NothingToChart, svg

    try:
        return svg(chart(), theme=theme)
    except NothingToChart:
        return None
