"""One's own pages in the account menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from backdesk.platform.web.navigation import Place, register_place


def register() -> None:
    for order, (url_name, title, icon) in enumerate(
        (
            ("account", _("Profile"), "person"),
            ("mfa_index", _("Security"), "shield"),
            ("account-sessions", _("Sessions"), "system"),
            ("account-tokens", _("API tokens"), "key"),
        ),
        start=1,
    ):
        register_place(Place(title=title, url_name=url_name, group="account", order=10 * order, icon=icon))
