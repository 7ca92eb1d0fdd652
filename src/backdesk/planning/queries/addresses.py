"""Where the steps behind a figure are listed."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

from django.urls import reverse
from django.utils.http import urlencode

from backdesk.planning.models import Activity

EXACTLY: Mapping[str, str] = {"of": "activity", "after": "follows", "by": "resource", "in": "team"}
"""Names in the address, and the fields of a step that are just as they say; a table's filters look for parts."""

SHOWN: Mapping[str, Mapping[str, str]] = {
    "touch_hours_per_month": {"sort": "-touch_working_s"},
    "touch_minutes_median": {"sort": "-touch_working_s"},
    "touch_minutes_p90": {"sort": "-touch_working_s"},
    "touch_share": {"sort": "-touch_working_s"},
    "waiting_hours_median": {"sort": "-waiting_working_s"},
    "waiting_share": {"sort": "-waiting_working_s"},
    "contention_hours_mean": {"sort": "-waiting_working_s"},
    "rework_share": {"is_rework": "true"},
    "handoff_share": {"is_handoff": "true"},
    "people": {"sort": "resource"},
    "bus_factor_90": {"sort": "resource"},
}
"""How the steps behind a figure are shown; behind others, all of them are as they come."""


def steps_address(
    history: int,
    *,
    of: str = "",
    after: str = "",
    by: str = "",
    shown: Mapping[str, str | Sequence[str]] | None = None,
) -> str:
    """Steps of an activity, that come after another, done by somebody; `shown` is what the table is told."""
    exactly = {name: value for name, value in (("of", of), ("after", after), ("by", by)) if value}
    query = urlencode({**exactly, **(shown or {})}, doseq=True)
    return f"{reverse('planning:history-steps', args=(history,))}{'?' if query else ''}{query}"


def cases_address(history: int, *, shown: Mapping[str, str]) -> str:
    return f"{reverse('planning:history-cases', args=(history,))}?{urlencode(shown)}"


def arrivals_address(history: int, *, first: date, end: date, by: datetime | None = None) -> str:
    """Cases that arrived in these days, and by then."""
    latest = {"by": by.astimezone(UTC).isoformat()} if by else {}
    return cases_address(history, shown={**days(first, end), "arrived": "yes", **latest})


def days(first: date, end: date) -> dict[str, str]:
    """What a list is told to show these days alone, the last one not among them."""
    return {"from": f"{first}", "until": f"{end}"}


def steps_of(
    activity: Activity, *, by: str = "", shown: Mapping[str, str | Sequence[str]] | None = None
) -> str:
    """Empty where no record holds any."""
    if activity.history_id is None:
        return ""
    return steps_address(activity.history_id, of=activity.name, by=by, shown=shown)


def steps_behind(activity: Activity, *, figure: str, by: str = "") -> str:
    """By the figure's name in the catalogue."""
    return steps_of(activity, by=by, shown=SHOWN.get(figure))
