"""The pages of webhooks: which systems are told of what, how each message went, and sending it again."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from backdesk.platform.web import navigation
from backdesk.platform.webhooks.policies import KEEPERS


def register() -> None:
    navigation.register_place(
        navigation.Place(
            title=_("Webhooks"),
            url_name="web:webhooks",
            group="organisation",
            roles=KEEPERS,
            order=80,
        )
    )
