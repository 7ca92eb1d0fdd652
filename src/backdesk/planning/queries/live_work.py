"""The live work on services, as planning reads it: as a work history, and as the process it is to follow."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from backdesk.evidence.eventlog import StepLog
from backdesk.evidence.sentences import say
from backdesk.planning.models import WorkHistory
from backdesk.platform.actor import Actor
from backdesk.platform.errors import Refused
from backdesk.work.queries.record import ServiceRecord, record_of, services_recorded, step_log
from backdesk.work.queries.services import service_named
from backdesk.work.queries.sources import files_of

PROCESS = "process.bpmn"


class NothingRecorded(Refused):
    """Nobody has worked on the service yet, as far as the record knows."""

    status = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveWork:
    """A service with work on record; `history`: where it has been read before."""

    service_id: int
    name: str
    history: WorkHistory | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the live work on a service is read with."""

    name: str
    zone: str
    calendar: str
    as_of: datetime


def live_work_of(actor: Actor) -> tuple[LiveWork, ...]:
    """Of every service the actor's company has a part in."""
    histories = {one.service_id: one for one in histories_of_live_work(actor)}
    return tuple(
        LiveWork(service_id=one.pk, name=one.name, history=histories.get(one.pk))
        for one in services_recorded(actor)
    )


def histories_of_live_work(actor: Actor) -> QuerySet[WorkHistory]:
    return WorkHistory.objects.visible_to(actor).filter(service__isnull=False)


def terms_of(actor: Actor, service_id: int) -> Terms:
    """Raises `DoesNotExist` for a service of others, `NothingRecorded` where the record does not know it yet."""
    record = _record(actor, service_id)
    if record.as_of is None:
        says = _("Nothing of “%(name)s” has been recorded yet; the record follows the work within minutes.")
        raise NothingRecorded(says % {"name": record.service.name})
    agreed = record.agreed
    return Terms(name=record.service.name, zone=agreed.zone, calendar=agreed.calendar, as_of=record.as_of)


def live_log(actor: Actor, service_id: int) -> StepLog:
    """The steps of all months that are kept, and of what came since; raises `NothingRecorded`."""
    record = _record(actor, service_id)
    log = step_log(actor=actor, record=record)
    if log.steps.is_empty() or record.as_of is None:
        says = _("No step of “%(name)s” has been finished yet; read it once there is one.")
        raise NothingRecorded(says % {"name": record.service.name})
    template = gettext_noop("As recorded up to {} UTC; read anew to take in what came since.")
    note = say(template, f"{record.as_of:%Y-%m-%d %H:%M}")
    return replace(log, notes=(*log.notes, note))


def process_of_service(actor: Actor, service_id: int) -> tuple[str, bytes]:
    """The process in use, as the actor's company may see it: what to call it, and its BPMN."""
    service = service_named(actor=actor, pk=service_id)
    assert service.current is not None  # services_recorded holds no draft
    name = f"{service.name}, v{service.current.number}.bpmn"
    return name, files_of(actor=actor, version=service.current)[PROCESS]


def _record(actor: Actor, service_id: int) -> ServiceRecord:
    service_named(actor=actor, pk=service_id)  # a draft of the client's does not exist for its provider
    return record_of(actor=actor, service_id=service_id)
