"""The rates of a company, and whether its costs are being reckoned with them."""

from typing import Final

from backdesk.evidence.assessment import Rate as HourlyRate
from backdesk.evidence.assessment import Rates
from backdesk.planning.models import Rate
from backdesk.platform.actor import Actor
from backdesk.platform.jobs.queries import latest_job_on
from backdesk.platform.models import Job

REPRICE: Final = "planning.reprice"


def rates_of(actor: Actor) -> Rates:
    return Rates(
        entries=tuple(
            HourlyRate(kind=one.kind, name=one.name, rate=one.rate, currency=one.currency)  # type: ignore[arg-type]
            for one in Rate.objects.visible_to(actor)
        )
    )


def repricing_of(actor: Actor) -> Job | None:
    """The job that reckons the costs anew, until it is done: what shows is by the rates before."""
    job = latest_job_on(actor, subject_of(actor), kind=REPRICE)
    return None if job is None or job.state == Job.State.DONE else job


def subject_of(actor: Actor) -> Rate:
    """All rates of the company, as a subject of its trail and its jobs."""
    return Rate(pk=actor.organisation_id)
