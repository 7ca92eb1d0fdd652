"""Taking personal data out of the trail: the values and their salts go, the proofs stay."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, models, transaction
from django.utils.translation import gettext_noop

from backdesk.platform.actor import Actor
from backdesk.platform.audit.recording import record
from backdesk.platform.models import AuditEntry

ERASED = gettext_noop("values erased")


@transaction.atomic
def erase(
    *,
    actor: Actor,
    now: datetime,
    subject: models.Model,
    reason: str,
    fields: Sequence[str] | None = None,
) -> AuditEntry:
    """Erase what all entries on an object hold in these fields (None: in all); say so in an entry of its own.

    It reaches as far as the scope it is called in: a member's own organisation, or as the house every entry there is.
    What was erased before, by whom and why stays: it is the only witness that nothing was hidden. So `reason` must
    hold nothing personal.
    """
    names = None if fields is None else sorted(fields)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT platform_audit_erase(%s, %s, %s::text[], %s)",
            [subject._meta.label_lower, str(subject.pk), names, ERASED],
        )
        (count,) = cursor.fetchone()
    return record(
        actor=actor,
        now=now,
        verb=ERASED,
        subject=subject,
        after={"fields": names, "entries": count, "reason": reason},
    )
