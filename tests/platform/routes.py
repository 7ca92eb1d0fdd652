from __future__ import annotations

from collections.abc import Mapping

from backdesk.platform.jobs import enqueue
from tests.cast import NOW, Cast
from tests.permissions import ALL_ROLES, Route
from tests.platform import handlers  # noqa: F401  a kind of job to ask for


def a_job(cast: Cast) -> Mapping[str, int]:
    return {"job_id": enqueue(actor=cast.lead, now=NOW, kind="tests.fail_foreseen").pk}


ROUTES = {
    "operating:live": Route(public=True),
    "operating:ready": Route(public=True),
    "operating:metrics": Route(public=True),
    "web:home": Route(),
    "web:style": Route(),
    "web:theme": Route(method="post"),
    "web:job": Route(of=a_job, roles=ALL_ROLES),
    "web:job-cancellation": Route(of=a_job, method="post"),
}
