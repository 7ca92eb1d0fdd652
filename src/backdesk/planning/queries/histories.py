"""Work histories: how far each is, what its file holds, what was made of it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from backdesk.evidence import eventlog, reports
from backdesk.planning import records
from backdesk.planning.models import WorkHistory
from backdesk.platform import files
from backdesk.platform.actor import Actor
from backdesk.platform.errors import Refused
from backdesk.platform.models import Job
from backdesk.platform.web.formats import in_language

State = Literal["columns to confirm", "being read", "read", "failed", "cancelled"]


class FileUnreadable(Refused):
    """The file of a work history cannot be read as a log; the text says why."""


class ReportNotMade(Refused):
    """Nobody has ordered this report yet, or it is not made yet."""

    status = 404


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report that was made, and the file it is in."""

    path: Path
    name: str
    made_at: datetime


def histories_of(actor: Actor) -> QuerySet[WorkHistory]:
    return WorkHistory.objects.visible_to(actor).select_related("job", "file")


def history_of(actor: Actor, pk: int) -> WorkHistory:
    return histories_of(actor).get(pk=pk)


def state_of(history: WorkHistory) -> State:
    job = history.job
    if history.generation and (job is None or job.state == Job.State.DONE):
        return "read"
    if job is None:
        return "columns to confirm"
    if not job.is_over:
        return "being read"
    return "failed" if job.state == Job.State.FAILED else "cancelled"


def proposal_of(history: WorkHistory) -> eventlog.Proposal:
    """Which column plays which role, as far as the head of the file tells."""
    if history.file is None:
        raise FileUnreadable(
            _("“%(name)s” is live work: it has no columns to choose.") % {"name": history.name}
        )
    try:
        return eventlog.propose(files.path_of(history.file))
    except eventlog.LogError as error:
        raise FileUnreadable(files.in_words(in_language(error.message), file=history.file)) from error


def report_of(actor: Actor, pk: int, kind: str) -> Report:
    """The one in the reader's language; raises `ReportNotMade`."""
    history = history_of(actor, pk)
    place = records.report(history, kind=kind, language=get_language() or settings.LANGUAGE_CODE)
    if kind not in reports.KINDS or not place.exists():
        raise ReportNotMade("This report has not been made; order it first.")
    made_at = datetime.fromtimestamp(place.stat().st_mtime, UTC)
    return Report(path=place, name=f"{history.name}.{kind}", made_at=made_at)
