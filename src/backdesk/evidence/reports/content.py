"""What a report says, put into words and cells."""

from __future__ import annotations

from datetime import datetime

from backdesk.evidence.assessment import (
    CRITERIA,
    CRITERION,
    DEFINITIONS,
    SCALES,
    Assessment,
    Bundle,
    Candidate,
    Score,
)
from backdesk.evidence.assessment.wording import in_words, listed, number
from backdesk.evidence.eventlog.reasons import understood
from backdesk.evidence.measures import CAUSES
from backdesk.evidence.reports.holdings import day, holdings, hours_per_month
from backdesk.evidence.reports.languages import ENGLISH, Language, told
from backdesk.evidence.reports.pictures import MOST_ROWS
from backdesk.evidence.reports.shapes import (
    Asked,
    BundleRow,
    Card,
    Content,
    Defined,
    Kept,
    KeyFigure,
    PilotPart,
    RankRow,
    Reject,
    ScoreRow,
)
from backdesk.evidence.reports.story import (
    WORKING_DAY,
    crossings_today,
    headlines,
    monthly,
    no_bundle,
    part_of,
    points,
    rather_than,
    why_kept,
    why_work_waits,
)
from backdesk.evidence.reports.words import WORDS
from backdesk.evidence.sentences import Digits, capitalised, counted, say

FIRST_REJECTS = 20
DASH = "–"


def content(assessment: Assessment, *, title: str, now: datetime, language: Language = ENGLISH) -> Content:
    """Put an assessment into words and cells; `title` names the history, `now` is the time of the report."""
    return told(_content(assessment, title=title, now=now, language=language), language=language)


def _content(assessment: Assessment, *, title: str, now: datetime, language: Language) -> Content:
    ranked = _working(assessment)
    return Content(
        language=language.code,
        words=WORDS,
        name=title,
        made=day(now, assessment.summary.zone),
        headlines=headlines(assessment),
        figures=_figures(assessment),
        holdings=holdings(assessment),
        ranking=tuple(rank_row(assessment, place=place, of=one) for place, one in enumerate(ranked, 1)),
        cut=say("The first {} of {}.", Digits(MOST_ROWS), Digits(f"{len(ranked):,}"))
        if len(ranked) > MOST_ROWS
        else "",
        cost=next((say("Cost a month, {}", one.currency) for one in (assessment.costs or {}).values()), ""),
        has_functions=any(one.function for one in assessment.candidates),
        estimated=any(one.record.estimated for one in assessment.candidates),
        cards=tuple(_card(one) for one in _open(assessment)),
        bundles=tuple(_bundle(one, assessment.minutes_per_crossing) for one in assessment.bundles),
        no_bundle=no_bundle(assessment),
        why_bundles=_why_bundles(assessment),
        pilot=_pilot(assessment),
        kept=tuple(
            Kept(why=why, activities=names) for why, names in why_kept(assessment.of_verdict("keep")).items()
        ),
        waiting=why_work_waits(assessment),
        asked=_asked(assessment),
        criteria=tuple(_criterion(one.name, assessment) for one in CRITERIA),
        definitions=tuple(_definition(figure) for figure in _named_figures()),
        notes=assessment.notes,
        rejects=_rejects(assessment),
        rejected=_rejected(assessment),
    )


def _working(assessment: Assessment) -> tuple[Candidate, ...]:
    return tuple(one for one in assessment.candidates if not one.nothing)


def _open(assessment: Assessment) -> tuple[Candidate, ...]:
    return (*assessment.proposed, *assessment.of_verdict("ask"))


def _figures(assessment: Assessment) -> tuple[KeyFigure, ...]:
    held = assessment.summary
    found = assessment.proposed
    hours = hours_per_month(assessment.candidates)
    movable = hours_per_month(found)
    most = held.starts == "estimated"
    best = assessment.bundles[0] if assessment.bundles else None
    return (
        KeyFigure(
            title=say("Cases"),
            value=number(held.cases),
            note=say("{} to {}", day(held.first, held.zone), day(held.last, held.zone)),
        ),
        KeyFigure(
            title=say("Work a month"),
            value=_in_hours(hours, at_most=most) if hours else DASH,
            note=say("{}, {}", counted(held.activities, "activity"), _people(held.people)),
        ),
        KeyFigure(
            title=say("Speaks for handing over"),
            value=_in_hours(movable, at_most=most) if hours else number(len(found)),
            note=say("{} of {} activities worked on", number(len(found)), number(len(_working(assessment)))),
        ),
        KeyFigure(
            title=say("Crossings, best bundle"),
            value=number(round(best.crossings_per_case, 2)) if best else DASH,
            note=say("a case, between the companies") if best else say("no bundle is proposed"),
        ),
    )


