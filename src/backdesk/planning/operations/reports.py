"""The report on a work history: asked for, made in the background, kept beside the steps."""

from collections.abc import Callable
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext_noop

from backdesk.evidence import assessment, calendars, reports
from backdesk.planning import policies, records
from backdesk.planning.models import Activity, WorkHistory
from backdesk.planning.operations import telling
from backdesk.planning.queries.candidates import answers
from backdesk.planning.queries.rates import rates_of
from backdesk.platform import audit, jobs
from backdesk.platform.actor import Actor
from backdesk.platform.isolation import operation
from backdesk.platform.models import Job
from backdesk.platform.web import formats

WRITE = "planning.write_report"


@operation
def order_report(*, actor: Actor, now: datetime, history: WorkHistory, kind: str, language: str) -> Job:
    """Have a report made, `kind` html or pdf; one of this kind and language made before stays until then."""
    policies.require(policies.may_see_people_and_cost(actor))
    if kind not in reports.KINDS:
        raise reports.UnknownKind(f"A report is {' or '.join(reports.KINDS)}, not {kind!r}.")
    history = WorkHistory.objects.visible_to(actor).read().get(pk=history.pk)
    asked = {"kind": kind, "language": language}
    audit.record(actor=actor, now=now, verb="report ordered", subject=history, after=asked)
    return jobs.enqueue(
        actor=actor, now=now, kind=WRITE, subject=history, arguments={"history": history.pk, **asked}
    )


def write_report(
    *,
    actor: Actor,
    now: datetime,
    history_id: int,
    kind: str,
    language: str,
    progress: Callable[[float, str], None],
) -> None:
    """Assess the steps with what people say and what hours cost today, and write it down."""
    history = WorkHistory.objects.visible_to(actor).get(pk=history_id)
    log = records.log(history)
    rates = rates_of(actor)
    said = answers(actor)
    named = Activity.objects.visible_to(actor).filter(history=history).values_list("pk", "name")
    found = assessment.assess(
        log,
        calendar=calendars.parse(history.reckoned_with, zone=log.zone),
        rates=rates if rates.entries else None,
        answers={name: said[pk] for pk, name in named if pk in said},
        progress=lambda fraction, phase: progress(fraction / 2, phase),
    )
    progress(0.5, gettext_noop("writing the report"))
    place = records.report(history, kind=kind, language=language)
    place.parent.mkdir(exist_ok=True)
    spoken = reports.Language(code=language, say=formats.said, tell=formats.in_language)
    with translation.override(language):
        reports.write(found, path=place, title=history.name, now=now, language=spoken)
    telling.tell_report_ready(actor=actor, now=now, history=history, kind=kind)
