"""What operations of planning refuse, in words for the person who asked."""


class PlanningError(Exception):
    """Refused; the message says why and what would be right."""


class NameTaken(PlanningError):
    """Another one of the company has this name already."""


class StillInUse(PlanningError):
    """It cannot go while others refer to it."""


class HistoryBusy(PlanningError):
    """The work history is being read at the moment."""
