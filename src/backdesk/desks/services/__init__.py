"""Services: kinds of work as folders of files, read and written, and what is worked out of them.

>>> service = read_service(example_files("invoice-entry"))
>>> [field.title for field in service.output.fields][:3]
['Supplier', 'Invoice number', 'Date']
"""

from backdesk.desks.services.archives import read_folder, read_zip, write_folder, write_zip
from backdesk.desks.services.checks import ConditionFailed, Finding, condition, deciding, run_checks
from backdesk.desks.services.definition import (
    Alarms,
    BrokenService,
    Check,
    ErrorCategory,
    Pauses,
    Price,
    Problem,
    Quality,
    QueueLanguage,
    Service,
    Taking,
    Targets,
    Turnaround,
    function_of,
)
from backdesk.desks.services.differences import Difference, differences
from backdesk.desks.services.examples import example, example_files, example_keys
from backdesk.desks.services.fields import Field, FieldProblem, Lookup
from backdesk.desks.services.functions import FunctionFailed, work_out
from backdesk.desks.services.reading import read_service
from backdesk.desks.services.reading_schemas import read_schema
from backdesk.desks.services.schemas import Entered, Schema, merged
from backdesk.desks.services.sharing import shared
from backdesk.desks.services.writing import digest, procedure_digest, write_service

__all__ = [
    "Alarms",
    "BrokenService",
    "Check",
    "ConditionFailed",
    "Difference",
    "Entered",
    "ErrorCategory",
    "Field",
    "FieldProblem",
    "Finding",
    "FunctionFailed",
    "Lookup",
    "Pauses",
    "Price",
    "Problem",
    "Quality",
    "QueueLanguage",
    "Schema",
    "Service",
    "Taking",
    "Targets",
    "Turnaround",
    "condition",
    "deciding",
    "differences",
    "digest",
    "example",
    "example_files",
    "example_keys",
    "function_of",
    "merged",
    "procedure_digest",
    "read_folder",
    "read_schema",
    "read_service",
    "read_zip",
    "run_checks",
    "shared",
    "work_out",
    "write_folder",
    "write_service",
    "write_zip",
]
