"""What the record and people's answers say of one activity, criterion by criterion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Final, Literal

from backdesk.evidence.assessment.criteria import CRITERIA, Criterion, Grade
from backdesk.evidence.assessment.scales import SCALES, Scale
from backdesk.evidence.assessment.wording import in_words, number
from backdesk.evidence.sentences import say

MACHINE_SHARE: Final = 0.9  # of the steps under a system's name, from which nothing is left to hand over
INSTANT_MINUTES: Final = 0.5  # estimated touch time at most this long is no person's work


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityRecord:
    """The figures of one activity, by their names in the catalogue; None or absent where not known.

    `estimated` is True where the record holds no starts, so that touch and waiting time are not told apart.

    >>> ActivityRecord(name="Check", figures={"steps_per_month": 40.0}).figures["steps_per_month"]
    40.0
    """

    name: str
    figures: Mapping[str, float | None]
    function: str | None = None
    estimated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Medians of what people answered about one activity, 1 (little) to 5 (much), and how many did.

    >>> Answers(medians={"value": 4.0}, count=6).medians.get("judgement") is None
    True
    """

    medians: Mapping[Grade, float | None]
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One sentence that a score stands on, with the figure behind it.

    `figure` is a name of the catalogue, or `answers.<grade>`; `value` is in the figure's unit; `score` is
    what this sentence alone gives its criterion, 0..1.

    >>> Evidence(figure="returned_share", value=0.12, score=0.4, source="12 % come back").text
    '12 % come back'
    """

    figure: str
    value: float
    score: float
    source: Scale | str = field(repr=False)

    @property
    def text(self) -> str:
        """Say it in one plain clause.

        >>> Evidence(figure="returned_share", value=0.12, score=0.4, source=SCALES["hurts"][3]).text
        '12 % of its steps came back after the case had moved on'
        """
        # Made when read: pages rank a hundred activities on every request and print a few sentences.
        return self.source if isinstance(self.source, str) else self.source.text(self.value)


Basis = tuple[float, str, float, "Scale | str"]  # what it gives its criterion, figure, its value, who says it


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How far one criterion holds: 0 not at all, 1 in full, None where nobody can tell.

    The value is that of the strongest evidence; `from_` says whether a record or people gave it. `basis` is
    the evidence in short, strongest first.

    >>> Score(criterion="sensitivity", value=None).evidence
    ()
    """

    criterion: str
    value: float | None
    from_: Literal["record", "answers"] | None = None
    basis: tuple[Basis, ...] = field(default=(), repr=False)

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Give what the score stands on, strongest first.

        >>> steps = ActivityRecord(name="Check", figures={"steps": 300.0, "returned_share": 0.11})
        >>> [one.text for one in score(steps)[1].evidence]
        ['11 % of its steps do it again after the case had moved on']
        """
        return tuple(
            Evidence(score=part, figure=figure, value=value, source=source)
            for part, figure, value, source in self.basis
        )


def score(record: ActivityRecord, *, answers: Answers | None = None) -> tuple[Score, ...]:
    """Score one activity on every criterion, in the order of `CRITERIA`.

    Record and answers stand side by side as evidence; the strongest of them is the value. Where neither
    tells, the value is None: nothing is invented.

    >>> scores = score(ActivityRecord(name="Check", figures={"returned_share": 0.11, "steps": 300.0}))
    >>> [(s.criterion, round(s.value, 2)) for s in scores if s.value is not None]
    [('no_know_how', 0.08), ('hurts', 0.35)]
    """
    return tuple(_score(criterion, record, answers) for criterion in CRITERIA)


def nothing_to_hand_over(record: ActivityRecord) -> str | None:
    """Say why an activity is nobody's work, or None where somebody works on it.

    Steps recorded as mere instants, within moments of another step, or under a system's name hold no time
    of a person that another company could take over.

    >>> nothing_to_hand_over(ActivityRecord(name="A_SUBMITTED", figures={"elapsed_minutes_p90": 0.0}))
    'the record shows no working time for it: it marks a change of state, or a machine does it'
    """
    figures = record.figures
    machine = figures.get("machine_share")
    if machine is not None and machine >= MACHINE_SHARE:
        return say(
            "a machine does it: {} of its steps stand under a system's name", in_words(machine, "share")
        )
    longest = figures.get("elapsed_minutes_p90")
    if longest is None or longest > (INSTANT_MINUTES if record.estimated else 0.0):
        return None
    if record.estimated:
        return say(
            "nine in ten follow within {} of the step before: no time to work in",
            in_words(longest, "minutes"),
        )
    return say("the record shows no working time for it: it marks a change of state, or a machine does it")


def _score(criterion: Criterion, record: ActivityRecord, answers: Answers | None) -> Score:
    basis = _read(criterion, record)
    said = _answered(criterion, answers) if answers else None
    if said:
        basis.append(said)
    if not basis:
        return Score(criterion=criterion.name, value=None)
    if len(basis) > 1:
        basis.sort(key=_strength, reverse=True)
    told: Literal["record", "answers"] = "answers" if basis[0] is said else "record"
    return Score(criterion=criterion.name, value=basis[0][0], from_=told, basis=tuple(basis))


def _read(criterion: Criterion, record: ActivityRecord) -> list[Basis]:
    """Read the figures of the record that the criterion stands on and that may be read."""
    figures, steps = record.figures, record.figures.get("steps") or 0.0
    unread = "recorded" if record.estimated else "estimated"
    return [
        (scale.value(value), scale.figure, value, scale)
        for scale in SCALES[criterion.name]
        if (value := figures.get(scale.figure)) is not None
        and scale.starts != unread
        and steps >= scale.least_steps
        and (not scale.least_months or _months(record) >= scale.least_months)
    ]


def _months(record: ActivityRecord) -> float:
    """Derive the length of the record; what people entered by hand is no matter of length."""
    steps, monthly = record.figures.get("steps"), record.figures.get("steps_per_month")
    return steps / monthly if steps and monthly else float("inf")


def _answered(criterion: Criterion, answers: Answers) -> Basis | None:
    median = answers.medians.get(criterion.grade) if criterion.grade else None
    if median is None:
        return None
    asked = number(median), say(ASKED[criterion.name])
    one = say("1 person says {} of 5 ({})", *asked)
    said = one if answers.count == 1 else say("{} people say {} of 5 ({})", number(answers.count), *asked)
    return min(1.0, max(0.0, (median - 1) / 4)), f"answers.{criterion.grade}", median, said


_strength = itemgetter(0)

ASKED: Final = {
    "no_know_how": "know-how it takes that nobody here has",
    "hurts": "how much it hurts as it is done today",
    "value": "how much of what customers choose us for is in it",
    "judgement": "decisions in it that no procedure holds",
    "customer_contact": "contact with customers in it",
    "sensitivity": "how sensitive the data in it is",
}
