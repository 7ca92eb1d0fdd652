"""As much of a browser as measuring takes: one connection kept open, cookies, forms filled in and sent."""

from __future__ import annotations

import http.client
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from bench.measuring import Failed


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back, and how many seconds after the request all of it was there."""

    status: int
    body: bytes
    seconds: float
    location: str

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass(slots=True)
class Browser:
    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    connection: http.client.HTTPConnection | None = None

    def get(self, path: str, *, wanted: int = 200) -> Answer:
        return self._ask("GET", path, b"", {}, wanted)

    def post(self, path: str, fields: Mapping[str, str], *, wanted: int = 302) -> Answer:
        head = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, urlencode(fields).encode(), head, wanted)

    def upload(self, path: str, fields: Mapping[str, str], *, name: str, content: bytes) -> Answer:
        """Send a form with a file in its field `file`."""
        mark = uuid.uuid4().hex
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
            for key, value in fields.items()
        ]
        file = (
            f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        body = b"".join([*parts, file.encode(), content, f"\r\n--{mark}--\r\n".encode()])
        return self._ask("POST", path, body, {"Content-Type": f"multipart/form-data; boundary={mark}"}, 302)

    def form(self, path: str, *, field: str) -> dict[str, str]:
        """Give the values of the form on a page that has this field, as they stand there."""
        forms = _Forms()
        forms.feed(self.get(path).text)
        found = next((one for one in forms.all if field in one), None)
        if found is None:
            raise Failed(f"{path} has no form with a field {field}.")
        return found

    def sign_in(self, email: str, password: str) -> None:
        fields = self.form("/sign-in/", field="password")
        self.post("/sign-in/", {**fields, "login": email, "password": password})

    def twin(self) -> Browser:
        """The same person with a connection of its own."""
        return Browser(self.port, dict(self.cookies))

    def _ask(self, method: str, path: str, body: bytes, head: dict[str, str], wanted: int) -> Answer:
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        sent = {**head, "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        began = time.perf_counter()
        self.connection.request(method, path, body, sent)
        response = self.connection.getresponse()
        answer = response.read()
        seconds = time.perf_counter() - began
        for given in response.headers.get_all("Set-Cookie") or ():
            self.cookies.update({name: one.value for name, one in SimpleCookie(given).items()})
        if response.status != wanted:
            raise Failed(f"{method} {path} answered {response.status}, not {wanted}.")
        to = urlsplit(response.headers.get("Location", ""))
        return Answer(status=response.status, body=answer, seconds=seconds, location=to.path)


class _Forms(HTMLParser):
    """Gather the fields of every form with their values."""

    def __init__(self) -> None:
        super().__init__()
        self.all: list[dict[str, str]] = [{}]
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "form":
            self.all.append({})
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in given:
            self.all[-1][self._select] = given.get("value", "")
        elif tag == "input" and name and given.get("type") not in ("checkbox", "radio", "file"):
            self.all[-1][name] = given.get("value", "")
