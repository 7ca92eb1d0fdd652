"""The API of work: items, the steps that are done on them, their documents, and what happens to them."""

from backdesk.work.api.area import work

from backdesk.work.api import clocks, documents, events, items, mail, questions, services, steps  # isort: skip

__all__ = ["clocks", "documents", "events", "items", "mail", "questions", "services", "steps", "work"]
