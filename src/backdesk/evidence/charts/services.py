"""How a service goes: what comes and goes and lies there, and how much of it was right and in time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import polars as pl

from backdesk.evidence.charts._panels import (
    BENEATH,
    FOOT,
    GAP,
    TWO_PLOTS,
    Panel,
    Periods,
    links_of,
    lying,
    two_lines,
)
from backdesk.evidence.charts.styling import COLUMN, SMALL, SOFT, Canvas, NothingToChart
from backdesk.evidence.process.saying import Say, in_english

if TYPE_CHECKING:
    import altair as alt

_DAYS_APART: Final = 7
_ENDS: Final = {
    "day": "Items open at the end of the day",
    "week": "Items open at the end of the week",
    "month": "Items open at the end of the month",
}
_EACH: Final = {"day": "a day", "week": "a week", "month": "a month"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Share:
    name: str
    title: str
    told: str
    low: str = ""
    high: str = ""


_SHARES: Final = (
    _Share(name="attainment", title="Turnaround kept, %", told="Turnaround kept {share} % at last."),
    _Share(
        name="first_pass_yield",
        title="First-pass yield of what was judged, with its 95 % interval, %",
        told="First-pass yield {share} % at last.",
        low="first_pass_low",
        high="first_pass_high",
    ),
    _Share(
        name="accuracy",
        title="Accuracy of what was sampled, with its 95 % interval, %",
        told="Accuracy {share} % at last.",
        low="accuracy_low",
        high="accuracy_high",
    ),
)
#: What these charts say from tables, for those who translate it.
TEXTS: Final = (
    *_ENDS.values(),
    *_EACH.values(),
    *(words for share in _SHARES for words in (share.title, share.told)),
)


def service_flow(
    figures: pl.DataFrame, *, every: str, width: int = COLUMN, say: Say = in_english
) -> alt.LayerChart:
    """Chart the backlog at the end of each period, and beneath it what was received and delivered.

    Args:
        figures: one row a period, as `measures.service_figures` gives them; where `href` is there, each is a link.
        every: "day", "week" or "month".
        width: of the whole picture in pixels.
        say: fills a template with values by their names, in the language of who looks at it.

    Raises:
        NothingToChart: nothing was received or delivered, and nothing lies there.

    >>> from datetime import date
    >>> table = {"period": [date(2026, 1, 1), date(2026, 2, 1)], "received": [9, 8], "delivered": [5, 9],
    ...          "open_items": [4, 3]}
    >>> service_flow(pl.DataFrame(table), every="month").description
    'Jan 2026 to Feb 2026: at most 4 items open, 3 at the end. 17 received, 14 delivered.'
    """
    still_open, came, went = (figures[name].to_list() for name in ("open_items", "received", "delivered"))
    if not any((*still_open, *came, *went)):
        raise NothingToChart("Nothing was received in these periods.")
    periods = Periods(
        days=figures["period"].to_list(),
        width=width,
        weekly=every != "month",
        say=say,
        links=links_of(figures),
    )
    canvas = Canvas(width=width, height=TWO_PLOTS)
    lying(canvas, periods, values=still_open, title=say(_ENDS[every]))
    words = (say("Received"), say("delivered"), say(_EACH[every]))
    two_lines(canvas, periods, came=came, went=went, words=words)
    _label(canvas, periods, every)
    told = say(
        "{periods}: at most {most} items open, {last} at the end. {received} received, {delivered} delivered.",
        periods=periods.said,
        most=max(still_open),
        last=still_open[-1],
        received=sum(came),
        delivered=sum(went),
    )
    return canvas.finish(name=say("Backlog, received and delivered"), description=told)


def service_quality(
    figures: pl.DataFrame,
    *,
    every: str,
    targets: Mapping[str, float] | None = None,
    width: int = COLUMN,
    say: Say = in_english,
) -> alt.LayerChart:
    """Chart turnaround kept, first-pass yield and sampled accuracy of each period, one above the other, from zero.

    Args:
        figures: one row a period, as `measures.service_figures` gives them; a share that is null breaks its line.
        every: "day", "week" or "month".
        targets: a share from 0 to 1 for some of `attainment`, `first_pass_yield` and `accuracy`: a thin line.
        width: of the whole picture in pixels.
        say: fills a template with values by their names, in the language of who looks at it.

    Raises:
        NothingToChart: none of the shares is known in any period.

    >>> from datetime import date
    >>> table = {"period": [date(2026, 1, 1)], "attainment": [0.9], "first_pass_yield": [1.0], "accuracy": [None],
    ...          "first_pass_low": [0.2], "first_pass_high": [1.0], "accuracy_low": [None], "accuracy_high": [None]}
    >>> service_quality(pl.DataFrame(table), every="month", targets={"attainment": 0.95}).description
    'Jan 2026 to Jan 2026. Turnaround kept 90 % at last. First-pass yield 100 % at last.'
    """
    known = [share for share in _SHARES if figures[share.name].null_count() < figures.height]
    if not known:
        raise NothingToChart("Nothing was delivered or looked at in these periods.")
    periods = Periods(
        days=figures["period"].to_list(),
        width=width,
        weekly=every != "month",
        say=say,
        links=links_of(figures),
    )
    canvas = Canvas(width=width, height=len(known) * BENEATH - GAP + FOOT)
    for place, share in enumerate(known):
        panel = Panel.of(_percent(figures[share.name]), top=place * BENEATH, most=100.0)
        panel.frame(canvas, title=say(share.title), width=width)
        if share.low:
            canvas.area(panel.band(periods, _percent(figures[share.low]), _percent(figures[share.high])))
        canvas.line(panel.points(periods))
        if targets and share.name in targets:
            target = 100 * targets[share.name]
            panel.target(canvas, target, width, said=say("target {share} %", share=target))
    _label(canvas, periods, every)
    last = ((share.told, figures[share.name].drop_nulls()[-1]) for share in known)
    told = " ".join(say(words, share=round(100 * value)) for words, value in last)
    return canvas.finish(
        name=say("Turnaround kept, first-pass yield, accuracy"), description=f"{periods.said}. {told}"
    )


def _percent(shares: pl.Series) -> list[float | None]:
    return [None if share is None else 100 * share for share in shares]


def _label(canvas: Canvas, periods: Periods, every: str) -> None:
    y = canvas.height - 18
    if every != "day":
        periods.label(canvas, y=y)
        return
    last = len(periods.days) - 1
    rows = [
        {"x": periods.middle(place), "y": y, "text": periods.day(day)}
        for place, day in enumerate(periods.days)
        if (last - place) % _DAYS_APART == 0
    ]
    canvas.texts(rows, align="center", colour=SOFT, size=SMALL)
    periods.open(canvas, y=y)
