"""One bar for each activity: the hours it takes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from backdesk.evidence.charts._rows import Rows, link
from backdesk.evidence.charts.styling import COLUMN, SOFT, TEXT, Canvas, NothingToChart
from backdesk.evidence.process import text
from backdesk.evidence.process.saying import Say, in_english, rounded

if TYPE_CHECKING:
    import altair as alt

_TITLES: Final = {
    "month": "Hours a month by activity",
    "year": "Hours a year by activity",
    "record": "Hours in all by activity",
}
_TOLD: Final = {
    "month": "{hours} hours a month: {listed}.",
    "year": "{hours} hours a year: {listed}.",
    "record": "{hours} hours in all: {listed}.",
}
TEXTS: Final = (*_TITLES.values(), *_TOLD.values())
"""What is said from these tables, for those who translate it."""


def hours_by_activity(
    activities: pl.DataFrame,
    *,
    width: int = COLUMN,
    limit: int = 20,
    per: str = "month",
    say: Say = in_english,
) -> alt.LayerChart:
    """Chart the hours that activities take, most first.

    Args:
        activities: `activity` and `hours`; where they are there, `href` makes name and bar a link and
            `estimated` (Boolean) puts "~" before the hours.
        width: of the whole picture in pixels.
        limit: most rows; the rest is added up in one.
        per: what the hours are counted over, for the description: "month", "year" or the whole "record".
        say: fills a template with values by their names, in the language of who looks at it.

    Raises:
        NothingToChart: there is no activity with hours.

    >>> hours_by_activity(pl.DataFrame({"activity": ["Check", "Pay"], "hours": [30.0, 10.0]})).description
    '40 hours a month: Check 30 h, Pay 10 h.'
    """
    ranked = activities.filter(pl.col("hours") > 0).sort("hours", descending=True, maintain_order=True)
    if ranked.is_empty():
        raise NothingToChart("There is nothing to chart: no activity takes hours.")
    shown, rest = ranked.head(limit), ranked.slice(limit)
    others = [say("{count} others", count=rest.height)] if rest.height else []
    names = shown["activity"].cast(pl.String).to_list() + others
    hours = shown["hours"].to_list() + ([rest["hours"].sum()] if rest.height else [])
    links: list[str | None] = shown["href"].to_list() if "href" in shown.columns else []
    labels = _labels(shown, hours, say)
    rows = Rows.of(names, width)
    room = rows.room - max(text.width(label, size=TEXT) for label in labels) - 8
    canvas = Canvas(width=width, height=rows.height)
    rows.name(canvas, links)
    bars = [
        rows.bar(index, 0, value / max(hours) * room) | link(links, index)
        for index, value in enumerate(hours)
    ]
    _add_linked(canvas, bars[: shown.height])
    canvas.bars(bars[shown.height :], colour=SOFT)
    canvas.texts(
        [
            {"x": bar["x2"] + 6, "y": rows.middle(index) + 4, "text": labels[index]}
            for index, bar in enumerate(bars)
        ]
    )
    first = ", ".join(f"{name} {label}" for name, label in list(zip(names, labels, strict=True))[:5])
    more = say("{listed} and more", listed=first) if len(names) > 5 else first
    told = say(_TOLD[per], hours=round(sum(hours)), listed=more)
    return canvas.finish(name=say(_TITLES[per]), description=told)


def _labels(shown: pl.DataFrame, hours: Sequence[float], say: Say) -> list[str]:
    """Write the hours, "~" before those that are estimated; the last may be of all that is not shown."""
    estimated = shown["estimated"].to_list() if "estimated" in shown.columns else []
    return [
        f"{'~' if guessed else ''}{say('{number} h', number=rounded(value))}"
        for guessed, value in zip_longest(estimated, hours)
    ]


def _add_linked(canvas: Canvas, bars: Sequence[dict[str, Any]]) -> None:
    for linked in (True, False):
        canvas.bars([bar for bar in bars if ("href" in bar) is linked])
