"""Where supervision stands in the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from backdesk.platform.web import navigation
from backdesk.platform.web.navigation import Entry, Stage
from backdesk.supervision import policies


def register() -> None:
    navigation.register(
        Entry(
            stage=Stage.SUPERVISE,
            title=_("Scorecards"),
            url_name="supervision:scorecards",
            roles=policies.READERS,
            order=0,
        )
    )
