"""The API of planning."""

from backdesk.planning.api.area import planning

from backdesk.planning.api import activities, candidates, functions, histories, logs, rates  # isort: skip

__all__ = ["activities", "candidates", "functions", "histories", "logs", "planning", "rates"]
