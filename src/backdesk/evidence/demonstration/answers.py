"""What employees of the demonstration company say about their work, and the work that leaves no log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Final

import numpy as np

from backdesk.evidence.demonstration.people import Employee


@dataclass(frozen=True, slots=True, kw_only=True)
class Grades:
    """What somebody says of an activity, each from 1 (little) to 5 (much).

    `know_how` is the know-how it takes that nobody in the company has, `hurts` how much it hurts today.

    >>> Grades(value=2, judgement=1, know_how=2, customer_contact=1, sensitivity=2, hurts=4).hurts
    4
    """

    value: int
    judgement: int
    know_how: int
    customer_contact: int
    sensitivity: int
    hurts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What people think of an activity: the `grades` their answers spread around.

    `asked` are the titles of those who answer; `voices` are the words of the first with that title.

    >>> grades = Grades(value=2, judgement=1, know_how=2, customer_contact=1, sensitivity=2, hurts=4)
    >>> Opinion(grades=grades, asked=("Treasurer",)).voices
    {}
    """

    grades: Grades
    asked: tuple[str, ...]
    voices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one person (by name) said about one activity; `comment` in their words, None where they had none.

    >>> grades = Grades(value=2, judgement=1, know_how=2, customer_contact=1, sensitivity=2, hurts=4)
    >>> Answer(person="Ida Nørholt", activity="Post invoice", grades=grades, comment=None).grades.value
    2
    """

    person: str
    activity: str
    grades: Grades
    comment: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ManualActivity:
    """Work without a log, as its people estimate it: `volume` a month, `minutes` each.

    >>> ManualActivity(name="Book travel", function="Office services", volume=40, minutes=25,
    ...                people=("Ida Nørholt",)).hours_per_month
    16.666666666666668
    """

    name: str
    function: str
    volume: int
    minutes: float
    people: tuple[str, ...]

    @property
    def hours_per_month(self) -> float:
        """Working hours a month."""
        return self.volume * self.minutes / 60


_FINANCE: Final = ("Finance director", "Accounts payable clerk", "Controller", "Payroll specialist")
_CONTENT: Final = ("Front-end engineer", "Technology director", "Content lead", "Copywriter")
_PAY: Final = ("Payroll specialist", "People director", "HR coordinator", "Finance director", "Controller")

OPINIONS: Final = {
    "Capture invoice data": Opinion(
        grades=Grades(value=1, judgement=1, know_how=1, customer_contact=1, sensitivity=2, hurts=4),
        asked=_FINANCE,
        voices={
            "Accounts payable clerk": "Month end: three days of typing and nothing else.",
        },
    ),
    "Match to order": Opinion(
        grades=Grades(value=2, judgement=2, know_how=2, customer_contact=1, sensitivity=2, hurts=3),
        asked=_FINANCE,
    ),
    "Clarify difference": Opinion(
        grades=Grades(value=3, judgement=4, know_how=2, customer_contact=1, sensitivity=3, hurts=3),
        asked=("Buyer", "Finance director", "Controller"),
        voices={"Buyer": "I know what we agreed with the supplier. Nobody else does."},
    ),
    "Approve payment": Opinion(
        grades=Grades(value=5, judgement=5, know_how=1, customer_contact=1, sensitivity=5, hurts=2),
        asked=_FINANCE,
        voices={
            "Finance director": "Who may spend the company's money is decided in this house.",
        },
    ),
    "Post invoice": Opinion(
        grades=Grades(value=2, judgement=1, know_how=1, customer_contact=1, sensitivity=3, hurts=2),
        asked=_FINANCE,
    ),
    "Refund customer": Opinion(
        grades=Grades(value=2, judgement=1, know_how=1, customer_contact=2, sensitivity=3, hurts=4),
        asked=(*_FINANCE, "Claims lead"),
        voices={
            "Claims lead": "In January customers wait for their money because of our invoices.",
            "Accounts payable clerk": "It always comes on top, when the month is being closed.",
        },
    ),
    "Calculate pay": Opinion(
        grades=Grades(value=3, judgement=2, know_how=4, customer_contact=1, sensitivity=5, hurts=4),
        asked=_PAY,
        voices={
            "Payroll specialist": "I have not been away in the middle of a month for four years.",
            "People director": "If she is ill, nobody is paid. We should not depend on one person.",
        },
    ),
    "Decide salary change": Opinion(
        grades=Grades(value=5, judgement=5, know_how=1, customer_contact=1, sensitivity=5, hurts=1),
        asked=_PAY,
    ),
    "Clean customer record": Opinion(
        grades=Grades(value=3, judgement=2, know_how=2, customer_contact=2, sensitivity=4, hurts=5),
        asked=("Data steward", "Claims lead", "Technology director", "Finance director", "Content lead"),
        voices={
            "Data steward": "I clean for four hours a day and the list is longer every evening.",
            "Claims lead": "Goods go to old addresses and come back to us as claims.",
        },
    ),
    "Retouch photos": Opinion(
        grades=Grades(value=2, judgement=2, know_how=2, customer_contact=1, sensitivity=1, hurts=5),
        asked=(*_CONTENT, "Finance director"),
        voices={
            "Front-end engineer": "I was hired to build the shop. I cut out chair legs.",
            "Technology director": "Half a day a week, of four engineers.",
        },
    ),
    "Write product text": Opinion(
        grades=Grades(value=4, judgement=4, know_how=2, customer_contact=2, sensitivity=1, hurts=2),
        asked=_CONTENT,
    ),
    "Assign customs code": Opinion(
        grades=Grades(value=2, judgement=2, know_how=5, customer_contact=1, sensitivity=1, hurts=5),
        asked=("Copywriter", "Content lead", "Compliance officer", "Finance director", "Controller"),
        voices={
            "Copywriter": "Nobody ever taught us the tariff. We guess, and it comes back.",
            "Content lead": "I send back two in five. Wrong codes have cost us fines in Norway.",
        },
    ),
    "Correct pay": Opinion(
        grades=Grades(value=3, judgement=3, know_how=4, customer_contact=1, sensitivity=5, hurts=3),
        asked=_PAY,
    ),
    "Release pay": Opinion(
        grades=Grades(value=4, judgement=5, know_how=1, customer_contact=1, sensitivity=5, hurts=1),
        asked=_PAY,
    ),
    "Decide goodwill": Opinion(
        grades=Grades(value=5, judgement=5, know_how=1, customer_contact=5, sensitivity=3, hurts=2),
        asked=("Claims lead", "Finance director", "Content lead", "Controller", "Data steward"),
        voices={
            "Claims lead": "This is where we keep a customer or lose one.",
        },
    ),
    "File timber statement": Opinion(
        grades=Grades(value=2, judgement=3, know_how=5, customer_contact=1, sensitivity=2, hurts=4),
        asked=("Compliance officer", "Finance director", "Controller"),
        voices={
            "Compliance officer": "Each one is a first time. I read the regulation while I file.",
        },
    ),
}
"""Not every activity: of the others the product has to ask."""

_MANUAL: Final = (
    ("Answer calls and chats", "Customer service", 2600, 6.5, "Customer adviser"),
    ("Advise in the showroom", "Customer service", 1400, 22.0, "Showroom consultant"),
    ("Book travel", "Office services", 38, 27.0, "HR coordinator"),
    ("Sort and scan post", "Office services", 640, 2.5, "Bookkeeper"),
    ("Order office supplies", "Office services", 24, 18.0, "Bookkeeper"),
    ("Check expense claims", "Accounts payable", 95, 9.0, "Bookkeeper"),
    ("Plan warehouse shifts", "Office services", 13, 95.0, "Warehouse lead"),
)


def collect_answers(*, staff: Sequence[Employee], rng: np.random.Generator) -> tuple[Answer, ...]:
    """Draw what the respondents say of the activities they know; each answer a point off now and then.

    >>> collect_answers(staff=(), rng=np.random.default_rng(20))
    ()
    """
    return tuple(
        _answer(person, opinion, activity, is_first=n == 0, rng=rng)
        for activity, opinion in OPINIONS.items()
        for title in opinion.asked
        for n, person in enumerate(_holders(title, staff))
    )


def list_manual_work(*, staff: Sequence[Employee]) -> tuple[ManualActivity, ...]:
    """Return the work that leaves no log, with those who do it.

    >>> list_manual_work(staff=())[0].name
    'Answer calls and chats'
    """
    return tuple(
        ManualActivity(
            name=name,
            function=function,
            volume=volume,
            minutes=minutes,
            people=tuple(person.name for person in _holders(title, staff)),
        )
        for name, function, volume, minutes, title in _MANUAL
    )


def _holders(title: str, staff: Sequence[Employee]) -> list[Employee]:
    return [person for person in staff if person.title == title and person.left is None]


def _answer(
    person: Employee, opinion: Opinion, activity: str, *, is_first: bool, rng: np.random.Generator
) -> Answer:
    return Answer(
        person=person.name,
        activity=activity,
        grades=_near(opinion.grades, rng),
        comment=opinion.voices.get(person.title) if is_first else None,
    )


def _near(grades: Grades, rng: np.random.Generator) -> Grades:
    """Move each grade by one, now and then: people do not agree."""
    return Grades(
        **{
            name: min(max(grade + int(rng.choice((-1, 0, 1), p=(0.15, 0.7, 0.15))), 1), 5)
            for name, grade in asdict(grades).items()
        }
    )
