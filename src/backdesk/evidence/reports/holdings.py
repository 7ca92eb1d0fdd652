"""What a record holds and how it was read, in sentences: the same in terminal and report."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from backdesk.evidence.assessment import Assessment, Candidate
from backdesk.evidence.assessment.wording import in_words, money, number
from backdesk.evidence.measures import working_time_found
from backdesk.evidence.sentences import Day, counted, say


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


def day(at: datetime | None, zone: str) -> str:
    """Print a day in the log's zone; a dash where there is none.

    >>> from datetime import UTC
    >>> day(datetime(2026, 1, 5, 23, 30, tzinfo=UTC), "Europe/Amsterdam")
    '6 Jan 2026'
    """
    if at is None:
        return "–"
    return Day.of(at.astimezone(ZoneInfo(zone)).date())


def hours_per_month(candidates: tuple[Candidate, ...]) -> float:
    """Add up the recorded hours a month of activities; those of which none are known count nothing.

    >>> from backdesk.evidence.assessment import ActivityRecord, rank
    >>> hours_per_month(rank([ActivityRecord(name="A", figures={"touch_hours_per_month": 3.5})]))
    3.5
    """
    return sum(one.record.figures.get("touch_hours_per_month") or 0.0 for one in candidates)


def _holdings(assessment: Assessment) -> Iterator[str]:
    held = assessment.summary
    counts = counted(held.cases, "case"), counted(held.steps, "step"), counted(held.activities, "activity")
    period = day(held.first, held.zone), day(held.last, held.zone)
    if held.people:
        people = counted(held.people, "person")
        yield say("{} with {} of {}, done by {}, from {} to {}.", *counts, people, *period)
    else:
        yield say("{} with {} of {}, from {} to {}.", *counts, *period)
    yield _work(assessment)
    if reading := assessment.reading:
        yield _rows(reading.rows_read, reading.rows_accepted, reading.rows_rejected)
        if reading.truncated:
            yield reading.truncated
    yield _clock(assessment)
    if assessment.calendar_assumed:
        yield from _working_time(assessment)
    if assessment.costs:
        yield _cost(assessment)
    yield from _limits(assessment)


def _work(assessment: Assessment) -> str:
    held = assessment.summary
    hours = hours_per_month(assessment.candidates)
    work = say("{} of recorded work a month.", in_words(hours, "hours"))
    if not hours:
        work = say("How long the work takes is not in the record.")
    elif held.starts == "estimated":
        work = say("At most {} of recorded work a month.", in_words(hours, "hours"))
    if held.cycle_hours_median is None or held.cycle_working_hours_median is None:
        return work
    cycle = say(
        "Half of the cases take {} or more from arrival to completion, {} of them working time.",
        in_words(held.cycle_hours_median, "hours"),
        in_words(held.cycle_working_hours_median, "hours"),
    )
    return say("{} {}", work, cycle)


def _rows(read: int, accepted: int, rejected: int) -> str:
    return say("{} read: {} accepted, {} rejected.", counted(read, "row"), number(accepted), number(rejected))


def _clock(assessment: Assessment) -> str:
    zone = assessment.summary.zone
    source = assessment.reading.zone_source if assessment.reading else "given"
    where = {
        "given": say("Zone {}.", zone),
        "offsets": say("Zone {}, found from the offsets.", zone),
        "assumed": say("Zone {}, assumed: give it with --zone.", zone),
    }[source]
    hours = say("Working time {}", str(assessment.calendar))
    if assessment.calendar_assumed:
        hours = say("Working time {} is assumed (give it with --calendar)", str(assessment.calendar))
    if assessment.working_share is not None:
        outside = in_words(1 - assessment.working_share, "share")
        hours = say("{}; {} of the steps end outside it", hours, outside)
    return say("{}. {}", hours, where)


def _working_time(assessment: Assessment) -> Iterator[str]:
    """Say when people work, as text that --calendar takes, where it is not what is assumed."""
    found = working_time_found(assessment.working_times)
    if found.problem:
        yield say("When people work cannot be told from the record: {}.", found.problem)
    elif found.calendar != str(assessment.calendar):
        yield say(
            'Working time found (support {}, confidence {}): reckon with it by --calendar "{}".',
            in_words(found.support or 0.0, "share"),
            in_words(found.confidence or 0.0, "share"),
            found.calendar,
        )


def _cost(assessment: Assessment) -> str:
    costs = tuple((assessment.costs or {}).values())
    amount = money(sum(one.amount_per_month for one in costs) or costs[0].amount_per_month, costs[0].currency)
    without = sum(one.hours_without_rate for one in costs)
    if not without:
        return say("The recorded work costs {} a month by the rates given.", amount)
    rest = in_words(float(without), "hours")
    return say(
        "The recorded work costs {} a month by the rates given; no rate is given for {}.", amount, rest
    )


def _limits(assessment: Assessment) -> Iterator[str]:
    held = assessment.summary
    if held.starts == "estimated":
        yield say(
            "The log records no starts. They are estimated (the later of the person's previous end and when the "
            "step could begin), so hours of work are at most what is shown, and waiting is not told from work."
        )
    if held.people is None:
        yield say(
            "The log names no people: whether there are enough hands, or too few heads, cannot be told."
        )
    if (held.months or 0.0) < 2:
        yield say("The record is shorter than two months: trends, and what is rare, cannot be told.")
    inside = 1.0 if assessment.working_share is None else assessment.working_share
    if assessment.calendar_assumed and inside < 0.8:
        yield say(
            "Much of the work is done outside the working time assumed, so hours of work and waiting are too "
            "low: give the real working time with --calendar."
        )
