"""The API, put together: every app's routes, and who a token speaks for."""

from backdesk.conversations.api import conversations
from backdesk.parties.api import parties
from backdesk.parties.operations.tokens import actor_for_token, standing_to_confirm
from backdesk.planning.api import planning
from backdesk.platform.api.audit import audit
from backdesk.platform.api.interface import Interface
from backdesk.platform.api.jobs import jobs
from backdesk.platform.api.notifications import notifications
from backdesk.platform.api.reference import addresses
from backdesk.platform.api.search import search
from backdesk.platform.api.webhooks import webhooks
from backdesk.work.api import work

interface = Interface(
    identify=actor_for_token,
    recall=standing_to_confirm,
    areas=(parties, work, conversations, planning, audit, jobs, notifications, search, webhooks),
)

app_name = "api"
urlpatterns = addresses(interface)
