"""Where a message may go: to the world outside, and not into the network that Backdesk itself stands in.

An organisation chooses the address, and Backdesk calls it; without this guard it could have Backdesk call a database, a
metadata service or a printer next door, and read what they answer. So names are looked up, every address found is
checked, and the connection is made to the address that was checked, whatever the name says a moment later.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from backdesk.platform.errors import Refused

LONGEST: Final = 2000
_UNICAST: Final = ipaddress.ip_network("2000::/3")
_PORTS: Final = {"https": 443, "http": 80}

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Lookup = Callable[[str, int], Iterable[str]]


class AddressRefused(Refused):
    """A webhook goes to a public address by https."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An address that was checked, to connect to whatever its name says by then."""

    address: str
    port: int


def looked_up(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def check(url: str) -> SplitResult:
    """What can be told without looking the name up: said where the address is given."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise AddressRefused(
            _("“%(url)s” is no address: %(error)s.") % {"url": url, "error": error}
        ) from None
    if not (_is_written_well(url) and parts.hostname and parts.scheme in _PORTS):
        raise AddressRefused(_("Give a whole address, such as https://erp.example.com/backdesk."))
    if (parts.username, parts.password, parts.fragment) != (None, None, ""):
        raise AddressRefused(_("Leave user, password and # out of the address: messages are signed instead."))
    if parts.scheme == "http" and not settings.BACKDESK_WEBHOOK_PRIVATE:
        raise AddressRefused(_("Messages go by https alone: what they tell is read by nobody on the way."))
    if port == 0:
        raise AddressRefused(_("The port is 1 to 65535; without one it is 443."))
    if (literal := _literal(parts.hostname)) is not None:
        _require_allowed(literal, parts)
    return parts


def resolve(url: str, *, lookup: Lookup = looked_up) -> Target:
    """Where to connect for this address. One bad address among those found refuses all of them."""
    parts = check(url)
    host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
    try:
        found = list(lookup(host, port))
    except (OSError, UnicodeError):
        found = []
    if not found:
        raise AddressRefused(_("No address is known for %(host)s. Check how it is spelt.") % {"host": host})
    for address in found:
        _require_allowed(ipaddress.ip_address(address.partition("%")[0]), parts)
    return Target(address=found[0], port=port)


def _require_allowed(address: Address, parts: SplitResult) -> None:
    if settings.BACKDESK_WEBHOOK_PRIVATE:
        if parts.scheme == "http" and not address.is_loopback:
            raise AddressRefused(
                _("%(host)s is another machine: messages go there by https alone.") % {"host": parts.hostname}
            )
    elif not is_public(address):
        raise AddressRefused(
            _(
                "%(host)s lies in a private network (%(address)s), where messages do not go. "
                "Give an address on the internet, or ask whoever runs Backdesk for BACKDESK_WEBHOOK_PRIVATE."
            )
            % {"host": parts.hostname, "address": address}
        )


def is_public(address: Address) -> bool:
    """Of version 6 plain unicast alone, so none that carries an address of version 4 in itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global and not address.is_multicast
    return address in _UNICAST and address.is_global and address.sixtofour is None


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None


def _is_written_well(url: str) -> bool:
    return len(url) <= LONGEST and url.isascii() and url.isprintable() and " " not in url
