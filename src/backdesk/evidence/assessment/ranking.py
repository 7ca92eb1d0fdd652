"""Which activities to hand over, which to keep, and which to ask about first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import floor
from typing import Final, Literal

from backdesk.evidence.assessment.criteria import CRITERIA, CRITERION, TOLD_BY_PEOPLE
from backdesk.evidence.assessment.scoring import (
    ActivityRecord,
    Answers,
    Score,
    nothing_to_hand_over,
    score,
)
from backdesk.evidence.assessment.wording import in_words
from backdesk.evidence.sentences import Digits, say

HAND_OVER_FROM: Final = 15.0  # points: from this total on the case for handing over is made
CLEARLY_NEGATIVE: Final = -10.0  # points: a total that could sink below this has something to be asked first
LEAST_HOURS: Final = 1.0  # a month: below, moving the work costs more than doing it
LEAST_STEPS: Final = 1.0  # a month, where the record does not tell how long they take
HOLDS_FROM: Final = 0.5  # a reason for or against holds from this value on

Verdict = Literal["hand over", "candidate", "ask", "keep"]
PROPOSED: Final = frozenset({"hand over", "candidate"})


class WeightsInvalid(ValueError):
    """A weight that names no criterion, or is negative or not a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One activity with its scores, what they add up to, and what follows.

    `total` counts what is known, -100 (all against) to 100 (all for); `low` and `high` are the totals if
    everything unknown turned out worst or best. `contributions` are the points of each criterion with a
    value, which add up to the total. `nothing` says why there is nothing to hand over, where that is so.

    >>> rank([ActivityRecord(name="Check", figures={})])[0].verdict
    'ask'
    """

    activity: str
    function: str | None
    record: ActivityRecord
    scores: tuple[Score, ...]
    contributions: Mapping[str, float]
    total: float
    low: float
    high: float
    verdict: Verdict
    nothing: str | None = None

    @property
    def reasons(self) -> tuple[str, ...]:
        """Say what speaks for handing it over, strongest first; empty where nothing is to hand over.

        >>> rank([ActivityRecord(name="Check", figures={"touch_share": 0.3})])[0].reasons
        ('Time it eats: it takes 30 % of all recorded working hours',)
        """
        return () if self.nothing else _sentences(self.scores, "for", "size")

    @property
    def against(self) -> tuple[str, ...]:
        """Say what speaks against handing it over, or why it stays.

        >>> rank([ActivityRecord(name="Check", figures={"elapsed_minutes_p90": 0.0})])[0].against[0][:26]
        'Nothing to hand over: the '
        """
        if self.nothing:
            return (say("Nothing to hand over: {}", self.nothing),)
        sentences = _sentences(self.scores, "against")
        return (*_why_it_stays(self), *sentences) if self.verdict == "keep" else sentences

    @property
    def unknown(self) -> tuple[str, ...]:
        """Name the criteria nobody has told about, in the order of `CRITERIA`.

        >>> rank([ActivityRecord(name="Check", figures={"touch_share": 0.3})])[0].unknown[:2]
        ('no_hands', 'no_know_how')
        """
        return tuple(one.criterion for one in self.scores if one.value is None)

    @property
    def too_little(self) -> str | None:
        """Say why there is too little of it to be worth moving; None where there is enough, or nobody knows.

        >>> rank([ActivityRecord(name="Check", figures={"touch_hours_per_month": 0.5})])[0].too_little
        'Too little of it to be worth moving: 30 minutes of work a month'
        """
        return _too_little(self.record)

    @property
    def is_proposed(self) -> bool:
        """Whether what is known speaks for handing it over, be it that the unknown may still overturn that.

        >>> rank([ActivityRecord(name="Check", figures={})])[0].is_proposed
        False
        """
        return self.verdict in PROPOSED

    @property
    def must_stay(self) -> bool:
        """Whether it stays and people said why: value, judgement, contact with customers or sensitive data.

        >>> rank([ActivityRecord(name="Check", figures={})])[0].must_stay
        False
        """
        said = (self.score_of(name).value or 0.0 for name in TOLD_BY_PEOPLE)
        return self.verdict == "keep" and any(value >= HOLDS_FROM for value in said)

    @property
    def questions(self) -> tuple[str, ...]:
        """Ask what nobody has told; of what stays anyway, only what could still speak for handing it over.

        >>> rank([ActivityRecord(name="Check", figures={})])[0].questions[0][:34]
        'Are there too few people for it, o'
        """
        if self.nothing:
            return ()
        sides = ("for", "size") if self.verdict == "keep" else ("for", "against", "size")
        unknown = tuple(
            say(CRITERION[one.criterion].question)
            for one in self.scores
            if one.value is None and CRITERION[one.criterion].side in sides
        )
        return (*unknown, say(WHOSE_WAIT)) if self.asks_whose_wait else unknown

    @property
    def asks_whose_wait(self) -> bool:
        """Whether its case rests on waiting, of which no record tells who is waited for.

        >>> rank([ActivityRecord(name="Check", figures={"steps": 90.0, "waiting_share": 0.4})])[0].asks_whose_wait
        True
        """
        return self.verdict != "keep" and _waits(self)

    def score_of(self, criterion: str) -> Score:
        """Give the score on one criterion; `KeyError` where there is no such criterion.

        >>> rank([ActivityRecord(name="Check", figures={})])[0].score_of("hurts").value is None
        True
        """
        return self.scores[_PLACE[criterion]]


def rank(
    records: Iterable[ActivityRecord],
    *,
    answers: Mapping[str, Answers] | None = None,
    weights: Mapping[str, float] | None = None,
) -> tuple[Candidate, ...]:
    """Rank activities as candidates for handing over, the strongest first, what is nobody's work last.

    The total is the sum of weight times value, against counting negative, in per cent of the heavier side's
    weights: always within -100..100. `answers` are by activity; `weights` replace the defaults of
    `CRITERIA` by name. "candidate": the total reaches 15 and one of the four reasons holds, but the unknown
    could still overturn it; "hand over": it could not. "ask": the unknown could make a case. "keep": all else.
    Raises `WeightsInvalid`.

    >>> busy = ActivityRecord(name="Check", figures={
    ...     "steps": 900.0, "contention_hours_mean": 9.0, "touch_hours_per_month": 80.0, "rework_share": 0.0})
    >>> best = rank([busy])[0]
    >>> best.verdict, round(best.total), best.reasons[0]  # doctest: +NORMALIZE_WHITESPACE
    ('candidate', 31, 'No hands: each waits 9 hours of working time on average for someone who is busy
     with other work')
    """
    weighed = _weighed(weights or {})
    said = answers or {}
    candidates = [_candidate(record, said.get(record.name), weighed) for record in records]
    return tuple(sorted(candidates, key=lambda one: (one.nothing is not None, -one.total, one.activity)))


def _weighed(weights: Mapping[str, float]) -> tuple[float, ...]:
    """Give the points of each criterion: signed, and scaled so that the heavier side makes 100."""
    for name, weight in weights.items():
        if name not in CRITERION:
            raise WeightsInvalid(f"There is no criterion {name!r}; there are {', '.join(CRITERION)}.")
        if not 0 <= weight < float("inf"):
            raise WeightsInvalid(f"The weight of {name} is {weight}; it must be a number from 0.")
    pairs = [(criterion, float(weights.get(criterion.name, criterion.weight))) for criterion in CRITERIA]
    against = sum(weight for criterion, weight in pairs if criterion.side == "against")
    scale = 100 / (max(against, sum(weight for _, weight in pairs) - against) or 1.0)
    return tuple(scale * (-weight if criterion.side == "against" else weight) for criterion, weight in pairs)


def _candidate(record: ActivityRecord, answers: Answers | None, weighed: tuple[float, ...]) -> Candidate:
    scores = score(record, answers=answers)
    contributions: dict[str, float] = {}
    total = worst = best = 0.0
    for one, points in zip(scores, weighed, strict=True):
        if one.value is not None:
            total += contributions.setdefault(one.criterion, points * one.value)
        elif points < 0:
            worst += points
        else:
            best += points
    low, high = total + worst, total + best
    nothing = nothing_to_hand_over(record)
    verdict = "keep" if nothing or _too_little(record) else _verdict(scores, total, low, high)
    return Candidate(
        activity=record.name,
        function=record.function,
        record=record,
        scores=scores,
        contributions=contributions,
        total=total,
        low=low,
        high=high,
        verdict=verdict,
        nothing=nothing,
    )


def _too_little(record: ActivityRecord) -> str | None:
    """Say why there is too little of it to be worth moving; None where there is enough, or nobody knows."""
    hours, steps = (record.figures.get(f"{what}_per_month") for what in ("touch_hours", "steps"))
    if hours is not None and hours < LEAST_HOURS:
        work = in_words(hours, "hours")
        most = (
            say("at most {} of work a month", work) if record.estimated else say("{} of work a month", work)
        )
        return say("Too little of it to be worth moving: {}", most)
    if record.estimated and steps is not None and steps < LEAST_STEPS:
        rare = say("it comes up {} times a month", in_words(steps, "steps"))
        return say("Too little of it to be worth moving: {}", rare)
    return None


def _verdict(scores: tuple[Score, ...], total: float, low: float, high: float) -> Verdict:
    if total >= HAND_OVER_FROM:
        if not _holding(scores, "for"):
            return "ask"
        return "hand over" if low > CLEARLY_NEGATIVE else "candidate"
    return "ask" if high >= HAND_OVER_FROM else "keep"


def _holding(scores: tuple[Score, ...], *sides: str) -> list[Score]:
    return [
        one
        for one in scores
        if one.value is not None and one.value >= HOLDS_FROM and CRITERION[one.criterion].side in sides
    ]


def _sentences(scores: tuple[Score, ...], *sides: str) -> tuple[str, ...]:
    """Say the reasons that hold, strongest first, each with all evidence that carries it."""
    holding = sorted(_holding(scores, *sides), key=lambda one: -(one.value or 0))
    return tuple(
        say(
            "{}: {}",
            say(CRITERION[one.criterion].title),
            tuple(evidence.text for evidence in one.evidence if evidence.score >= HOLDS_FROM),
        )
        for one in holding
    )


def _why_it_stays(candidate: Candidate) -> tuple[str, ...]:
    if candidate.too_little:
        return (candidate.too_little,)
    if not _holding(candidate.scores, "for"):
        return (say(NO_REASON),)
    points = Digits(floor(candidate.total)), Digits(round(HAND_OVER_FROM))
    return (say("The case is too weak: {} of the {} points it takes", *points),)


def _waits(candidate: Candidate) -> bool:
    return any(
        one.figure in ("waiting_hours_median", "waiting_share", "lead_hours_median") and one.score >= 0.4
        for one in candidate.score_of("hurts").evidence
    )


NO_REASON: Final = "None of the four reasons for handing it over shows in the record"
WHOSE_WAIT: Final = "Is it waiting for us, or for the customer or a supplier? The record does not tell."
_PLACE: Final = {criterion.name: place for place, criterion in enumerate(CRITERIA)}
