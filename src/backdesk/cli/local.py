"""What a Backdesk on one's own machine needs and nobody should have to think about: a key, a free port."""

from __future__ import annotations

import errno
import os
import secrets
import socket
from contextlib import suppress
from pathlib import Path

import psutil

DEFAULT_PORT = 8000
_PORTS_TRIED = 20


class CannotStart(Exception):
    """The message says what to do."""


class PortTaken(CannotStart):
    """Something else listens there."""


class HalfRestored(CannotStart):
    """A restore was cut short here."""


def var_directory() -> Path:
    return Path(os.environ.get("BACKDESK_VAR") or "var").expanduser().absolute()


def use_settings(**settings: str) -> None:
    """For this process and its children, where the environment does not say otherwise."""
    os.environ["BACKDESK_VAR"] = str(var_directory())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backdesk.config.settings")
    for name, value in settings.items():
        os.environ.setdefault(name, value)


def keep_to_ourselves() -> None:
    """What we write is for our own eyes; others may at most pass, as the database's own user must where we are root."""
    var = var_directory()
    if not var.exists():
        var.mkdir(parents=True)
        var.chmod(0o711)
    os.umask(0o077)


def refuse_half_restored() -> None:
    """Files of one time beside a database of another are not to be worked on."""
    if (var_directory() / "restoring" / "half").exists():
        raise HalfRestored(
            f"A restore into {var_directory()} was cut short. "
            "Run `backdesk restore` again, with the same backup or another."
        )


def use_local_key() -> None:
    """Sign with a key of this machine's own, made once, where none is given."""
    if os.environ.get("SECRET_KEY") or os.environ.get("SECRET_KEY_FILE"):
        return
    path = var_directory() / "secret-key"
    if not path.exists():
        write_private(path, secrets.token_urlsafe(50) + "\n")
    os.environ["SECRET_KEY_FILE"] = str(path)


def count_together() -> None:
    """Where the processes of one start keep what they count for /metrics; what earlier ones counted is taken away."""
    place = var_directory() / "metrics"
    place.mkdir(parents=True, exist_ok=True)
    for path in place.glob("*.db"):
        if not psutil.pid_exists(int(path.stem.rpartition("_")[2])):
            path.unlink(missing_ok=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(place)


def write_private(path: Path, content: str) -> None:
    """Readable by its owner alone from the first byte on; whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(content)
    fresh.replace(path)


def listening(host: str, *, wanted: int | None) -> socket.socket:
    """On the wanted port, or without a wish on the first free one from 8000.

    Listened on from here to the end: what is only looked at may be another's by the time the web server comes.
    """
    if wanted:
        return _listening(host, wanted)
    for port in range(DEFAULT_PORT, DEFAULT_PORT + _PORTS_TRIED):
        with suppress(PortTaken):
            return _listening(host, port)
    last = DEFAULT_PORT + _PORTS_TRIED - 1
    raise PortTaken(f"The ports {DEFAULT_PORT} to {last} are all taken. Choose another with --port.")


def _listening(host: str, port: int) -> socket.socket:
    place = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # what is left of a server that has ended
        place.bind((host, port))
        place.listen()
    except OSError as error:
        place.close()
        if error.errno != errno.EADDRINUSE:
            raise CannotStart(f"{host}:{port} cannot be listened on: {error.strerror}.") from None
        raise PortTaken(
            f"Something else listens on {host}:{port}. Stop it, or choose another with --port."
        ) from None
    return place
