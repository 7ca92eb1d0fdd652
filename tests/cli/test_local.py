"""What a Backdesk on one's own machine needs: a key, a free port."""

from __future__ import annotations

import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from backdesk.cli import local
from tests.ports import free_port


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield int(server.getsockname()[1])


def test_a_port_asked_for_and_taken_is_refused_with_the_way_out(taken: int) -> None:
    with pytest.raises(local.PortTaken, match=rf"listens on 127.0.0.1:{taken}\. Stop it, or .* --port"):
        local.listening("127.0.0.1", wanted=taken)


def test_an_address_that_is_not_of_this_machine_is_refused_with_the_reason() -> None:
    with pytest.raises(local.CannotStart, match=r"192\.0\.2\.1:8000 cannot be listened on: .+ assign"):
        local.listening("192.0.2.1", wanted=8000)


def test_without_a_wish_it_is_the_next_free_one(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = free_port()
    monkeypatch.setattr(local, "DEFAULT_PORT", taken)
    with (
        local.listening("127.0.0.1", wanted=None) as first,
        local.listening("127.0.0.1", wanted=None) as next_one,
    ):
        assert first.getsockname()[1] == taken < next_one.getsockname()[1] < taken + 20


@pytest.mark.parametrize("shares", [True, False])
def test_what_is_listened_on_is_no_others_not_even_of_a_server_that_shares_ports(shares: bool) -> None:
    port = free_port()
    with socket.socket() as other, local.listening("127.0.0.1", wanted=port):
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, shares)
        with pytest.raises(OSError, match="in use"):
            other.bind(("127.0.0.1", port))


def test_a_port_that_servers_share_is_taken() -> None:
    port = free_port()
    with socket.create_server(("127.0.0.1", port), reuse_port=True):
        with socket.create_server(("127.0.0.1", port), reuse_port=True):
            pass  # as two web servers once did
        with pytest.raises(local.PortTaken):
            local.listening("127.0.0.1", wanted=port)


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