def _in_hours(hours: float, *, at_most: bool) -> str:
    return say("≤ {} h", number(round(hours))) if at_most else say("{} h", number(round(hours)))


def _people(people: int | None) -> str:
    return say("no people named") if people is None else in_words(people, "people")


def _hours(candidate: Candidate) -> float | None:
    return candidate.record.figures.get("touch_hours_per_month")


def rank_row(assessment: Assessment, *, place: int, of: Candidate) -> RankRow:
    """Put an activity into the cells of the ranking.

    >>> from backdesk.evidence.assessment import assess
    >>> from backdesk.evidence.calendars import parse
    >>> from backdesk.evidence.measures.examples import two_orders
    >>> found = assess(two_orders(), calendar=parse("Mon-Fri 09:00-17:00", zone="Europe/Amsterdam"))
    >>> row = rank_row(found, place=1, of=found.candidates[0])
    >>> row.activity, row.verdict, row.hours, row.cost
    ('Enter', 'ask', '1.5', '–')
    """
    steps = of.record.figures.get("steps_per_month")
    cost = (assessment.costs or {}).get(of.activity)
    return RankRow(
        place=place,
        activity=of.activity,
        function=of.function or "",
        verdict=of.verdict,
        points=points(of.total),
        could_be=_could_be(of),
        hours=_monthly_hours(of),
        steps=DASH if steps is None else number(round(steps, 1)),
        cost=DASH if cost is None or cost.hourly is None else Digits(f"{cost.amount_per_month:,.0f}"),
    )


def _monthly_hours(one: Candidate) -> str:
    hours = _hours(one)
    if hours is None:
        return DASH
    if one.record.estimated:
        return say("≤ {}", number(max(0.1, round(hours, 1))))
    return number(round(hours, 1))


def _could_be(one: Candidate) -> str:
    return say("{} to {}", points(one.low), points(one.high)) if one.high - one.low > 0.5 else ""


def _card(one: Candidate) -> Card:
    steps, hours = one.record.figures.get("steps_per_month"), _hours(one)
    about = [say("{} points", points(one.total))]
    if could_be := _could_be(one):
        about.append(say("could be {}", could_be))
    if steps:
        about.append(say("{} a month", counted(round(steps), "step")))
    if hours is not None:
        work = say("{} of work a month", in_words(hours, "hours"))
        about.append(say("at most {}", work) if one.record.estimated else work)
    return Card(
        activity=one.activity,
        verdict=one.verdict,
        about=tuple(about),
        reasons=one.reasons,
        scores=tuple(_score(score, one) for score in one.scores),
    )


def _score(score: Score, one: Candidate) -> ScoreRow:
    criterion = CRITERION[score.criterion]
    given = one.contributions.get(score.criterion)
    return ScoreRow(
        title=say(criterion.title),
        side="against" if criterion.side == "against" else "for",
        part=None if score.value is None else round(100 * score.value),
        part_of_one=""
        if score.value is None
        else say("{} of {}", number(round(score.value, 2)), Digits("1")),
        points="" if given is None else f"{round(given):+d}".replace("+0", "0"),
        evidence=_telling(score),
        question=say(criterion.question) if score.value is None else "",
    )


def _telling(score: Score) -> tuple[str, ...]:
    """Give the evidence that counts for something; where none does, what stands first."""
    counting = tuple(one.text for one in score.evidence if one.score > 0)
    return counting or tuple(one.text for one in score.evidence[:1])


