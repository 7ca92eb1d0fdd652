"""What a Backdesk on one's own machine needs: a key, a free port."""

from __future__ import annotations

import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from backdesk.cli import local


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield int(server.getsockname()[1])


def test_a_port_asked_for_and_taken_is_refused_with_the_way_out(taken: int) -> None:
    with pytest.raises(local.PortTaken, match=rf"listens on 127.0.0.1:{taken}\. Stop it, or .* --port"):
        local.free_port("127.0.0.1", wanted=taken)


def test_without_a_wish_it_is_the_next_free_one(taken: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "DEFAULT_PORT", taken)
    assert taken < local.free_port("127.0.0.1", wanted=None) < taken + 20


def test_the_key_is_made_once_and_for_the_owners_eyes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SECRET_KEY", "SECRET_KEY_FILE"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("BACKDESK_VAR", str(tmp_path / "var"))
    local.use_local_key()
    key = tmp_path / "var" / "secret-key"
    first = key.read_text()
    assert len(first) > 50
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    monkeypatch.setenv("SECRET_KEY_FILE", "")
    local.use_local_key()
    assert key.read_text() == first


def test_a_key_that_is_given_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "given")
    monkeypatch.setenv("BACKDESK_VAR", str(tmp_path))
    local.use_local_key()
    assert not (tmp_path / "secret-key").exists()
