"""The kinds of things others can be told of. Every app registers its own in `AppConfig.ready`."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backdesk.platform.errors import Refused

Words = str | Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """`name`: a noun and what happened to it, such as `item.created`."""

    name: str
    title: Words


class UnregisteredKind(LookupError):
    """No app has registered this kind of message."""


class UnknownWebhookKind(Refused):
    """Nothing of this kind is ever told."""


class Registry:
    def __init__(self) -> None:
        self._kinds: dict[str, Kind] = {}

    def register(self, *kinds: Kind) -> None:
        self._kinds.update({kind.name: kind for kind in kinds})

    def require(self, name: str) -> Kind:
        try:
            return self._kinds[name]
        except KeyError:
            raise UnregisteredKind(
                f"No kind of webhook is called “{name}”; register it in the app's AppConfig.ready."
            ) from None

    def require_known(self, names: Collection[str]) -> list[str]:
        """Those names, each once and in order; the person is told which there are where one is not."""
        if unknown := sorted(set(names) - set(self._kinds)):
            raise UnknownWebhookKind(
                f"Nothing is told of the kind {', '.join(unknown)}; there are {', '.join(sorted(self._kinds))}."
            )
        return sorted(set(names))

    def __iter__(self) -> Iterator[Kind]:
        return iter(self._kinds.values())


TEST: Final = Kind(name="webhook.test", title=_("A test, sent by hand"))
registry = Registry()
registry.register(TEST)
register_kinds = registry.register
