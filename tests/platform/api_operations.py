"""Who may call which operation of the platform."""

from tests.api.listing import ApiOperation
from tests.cast import Cast
from tests.platform.routes import LEAD, a_job, a_notification


def the_job(cast: Cast) -> dict[str, int]:
    return {"pk": a_job(cast)["job_id"]}


API_OPERATIONS = {
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