def _bundle(bundle: Bundle, minutes_per_crossing: float) -> BundleRow:
    price = in_words(minutes_per_crossing, "minutes")
    own = tuple(name for name in bundle.activities if name not in bundle.along)
    return BundleRow(
        members=listed(own, most=30),
        along=say("moved along: {}", listed(bundle.along, most=30)) if bundle.along else "",
        hours=number(round(bundle.hours_per_month, 1)),
        share=DASH if bundle.share_of_hours is None else in_words(bundle.share_of_hours, "share"),
        crossings=number(round(bundle.crossings_per_case, 2)),
        apart=number(round(bundle.crossings_apart_per_case, 2)),
        pays_up_to=_up_to(bundle.pays_up_to_minutes),
        does_not_pay="" if bundle.net_hours_per_month > 0 else say("does not pay at {}", price),
    )


def _up_to(minutes: float | None) -> str:
    if minutes is None:
        return say("nothing crosses")
    return say("a working day and more") if minutes > WORKING_DAY else in_words(minutes, "minutes")


def _why_bundles(assessment: Assessment) -> str:
    why = say(
        "Work that goes back and forth between two companies costs time and care. Of all sets of activities these "
        "leave most hours after paying {} for each crossing of the company boundary.",
        in_words(assessment.minutes_per_crossing, "minutes"),
    )
    today = crossings_today(assessment)
    return say("{} {}", why, today) if today else why


def _pilot(assessment: Assessment) -> PilotPart:
    pilot = assessment.pilot
    if pilot is None:
        reason = assessment.no_pilot or ""
        return PilotPart(title=say("No pilot yet"), volume=reason, reasons=(), runner_up="", reservations=())
    return PilotPart(
        title=part_of(pilot),
        volume=say(
            "{} and {}",
            counted(round(pilot.steps_per_month), "step"),
            monthly(pilot.hours_per_month, at_most=pilot.estimated),
        ),
        reasons=pilot.reasons,
        runner_up=rather_than(pilot),
        reservations=pilot.reservations,
    )


def _asked(assessment: Assessment) -> tuple[Asked, ...]:
    candidates = len(_open(assessment))
    return tuple(
        Asked(
            title=say(CRITERION[one.criterion].title),
            text=say(one.text),
            whom=say("all candidates")
            if len(one.activities) == candidates
            else listed(one.activities, most=8),
        )
        for one in assessment.questions
    )


def _criterion(name: str, assessment: Assessment) -> Defined:
    criterion = CRITERION[name]
    weight = number(assessment.weights[name])
    scales = tuple(
        say("{}: {}", say(DEFINITIONS[one.figure].title), one.definition()) for one in SCALES[name]
    )
    people = say("Told by people alone, 1 to 5: counts from 1, in full at 5")
    return Defined(
        title=say(criterion.title),
        text=say("{}. {}.", capitalised(say(criterion.meaning)), scales or people),
        source=say("against, weight {}", weight)
        if criterion.side == "against"
        else say("for, weight {}", weight),
    )


def _named_figures() -> list[str]:
    """Name the figures that stand anywhere in the report, in the order of the catalogue."""
    named = {"steps_per_month", "touch_hours_per_month", "cycle_hours_median", "cycle_working_hours_median"}
    named |= {"waited_hours", *(f"waited_{cause}_hours" for cause in CAUSES)}
    named |= {scale.figure for scales in SCALES.values() for scale in scales}
    return [figure for figure in DEFINITIONS if figure in named]


def _definition(figure: str) -> Defined:
    measure = DEFINITIONS[figure]
    source = "" if measure.source == "Backdesk" else measure.source
    return Defined(title=say(measure.title), text=say(measure.definition), source=source)


def _rejects(assessment: Assessment) -> tuple[Reject, ...]:
    if assessment.reading is None:
        return ()
    return tuple(
        Reject(line=str(line), field=field or "", value=value or "", reason=understood(reason))
        for line, field, value, reason in assessment.reading.rejects.head(FIRST_REJECTS).iter_rows()
    )


def _rejected(assessment: Assessment) -> str:
    rejected = assessment.reading.rows_rejected if assessment.reading else 0
    if rejected > FIRST_REJECTS:
        return say("Rows that were not read: {}, the first {}", number(rejected), Digits(FIRST_REJECTS))
    return say("Rows that were not read: {}", number(rejected)) if rejected else ""
