"""The kinds of notifications there are. Every app registers its own in `AppConfig.ready`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.utils.functional import Promise

from backdesk.platform.errors import Refused
from backdesk.platform.models.notifications import Email, Notification

Words = str | Promise
"""A text, or a lazy translation of one: that is put into words in the language of each person who is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channels:
    in_app: bool = True
    email: Email = Email.OFF


QUIET: Final = Channels()
BY_EMAIL: Final = Channels(email=Email.AT_ONCE)
IN_DIGEST: Final = Channels(email=Email.DAILY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """`group` gathers kinds on the page of preferences.

    `roles`: who can ever be told such a thing, empty for everyone. `to_oneself`: also told to the person who acts,
    because it is the end of something they asked for, or a warning. `personal`: about the person's own account, in
    whichever organisation they are. `always`: cannot be turned off. `weighty`: unread ones also stand on home.
    `gathers`: a burst of them about one subject becomes one e-mail, which waits this long for the rest and holds all
    their details; what comes after it comes in the next one. `reply_to`: the address an answer by e-mail goes to.
    """

    name: str
    title: Words
    default_channels: Channels = QUIET
    group: Words = ""
    roles: frozenset[str] = frozenset()
    to_oneself: bool = False
    personal: bool = False
    always: bool = False
    weighty: bool = False
    gathers: timedelta | None = None
    reply_to: Callable[[Notification], str] | None = None


class UnregisteredKind(LookupError):
    """No app has registered this kind of notification."""


class UnknownKind(Refused):
    """There is no such kind of notification, or none that concerns you."""

    status = 404


class KindTakenTwice(ValueError):
    """Two different kinds want the same name."""


class Registry:
    def __init__(self) -> None:
        self._kinds: dict[str, Kind] = {}

    def register(self, *kinds: Kind) -> None:
        for kind in kinds:
            known = self._kinds.setdefault(kind.name, kind)
            if (known.group, known.default_channels, known.roles) != (
                kind.group,
                kind.default_channels,
                kind.roles,
            ):
                raise KindTakenTwice(
                    f"The kind of notification “{kind.name}” is registered already, differently."
                )

    def named(self, name: str) -> Kind:
        try:
            return self._kinds[name]
        except KeyError:
            raise UnregisteredKind(
                f"No kind of notification is called “{name}”; register it in the app's AppConfig.ready."
            ) from None

    def get(self, name: str) -> Kind | None:
        """None for a kind that rows still carry, though no app registers it any more."""
        return self._kinds.get(name)

    def __iter__(self) -> Iterator[Kind]:
        return iter(self._kinds.values())


registry = Registry()
register = registry.register
