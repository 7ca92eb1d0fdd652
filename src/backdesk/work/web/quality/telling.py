"""What second eyes add to an item's history, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backdesk.work.models import Event
from backdesk.work.web import history
from backdesk.work.web.history import Telling


def register() -> None:
    history.tell("item accepted", _accepted)
    history.tell("item returned", gettext_lazy("returned the item for rework"))
    history.tell("finding disputed", gettext_lazy("disputed a finding"))
    history.tell("finding upheld", gettext_lazy("upheld a finding"))
    history.tell("finding withdrawn", gettext_lazy("withdrew a finding"))


def _accepted(data: Mapping[str, Any], event: Event, telling: Telling) -> str:
    if data.get("silent"):
        return _("took the item for accepted: nothing was said of it in time")
    return _("accepted the item")
