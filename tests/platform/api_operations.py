"""Who may call which operation of the platform."""

from backdesk.planning import operations
from backdesk.planning.models import Function
from backdesk.platform.audit import seal
from backdesk.platform.audit.policies import READERS
from backdesk.platform.models import AuditCheckpoint, AuditEntry
from backdesk.platform.webhooks.policies import KEEPERS
from tests.api.listing import ApiOperation
from tests.cast import NOW, Cast
from tests.platform.routes import LEAD, a_dead_delivery, a_job, a_notification, an_endpoint


def the_job(cast: Cast) -> dict[str, int]:
    return {"pk": a_job(cast)["job_id"]}


def an_entry(cast: Cast) -> dict[str, int]:
    """Of a function that was added and is gone again."""
    function = operations.add_function(actor=cast.lead, now=NOW, name="Told of", office=Function.Office.BACK)
    operations.remove_function(actor=cast.lead, now=NOW, function=function)
    return {"pk": AuditEntry.objects.latest("pk").pk}


def a_checkpoint(cast: Cast) -> dict[str, int]:
    """Of everybody alike."""
    an_entry(cast)
    seal(now=NOW)
    number = AuditCheckpoint.objects.latest("pk").pk
    return {"pk": number, "later": number}


AN_ENDPOINT = {"url": "https://erp.example.com/backdesk", "kinds": [], "description": "The ledger"}
API_OPERATIONS = {
    "list_webhook_kinds": ApiOperation(roles=KEEPERS),
    "list_webhooks": ApiOperation(roles=KEEPERS),
    "add_webhook": ApiOperation(roles=KEEPERS, tell=lambda cast: AN_ENDPOINT),
    "get_webhook": ApiOperation(roles=KEEPERS, of=an_endpoint),
    "change_webhook": ApiOperation(roles=KEEPERS, of=an_endpoint, tell=lambda cast: AN_ENDPOINT),
    "remove_webhook": ApiOperation(roles=KEEPERS, of=an_endpoint),
    "renew_webhook_secret": ApiOperation(roles=KEEPERS, of=an_endpoint),
    "pause_webhook": ApiOperation(roles=KEEPERS, of=an_endpoint),
    "resume_webhook": ApiOperation(roles=KEEPERS, of=an_endpoint),
    "test_webhook": ApiOperation(roles=KEEPERS, of=an_endpoint),
    "replay_dead_deliveries": ApiOperation(
        roles=KEEPERS, of=an_endpoint, tell=lambda cast: {"since": "2026-01-01T00:00:00Z"}
    ),
    "list_deliveries": ApiOperation(roles=KEEPERS),
    "get_delivery": ApiOperation(roles=KEEPERS, of=a_dead_delivery),
    "replay_delivery": ApiOperation(roles=KEEPERS, of=a_dead_delivery),
    "list_entries": ApiOperation(roles=READERS),
    "get_entry": ApiOperation(roles=READERS, of=an_entry),
    "get_proof": ApiOperation(roles=READERS, of=an_entry),
    "list_checkpoints": ApiOperation(roles=READERS),
    "get_checkpoint": ApiOperation(roles=READERS, of=a_checkpoint, is_everybodys=True),
    "get_consistency": ApiOperation(roles=READERS, of=a_checkpoint, is_everybodys=True),
    "export_trail": ApiOperation(roles=READERS, tell=lambda cast: {"subject_kind": "planning.function"}),
    "get_job": ApiOperation(of=the_job),
    "cancel_job": ApiOperation(roles=LEAD, of=the_job),
    "list_notifications": ApiOperation(),
    "read_all_notifications": ApiOperation(),
    "read_notification": ApiOperation(roles=LEAD, of=a_notification, personal=True),
    "list_preferences": ApiOperation(),
    "choose_channels": ApiOperation(
        named={"kind": "tests.plain"}, tell=lambda cast: {"in_app": True, "email": "daily"}
    ),
    "find": ApiOperation(ask={"q": "ledger"}),
}
