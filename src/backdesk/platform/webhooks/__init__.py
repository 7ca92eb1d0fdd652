"""Telling other systems what happened, over HTTP, signed by Standard Webhooks.

An app registers what can be told in its `AppConfig.ready`::

    webhooks.register_kinds(Kind(name="item.created", title=_("An item was created")))

and has its table of events read on, see `sources`. What is told is put down as rows and sent by a job: at least once,
each message under one id, retried for three days, then kept as dead until somebody has it sent again. docs/webhooks.md
tells it to who receives.
"""

from backdesk.platform.webhooks.directory import register_people
from backdesk.platform.webhooks.kinds import Kind, register_kinds
from backdesk.platform.webhooks.messages import Told
from backdesk.platform.webhooks.sources import Emission, Position, Source, register_source

__all__ = [
    "Emission",
    "Kind",
    "Position",
    "Source",
    "Told",
    "register_kinds",
    "register_people",
    "register_source",
]
