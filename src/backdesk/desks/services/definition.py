"""What a service is made of: a kind of work with its schemas, process, procedure, checks and targets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from backdesk.desks.services.fields import Lookup
from backdesk.desks.services.schemas import Schema
from backdesk.evidence.process.bpmn.model import Node, ProcessModel

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong with a service's folder: where, and what would be right.

    `line` counts from 1 (0: the file as a whole); `field` is a key of TOML, a JSON pointer, the id of an element of
    the process, or empty.

    >>> print(Problem(file="service.toml", line=3, field="zone", says="There is no time zone 'Berlin'."))
    service.toml, line 3, zone: There is no time zone 'Berlin'.
    """

    file: str
    says: str
    line: int = 0
    field: str = ""

    def __str__(self) -> str:
        place = [self.file, f"line {self.line}" if self.line else "", self.field]
        return f"{', '.join(part for part in place if part)}: {self.says}"


class BrokenService(Exception):
    """A folder that is no service; `problems` holds everything that is wrong with it, file by file.

    >>> BrokenService([Problem(file="checks.toml", says="It is too large.")]).problems[0].file
    'checks.toml'
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A rule between values: where `when` holds (or is left out), `that` must hold. Both are CEL.

    >>> Check(key="net", that="output.net.amount > 0", message="Net is above 0.").severity
    'error'
    """

    key: str
    that: str
    message: str
    when: str | None = None
    severity: Severity = "error"
    field: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorCategory:
    """A kind of error that a review may find.

    >>> ErrorCategory(key="iban", name="Wrong account", critical=True).critical
    True
    """

    key: str
    name: str
    critical: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Turnaround:
    """How long an item may take: working hours, or working days up to a time of the day.

    Days count by `day_rule`: with `day0` the day of receipt is day 0, with `day1` it is day 1. `until` is local.

    >>> Turnaround(hours=Decimal(8)).days is None
    True
    """

    hours: Decimal | None = None
    days: int | None = None
    day_rule: Literal["day0", "day1"] | None = None
    until: dt.time | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """What is agreed: turnaround, and shares between 0 and 1; `backlog_hours` is standard time that may lie open.

    >>> Targets(turnaround=Turnaround(hours=Decimal(8))).attainment is None
    True
    """

    turnaround: Turnaround | None = None
    accuracy: Decimal | None = None
    accuracy_critical: Decimal | None = None
    backlog_hours: Decimal | None = None
    attainment: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What the work costs, per what.

    >>> Price(basis="item", amount=Decimal("2.40"), currency="EUR").basis
    'item'
    """

    basis: Literal["item", "hour", "fte", "none"] = "none"
    amount: Decimal = Decimal(0)
    currency: str = "EUR"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLanguage:
    """A language whose items wait in queues of their own, for people who have the skill.

    >>> QueueLanguage(code="da", skill="Danish").skill
    'Danish'
    """

    code: str
    skill: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """How work is given out; `limit` is how many items one person may hold at once. Without `while_paused`, what
    waits for an answer of the client is given to nobody unasked.

    >>> Taking().mode
    'pull'
    """

    mode: Literal["push", "pull", "both"] = "pull"
    lease_minutes: int = 15
    limit: int = 1
    rework_to_same: bool = True
    may_choose: bool = False
    while_paused: bool = False
    languages: tuple[QueueLanguage, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """How much is looked at twice, as shares between 0 and 1, and the working days to dispute and to accept in.

    `review_share` is how much of what the process reviews really is, `keyed_share` of what it keys twice; None: all
    of it. `accept_after_days` None: the client accepts each item by hand.

    >>> Quality(review_share=Decimal("0.1")).dispute_days
    5
    """

    review_share: Decimal | None = None
    gold_share: Decimal = Decimal(0)
    keyed_share: Decimal | None = None
    dispute_days: int = 5
    accept_after_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pauses:
    """Why a clock may be paused, and whether the client must approve it.

    >>> Pauses().approval
    'client'
    """

    reasons: tuple[str, ...] = ()
    approval: Literal["client", "none"] = "client"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarms:
    """When somebody is told of a due time, in working hours: so long before it, and again so long after it.

    `warn_hours` None: once four fifths of the target are used up; 0: nobody is warned. `escalate_hours` None: after 4.

    >>> Alarms(warn_hours=Decimal(2)).escalate_hours is None
    True
    """

    warn_hours: Decimal | None = None
    escalate_hours: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A kind of work. `skills` are what every provider's step of it needs; steps may ask for more.

    `functions` are what machines do at service tasks: by name, the fields of the output they fill, each with its CEL.
    `calendar` is text as `evidence.calendars.parse` reads it, in `zone`; `procedure` is markdown, `pictures` and
    `lookups` are by their names; `key_fields` are the paths of the input that together tell one item from another.
    """

    key: str
    name: str
    process: ProcessModel
    input: Schema
    output: Schema
    procedure: str
    calendar: str
    zone: str
    standard_minutes: Decimal
    description: str = ""
    language: str = "en"
    skills: tuple[str, ...] = ()
    key_fields: tuple[str, ...] = ()
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    lookups: Mapping[str, Lookup] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    functions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    errors: tuple[ErrorCategory, ...] = ()
    targets: Targets = Targets()
    price: Price = Price()
    taking: Taking = Taking()
    quality: Quality = Quality()
    pauses: Pauses = Pauses()
    alarms: Alarms = Alarms()


def function_of(node: Node) -> str:
    """Return the name of the function that does a service task: its own attribute, else its id.

    >>> function_of(Node(id="total", kind="service"))
    'total'
    """
    return node.attributes.get("function", node.id)
