"""Reading a work history: from the file to steps, to figures, to the inventory."""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime

import polars as pl
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from backdesk.evidence import assessment, calendars, eventlog
from backdesk.evidence.assessment import ActivityRecord, Assessment, Cost
from backdesk.evidence.process import drift
from backdesk.evidence.sentences import Data, as_data
from backdesk.planning import records
from backdesk.planning.models import Activity, Function, WorkHistory
from backdesk.planning.operations import telling
from backdesk.planning.queries import comparisons, pictures
from backdesk.planning.queries.live_work import NothingRecorded, live_log
from backdesk.planning.queries.rates import REPRICE, rates_of, subject_of
from backdesk.platform import audit, files, jobs
from backdesk.platform.actor import Actor
from backdesk.platform.jobs import JobFailed, JobStopped
from backdesk.platform.lines import one_line
from backdesk.platform.models import StoredFile
from backdesk.platform.web.formats import in_language

Progress = Callable[[float, str], None]
DRAW = "planning.draw_history"
NO_FUNCTION = "Not assigned yet"
MEASURED = (
    "figures",
    "steps_per_month",
    "hours_per_month",
    "minutes_each",
    "people",
    "cost_per_month",
    "currency",
)
READING_SHARE = 0.6  # of the time, roughly
MEASURING_SHARE = 0.3


def read_history(*, actor: Actor, now: datetime, history_id: int, progress: Progress) -> None:
    """Read the file with the columns confirmed, measure it, and put its activities in the inventory.

    Runs as a job and may run again from the start: all of it becomes visible in one transaction at the end.
    What earlier readings found stays until then. Activities that are measured again keep their answers. Whoever
    asked is told how it went.
    """
    try:
        _read_history(actor=actor, now=now, history_id=history_id, progress=progress)
    except JobStopped:
        raise
    except Exception as error:
        reason = error if isinstance(error, JobFailed) else _("Something went wrong that nobody foresaw.")
        with suppress(DatabaseError):  # which may be what failed; what is raised must be the first fault
            telling.tell_history_failed(actor=actor, now=now, history_id=history_id, reason=str(reason))
        raise


def _read_history(*, actor: Actor, now: datetime, history_id: int, progress: Progress) -> None:
    history = WorkHistory.objects.visible_to(actor).select_related("file").get(pk=history_id)
    reading, log = _taken(actor, history, now, progress)
    rates = rates_of(actor)
    found = assessment.assess(
        log,
        calendar=calendars.parse(history.calendar, zone=log.zone),
        rates=rates,
        reading=reading,
        progress=lambda fraction, phase: progress(READING_SHARE + fraction * MEASURING_SHARE, phase),
    )
    progress(READING_SHARE + MEASURING_SHARE, gettext_noop("keeping the steps"))
    rejects = reading.rejects if reading else pl.DataFrame(schema=eventlog.REJECTS)
    records.write(history, log=log, rejects=rejects, found=found)
    progress(0.95, gettext_noop("writing the inventory"))
    with transaction.atomic():
        history = _keep(history, log=log, found=found, now=now)
        _take_stock(history, found)
        audit.record(actor=actor, now=now, verb="history read", subject=history, after=_counts(history))
        telling.tell_history_read(actor=actor, now=now, history=history)
        # The plots may come later: the figures need not wait for them, and a page draws what is missing.
        jobs.enqueue(actor=actor, now=now, kind=DRAW, subject=history, arguments={"history": history.pk})
        if rates_of(actor) != rates:  # set while this was read
            jobs.enqueue(actor=actor, now=now, kind=REPRICE, subject=subject_of(actor))
    records.drop_generations_before(history)


def _taken(
    actor: Actor, history: WorkHistory, now: datetime, progress: Progress
) -> tuple[eventlog.Reading | None, eventlog.StepLog]:
    """Its steps, from its file or from the record of live work, which holds no row that could be rejected."""
    if history.file is None:
        assert history.service_id is not None
        try:
            return None, live_log(actor, history.service_id)
        except NothingRecorded as error:
            raise JobFailed(str(error)) from error
    try:
        reading = eventlog.read(
            files.path_of(history.file),
            mapping=eventlog.Mapping.from_dict(history.mapping or {}),
            zone=history.zone or None,
            now=now,
            progress=lambda fraction, phase: progress(fraction * READING_SHARE, phase),
        )
        return reading, eventlog.to_steps(reading)
    except eventlog.LogError as error:
        raise JobFailed(files.in_words(in_language(error.message), file=history.file)) from error


