"""The verbs of planning: each one function, one transaction, one audit entry."""

from backdesk.parties.operations.demonstration import SignIn
from backdesk.planning.operations.answers import answer_activity, blank_comments
from backdesk.planning.operations.comparisons import compare_history, find_deviations
from backdesk.planning.operations.demonstration import load_demonstration
from backdesk.planning.operations.errors import (
    CurrencyMissing,
    HistoryBusy,
    NameTaken,
    NoOtherWorkingTime,
    NoProcess,
    StillInUse,
)
from backdesk.planning.operations.histories import (
    ASSUMED_CALENDAR,
    confirm_columns,
    receive_history,
    reckon_with_found,
    remove_history,
    settle_columns,
)
from backdesk.planning.operations.inventory import (
    add_activity,
    add_function,
    change_activity,
    change_function,
    remove_activity,
    remove_function,
)
from backdesk.planning.operations.live_work import read_live_work
from backdesk.planning.operations.rates import reprice, set_rates
from backdesk.planning.operations.readings import draw_history, read_history
from backdesk.planning.operations.reports import order_report, write_report

__all__ = [
    "ASSUMED_CALENDAR",
    "CurrencyMissing",
    "HistoryBusy",
    "NameTaken",
    "NoOtherWorkingTime",
    "NoProcess",
    "SignIn",
    "StillInUse",
    "add_activity",
    "add_function",
    "answer_activity",
    "blank_comments",
    "change_activity",
    "change_function",
    "compare_history",
    "confirm_columns",
    "draw_history",
    "find_deviations",
    "load_demonstration",
    "order_report",
    "read_history",
    "read_live_work",
    "receive_history",
    "reckon_with_found",
    "remove_activity",
    "remove_function",
    "remove_history",
    "reprice",
    "set_rates",
    "settle_columns",
    "write_report",
]
