"""What every page of planning begins with: as those of the organisation do."""

from backdesk.parties.web.common import allowed, clock

__all__ = ("allowed", "clock")
