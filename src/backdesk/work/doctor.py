"""What could be wrong with shared work, for `backdesk doctor`."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from backdesk.platform.actor import system
from backdesk.platform.operating.doctor.checks import Circumstances, Finding, broken, check, ok, warning
from backdesk.work.models import Alarm, TermsChange
from backdesk.work.queries import consistency

LOOKED_AT: Final = 2_000
LOOKED_AT_DEEPLY: Final = 100_000
#: Of a minute's task, how late it may be.
LATE: Final = timedelta(minutes=10)
_DOCTOR: Final = system(name="doctor")


@check("clocks-agree", "Due times are those of the clocks' histories")
def clocks_agree(about: Circumstances) -> Finding:
    most = LOOKED_AT_DEEPLY if about.deep else LOOKED_AT
    looked_at, found = consistency.differing(actor=_DOCTOR, now=about.now, most=most)
    steps = consistency.steps_differing()
    if not found and not steps:
        return ok(f"{looked_at:,} items looked at, all as their history says")
    first = (
        f", such as item {found[0].item_id}: {found[0].kept} is kept, {found[0].made} is right"
        if found
        else ""
    )
    return broken(
        f"{len(found):,} of {looked_at:,} items and {steps:,} steps have another due time than their history "
        f"makes{first}.",
        "Somebody changed rows past Backdesk. Report it; changing the terms of the service reclocks its items.",
    )


@check("alarms-told", "Warnings of due times are told in time", while_running=True)
def alarms_told(about: Circumstances) -> Finding:
    late = Alarm.objects.filter(state=Alarm.State.WAITING, deliver_at__lt=about.now - LATE).count()
    unapplied = TermsChange.objects.filter(applied_at=None, since__lt=about.now - LATE).count()
    if not late and not unapplied:
        return ok("none waits")
    return warning(
        f"{late:,} warnings are late, {unapplied:,} changes of terms are not applied.",
        "See that a worker runs: backdesk worker, or backdesk serve with its own.",
    )
