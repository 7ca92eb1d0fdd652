"""Services, their items and steps, and what happened to these."""

from backdesk.work.models.clocks import Alarm, Pause, Question, TermsChange
from backdesk.work.models.documents import Document
from backdesk.work.models.events import Event
from backdesk.work.models.intake import Arrival, ImportBatch, ImportLine
from backdesk.work.models.items import Item, ItemPrivate, Step, StepDraft
from backdesk.work.models.quality import Draw, Finding, GoldCase, Inspection, SamplingRate
from backdesk.work.models.queues import QueueCount
from backdesk.work.models.record import RecordSnapshot
from backdesk.work.models.services import (
    Acknowledgement,
    Entitlement,
    Presence,
    Route,
    Service,
    ServiceSecret,
    ServiceSource,
    ServiceVersion,
)

__all__ = (
    "Acknowledgement",
    "Alarm",
    "Arrival",
    "Document",
    "Draw",
    "Entitlement",
    "Event",
    "Finding",
    "GoldCase",
    "ImportBatch",
    "ImportLine",
    "Inspection",
    "Item",
    "ItemPrivate",
    "Pause",
    "Presence",
    "Question",
    "QueueCount",
    "RecordSnapshot",
    "Route",
    "SamplingRate",
    "Service",
    "ServiceSecret",
    "ServiceSource",
    "ServiceVersion",
    "Step",
    "StepDraft",
    "TermsChange",
)
