"""How logs are written: one line an event, with the request id, as text or as JSON; nothing of anybody in them."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from backdesk.config.scrubbing import scrubbed, told
from backdesk.platform.requests import current_request_id


def django_logging(*, level: str, style: str) -> dict[str, Any]:
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"request_id": {"()": RequestIdFilter}, "addresses": {"()": NoAddressFilter}},
        "formatters": {
            "text": {
                "()": TextFormatter,
                "format": "{asctime} {levelname:7} {name} [{request_id}] {message}",
                "style": "{",
            },
            "json": {"()": JsonFormatter},
        },
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": style,
                "filters": ["request_id", "addresses"],
            }
        },
        "root": {"handlers": ["stderr"], "level": level.upper()},
        "loggers": {
            # Django would mail faults to somebody, with all that was sent.
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            # A worker says in two lines what it does with each job; our own log says it once.
            "procrastinate": {"level": "WARNING"},
            # It would write every statement with what is in it.
            "django.db.backends": {"level": "INFO"},
            # Whoever likes may ask under any name; the line of the request says that it was refused.
            "django.security.DisallowedHost": {"level": "CRITICAL"},
            # The line of each request says so already.
            "django.request": {"level": "ERROR"},
        },
    }


class RequestIdFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current_request_id() or "-"
        return True


class NoAddressFilter(logging.Filter):
    """Django names the path of a request that failed; ours may hold a key, so its route stands there instead."""

    def filter(self, record: logging.LogRecord) -> bool:
        path = getattr(getattr(record, "request", None), "path", None)
        if path is not None and isinstance(record.args, tuple):
            record.args = tuple(_route(record) if argument == path else argument for argument in record.args)
        return True


class _Scrubbing(logging.Formatter):
    def formatException(  # noqa: N802  logging's own name
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        return told(ei[1]) if ei[1] is not None else ""


class TextFormatter(_Scrubbing):
    def format(self, record: logging.LogRecord) -> str:
        return scrubbed(super().format(record))


class JsonFormatter(_Scrubbing):
    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "request_id": getattr(record, "request_id", "-"),
            "message": scrubbed(record.getMessage()),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)


def _route(record: logging.LogRecord) -> str:
    match = getattr(getattr(record, "request", None), "resolver_match", None)
    return getattr(match, "view_name", None) or "an address that leads nowhere"
