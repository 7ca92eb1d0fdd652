"""What speaks for handing an activity over, and what against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Side = Literal["for", "against", "size"]
Grade = Literal["value", "judgement", "know_how", "customer_contact", "sensitivity", "hurts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One thing that speaks for handing over, against it, or for its size.

    `question` is put to people where the record cannot tell; `grade` names the answer (1 little to 5 much)
    that counts for it, None where only the record does. `weight` is the default. `told_by_record` is
    False where no event log can ever tell.

    >>> CRITERION["no_know_how"].side, CRITERION["sensitivity"].told_by_record
    ('for', False)
    """

    name: str
    title: str
    side: Side
    meaning: str
    question: str
    weight: float
    grade: Grade | None = None
    told_by_record: bool = True


CRITERIA: Final[tuple[Criterion, ...]] = (
    Criterion(
        name="no_hands",
        title="No hands",
        side="for",
        meaning="too few people can do it, or people paid above the market rate for it do it",
        question="Are there too few people for it, or do people do it who are needed for something better?",
        weight=3,
    ),
    Criterion(
        name="no_know_how",
        title="No know-how",
        side="for",
        meaning="work is repeated, or all know-how sits in one head",
        question="How much know-how does it take that nobody here has?",
        weight=2,
        grade="know_how",
    ),
    Criterion(
        name="no_experience",
        title="No experience",
        side="for",
        meaning="new to the company, or too rare to get good at",
        question="Is it new to us, or so rare that nobody gets good at it?",
        weight=1,
    ),
    Criterion(
        name="hurts",
        title="Hurts in-house",
        side="for",
        meaning="waits and repeats that others feel",
        question="How much does it hurt the way it is done today: delays, errors, complaints, late nights?",
        weight=3,
        grade="hurts",
    ),
    Criterion(
        name="size",
        title="Time it eats",
        side="size",
        meaning="hours of work a month, and its share of all recorded hours",
        question="How many hours a month does it take?",
        weight=2,
    ),
    Criterion(
        name="value",
        title="Value added",
        side="against",
        meaning="what sets the company apart",
        question="How much of what customers choose us for is in it?",
        weight=3,
        grade="value",
        told_by_record=False,
    ),
    Criterion(
        name="judgement",
        title="Judgement",
        side="against",
        meaning="decisions no procedure can hold",
        question="How much does it take decisions that cannot be written down as a procedure?",
        weight=3,
        grade="judgement",
        told_by_record=False,
    ),
    Criterion(
        name="customer_contact",
        title="Customer contact",
        side="against",
        meaning="the customer speaks or writes to whoever does it",
        question="How much contact with customers is in it?",
        weight=2,
        grade="customer_contact",
        told_by_record=False,
    ),
    Criterion(
        name="sensitivity",
        title="Data sensitivity",
        side="against",
        meaning="personal, secret or regulated data is seen in it",
        question="How sensitive is the data one sees while doing it?",
        weight=2,
        grade="sensitivity",
        told_by_record=False,
    ),
    Criterion(
        name="variability",
        title="Variability",
        side="against",
        meaning="done in many ways, or in volumes that swing",
        question="How often is it done differently from the procedure, or in very different volumes?",
        weight=1,
    ),
    Criterion(
        name="coupling",
        title="Coupling",
        side="against",
        meaning="moved alone, work would go back and forth across the company boundary",
        question="How often does whoever does it need something from a colleague to finish?",
        weight=2,
    ),
)

CRITERION: Final[Mapping[str, Criterion]] = {criterion.name: criterion for criterion in CRITERIA}

TOLD_BY_PEOPLE: Final = frozenset(one.name for one in CRITERIA if not one.told_by_record)
"""Of these no event log can ever tell."""
