"""One message to one address: within a time, following nobody elsewhere, reading only the beginning of the answer."""

from __future__ import annotations

import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from threading import Timer
from typing import Any, Final

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from backdesk.platform.webhooks import addresses
from backdesk.platform.webhooks.addresses import AddressRefused, Target

EXCERPT: Final = 2000
_SECONDS_TO_CONNECT: Final = 5.0
SECONDS: Final = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back: a status with the beginning of its text, or why there was none."""

    status: int | None = None
    excerpt: str = ""
    error: str = ""
    seconds: float = 0.0

    @property
    def is_good(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_gone(self) -> bool:
        """The receiver wants nothing more, for good."""
        return self.status == HTTPStatus.GONE


def post(*, url: str, body: str, headers: Mapping[str, str], seconds: float = SECONDS) -> Answer:
    """Never raises for what the receiver, the network or the address does: it is told in the answer."""
    began = time.monotonic()
    try:
        status, excerpt, error = *_post(url, body, headers, seconds), ""
        error = _in_words(status)
    except AddressRefused as refused:
        status, excerpt, error = None, "", str(refused)
    except (requests.RequestException, HTTPError, OSError) as failure:
        status, excerpt, error = None, "", _failure(failure, time.monotonic() - began, seconds)
    return Answer(
        status=status, excerpt=excerpt, error=error[:300], seconds=round(time.monotonic() - began, 3)
    )


def _post(url: str, body: str, headers: Mapping[str, str], seconds: float) -> tuple[int, str]:
    sent = {
        "Content-Type": "application/json",
        "User-Agent": "Backdesk-Webhooks/1",
        "Accept-Encoding": "identity",
        **headers,
    }
    adapter = _ToTarget(addresses.resolve(url))
    with requests.Session() as session, adapter.cut_after(seconds):
        session.trust_env = False  # a proxy would look the name up anew
        session.mount(url, adapter)
        response = session.post(
            url,
            data=body.encode(),
            headers=sent,
            timeout=(_SECONDS_TO_CONNECT, seconds),
            allow_redirects=False,
            stream=True,
        )
        with response:
            read = response.raw.read(EXCERPT, decode_content=False)
            return response.status_code, read.decode(errors="replace").replace("\0", "")


class _ToTarget(HTTPAdapter):
    """Connects to the address that was checked; certificate and Host stay those of the name."""

    def __init__(self, target: Target) -> None:
        super().__init__()
        self.target = target
        self.opened: list[socket.socket] = []

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> Any:
        pool = super().get_connection_with_tls_context(*args, **kwargs)
        pool.ConnectionCls = self._pinned(pool.ConnectionCls)
        return pool

    def cut_after(self, seconds: float) -> _Cut:
        return _Cut(self.opened, seconds)

    def _pinned(self, kind: type[Any]) -> type[Any]:
        target, opened = self.target, self.opened

        class Pinned(kind):  # type: ignore[misc]
            def _new_conn(self) -> socket.socket:
                made = socket.create_connection((target.address, target.port), _SECONDS_TO_CONNECT)
                opened.append(made.dup())  # that of TLS takes the first one over
                return made

        return Pinned


class _Cut:
    """Ends the conversation after a time: a receiver that says a letter a second would have us listen for hours."""

    def __init__(self, opened: list[socket.socket], seconds: float) -> None:
        self.opened = opened
        self.timer = Timer(seconds, self.cut)

    def __enter__(self) -> None:
        self.timer.start()

    def __exit__(self, *_: object) -> None:
        self.timer.cancel()
        self.timer.join()
        for one in self.opened:
            one.close()

    def cut(self) -> None:
        for one in self.opened:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


def _in_words(status: int) -> str:
    if 200 <= status < 300:
        return ""
    if 300 <= status < 400:
        return f"It answered {status}, a redirect: messages go to the address as given. Give the final one."
    if status == HTTPStatus.GONE:
        return "It answered 410: it wants nothing more."
    return f"It answered {status}; what was received is answered with 200 to 299."


def _failure(failure: Exception, took: float, seconds: float) -> str:
    """Without the library's own words, which name objects and addresses inside."""
    if isinstance(failure, requests.Timeout) or took >= seconds:
        return f"There was no answer within {seconds:.0f} seconds."
    if isinstance(failure, requests.exceptions.SSLError):
        return "Its certificate could not be verified, or it does not speak TLS."
    if isinstance(failure, requests.ConnectionError):
        return "No connection could be made, or it was closed before an answer came."
    return "Its answer could not be read as HTTP."
