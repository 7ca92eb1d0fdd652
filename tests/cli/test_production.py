"""`backdesk serve` as a company runs it: over HTTPS alone, and with no company of its own."""

from __future__ import annotations

import re
from email.message import Message as HTTPMessage
from http.client import HTTPConnection
from pathlib import Path

from tests.cli.companies import running
from tests.waiting import PATIENCE, until


def test_production_serves_https_alone_and_hashed_files_and_no_company_of_its_own(
    tmp_path: Path, port: int
) -> None:
    secrets = {"SECRET_KEY": "k" * 50, "ALLOWED_HOSTS": "backdesk.example"}
    with running(tmp_path, port, "serve", **secrets) as run:
        until(lambda: "Backdesk serves on" in run.printed or run.process.poll() is not None, "the start")
        assert "using the embedded PostgreSQL" in run.printed
        there = {"Host": "backdesk.example", "X-Forwarded-Proto": "https"}
        status, headers, page = _get(port, "/sign-in/", there)
        assert (status, headers["Strict-Transport-Security"]) == (200, "max-age=31536000")
        (style, *_) = re.findall(r'href="(/static/[^"]+\.[0-9a-f]{12}\.css)"', page)
        assert "immutable" in _get(port, style, there)[1]["Cache-Control"]
        assert _get(port, "/sign-in/", {"Host": "backdesk.example"})[0] == 301
        assert _get(port, "/sign-in/", {**there, "Host": "evil.example"})[0] == 400
    assert not (tmp_path / "var" / "demonstration-sign-in.txt").exists()


def _get(port: int, path: str, headers: dict[str, str]) -> tuple[int, HTTPMessage, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    body = response.read().decode()
    connection.close()
    return response.status, response.headers, body
