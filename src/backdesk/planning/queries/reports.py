"""The report on a work history, as the terminal makes it, with the answers of people in it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from backdesk.evidence import assessment, calendars
from backdesk.planning import records
from backdesk.planning.models import Activity, WorkHistory
from backdesk.planning.queries.candidates import answers
from backdesk.planning.queries.rates import rates_of
from backdesk.platform.actor import Actor

KINDS: Final[Mapping[str, str]] = {"html": "text/html; charset=utf-8", "pdf": "application/pdf"}


def report(actor: Actor, history: WorkHistory, *, kind: str, now: datetime) -> bytes:
    from backdesk.evidence import reports

    log = records.log(history)
    rates = rates_of(actor)
    said = answers(actor)
    named = Activity.objects.visible_to(actor).filter(history=history).values_list("pk", "name")
    found = assessment.assess(
        log,
        calendar=calendars.parse(history.calendar, zone=log.zone),
        rates=rates if rates.entries else None,
        answers={name: said[pk] for pk, name in named if pk in said},
    )
    return reports.render(found, kind=kind, title=history.name, now=now)
