"""Services: kinds of work as folders of files, read and written, and what is worked out of them."""

from backdesk.desks.services.definition import (
    BrokenService,
    Check,
    ErrorCategory,
    Pauses,
    Price,
    Problem,
    Quality,
    Service,
    Taking,
    Targets,
    Turnaround,
)
from backdesk.desks.services.fields import Field, FieldProblem, Lookup
from backdesk.desks.services.reading_schemas import read_schema
from backdesk.desks.services.schemas import Entered, Schema

__all__ = [
    "BrokenService",
    "Check",
    "Entered",
    "ErrorCategory",
    "Field",
    "FieldProblem",
    "Lookup",
    "Pauses",
    "Price",
    "Problem",
    "Quality",
    "Schema",
    "Service",
    "Taking",
    "Targets",
    "Turnaround",
    "read_schema",
]
