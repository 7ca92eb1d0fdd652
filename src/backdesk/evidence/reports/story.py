"""What an assessment says, in sentences made from its figures: the same in terminal and report."""

from __future__ import annotations

from typing import Final

import polars as pl

from backdesk.evidence.assessment import (
    CRITERION,
    LEAST_HOURS,
    NO_REASON,
    Assessment,
    Bundle,
    Candidate,
    Pilot,
)
from backdesk.evidence.assessment.wording import in_words, listed, number
from backdesk.evidence.measures import CATALOGUE
from backdesk.evidence.reports.holdings import hours_per_month
from backdesk.evidence.sentences import Digits, Sentence, counted, say

WORKING_DAY: Final = 480.0  # minutes


def headlines(assessment: Assessment) -> tuple[str, ...]:
    """Sum an assessment up for those who read nothing else, most important first.

    >>> from backdesk.evidence.assessment import assess
    >>> from backdesk.evidence.calendars import parse
    >>> from backdesk.evidence.measures.examples import two_orders
    >>> found = assess(two_orders(), calendar=parse("Mon-Fri 09:00-17:00", zone="Europe/Amsterdam"))
    >>> headlines(found)[0][:63]
    'The record alone makes no case for handing anything over; the a'
    """
    sentences = (_what_to_hand_over, _which_bundle, _which_pilot, _what_to_ask, _what_stays)
    return tuple(said for sentence in sentences if (said := sentence(assessment)))


def why_work_waits(assessment: Assessment) -> tuple[str, ...]:
    """Say how long work waits and for what, and what would be gained without it; why not, where that cannot be told.

    >>> from backdesk.evidence.assessment import assess
    >>> from backdesk.evidence.calendars import parse
    >>> from backdesk.evidence.measures.examples import two_orders
    >>> found = assess(two_orders(), calendar=parse("Mon-Fri 09:00-17:00", zone="Europe/Amsterdam"))
    >>> why_work_waits(found)[1]
    'Waiting for no reason on record: 2 hours (57 %). Without it touch would be 70 % of touch and waiting.'
    """
    if assessment.summary.starts == "estimated":
        return (say("The log records no starts, so why work waits cannot be told."),)
    rows = assessment.waiting.filter(pl.col("hours") > 0)
    if not rows.height:
        return (say("No step whose waiting and person are known waited."),)
    touch, waited = assessment.measured.select(pl.col("touch_s", "waited_s").sum() / 3600).row(0)
    whole = say(
        "Work waited {} in all from when it could begin to when it was begun, nights and weekends included: "
        "touch is {} of touch and waiting.",
        in_words(waited, "hours"),
        in_words(touch / (touch + waited), "share"),
    )
    causes = (
        say(
            "{}: {} ({}). Without it touch would be {} of touch and waiting.",
            say(CATALOGUE[f"waited_{cause}_hours"].title),
            in_words(hours, "hours"),
            in_words(share, "share"),
            in_words(touch / (touch + waited) + gain, "share"),
        )
        for cause, hours, share, gain in rows.iter_rows()
    )
    return (whole, *causes)


def why_kept(kept: tuple[Candidate, ...]) -> dict[str, tuple[str, ...]]:
    """Gather what stays by the reason why: what has one of its own first, then what shares one.

    >>> from backdesk.evidence.assessment import ActivityRecord, rank
    >>> why_kept(rank([ActivityRecord(name="A_SUBMITTED", figures={"elapsed_minutes_p90": 0.0})]))
    {"Nobody's work: the record shows no working time, or a machine does it": ('A_SUBMITTED',)}
    """
    found: dict[str, list[str]] = {}
    for one in kept:
        found.setdefault(_why_kept(one), []).append(one.activity)
    shared = (say(NO_REASON), _TOO_LITTLE, _NOBODYS)
    order = [why for why in found if why not in shared] + [why for why in shared if why in found]
    return {why: tuple(found[why]) for why in order}


def points(total: float) -> str:
    """Print points as a whole number, none of them minus zero.

    >>> points(-0.2), points(12.6), points(-7.5)
    ('0', '13', '-8')
    """
    return str(round(total))


def members(bundle: Bundle) -> str:
    """Name the activities of a bundle: those handed over for their own sake first.

    >>> members(Bundle(activities=("Check", "Book"), along=("Book",), hours_per_month=80.0, share_of_hours=0.4,
    ...                steps_per_month=300.0, crossings_per_case=0.9, crossings_apart_per_case=0.9,
    ...                gain_hours_per_month=40.0, net_hours_per_month=22.0, pays_up_to_minutes=18.0))
    'Check, with Book moved along'
    """
    own = tuple(name for name in bundle.activities if name not in bundle.along)
    along = listed(bundle.along, most=4)
    return say("{}, with {} moved along", listed(own, most=8), along) if along else listed(own, most=8)


def no_bundle(assessment: Assessment) -> str:
    """Say why there is no bundle.

    >>> from backdesk.evidence.assessment import assess
    >>> from backdesk.evidence.calendars import parse
    >>> from backdesk.evidence.measures.examples import two_orders
    >>> no_bundle(assess(two_orders(), calendar=parse("Mon-Fri 09:00-17:00", zone="Europe/Amsterdam")))
    'None: nothing is to be handed over yet.'
    """
    if assessment.proposed:
        return say("None: no set of activities has known hours that outweigh its crossings.")
    return say("None: nothing is to be handed over yet.")