def draw_history(*, actor: Actor, history_id: int, progress: Progress) -> None:
    """Draw the plots of a work history and look for changes, so that no page waits for it. Gone meanwhile is fine."""
    history = WorkHistory.objects.visible_to(actor).read().filter(pk=history_id).first()
    if history is not None:
        pictures.draw_all(history, progress)
        with suppress(drift.TooShort):
            comparisons.changes(history)


def put_prices(history: WorkHistory, costs: Mapping[str, Cost]) -> None:
    """Part of the verbs that reckon costs: put them to the activities of a history."""
    activities = list(history.activities.all())
    for activity in activities:
        _put_price(activity, costs.get(activity.name))
    Activity.objects.bulk_update(activities, ("cost_per_month", "currency", "figures"))


def _keep(history: WorkHistory, *, log: eventlog.StepLog, found: Assessment, now: datetime) -> WorkHistory:
    """Write what the reading found, on the row as it is now: somebody may have renamed it meanwhile."""
    history = WorkHistory.objects.select_related("file").select_for_update(of=("self",)).get(pk=history.pk)
    reading, steps = found.reading, log.steps.height + log.open_steps.height
    history.rows_read = reading.rows_read if reading else steps
    history.rows_accepted = reading.rows_accepted if reading else steps
    history.rows_rejected = reading.rows_rejected if reading else 0
    history.notes = _notes(history, found)
    figures = {**asdict(found.summary), "calendar": history.calendar}
    history.summary = json.loads(json.dumps(figures, cls=DjangoJSONEncoder))
    history.edges = [
        [str(source), str(target), count]
        for source, target, count in found.edges.select("source", "target", "count").iter_rows()
    ]
    history.generation += 1
    history.read_at = now
    history.save()
    return history


def _notes(history: WorkHistory, found: Assessment) -> list[Data]:
    cut = (found.reading.truncated,) if found.reading and found.reading.truncated else ()
    return [_in_words(as_data(note), history.file) for note in (*cut, *found.notes)]


def _in_words(note: Data, file: StoredFile | None) -> Data:
    if isinstance(note, str):
        return files.in_words(note, file=file) if file else note
    if isinstance(note, list):
        return [_in_words(one, file) for one in note]
    return {name: _in_words(one, file) for name, one in note.items()}


def _take_stock(history: WorkHistory, found: Assessment) -> None:
    """Put the activities found in the inventory. Those not found any more go, unless people spoke of them."""
    known = {activity.name: activity for activity in history.activities.all()}
    measured = [one.record for one in found.candidates]
    functions = _functions(history, {one.function for one in measured if one.name not in known})
    costs, activities = found.costs or {}, []
    for record in measured:
        activity = known.pop(record.name, None) or Activity(
            organisation_id=history.organisation_id,
            history=history,
            name=record.name,
            function=functions[record.function],
        )
        _put_figures(activity, record)
        _put_price(activity, costs.get(record.name))
        activities.append(activity)
    Activity.objects.bulk_update([one for one in activities if one.pk], MEASURED)
    Activity.objects.bulk_create([one for one in activities if not one.pk])
    gone = history.activities.filter(pk__in=[one.pk for one in known.values()])
    gone.filter(answers__isnull=True).delete()
    gone.update(figures={}, **dict.fromkeys(set(MEASURED) - {"figures", "currency"}))


def _functions(history: WorkHistory, names: set[str | None]) -> dict[str | None, Function]:
    """Those of the company by these names; the ones that are not there yet are made."""
    owner, wanted = history.organisation_id, {one_line(name or NO_FUNCTION) for name in names}
    Function.objects.bulk_create(
        (Function(organisation_id=owner, name=name) for name in sorted(wanted)), ignore_conflicts=True
    )
    found = {one.name: one for one in Function.objects.filter(organisation_id=owner, name__in=wanted)}
    return {name: found[one_line(name or NO_FUNCTION)] for name in names}


def _put_figures(activity: Activity, record: ActivityRecord) -> None:
    figures = record.figures
    people = figures.get("people")
    activity.figures = dict(figures)
    activity.steps_per_month = figures.get("steps_per_month")
    activity.hours_per_month = figures.get("touch_hours_per_month")
    activity.minutes_each = figures.get("touch_minutes_median")
    activity.people = None if people is None else int(people)


def _put_price(activity: Activity, cost: Cost | None) -> None:
    known = cost is not None and cost.hourly is not None
    activity.cost_per_month = cost.amount_per_month if cost and known else None
    activity.currency = cost.currency if cost and known else ""
    activity.figures = {**activity.figures, "pay_ratio": cost.pay_ratio if cost else None}


def _counts(history: WorkHistory) -> dict[str, int]:
    return {
        "generation": history.generation,
        "rows_read": history.rows_read,
        "rows_accepted": history.rows_accepted,
        "rows_rejected": history.rows_rejected,
    }
