from __future__ import annotations

from collections.abc import Mapping

from backdesk.platform import audit
from backdesk.platform.audit.policies import READERS
from backdesk.platform.isolation import as_system
from backdesk.platform.jobs import enqueue
from backdesk.platform.models import Notification, WebhookDelivery
from backdesk.platform.webhooks import operations as webhooks
from backdesk.platform.webhooks.policies import KEEPERS
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


def an_entry(cast: Cast) -> Mapping[str, int]:
    entry = audit.record(
        actor=cast.lead, now=NOW, verb="name changed", subject=cast.client, after={"name": "N"}
    )
    return {"entry_id": entry.pk}


def an_object_with_a_history(cast: Cast) -> Mapping[str, str]:
    an_entry(cast)
    return {"kind": "parties.organisation", "subject": str(cast.client.pk)}


def a_checkpoint(cast: Cast) -> Mapping[str, int]:
    an_entry(cast)
    with as_system("sealing"):
        made = audit.seal(now=NOW)
    assert made is not None
    return {"checkpoint_id": made.pk}


def an_endpoint(cast: Cast) -> Mapping[str, int]:
    made = webhooks.add_endpoint(actor=cast.lead, now=NOW, url="https://erp.example.com/backdesk")
    return {"pk": made.endpoint.pk}


def a_dead_delivery(cast: Cast) -> Mapping[str, int]:
    made = webhooks.add_endpoint(actor=cast.lead, now=NOW, url="https://erp.example.com/backdesk")
    delivery = webhooks.send_test(actor=cast.lead, now=NOW, endpoint=made.endpoint)
    WebhookDelivery.objects.filter(pk=delivery.pk).update(state="dead", due_at=None)
    return {"pk": delivery.pk}


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
    "web:job-cancellation": Route(of=a_job, roles=LEAD, method="post"),
    "web:trail": Route(roles=READERS),
    "web:trail-entry": Route(of=an_entry, roles=READERS),
    "web:trail-object": Route(of=an_object_with_a_history, roles=READERS),
    "web:trail-export": Route(method="post", roles=READERS),
    "web:trail-checkpoints": Route(roles=READERS),
    "web:trail-checkpoint": Route(of=a_checkpoint, roles=READERS, shared=True),
    "web:trail-note": Route(of=a_checkpoint, roles=READERS, shared=True),
    "web:trail-consistency": Route(of=a_checkpoint, roles=READERS, shared=True),
    "web:trail-key": Route(roles=READERS),
    "web:webhooks": Route(roles=KEEPERS),
    "web:webhook-new": Route(roles=KEEPERS),
    "web:webhook": Route(of=an_endpoint, roles=KEEPERS),
    "web:webhook-change": Route(of=an_endpoint, roles=KEEPERS),
    "web:webhook-secrets": Route(of=an_endpoint, roles=KEEPERS, method="post"),
    "web:webhook-pause": Route(of=an_endpoint, roles=KEEPERS, method="post"),
    "web:webhook-resumption": Route(of=an_endpoint, roles=KEEPERS, method="post"),
    "web:webhook-removal": Route(of=an_endpoint, roles=KEEPERS, method="post"),
    "web:webhook-tests": Route(of=an_endpoint, roles=KEEPERS, method="post"),
    "web:webhook-replays": Route(of=an_endpoint, roles=KEEPERS, method="post"),
    "web:webhook-delivery": Route(of=a_dead_delivery, roles=KEEPERS),
    "web:webhook-replay": Route(of=a_dead_delivery, roles=KEEPERS, method="post"),
    "web:search": Route(data={"q": "a"}),
    "web:notifications": Route(),
    "web:notification": Route(of=a_notification, roles=LEAD, personal=True),
    "web:notification-reading": Route(of=a_notification, roles=LEAD, personal=True, method="post"),
    "web:notification-readings": Route(method="post"),
    "web:notifications-bell": Route(),
    "web:notification-preferences": Route(),
    "web:notification-hours": Route(method="post", data={"hours": "Mon-Fri 08:00-18:00"}),
    # The signed address of an e-mail, asked by a program that is not signed in.
    "web:unsubscription": Route(public=True),
}
