"""Comparing a work history with a process: the process brought, the cases compared in the background."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from backdesk.evidence.process.bpmn import BrokenProcess, Problem, problems, read_bpmn
from backdesk.evidence.process.conformance import NeverEnds, NothingToCompare, conform
from backdesk.planning import policies, records
from backdesk.planning.models import WorkHistory
from backdesk.planning.operations.errors import HistoryBusy, NoProcess
from backdesk.planning.queries import comparisons
from backdesk.platform import audit, files, jobs
from backdesk.platform.actor import Actor
from backdesk.platform.isolation import operation
from backdesk.platform.jobs import JobFailed
from backdesk.platform.web.formats import in_language

COMPARE = "planning.compare_history"
COMPARING_SHARE = 0.9  # of the time, roughly
LIMIT = 4_000_000  # bytes; a drawn process of a hundred tasks takes a tenth of it


@operation
def compare_history(
    *, actor: Actor, now: datetime, history: WorkHistory, stream: BinaryIO, filename: str
) -> WorkHistory:
    """Keep a process (BPMN) with a work history and have its cases compared with it; one kept before goes."""
    policies.require(policies.may_edit(actor))
    found = WorkHistory.objects.visible_to(actor).read()
    history = found.select_for_update(of=("self",)).get(pk=history.pk)
    if history.comparing is not None and not history.comparing.is_over:
        raise HistoryBusy(_("“%(name)s” is being compared; wait until it is done.") % {"name": history.name})
    data = stream.read(LIMIT + 1)
    _require_process(data, filename)
    stream.seek(0)
    before = history.process
    history.process = files.save(
        stream=stream, name=filename, organisation_id=policies.company(actor), limit=LIMIT
    )
    history.comparing = jobs.enqueue(
        actor=actor, now=now, kind=COMPARE, subject=history, arguments={"history": history.pk}
    )
    history.save(update_fields=("process", "comparing"))
    if before is not None:
        files.remove(file=before)
    audit.record(
        actor=actor,
        now=now,
        verb="history compared",
        subject=history,
        after={"process": history.process.name, "sha256": history.process.sha256},
    )
    return history


def find_deviations(*, actor: Actor, history_id: int, progress: Callable[[float, str], None]) -> None:
    """Align the cases with the process and keep what that found beside the steps."""
    history = WorkHistory.objects.visible_to(actor).select_related("process").get(pk=history_id)
    progress(0.0, gettext_noop("comparing"))
    try:
        found = conform(
            records.log(history).steps,
            model=comparisons.process_of(history),
            progress=lambda fraction, phase: progress(fraction * COMPARING_SHARE, phase),
        )
    except (NeverEnds, NothingToCompare) as error:
        raise JobFailed(in_language(error.message)) from error
    progress(COMPARING_SHARE, gettext_noop("keeping what was found"))
    comparisons.keep(history, found)


def _require_process(data: bytes, filename: str) -> None:
    if len(data) > LIMIT:
        raise NoProcess(_("“%(file)s” is larger than 4 MB; save the process alone.") % {"file": filename})
    try:
        model = read_bpmn(data)
    except BrokenProcess as error:
        says = _("“%(file)s” cannot be read as a process. %(why)s")
        raise NoProcess(says % {"file": filename, "why": _in_language(error.problems)}) from error
    wrong = [one for one in problems(model) if one.element is None]
    if wrong:
        raise NoProcess(_in_language(wrong))


def _in_language(wrong: Iterable[Problem]) -> str:
    return "\n".join(in_language(one.message) for one in wrong)
