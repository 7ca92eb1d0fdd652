"""Calls over HTTP: asked again where that helps, and carried out once however often that is."""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import IO, Any, Final

import requests

from backdesk.client.errors import Unreachable, problem_of

ROOT: Final = "/api/v1"
_LATER: Final = frozenset({429, 502, 503, 504})
_LONGEST_WAIT: Final = 60.0

File = tuple[str, IO[bytes] | bytes]


class Session:
    """One token's. `tries`: how often at most a call is sent; each waits longer than the one before.

    Every call that creates or does something is sent with an Idempotency-Key of its own, the same at each try, so it
    happens once also where the first answer was lost on the way. Pass `key` to be able to repeat a call later, or
    after a restart.
    """

    def __init__(
        self,
        address: str,
        *,
        token: str,
        timeout: float = 30.0,
        tries: int = 5,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.address = address.rstrip("/")
        self.timeout = timeout
        self.tries = tries
        self._sleep = sleep
        self._http = requests.Session()
        self._http.headers.update({"Authorization": f"Bearer {token}", "User-Agent": "backdesk-client/1"})

    def close(self) -> None:
        self._http.close()

    def get(self, path: str, **query: Any) -> Any:
        asked = {name: value for name, value in query.items() if value not in (None, "")}
        return self._call("GET", path, params=asked).json()

    def download(self, path: str) -> bytes:
        return self._call("GET", path).content

    def post(self, path: str, body: Any = None, *, key: str = "") -> Any:
        return self._json(self._call("POST", path, json=body, headers=_once(key)))

    def put(self, path: str, body: Any) -> Any:
        return self._json(self._call("PUT", path, json=body))

    def delete(self, path: str) -> None:
        self._call("DELETE", path)

    def send_file(
        self, path: str, file: File, *, form: Mapping[str, str] | None = None, key: str = ""
    ) -> Any:
        name, content = file
        data = content if isinstance(content, bytes) else content.read()  # whole, to be sent again
        return self._json(
            self._call("POST", path, files={"file": (name, data)}, data=form, headers=_once(key))
        )

    def send_raw(self, path: str, content: bytes, *, media_type: str, key: str = "") -> Any:
        headers = {**_once(key), "Content-Type": media_type}
        return self._json(self._call("POST", path, data=content, headers=headers))

    def pages(self, path: str, **query: Any) -> Iterator[Any]:
        """Everything of a list that comes in pages, fetched as it is needed."""
        page = self.get(path, **query)
        while True:
            yield from page["items"]
            if not page["next"]:
                return
            page = self._call("GET", page["next"].removeprefix(ROOT)).json()

    def _call(self, method: str, path: str, **sent: Any) -> requests.Response:
        for attempt in range(1, self.tries + 1):
            response, failure = self._try(method, path, sent)
            if response is not None and response.status_code not in _LATER:
                return _good(response)
            if attempt < self.tries:
                self._sleep(_wait(attempt, response))
        if response is not None:
            return _good(response)
        raise Unreachable(f"{self.address} does not answer.") from failure

    def _try(
        self, method: str, path: str, sent: Mapping[str, Any]
    ) -> tuple[requests.Response | None, Exception | None]:
        try:
            address = f"{self.address}{ROOT}{path}"
            return self._http.request(
                method, address, timeout=self.timeout, allow_redirects=False, **sent
            ), None
        # Where a server dies while it answers, that is an answer cut short.
        except (
            requests.ConnectionError,
            requests.Timeout,
            requests.exceptions.ChunkedEncodingError,
        ) as failure:
            return None, failure

    @staticmethod
    def _json(response: requests.Response) -> Any:
        return response.json() if response.content else None


def _once(key: str) -> dict[str, str]:
    return {"Idempotency-Key": key or str(uuid.uuid4())}


def _good(response: requests.Response) -> requests.Response:
    if response.status_code < 300:
        return response
    try:
        told = response.json()
    except requests.JSONDecodeError:
        told = {}
    raise problem_of(response.status_code, told if isinstance(told, dict) else {})


def _wait(attempt: int, response: requests.Response | None) -> float:
    """As long as the server says; else twice as long each time, spread so that not all come back at once."""
    said = response.headers.get("Retry-After", "") if response is not None else ""
    if said.isdecimal():
        return min(float(said), _LONGEST_WAIT)
    return float(min(0.5 * 2**attempt, _LONGEST_WAIT) * random.uniform(0.5, 1.0))  # noqa: S311  (no secret)
