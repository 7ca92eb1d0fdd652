"""The period a page shows figures of: its kind as tabs, and the one before and after it. The address holds it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, get_args

from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from backdesk.platform.web import formats
from backdesk.platform.web.parts import Tab
from backdesk.work.queries.periods import Every, period_begin, period_end

EVERY: Final[Mapping[Every, Any]] = {
    "day": pgettext_lazy("period", "Days"),
    "week": pgettext_lazy("period", "Weeks"),
    "month": pgettext_lazy("period", "Months"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From `first` to `last`. `after` is empty where that is yet to come."""

    every: Every
    first: date
    last: date
    is_present: bool

    @property
    def title(self) -> str:
        if self.first == self.last:
            return formats.day(self.first)
        return f"{formats.day(self.first)} – {formats.day(self.last)}"

    @property
    def tabs(self) -> tuple[Tab, ...]:
        return tuple(
            Tab(
                title=title,
                url=address(one, None if self.is_present else self.last),
                is_current=one == self.every,
            )
            for one, title in EVERY.items()
        )

    @property
    def before(self) -> Tab:
        titles = {"day": _("The day before"), "week": _("The week before"), "month": _("The month before")}
        return Tab(title=titles[self.every], url=address(self.every, self.first - timedelta(days=1)))

    @property
    def after(self) -> Tab | None:
        if self.is_present:
            return None
        titles = {"day": _("The day after"), "week": _("The week after"), "month": _("The month after")}
        return Tab(title=titles[self.every], url=address(self.every, self.last + timedelta(days=1)))


def address(every: Every, day: date | None) -> str:
    """Of the period of this kind in which the day lies; of the present one, without a day."""
    return f"?{urlencode({'every': every} | ({'on': str(day)} if day else {}))}"


def period_of(query: QueryDict, *, today: date) -> Period:
    """What the address asks for; the present week, where it cannot be read or is yet to come."""
    asked = query.get("every", "week")
    every: Every = asked if asked in get_args(Every) else "week"  # type: ignore[assignment]
    first = period_begin(min(day_of(query.get("on"), today), today), every)
    last = period_end(first, every)
    return Period(every=every, first=first, last=last, is_present=last >= today)


def day_of(text: str | None, otherwise: date) -> date:
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return otherwise
    return found if 2000 <= found.year < 2200 else otherwise
