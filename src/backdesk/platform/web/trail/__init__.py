"""The pages of the audit trail: what happened, one entry with its proof, the history of an object, checkpoints."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from backdesk.platform.audit.policies import READERS
from backdesk.platform.web import navigation


def register() -> None:
    navigation.register_place(
        navigation.Place(
            title=_("Audit trail"),
            url_name="web:trail",
            group="organisation",
            roles=READERS,
            order=90,
            key="t",
            icon="trail",
        )
    )