def crossings_today(assessment: Assessment) -> str:
    """Say how often a case crosses the company boundary now; nothing where the record does not tell.

    >>> from backdesk.evidence.assessment import assess
    >>> from backdesk.evidence.calendars import parse
    >>> from backdesk.evidence.measures.examples import two_orders
    >>> crossings_today(assess(two_orders(), calendar=parse("Mon-Fri 09:00-17:00", zone="Europe/Amsterdam")))
    'Today work goes from one company to another 1.5 times a case.'
    """
    if assessment.crossings_today is None:
        return ""
    today = number(round(assessment.crossings_today, 2))
    return say("Today work goes from one company to another {} times a case.", today)


def monthly(hours: float, *, at_most: bool) -> Sentence:
    """Say how many hours a month, at most so many where starts are estimated.

    >>> monthly(12.0, at_most=True)
    'at most 12 hours a month'
    """
    said = in_words(hours, "hours")
    return say("at most {} a month", said) if at_most else say("{} a month", said)


def _what_to_hand_over(assessment: Assessment) -> str:
    found = assessment.proposed
    names = listed(
        tuple(one.activity for one in found or assessment.of_verdict("ask")), most=3 if found else 4
    )
    if not found and not names:
        return say("The record alone makes no case for handing anything over.")
    if not found:
        return say(
            "The record alone makes no case for handing anything over; "
            "the answers of people could make one for {}.",
            names,
        )
    many, hours = counted(len(found), "activity"), hours_per_month(found)
    if not hours:
        return say("The record speaks for handing over {}: {}.", many, names)
    return say(
        "The record speaks for handing over {}, {} ({} of all recorded work): {}.",
        many,
        monthly(hours, at_most=any(one.record.estimated for one in found)),
        in_words(hours / hours_per_month(assessment.candidates), "share"),
        names,
    )


def _which_bundle(assessment: Assessment) -> str:
    if not assessment.bundles:
        return ""
    best = assessment.bundles[0]
    alone = len(best.activities) == 1
    names, crossings = listed(best.activities, most=4), best.crossings_saved_text
    hours = monthly(best.hours_per_month, at_most=best.estimated)
    taken = say("{}, with {}", names, crossings) if alone else say("{}, {}, with {}", names, hours, crossings)
    if best.net_hours_per_month <= 0:
        price = in_words(assessment.minutes_per_crossing, "minutes")
        return say("No bundle pays at {} a crossing; nearest to it: {}.", price, taken)
    together = say("Best handed over together: {}.", taken)
    return say("Best handed over by itself: {}.", taken) if alone else together


def _which_pilot(assessment: Assessment) -> str:
    pilot = assessment.pilot
    if pilot is None and not assessment.proposed:
        return ""
    if pilot is None:
        return say("No pilot is proposed. {}", assessment.no_pilot or "")
    return say(
        "Start with {}: {} and {} a month.",
        part_of(pilot),
        counted(round(pilot.steps_per_month), "step"),
        in_words(pilot.hours_per_month, "hours"),
    )


def part_of(pilot: Pilot) -> str:
    """Name what is tried out: an activity, or so much of it.

    >>> part_of(Pilot(activity="Check", share=0.7, steps_per_month=32.0, hours_per_month=95.0,
    ...               reasons=(), runner_up=None, why_not_runner_up=None, reservations=(), estimated=False))
    '70 % of Check'
    """
    return (
        pilot.activity
        if pilot.share == 1.0
        else say("{} of {}", in_words(pilot.share, "share"), pilot.activity)
    )


def rather_than(pilot: Pilot) -> str:
    """Say what else could have been tried out, and why it is not; nothing where there was no choice.

    >>> rather_than(Pilot(activity="Check", share=1.0, steps_per_month=32.0, hours_per_month=95.0, reasons=(),
    ...                   runner_up="Pay", why_not_runner_up="less steady", reservations=(), estimated=False))
    'Rather than Pay: less steady.'
    """
    return say("Rather than {}: {}.", pilot.runner_up, pilot.why_not_runner_up) if pilot.runner_up else ""


def _what_to_ask(assessment: Assessment) -> str:
    if not assessment.questions:
        return ""
    asked = tuple(
        _ASKED.get(one.criterion) or say(CRITERION[one.criterion].title.lower())
        for one in assessment.questions
        if one.text == CRITERION[one.criterion].question
    )
    return say(
        "The record cannot tell {}: ask the people who do the work before deciding.", listed(asked, most=11)
    )


def _what_stays(assessment: Assessment) -> str:
    kept = assessment.of_verdict("keep")
    if not kept:
        return ""
    idle = sum(one.nothing is not None for one in kept)
    parts = []
    if len(kept) > idle:
        parts.append(say("{} should stay", counted(len(kept) - idle, "activity")))
    if idle == 1:
        parts.append(say("1 is nobody's work (changes of state, or done by machine)"))
    elif idle:
        marks = Digits(f"{idle:,}")
        parts.append(say("{} are nobody's work (changes of state, or done by machine)", marks))
    return say("{}.", tuple(parts))


def _why_kept(candidate: Candidate) -> str:
    if candidate.nothing:
        return _NOBODYS
    if candidate.too_little:
        return _TOO_LITTLE
    first, *against = candidate.against
    if first == NO_REASON:
        return first
    said = first
    if candidate.reasons:
        said = say("{}. For it: {}", said, candidate.reasons)
    return say("{}. Against it: {}", said, tuple(against)) if against else said


_ASKED = {
    "no_hands": say("whether hands are missing"),
    "no_know_how": say("whether know-how is missing"),
    "no_experience": say("whether it is new or rare"),
    "hurts": say("how much it hurts"),
    "size": say("how many hours it takes"),
    "variability": say("how much it varies"),
    "coupling": say("how closely it is coupled"),
}
_NOBODYS = say("Nobody's work: the record shows no working time, or a machine does it")
_TOO_LITTLE = say(
    "Too little of it to be worth moving: under {} or one step a month", in_words(LEAST_HOURS, "hours")
)
