"""A work history at a glance."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backdesk.planning.models import WorkHistory
from backdesk.planning.queries import pictures


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The figures of the whole log by their names in the catalogue, its period, and its plots."""

    figures: dict[str, Any]
    first: datetime | None
    last: datetime | None
    pictures: tuple[pictures.Picture, ...]


def overview(history: WorkHistory) -> Overview:
    return Overview(
        figures=history.summary,
        first=_moment(history.summary.get("first")),
        last=_moment(history.summary.get("last")),
        pictures=pictures.of_history(history),
    )


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
