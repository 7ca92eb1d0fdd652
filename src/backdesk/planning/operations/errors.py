"""What operations of planning refuse, in words for the person who asked."""

from backdesk.platform.errors import Refused


class NameTaken(Refused):
    """Another one of the company has this name already."""

    status = 409


class StillInUse(Refused):
    """It cannot go while others refer to it."""

    status = 409


class HistoryBusy(Refused):
    """The work history is being read at the moment."""

    status = 409


class NoOtherWorkingTime(Refused):
    """The record shows no working time that a work history could be reckoned with instead."""

    status = 409


class CurrencyMissing(Refused):
    """A cost without its currency means nothing."""


class NoProcess(Refused):
    """What was brought is no process that cases could be compared with."""
