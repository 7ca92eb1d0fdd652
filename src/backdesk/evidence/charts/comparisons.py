"""One bar for each activity or person: hours, and who does the work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from backdesk.evidence.charts._rows import Rows, link
from backdesk.evidence.charts.styling import COLUMN, SMALL, SOFT, TEXT, Canvas, NothingToChart
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
    ranked = _ranked(activities, "hours")
    shown, rest = ranked.head(limit), ranked.slice(limit)
    others = [say("{count} others", count=rest.height)] if rest.height else []
    names = shown["activity"].cast(pl.String).to_list() + others
    hours = shown["hours"].to_list() + ([rest["hours"].sum()] if rest.height else [])
    links: list[str | None] = shown["href"].to_list() if "href" in shown.columns else []
    estimated = shown["estimated"].to_list() if "estimated" in shown.columns else []
    labels = [
        f"{'~' if index < len(estimated) and estimated[index] else ''}{say('{number} h', number=rounded(value))}"
        for index, value in enumerate(hours)
    ]
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


def people_share(
    people: pl.DataFrame, *, width: int = COLUMN, limit: int = 12, measure: str = "steps"
) -> alt.LayerChart:
    """Chart who does the work, and how few together do half and 90 % of it.

    Args:
        people: one row a person, as `measures.people` gives them: `resource` and the column `measure`.
        width: of the whole picture in pixels.
        limit: most people shown by name; the rest is added up in one row.
        measure: "steps" or "touch_hours".

    Raises:
        NothingToChart: nobody is known to have done anything.

    >>> team = pl.DataFrame({"resource": ["Ann", "Bob", "Cy"], "steps": [60, 30, 10]})
    >>> people_share(team).description
    '1 of 3 people does half of the steps, 2 do 90 %. Ann 60 %, Bob 30 %, Cy 10 %.'
    """
    ranked = _ranked(people.rename({measure: "amount"}), "amount")
    total = ranked["amount"].sum()
    shares = [amount / total for amount in ranked["amount"].to_list()]
    half, most = _fewest(shares, 0.5), _fewest(shares, 0.9)
    names, shown = ranked["resource"].cast(pl.String).to_list()[:limit], shares[:limit]
    if len(shares) > limit:
        names.append(f"{len(shares) - limit} others")
        shown.append(sum(shares[limit:]))
    what = "steps" if measure == "steps" else "touch time"
    headline = (
        f"{half} of {len(shares)} people {'does' if half == 1 else 'do'} half of the {what}, "
        f"{most} {'does' if most == 1 else 'do'} 90 %"
    )
    rows = Rows.of(names, width, head=text.wrap(headline, size=TEXT + 1, room=width, lines=3))
    canvas = Canvas(width=width, height=rows.height)
    rows.name(canvas, [])
    _share_bars(canvas, rows, shown, named=min(len(shares), limit))
    listed = ", ".join(f"{name} {text.percent(share)}" for name, share in zip(names, shown, strict=True))
    return canvas.finish(name="Who does it", description=f"{headline}. {listed}.")


def _share_bars(canvas: Canvas, rows: Rows, shares: Sequence[float], *, named: int) -> None:
    """Draw each share as a bar, and how much those down to this row do together."""
    together = 96.0
    room = rows.room - together - 40
    bars = [rows.bar(index, 0, share / max(shares) * room) for index, share in enumerate(shares)]
    canvas.bars(bars[:named])
    canvas.bars(bars[named:], colour=SOFT)
    labels = [
        {"x": bar["x2"] + 6, "y": rows.middle(index) + 4, "text": text.percent(shares[index])}
        for index, bar in enumerate(bars)
    ]
    canvas.texts(labels)
    sums = [
        {
            "x": rows.width,
            "y": rows.middle(index) + 4,
            "text": f"{text.percent(sum(shares[: index + 1]))} together",
        }
        for index in range(1, min(len(shares), named))
    ]
    canvas.texts(sums, align="right", colour=SOFT, size=SMALL)


def _fewest(shares: Sequence[float], part: float) -> int:
    """Return how many of the largest shares together reach `part`."""
    reached = 0.0
    for number, share in enumerate(shares, start=1):
        reached += share
        if reached >= part - 1e-9:
            return number
    return len(shares)


def _ranked(table: pl.DataFrame, column: str) -> pl.DataFrame:
    ranked = table.filter(pl.col(column) > 0).sort(column, descending=True, maintain_order=True)
    if ranked.is_empty():
        raise NothingToChart(f"There is nothing to chart: no {column} above zero.")
    return ranked


def _add_linked(canvas: Canvas, bars: Sequence[dict[str, Any]]) -> None:
    for linked in (True, False):
        canvas.bars([bar for bar in bars if ("href" in bar) is linked])
