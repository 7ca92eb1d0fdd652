"""The API of work: items, the steps that are done on them, their documents, what happens to them, and second eyes."""

from backdesk.work.api.area import work

from backdesk.work.api import clocks, documents, events, items, mail, quality, questions, services, steps  # isort: skip

__all__ = [
    "clocks",
    "documents",
    "events",
    "items",
    "mail",
    "quality",
    "questions",
    "services",
    "steps",
    "work",
]
