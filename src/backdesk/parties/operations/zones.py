"""Time zones by name."""

from __future__ import annotations

import zoneinfo

from backdesk.platform.errors import Refused


class UnknownZone(Refused):
    """No such time zone."""


def known_zone(name: str) -> str:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise UnknownZone(f"'{name}' is no time zone. Write one like Europe/Copenhagen.") from None
    return name
