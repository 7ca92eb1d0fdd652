"""The seeded generator of the demonstration company: people, processes, and a year of their work.

Everything is invented, and says so in the company's name. The record is simulated, not sampled: people pull
work from queues in their own hours, so that waiting, backlogs and month ends come about as they do in life.
"""

from backdesk.evidence.demonstration.answers import Answer, Grades, ManualActivity
from backdesk.evidence.demonstration.company import Function
from backdesk.evidence.demonstration.flaws import Flaws
from backdesk.evidence.demonstration.generator import (
    Demonstration,
    DemonstrationError,
    PeriodOutOfRange,
    Rate,
    ScaleOutOfRange,
    generate,
)
from backdesk.evidence.demonstration.people import Employee

__all__ = [
    "Answer",
    "Demonstration",
    "DemonstrationError",
    "Employee",
    "Flaws",
    "Function",
    "Grades",
    "ManualActivity",
    "PeriodOutOfRange",
    "Rate",
    "ScaleOutOfRange",
    "generate",
]
