from __future__ import annotations

from collections.abc import Mapping

from backdesk.platform.jobs import enqueue
from backdesk.platform.models import Notification
from tests.cast import NOW, Cast
from tests.permissions import ALL_ROLES, Route
from tests.platform import handlers  # noqa: F401  a kind of job to ask for
from tests.platform.notifications.telling import tell


def a_job(cast: Cast) -> Mapping[str, int]:
    return {"job_id": enqueue(actor=cast.lead, now=NOW, kind="tests.fail_foreseen").pk}


def a_notification(cast: Cast) -> Mapping[str, int]:
    """Of the lead, whom a colleague told something."""
    tell(cast.employee, cast.person("operations_lead"))
    return {"pk": Notification.objects.latest("pk").pk}


LEAD = frozenset({"operations_lead"})
ROUTES = {
    "operating:live": Route(public=True),
    "operating:ready": Route(public=True),
    "operating:metrics": Route(public=True),
    "api:document": Route(public=True),
    "api:reference": Route(public=True),
    "web:home": Route(),
    "web:style": Route(),
    "web:theme": Route(method="post"),
    "web:job": Route(of=a_job, roles=ALL_ROLES),
    "web:job-cancellation": Route(of=a_job, method="post"),
    "web:search": Route(data={"q": "a"}),
    "web:notifications": Route(),
    "web:notification": Route(of=a_notification, roles=LEAD, personal=True),
    "web:notification-reading": Route(of=a_notification, roles=LEAD, personal=True, method="post"),
    "web:notification-readings": Route(method="post"),
    "web:notifications-bell": Route(),
    "web:notification-preferences": Route(),
    # The signed address of an e-mail, asked by a program that is not signed in.
    "web:unsubscription": Route(public=True),
}
