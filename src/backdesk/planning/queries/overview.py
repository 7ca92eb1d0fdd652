"""A work history at a glance."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from backdesk.planning.models import WorkHistory
from backdesk.planning.queries import pictures


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The figures of the whole log by their names in the catalogue, its period, and its plots."""

    figures: dict[str, Any]
    first: date | None
    last: date | None
    pictures: tuple[pictures.Picture, ...]


def overview(history: WorkHistory) -> Overview:
    return Overview(
        figures=history.summary,
        first=_day(history, "first"),
        last=_day(history, "last"),
        pictures=pictures.of_history(history),
    )


def _day(history: WorkHistory, name: str) -> date | None:
    """In the log's own zone: its first night is not the day before."""
    moment, zone = history.summary.get(name), history.summary.get("zone")
    return datetime.fromisoformat(moment).astimezone(ZoneInfo(zone)).date() if moment and zone else None
