"""What to start with: a minor task that is small, steady, standard, loosely coupled and worth handing over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from backdesk.evidence.assessment.criteria import CRITERION, TOLD_BY_PEOPLE
from backdesk.evidence.assessment.ranking import HOLDS_FROM, Candidate
from backdesk.evidence.assessment.wording import in_words, listed, number
from backdesk.evidence.sentences import Digits, say

SMALL: Final = 0.15  # of all candidates' hours: more is no pilot
ENOUGH_STEPS: Final = 30.0  # a month: fewer are too few to measure quality by
STRONG: Final = 50.0  # points: a pilot is to show what handing over is good for
LOOSE: Final = 1.5  # crossings per step: fewer than the one in and one out of a link in a chain
NEARLY_ALL: Final = 0.8  # of its volume: then all of it is easier to move
STEADY: Final = 0.5  # weekly swing beyond chance


@dataclass(frozen=True, slots=True, kw_only=True)
class Pilot:
    """The activity to start with, and why it and not the next best.

    `share` is the part of its volume to move first: 1.0 where the whole activity is small enough.
    `steps_per_month` and `hours_per_month` are of that part, `estimated` says the
    hours are at most these. `reservations` are what to settle before.

    >>> Pilot(activity="Check", share=1.0, hours_per_month=6.0, steps_per_month=80.0,
    ...       estimated=False, reasons=("small",), reservations=(), runner_up=None, why_not_runner_up=None).share
    1.0
    """

    activity: str
    share: float
    hours_per_month: float
    estimated: bool
    steps_per_month: float
    reasons: tuple[str, ...]
    reservations: tuple[str, ...]
    runner_up: str | None
    why_not_runner_up: str | None


def pilot(candidates: Sequence[Candidate]) -> Pilot | None:
    """Propose the pilot: small, steady, standard, loosely coupled, worth it; None where none is fit.

    Of the activities to hand over that come up at least 30 times a month and against which no answer holds,
    the one that is best on the worst of the five counts. Where it takes more than 15 % of all candidates'
    hours, a share of its volume is proposed.

    >>> from backdesk.evidence.assessment import ActivityRecord, rank
    >>> small, large = ({"steps": 900.0, "steps_per_month": 75.0, "contention_hours_mean": 9.0,
    ...                  "touch_hours_per_month": hours, "crossings_alone": 1.0} for hours in (12.0, 200.0))
    >>> found = pilot(rank([ActivityRecord(name="Check", figures=small),
    ...                     ActivityRecord(name="Book", figures=large)]))
    >>> found.activity, found.share, found.reasons[0]
    ('Check', 1.0, 'small: 12 hours a month, 6 % of the hours of all candidates')
    """
    pool = _pool(candidates)
    everything = sum(_hours(one) for one in pool)
    fit = [one for one in pool if _fit(one)]
    if not fit or not everything:
        return None
    ordered = sorted(fit, key=lambda one: (-_worth(one, everything), one.activity))
    best, *others = ordered
    share = min(1.0, SMALL * everything / _hours(best)) if _hours(best) else 1.0
    share = _rounded(max(share, min(1.0, ENOUGH_STEPS / _steps(best))))
    return Pilot(
        activity=best.activity,
        share=share,
        hours_per_month=share * _hours(best),
        estimated=best.record.estimated,
        steps_per_month=share * _steps(best),
        reasons=_reasons(best, everything, share),
        reservations=_reservations(best),
        runner_up=others[0].activity if others else None,
        why_not_runner_up=_why_not(others[0], best, everything) if others else None,
    )


def why_no_pilot(candidates: Sequence[Candidate]) -> str:
    """Say why no pilot is proposed.

    >>> why_no_pilot(())
    'No activity is to be handed over yet, so there is nothing to try out.'
    """
    pool = _pool(candidates)
    if not pool:
        return say("No activity is to be handed over yet, so there is nothing to try out.")
    rare = [one for one in pool if _steps(one) < ENOUGH_STEPS]
    if len(rare) == len(pool):
        return say(
            "None of the candidates comes up {} times a month: too few to measure quality by.",
            Digits(round(ENOUGH_STEPS)),
        )
    return say(
        "Every candidate that comes up often enough holds value, judgement, contact or sensitive data."
    )


def _pool(candidates: Sequence[Candidate]) -> list[Candidate]:
    return [one for one in candidates if one.is_proposed and _steps(one)]


def _fit(candidate: Candidate) -> bool:
    known_against = (candidate.score_of(name).value or 0.0 for name in TOLD_BY_PEOPLE)
    return _steps(candidate) >= ENOUGH_STEPS and all(value < HOLDS_FROM for value in known_against)


def _worth(candidate: Candidate, everything: float) -> float:
    """The worst of the counts decides: a pilot must not fail on any; their mean breaks ties."""
    counts = list(_counts(candidate, everything).values())
    return min(counts) + sum(counts) / len(counts) / 100


def _counts(candidate: Candidate, everything: float) -> dict[str, float]:
    swing = candidate.record.figures.get("weekly_swing")
    return {
        "small": 1 - min(1.0, _hours(candidate) / everything / (2 * SMALL)),
        "steady": 1 - min(1.0, (STEADY if swing is None else swing) / (2 * STEADY)),
        "standard": 1 - (candidate.record.figures.get("variant_entropy") or 0.0),
        "loose": 1 - (candidate.score_of("coupling").value or 0.0),
        "strong": min(1.0, candidate.total / STRONG),
    }


def _reasons(candidate: Candidate, everything: float, share: float) -> tuple[str, ...]:
    figures = candidate.record.figures
    part = in_words(share * _hours(candidate) / everything, "share")
    hours = in_words(share * _hours(candidate), "hours")
    monthly = say("at most {} a month", hours) if candidate.record.estimated else say("{} a month", hours)
    if share < 1.0:
        monthly = say("{} of its volume, {}", in_words(share, "share"), monthly)
    is_small = share * _hours(candidate) <= 2 * SMALL * everything
    size = say("small") if is_small else say("not small, but fewer steps could not be measured")
    reasons = [
        say("{}: {}, {} of the hours of all candidates", size, monthly, part),
        say("enough to measure: {} times a month", number(round(share * _steps(candidate)))),
    ]
    if (swing := figures.get("weekly_swing")) is not None and swing <= STEADY:
        reasons.append(say("steady: its weekly volume swings by {} beyond chance", in_words(swing, "share")))
    if (entropy := figures.get("variant_entropy")) is not None and entropy < 0.5:
        reasons.append(
            say("standard: what comes before and after it varies little ({})", in_words(entropy, "share"))
        )
    if (crossings := figures.get("crossings_alone")) is not None and crossings <= LOOSE:
        reasons.append(
            say("loosely coupled: {} of the boundary per step", in_words(round(crossings, 2), "crossings"))
        )
    return tuple(reasons)


def _reservations(candidate: Candidate) -> tuple[str, ...]:
    titles = tuple(say(CRITERION[name].title.lower()) for name in candidate.unknown if name in TOLD_BY_PEOPLE)
    return (say("Ask first about {}: the record does not tell.", listed(titles, most=4)),) if titles else ()


def _why_not(candidate: Candidate, best: Candidate, everything: float) -> str:
    ours, theirs = _counts(candidate, everything), _counts(best, everything)
    worst = min(ours, key=lambda count: ours[count] - theirs[count])
    figures = candidate.record.figures
    swing, entropy = figures.get("weekly_swing") or 0.0, figures.get("variant_entropy") or 0.0
    return {
        "small": say("it is larger: {} a month", in_words(_hours(candidate), "hours")),
        "steady": say("its volume swings more: {} from week to week", in_words(swing, "share")),
        "standard": say("it is done in more ways: {} of the greatest variety", in_words(entropy, "share")),
        "loose": say("it is coupled more: {}", _coupling(candidate)),
        "strong": say(
            "less speaks for handing it over: {} points, not {}",
            Digits(f"{candidate.total:.0f}"),
            Digits(f"{best.total:.0f}"),
        ),
    }[worst]


def _coupling(candidate: Candidate) -> str:
    evidence = candidate.score_of("coupling").evidence
    return evidence[0].text if evidence else say("how much is not known")


def _rounded(share: float) -> float:
    """Round up to a twentieth: a share one can say, and no step too few to measure."""
    return 1.0 if share >= NEARLY_ALL else ceil(share * 20 - 1e-9) / 20


def _hours(candidate: Candidate) -> float:
    return candidate.record.figures.get("touch_hours_per_month") or 0.0


def _steps(candidate: Candidate) -> float:
    return candidate.record.figures.get("steps_per_month") or 0.0
