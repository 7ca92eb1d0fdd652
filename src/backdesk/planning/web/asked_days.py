"""The days an address asks for, and which steps and cases are theirs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import polars as pl
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from backdesk.evidence.measures import HELD, fullest
from backdesk.planning.models import WorkHistory
from backdesk.platform.web import formats
from backdesk.platform.web.words import Words

_HELD: Mapping[str, Words] = {
    "open": _("Open at once at %(moment)s, when most were from %(first)s to %(last)s."),
    "in_work": _("In work at once at %(moment)s, when most were from %(first)s to %(last)s."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """From the start of the first to the end of the last, on the clocks of the record."""

    first: date
    last: date
    zone: ZoneInfo

    @property
    def since(self) -> datetime:
        return datetime.combine(self.first, time(), self.zone).astimezone(UTC)

    @property
    def until(self) -> datetime:
        return datetime.combine(self.last + timedelta(days=1), time(), self.zone).astimezone(UTC)

    def told(self, template: Words, **more: str) -> str:
        return str(template) % {"first": formats.day(self.first), "last": formats.day(self.last), **more}


def days_asked_for(request: HttpRequest, history: WorkHistory) -> Days | None:
    """Those of the address, of which `until` is not one; none where it was mangled."""
    try:
        first, end = (date.fromisoformat(request.GET.get(name, "")) for name in ("from", "until"))
        asked = Days(first=first, last=end - timedelta(days=1), zone=ZoneInfo(history.summary["zone"]))
        return asked if date(1900, 1, 1) <= asked.first <= asked.last < date(2200, 1, 1) else None
    except (ValueError, OverflowError):
        return None


def steps_in(request: HttpRequest, frame: pl.LazyFrame, asked: Days) -> tuple[pl.LazyFrame, str]:
    """Steps that ended in these days, or, where the address says so, those that were held when most were."""
    for held, (begins, ends) in HELD.items():
        if request.GET.get("held") == held:
            steps = frame.select(begins, ends).collect()
            at = fullest(steps, held=held, since=asked.since, until=asked.until)
            there = (pl.col(begins) <= at) & (pl.col(ends) > at).fill_null(value=True)
            return frame.filter(there), asked.told(_HELD[held], moment=formats.instant(at, zone=asked.zone))
    ended = (pl.col("ended_at") >= asked.since) & (pl.col("ended_at") < asked.until)
    return frame.filter(ended), asked.told(_("Ended from %(first)s to %(last)s."))


def cases_in(request: HttpRequest, frame: pl.LazyFrame, asked: Days) -> tuple[pl.LazyFrame, str]:
    """Cases under way in these days, or, where the address says so, those that arrived in them."""
    arrived = pl.col("arrived_at")
    if "arrived" not in request.GET:
        under_way = (arrived < asked.until) & (pl.col("completed_at") >= asked.since)
        return frame.filter(under_way), asked.told(_("Under way from %(first)s to %(last)s."))
    frame = frame.filter((arrived >= asked.since) & (arrived < asked.until))
    told = asked.told(_("Arrived from %(first)s to %(last)s."))
    latest = _latest(request)
    if latest is None:
        return frame, told
    without = _("Without those that arrived after %(moment)s, which may not be over.")
    moment = formats.instant(latest, zone=asked.zone)
    return frame.filter(arrived <= latest), f"{told} {without % {'moment': moment}}"


def _latest(request: HttpRequest) -> datetime | None:
    """When the last one arrived; none where it was mangled."""
    try:
        found = datetime.fromisoformat(request.GET.get("by", ""))
    except ValueError:
        return None
    return found if found.tzinfo and 1900 <= found.year < 2200 else None
