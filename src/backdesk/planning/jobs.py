"""Background work of planning."""

from django.conf import settings

from backdesk.planning.operations import draw_history, find_deviations, read_history, reprice, write_report
from backdesk.planning.operations.comparisons import COMPARE
from backdesk.planning.operations.histories import READ
from backdesk.planning.operations.readings import DRAW
from backdesk.planning.operations.reports import WRITE
from backdesk.planning.queries.rates import REPRICE
from backdesk.platform.jobs import JobRun, handler


@handler(READ)
def read(run: JobRun) -> None:
    read_history(actor=run.actor, now=run.now(), history_id=run.arguments["history"], progress=run.progress)


@handler(DRAW)
def draw(run: JobRun) -> None:
    draw_history(actor=run.actor, history_id=run.arguments["history"], progress=run.progress)


@handler(WRITE)
def write(run: JobRun) -> None:
    write_report(
        actor=run.actor,
        now=run.now(),
        history_id=run.arguments["history"],
        kind=run.arguments["kind"],
        language=run.arguments.get("language", settings.LANGUAGE_CODE),
        progress=run.progress,
    )


@handler(COMPARE)
def compare(run: JobRun) -> None:
    find_deviations(actor=run.actor, history_id=run.arguments["history"], progress=run.progress)


@handler(REPRICE)
def reckon_costs(run: JobRun) -> None:
    reprice(actor=run.actor, progress=run.progress)
