"""What every floor above stands on: the audit trail, background jobs, stored files, notifications, webhooks.

The owner of a row is kept as a plain `organisation_id`, because this floor lies below the one that knows
organisations; `parties` adds the foreign keys in a migration of its own.
"""

from backdesk.platform.models.audit import (
    AuditChain,
    AuditCheckpoint,
    AuditEntry,
    AuditLeaf,
    AuditNode,
    AuditPending,
    AuditValues,
)
from backdesk.platform.models.files import StoredFile
from backdesk.platform.models.jobs import Job
from backdesk.platform.models.notifications import Notification, NotificationPreference, ReachableHours
from backdesk.platform.models.requests import IdempotencyKey, RequestAllowance
from backdesk.platform.models.webhooks import (
    WebhookCursor,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookMessage,
    WebhookSecret,
)

__all__ = [
    "AuditChain",
    "AuditCheckpoint",
    "AuditEntry",
    "AuditLeaf",
    "AuditNode",
    "AuditPending",
    "AuditValues",
    "IdempotencyKey",
    "Job",
    "Notification",
    "NotificationPreference",
    "ReachableHours",
    "RequestAllowance",
    "StoredFile",
    "WebhookCursor",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WebhookMessage",
    "WebhookSecret",
]
