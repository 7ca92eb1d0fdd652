"""What an assessment says, in sentences made from its figures: the same in terminal and report."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import polars as pl

from backdesk.evidence.assessment import (
    CRITERION,
    LEAST_HOURS,
    NO_REASON,
    Assessment,
    Bundle,
    Candidate,
)
from backdesk.evidence.assessment.wording import counted, in_words, listed, money, number
from backdesk.evidence.measures import CATALOGUE

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


def holdings(assessment: Assessment) -> tuple[str, ...]:
    """Say what the log holds and how it was read: figures first, then what limits them.

    >>> from backdesk.evidence.assessment import assess
    >>> from backdesk.evidence.calendars import parse
    >>> from backdesk.evidence.measures.examples import two_orders
    >>> found = assess(two_orders(), calendar=parse("Mon-Fri 09:00-17:00", zone="Europe/Amsterdam"))
    >>> holdings(found)[0]
    '2 cases with 5 steps of 2 activities, done by 2 people, from 2 Feb 2026 to 2 Feb 2026.'
    """
    return tuple(_holdings(assessment))


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
        return ("The log records no starts, so why work waits cannot be told.",)
    rows = assessment.waiting.filter(pl.col("hours") > 0)
    if not rows.height:
        return ("No step whose waiting and person are known waited.",)
    touch, waited = assessment.measured.select(pl.col("touch_s", "waited_s").sum() / 3600).row(0)
    whole = (
        f"Work waited {in_words(waited, 'hours')} in all from when it could begin to when it was begun, nights and "
        f"weekends included: touch is {in_words(touch / (touch + waited), 'share')} of touch and waiting."
    )
    causes = (
        f"{CATALOGUE[f'waited_{cause}_hours'].title}: {in_words(hours, 'hours')} ({in_words(share, 'share')}). Without "
        f"it touch would be {in_words(touch / (touch + waited) + gain, 'share')} of touch and waiting."
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
    shared = (NO_REASON, _TOO_LITTLE, _NOBODYS)
    order = [why for why in found if why not in shared] + [why for why in shared if why in found]
    return {why: tuple(found[why]) for why in order}


def points(total: float) -> str:
    """Print points as a whole number, none of them minus zero.

    >>> points(-0.2), points(12.6), points(-7.5)
    ('0', '13', '-8')
    """
    return str(round(total))


def day(at: datetime | None, zone: str) -> str:
    """Print a day in the log's zone; a dash where there is none.

    >>> from datetime import UTC
    >>> day(datetime(2026, 1, 5, 23, 30, tzinfo=UTC), "Europe/Amsterdam")
    '6 Jan 2026'
    """
    if at is None:
        return "–"
    local = at.astimezone(ZoneInfo(zone))
    return f"{local.day} {local:%b %Y}"


def members(bundle: Bundle) -> str:
    """Name the activities of a bundle: those handed over for their own sake first.

    >>> members(Bundle(activities=("Check", "Book"), along=("Book",), hours_per_month=80.0, share_of_hours=0.4,
    ...                steps_per_month=300.0, crossings_per_case=0.9, crossings_apart_per_case=0.9,
    ...                gain_hours_per_month=40.0, net_hours_per_month=22.0, pays_up_to_minutes=18.0))
    'Check, with Book moved along'
    """
    own = tuple(name for name in bundle.activities if name not in bundle.along)
    along = f", with {listed(bundle.along, most=4)} moved along" if bundle.along else ""
    return listed(own, most=8) + along


def no_bundle(assessment: Assessment) -> str:
    """Say why there is no bundle.

    >>> from backdesk.evidence.assessment import assess
    >>> from backdesk.evidence.calendars import parse
    >>> from backdesk.evidence.measures.examples import two_orders
    >>> no_bundle(assess(two_orders(), calendar=parse("Mon-Fri 09:00-17:00", zone="Europe/Amsterdam")))
    'None: nothing is to be handed over yet.'
    """
    if assessment.proposed:
        return "None: no set of activities has known hours that outweigh its crossings."
    return "None: nothing is to be handed over yet."


def bundle_sentence(bundle: Bundle, minutes_per_crossing: float) -> str:
    """Say what one bundle takes and whether it pays at the price of a crossing.

    >>> bundle = Bundle(activities=("Check",), along=(), hours_per_month=80.0, share_of_hours=0.4,
    ...                 steps_per_month=300.0, crossings_per_case=0.9, crossings_apart_per_case=0.9,
    ...                 gain_hours_per_month=40.0, net_hours_per_month=22.0, pays_up_to_minutes=18.0)
    >>> bundle_sentence(bundle, 10.0)
    '80 hours a month (40 %), 0.9 crossings a case; pays as long as a crossing costs under 18 minutes'
    """
    share = f" ({in_words(bundle.share_of_hours, 'share')})" if bundle.share_of_hours is not None else ""
    hours = f"{'at most ' if bundle.estimated else ''}{in_words(bundle.hours_per_month, 'hours')} a month"
    taken = f"{hours}{share}, {bundle.crossings_saved_text}"
    if bundle.pays_up_to_minutes is None:
        return taken
    up_to = in_words(bundle.pays_up_to_minutes, "minutes")
    if bundle.pays_up_to_minutes > WORKING_DAY:
        return f"{taken}; pays even if a crossing costs a working day"
    if bundle.net_hours_per_month > 0:
        return f"{taken}; pays as long as a crossing costs under {up_to}"
    return (
        f"{taken}; does not pay at {in_words(minutes_per_crossing, 'minutes')} a crossing, only under {up_to}"
    )


def _what_to_hand_over(assessment: Assessment) -> str:
    found = assessment.proposed
    if not found:
        open_ones = tuple(one.activity for one in assessment.of_verdict("ask"))
        asks = f"; the answers of people could make one for {listed(open_ones, most=4)}" if open_ones else ""
        return f"The record alone makes no case for handing anything over{asks}."
    names = listed(tuple(one.activity for one in found))
    speaks = "The record speaks for handing over"
    return f"{speaks} {counted(len(found), 'activity', 'activities')}{_hours(assessment, found)}: {names}."


def _hours(assessment: Assessment, found: tuple[Candidate, ...]) -> str:
    hours = sum(one.record.figures.get("touch_hours_per_month") or 0.0 for one in found)
    every = sum(one.record.figures.get("touch_hours_per_month") or 0.0 for one in assessment.candidates)
    most = "at most " if any(one.record.estimated for one in found) else ""
    share = f" ({in_words(hours / every, 'share')} of all recorded work)" if every else ""
    return f", {most}{in_words(hours, 'hours')} a month{share}" if hours else ""


def _which_bundle(assessment: Assessment) -> str:
    if not assessment.bundles:
        return ""
    best = assessment.bundles[0]
    most = "at most " if best.estimated else ""
    hours = "" if len(best.activities) == 1 else f" {most}{in_words(best.hours_per_month, 'hours')} a month,"
    taken = f"{listed(best.activities, most=4)},{hours} with {best.crossings_saved_text}"
    if best.net_hours_per_month <= 0:
        price = in_words(assessment.minutes_per_crossing, "minutes")
        return f"No bundle pays at {price} a crossing; nearest to it: {taken}."
    how = "by itself" if len(best.activities) == 1 else "together"
    return f"Best handed over {how}: {taken}."


def _which_pilot(assessment: Assessment) -> str:
    pilot = assessment.pilot
    if pilot is None and not assessment.proposed:
        return ""
    if pilot is None:
        return f"No pilot is proposed: {uncapitalised(assessment.no_pilot or '')}"
    part = "" if pilot.share == 1.0 else f"{in_words(pilot.share, 'share')} of "
    volume = f"{number(round(pilot.steps_per_month))} steps"
    return (
        f"Start with {part}{pilot.activity}: {volume} and {in_words(pilot.hours_per_month, 'hours')} a month."
    )


def _what_to_ask(assessment: Assessment) -> str:
    if not assessment.questions:
        return ""
    asked = tuple(
        _ASKED.get(one.criterion, CRITERION[one.criterion].title.lower())
        for one in assessment.questions
        if one.text == CRITERION[one.criterion].question
    )
    return f"The record cannot tell {listed(asked, most=11)}: ask the people who do the work before deciding."


def _what_stays(assessment: Assessment) -> str:
    kept = assessment.of_verdict("keep")
    if not kept:
        return ""
    idle = sum(one.nothing is not None for one in kept)
    stays = f"{counted(len(kept) - idle, 'activity', 'activities')} should stay" if len(kept) > idle else ""
    marks = f"{idle:,} {'is' if idle == 1 else 'are'} nobody's work (changes of state, or done by machine)"
    return "; ".join(part for part in (stays, marks if idle else "") if part) + "."


def _holdings(assessment: Assessment) -> Iterator[str]:
    held = assessment.summary
    people = f", done by {counted(held.people, 'person', 'people')}" if held.people else ""
    period = f"from {day(held.first, held.zone)} to {day(held.last, held.zone)}"
    yield (
        f"{counted(held.cases, 'case')} with {counted(held.steps, 'step')} of "
        f"{counted(held.activities, 'activity', 'activities')}{people}, {period}."
    )
    yield _work(assessment)
    if reading := assessment.reading:
        yield _rows(reading.rows_read, reading.rows_accepted, reading.rows_rejected)
        if reading.truncated:
            yield reading.truncated
    yield _clock(assessment)
    if assessment.costs:
        yield _cost(assessment)
    yield from _limits(assessment)


def _work(assessment: Assessment) -> str:
    held = assessment.summary
    hours = sum(one.record.figures.get("touch_hours_per_month") or 0.0 for one in assessment.candidates)
    work = f"{in_words(hours, 'hours')} of recorded work a month."
    if not hours:
        work = "How long the work takes is not in the record."
    elif held.starts == "estimated":
        work = f"At most {work}"
    cycle = ""
    if held.cycle_hours_median is not None and held.cycle_working_hours_median is not None:
        elapsed = in_words(held.cycle_hours_median, "hours")
        cycle = (
            f" Half of the cases take {elapsed} or more from arrival to completion, "
            f"{in_words(held.cycle_working_hours_median, 'hours')} of them working time."
        )
    return work + cycle


def _rows(read: int, accepted: int, rejected: int) -> str:
    return f"{counted(read, 'row')} read: {number(accepted)} accepted, {number(rejected)} rejected."


def _clock(assessment: Assessment) -> str:
    zone = assessment.summary.zone
    source = assessment.reading.zone_source if assessment.reading else "given"
    how = {"given": "", "offsets": ", found from the offsets", "assumed": ", assumed: give it with --zone"}[
        source
    ]
    assumed = " is assumed (give it with --calendar)" if assessment.calendar_assumed else ""
    outside = ""
    if assessment.working_share is not None:
        outside = f"; {in_words(1 - assessment.working_share, 'share')} of the steps end outside it"
    return f"Working time {assessment.calendar}{assumed}{outside}. Zone {zone}{how}."


def _cost(assessment: Assessment) -> str:
    costs = tuple((assessment.costs or {}).values())
    monthly = money(
        sum(one.amount_per_month for one in costs) or costs[0].amount_per_month, costs[0].currency
    )
    without = sum(one.hours_without_rate for one in costs)
    rest = f"; no rate is given for {in_words(float(without), 'hours')}" if without else ""
    return f"The recorded work costs {monthly} a month by the rates given{rest}."


def _limits(assessment: Assessment) -> Iterator[str]:
    held = assessment.summary
    if held.starts == "estimated":
        yield (
            "The log records no starts. They are estimated (the later of the person's previous end and when the "
            "step could begin), so hours of work are at most what is shown, and waiting is not told from work."
        )
    if held.people is None:
        yield "The log names no people: whether there are enough hands, or too few heads, cannot be told."
    if (held.months or 0.0) < 2:
        yield "The record is shorter than two months: trends, and what is rare, cannot be told."
    inside = 1.0 if assessment.working_share is None else assessment.working_share
    if assessment.calendar_assumed and inside < 0.8:
        yield (
            "Much of the work is done outside the working time assumed, so hours of work and waiting are too "
            "low: give the real working time with --calendar."
        )


def _why_kept(candidate: Candidate) -> str:
    if candidate.nothing:
        return _NOBODYS
    if candidate.too_little:
        return _TOO_LITTLE
    first, *against = candidate.against
    if first == NO_REASON:
        return NO_REASON
    speaking = (
        (f"for it: {'; '.join(candidate.reasons)}", candidate.reasons),
        (f"against it: {'; '.join(against)}", against),
    )
    return ". ".join((first, *(capitalised(said) for said, sentences in speaking if sentences)))


_ASKED = {
    "no_hands": "whether hands are missing",
    "no_know_how": "whether know-how is missing",
    "no_experience": "whether it is new or rare",
    "hurts": "how much it hurts",
    "size": "how many hours it takes",
    "variability": "how much it varies",
    "coupling": "how closely it is coupled",
}
_NOBODYS = "Nobody's work: the record shows no working time, or a machine does it"
_TOO_LITTLE = (
    f"Too little of it to be worth moving: under {in_words(LEAST_HOURS, 'hours')} or one step a month"
)


def capitalised(sentence: str) -> str:
    """Begin a clause large, to make a sentence of it.

    >>> capitalised("it waits")
    'It waits'
    """
    return sentence[:1].upper() + sentence[1:]


def uncapitalised(sentence: str) -> str:
    """Begin a sentence small, to go on with it in another.

    >>> uncapitalised("Nobody's work")
    "nobody's work"
    """
    return sentence[:1].lower() + sentence[1:]
