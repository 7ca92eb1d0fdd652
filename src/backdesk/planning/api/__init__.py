"""The API of planning."""

from backdesk.planning.api.area import planning

from backdesk.planning.api import (  # isort: skip
    activities,
    candidates,
    comparisons,
    functions,
    histories,
    logs,
    rates,
    working_times,
)

__all__ = [
    "activities",
    "candidates",
    "comparisons",
    "functions",
    "histories",
    "logs",
    "planning",
    "rates",
    "working_times",
]
