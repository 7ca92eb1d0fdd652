"""Reads the process environment: typed, with `_FILE` secrets, and loudly where something is wrong."""

from __future__ import annotations

import os
from pathlib import Path

_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"0", "false", "no", "off", ""})

#: Every name asked for so far; the settings reference is compared with it by a test.
asked_for: set[str] = set()


class SettingMissing(Exception):
    """A setting that has no safe default was not given."""


class SettingInvalid(Exception):
    """A setting was given, but cannot be what it says."""


def text(name: str, *, default: str) -> str:
    asked_for.add(name)
    return os.environ.get(name, default).strip()


def required(name: str, *, why: str) -> str:
    value = text(name, default="")
    if not value:
        raise SettingMissing(f"{name} is not set. {why}")
    return value


def secret(name: str, *, default: str = "") -> str:
    """NAME itself, or the content of the file that NAME_FILE points to."""
    asked_for.add(f"{name}_FILE")
    value, file = text(name, default=""), os.environ.get(f"{name}_FILE", "").strip()
    if value and file:
        raise SettingInvalid(f"Both {name} and {name}_FILE are set; set one of them.")
    if not file:
        return value or default
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingInvalid(
            f"{name}_FILE points to {file}, which cannot be read: {error.strerror}."
        ) from error


def flag(name: str, *, default: bool) -> bool:
    value = text(name, default="yes" if default else "no").lower()
    if value in _TRUE:
        return True
    if value in _FALSE:
        return False
    raise SettingInvalid(f"{name} is '{value}'; write yes or no.")


def whole_number(name: str, *, default: int, least: int = 0) -> int:
    value = text(name, default=str(default))
    if not value.isdecimal() or int(value) < least:
        raise SettingInvalid(f"{name} is '{value}'; write a whole number, {least} or more.")
    return int(value)


def listed(name: str, *, default: str = "") -> list[str]:
    """Values parted by commas."""
    return [part.strip() for part in text(name, default=default).split(",") if part.strip()]


def directory(name: str, *, default: str) -> Path:
    return Path(text(name, default=default)).expanduser().absolute()


def one_of(name: str, *, default: str, choices: tuple[str, ...]) -> str:
    value = text(name, default=default).lower()
    if value not in choices:
        raise SettingInvalid(f"{name} is '{value}'; write one of {', '.join(choices)}.")
    return value
