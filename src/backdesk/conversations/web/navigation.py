"""Where conversations stand in the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from backdesk.platform.web import navigation


def register() -> None:
    navigation.register_place(
        navigation.Place(
            title=_("Conversations"),
            url_name="conversations:threads",
            group="account",
            order=11,
            key="m",
            icon="talk",
        )
    )
