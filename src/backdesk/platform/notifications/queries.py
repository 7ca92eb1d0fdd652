"""What a person was told."""

from __future__ import annotations

from django.db.models import F

from backdesk.platform.actor import Actor
from backdesk.platform.models.notifications import Notification, NotificationQuerySet
from backdesk.platform.notifications.kinds import registry

#: Counting stops here; a bell needs no larger number.
MOST_COUNTED = 100


def unread_count(actor: Actor) -> int:
    """How many wait, up to `MOST_COUNTED`."""
    waiting = Notification.objects.visible_to(actor).shown().unread()
    return waiting[:MOST_COUNTED].count()


def inbox_of(actor: Actor) -> NotificationQuerySet:
    """The unread first, then the newest."""
    mine = Notification.objects.visible_to(actor).shown()
    return mine.order_by(F("read_at").desc(nulls_first=True), "-created_at", "-id")


def inbox(actor: Actor, *, limit: int, offset: int = 0) -> list[Notification]:
    return list(inbox_of(actor)[offset : offset + limit])


def own(actor: Actor, notification_id: int) -> Notification | None:
    return Notification.objects.visible_to(actor).filter(pk=notification_id).first()


def weighty(actor: Actor, *, limit: int) -> list[Notification]:
    """The unread ones that should not be overlooked, oldest first."""
    names = [kind.name for kind in registry if kind.weighty]
    waiting = Notification.objects.visible_to(actor).shown().unread().filter(kind__in=names)
    return list(waiting.order_by("created_at", "id")[:limit])
