"""How long open items have lain there, by steps of age that lead to their items."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import polars as pl
from django.urls import reverse
from django.utils.translation import gettext as _

from backdesk.platform.web import formats
from backdesk.supervision.queries.scorecard import Scorecard


@dataclass(frozen=True, slots=True, kw_only=True)
class Age:
    """Items that have been open so long, beside the most of any age."""

    title: str
    items: int
    most: int
    url: str

    @property
    def text(self) -> str:
        return formats.number(self.items)


def ages_of(card: Scorecard) -> tuple[Age, ...]:
    rows, items = card.ages.rows(), reverse("supervision:items", args=(card.record.service.pk,))
    most = max((count for _begin, _end, count in rows), default=0)
    return tuple(
        Age(
            title=_("over %(days)s days") % {"days": begin}
            if end is None
            else _("under 1 day")
            if not begin
            else _("%(from)s to %(until)s days") % {"from": begin, "until": end},
            items=count,
            most=most,
            url=f"{items}?count=open_items&lying={begin}-{end or ''}",
        )
        for begin, end, count in rows
    )


def lying(items: pl.DataFrame, asked: str, at: datetime) -> pl.DataFrame:
    """Those received so many days ago: "2-5" is from two to five, "10-" longer than ten."""
    begin, dash, end = asked.partition("-")
    if not (dash and begin.isdecimal() and (end.isdecimal() or not end) and len(asked) < 10):
        return items
    days = (pl.lit(at) - pl.col("received_at")).dt.total_seconds() / 86400
    return items.filter(days >= int(begin), days < int(end) if end else pl.lit(value=True))
