"""What the person was told."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from backdesk.platform.api import (
    Area,
    By,
    Call,
    Given,
    Id,
    Listing,
    Page,
    Query,
    Schema,
    YesNo,
    listed,
)
from backdesk.platform.models import Notification
from backdesk.platform.notifications import Channels, Email, mark_all_read, mark_read
from backdesk.platform.notifications.preferences import choices, choose
from backdesk.platform.notifications.queries import inbox_of

notifications = Area("notifications", title="Notifications")

Channel = Literal["off", "at once", "daily"]


class NotificationOut(Schema):
    id: int
    kind: str
    title: str
    detail: str
    url: str = Field(description="The page it leads to.")
    created_at: datetime
    read_at: datetime | None


class NotificationsAsked(Listing):
    unread: Annotated[bool | None, By("read_at__isnull")] = None


class ReadOut(Schema):
    read: int = Field(description="How many were unread until now.")


class PreferenceOut(Schema):
    kind: str
    title: str
    in_app: bool
    email: Channel
    is_fixed: bool = Field(description="What cannot be turned off.")


class PreferenceGiven(Given):
    in_app: YesNo
    email: Channel


@notifications.read("/notifications", Page[NotificationOut])
def list_notifications(call: Call, asked: Query[NotificationsAsked]) -> Any:
    """What the person was told in this organisation, the unread first."""
    return listed(call, inbox_of(call.actor), asked)


@notifications.create("/notifications/readings", ReadOut, status=200)
def read_all_notifications(call: Call) -> Any:
    """Mark all as read."""
    return {"read": mark_all_read(actor=call.actor, now=call.now)}


@notifications.create("/notifications/{pk}/reading", NotificationOut, status=200)
def read_notification(call: Call, pk: Id) -> Any:
    """Mark one as read."""
    return mark_read(actor=call.actor, now=call.now, notification=Notification(pk=pk))


@notifications.read("/notification-preferences", list[PreferenceOut])
def list_preferences(call: Call) -> Any:
    """How the person wants to be told of each kind of thing."""
    return list(map(_shown, choices(call.actor)))


@notifications.change("/notification-preferences/{kind}", list[PreferenceOut])
def choose_channels(call: Call, kind: str, given: PreferenceGiven) -> Any:
    """Say how to be told of one kind; what cannot be turned off stays as it is."""
    channels = Channels(in_app=given.in_app, email=Email(given.email))
    return list(map(_shown, choose(actor=call.actor, now=call.now, wanted={kind: channels})))


def _shown(choice: Any) -> dict[str, Any]:
    return {
        "kind": choice.kind.name,
        "title": str(choice.kind.title),
        "in_app": choice.channels.in_app,
        "email": choice.channels.email.value,
        "is_fixed": choice.kind.always,
    }
