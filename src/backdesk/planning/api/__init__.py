"""The API of planning."""

from backdesk.planning.api.area import planning

from backdesk.planning.api import activities, candidates, comparisons, functions, histories, logs, rates  # isort: skip

__all__ = ["activities", "candidates", "comparisons", "functions", "histories", "logs", "planning", "rates"]
