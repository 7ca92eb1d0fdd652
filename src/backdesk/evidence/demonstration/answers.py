"""What employees of the demonstration company say about their work, and the work that leaves no log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from backdesk.evidence.demonstration.people import Employee


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What people think of an activity, from 1 to 5, around which their answers spread.

    `hears` are the titles of those who answer; `voices` are the words of the first with that title: what
    hurts, and a comment.

    >>> Opinion(value=2, judgement=1, know_how=2, customer_contact=1, sensitivity=2).hears
    ()
    """

    value: int
    judgement: int
    know_how: int
    customer_contact: int
    sensitivity: int
    hears: tuple[str, ...] = ()
    voices: tuple[tuple[str, str | None, str | None], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one person said about one activity: 1 (little) to 5 (much); `hurts` and `comment` in their words.

    >>> Answer(person="Ida Nørholt", activity="Post invoice", value=2, judgement=1, know_how=2,
    ...        customer_contact=1, sensitivity=3, hurts=None, comment=None).value
    2
    """

    person: str
    activity: str
    value: int
    judgement: int
    know_how: int
    customer_contact: int
    sensitivity: int
    hurts: str | None
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
        value=1,
        judgement=1,
        know_how=2,
        customer_contact=1,
        sensitivity=2,
        hears=_FINANCE,
        voices=(("Accounts payable clerk", "Month end: three days of typing and nothing else.", None),),
    ),
    "Match to order": Opinion(
        value=2, judgement=2, know_how=3, customer_contact=1, sensitivity=2, hears=_FINANCE
    ),
    "Approve payment": Opinion(
        value=5,
        judgement=5,
        know_how=4,
        customer_contact=1,
        sensitivity=5,
        hears=_FINANCE,
        voices=(("Finance director", None, "Who may spend the company's money is decided in this house."),),
    ),
    "Post invoice": Opinion(
        value=2, judgement=1, know_how=3, customer_contact=1, sensitivity=3, hears=_FINANCE
    ),
    "Refund customer": Opinion(
        value=2,
        judgement=1,
        know_how=2,
        customer_contact=2,
        sensitivity=3,
        hears=(*_FINANCE, "Claims lead"),
        voices=(
            ("Claims lead", "In January customers wait for their money because of our invoices.", None),
            ("Accounts payable clerk", None, "It always comes on top, when the month is being closed."),
        ),
    ),
    "Calculate pay": Opinion(
        value=3,
        judgement=2,
        know_how=5,
        customer_contact=1,
        sensitivity=5,
        hears=_PAY,
        voices=(
            (
                "Payroll specialist",
                "I have not been away in the second half of a month for four years.",
                None,
            ),
            ("People director", "If she is ill, nobody is paid.", "We should not depend on one person."),
        ),
    ),
    "Decide salary change": Opinion(
        value=5, judgement=5, know_how=4, customer_contact=1, sensitivity=5, hears=_PAY
    ),
    "Clean customer record": Opinion(
        value=3,
        judgement=2,
        know_how=2,
        customer_contact=2,
        sensitivity=4,
        hears=("Data steward", "Claims lead", "Technology director", "Finance director", "Content lead"),
        voices=(
            ("Data steward", "I clean for four hours a day and the list is longer every evening.", None),
            ("Claims lead", "Goods go to old addresses and come back to us as claims.", None),
        ),
    ),
    "Retouch photos": Opinion(
        value=2,
        judgement=2,
        know_how=2,
        customer_contact=1,
        sensitivity=1,
        hears=(*_CONTENT, "Finance director"),
        voices=(
            (
                "Front-end engineer",
                "I was hired to build the shop. I cut out chair legs.",
                "It stayed with us because we had the software.",
            ),
            ("Technology director", "Half a day a week, of four engineers.", None),
        ),
    ),
    "Write product text": Opinion(
        value=4, judgement=4, know_how=3, customer_contact=2, sensitivity=1, hears=_CONTENT
    ),
    "Assign customs code": Opinion(
        value=2,
        judgement=3,
        know_how=5,
        customer_contact=1,
        sensitivity=2,
        hears=("Copywriter", "Content lead", "Compliance officer", "Finance director", "Controller"),
        voices=(
            ("Copywriter", "Nobody ever taught us the tariff. We guess, and it comes back.", None),
            ("Content lead", "I send back two in five.", "Wrong codes have cost us fines in Norway."),
        ),
    ),
    "Screen application": Opinion(
        value=3, judgement=4, know_how=3, customer_contact=2, sensitivity=4, hears=("People director",)
    ),
    "Prepare contract": Opinion(
        value=2,
        judgement=2,
        know_how=3,
        customer_contact=1,
        sensitivity=5,
        hears=("People director", "HR coordinator"),
    ),
    "Decide goodwill": Opinion(
        value=5,
        judgement=5,
        know_how=4,
        customer_contact=5,
        sensitivity=3,
        hears=("Claims lead", "Finance director", "Content lead", "Controller", "Data steward"),
        voices=(("Claims lead", None, "This is where we keep a customer or lose one."),),
    ),
    "File timber statement": Opinion(
        value=2,
        judgement=3,
        know_how=5,
        customer_contact=1,
        sensitivity=2,
        hears=("Compliance officer", "Finance director", "Controller"),
        voices=(
            ("Compliance officer", "Each one is a first time. I read the regulation while I file.", None),
        ),
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
        for title in opinion.hears
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
    value, judgement, know_how, customer_contact, sensitivity = _spread(opinion, rng)
    words = {title: (hurts, comment) for title, hurts, comment in opinion.voices if is_first}
    hurts, comment = words.get(person.title, (None, None))
    return Answer(
        person=person.name,
        activity=activity,
        value=value,
        judgement=judgement,
        know_how=know_how,
        customer_contact=customer_contact,
        sensitivity=sensitivity,
        hurts=hurts,
        comment=comment,
    )


def _spread(opinion: Opinion, rng: np.random.Generator) -> Iterator[int]:
    means = (
        opinion.value,
        opinion.judgement,
        opinion.know_how,
        opinion.customer_contact,
        opinion.sensitivity,
    )
    for mean in means:
        off = int(rng.choice((-1, 0, 1), p=(0.15, 0.7, 0.15)))
        yield min(max(mean + off, 1), 5)
