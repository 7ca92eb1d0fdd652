"""Telling people what concerns them, in the product and by e-mail.

An app registers the kinds it tells of in its `AppConfig.ready`::

    notifications.register(Kind(name="planning.report_ready", title=_("A report is ready"), group=_("Planning")))

and an operation tells, in its own transaction::

    notifications.notify(
        actor=actor, now=now, people=[lead.pk], kind="planning.report_ready", subject=history,
        title=format_lazy(_("The report on “{name}” is ready"), name=history.name), url=address,
    )

A lazy translation is put into words in the language of each person who is told.
"""

from backdesk.platform.models.notifications import Email
from backdesk.platform.notifications.directory import Recipient, register_directory
from backdesk.platform.notifications.hours import UnreadableHours, choose_hours, readable
from backdesk.platform.notifications.kinds import BY_EMAIL, IN_DIGEST, QUIET, Channels, Kind, register
from backdesk.platform.notifications.operations import (
    DIGEST_AT,
    forget,
    mark_all_read,
    mark_read,
    notify,
    reword,
    settle,
)

__all__ = [
    "BY_EMAIL",
    "DIGEST_AT",
    "IN_DIGEST",
    "QUIET",
    "Channels",
    "Email",
    "Kind",
    "Recipient",
    "UnreadableHours",
    "choose_hours",
    "forget",
    "mark_all_read",
    "mark_read",
    "notify",
    "readable",
    "register",
    "register_directory",
    "reword",
    "settle",
]
