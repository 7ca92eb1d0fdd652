"""Services written as the files of a folder, always the same way, and told apart by what is in them."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any

from backdesk.desks.services.definition import Service
from backdesk.desks.services.fields import Lookup
from backdesk.evidence.process.bpmn import write_bpmn

_MAIN = (
    "key",
    "name",
    "description",
    "language",
    "skills",
    "standard_minutes",
    "calendar",
    "zone",
    "key_fields",
)
_TABLES = ("targets", "price", "taking", "quality", "pauses", "alarms")


def write_service(service: Service) -> dict[str, bytes]:
    """Write a service as files; `read_service` reads back the same service.

    >>> from backdesk.desks.services import read_service
    >>> from backdesk.desks.services.examples import example
    >>> service = example("invoice-entry")
    >>> read_service(write_service(service)) == service
    True
    """
    checks = "\n".join("\n".join(_table("[check]", _filled(check))) for check in service.checks)
    return {
        "service.toml": _settings(service).encode(),
        "process.bpmn": write_bpmn(service.process),
        "input.schema.json": _json(service.input.document),
        "output.schema.json": _json(service.output.document),
        "procedure.md": service.procedure.encode(),
        **({"checks.toml": f"{checks}\n".encode()} if checks else {}),
        **{f"pictures/{name}": data for name, data in sorted(service.pictures.items())},
        **{f"lookups/{name}.csv": _csv(lookup) for name, lookup in sorted(service.lookups.items())},
    }


def digest(service: Service) -> str:
    """Return what tells a version of a service from others: SHA-256 of its files, in hexadecimal.

    >>> from backdesk.desks.services.examples import example
    >>> len(digest(example("invoice-entry")))
    64
    """
    return _digest(write_service(service))


def procedure_digest(service: Service) -> str:
    """Return the SHA-256 of the procedure with its pictures: what people acknowledge to have read.

    >>> from backdesk.desks.services.examples import example
    >>> procedure_digest(example("invoice-entry")) == digest(example("invoice-entry"))
    False
    """
    return _digest({"procedure.md": service.procedure.encode(), **service.pictures})


def _digest(files: Mapping[str, bytes]) -> str:
    whole = hashlib.sha256()
    for name, data in sorted(files.items()):
        whole.update(f"{name}\0{len(data)}\0".encode())
        whole.update(data)
    return whole.hexdigest()


def _settings(service: Service) -> str:
    lines = [f"{name} = {_value(getattr(service, name))}" for name in _MAIN if getattr(service, name)]
    for name in _TABLES:
        lines += _table(name, _filled(getattr(service, name)))
    for category in service.errors:
        lines += _table("[errors]", _filled(category))
    for name, texts in service.functions.items():
        lines += _table(f"functions.{name}.set", texts)
    return "\n".join(lines) + "\n"


def _table(name: str, values: Mapping[str, Any]) -> list[str]:
    """A table in brackets, blank line before; nothing if it is empty."""
    if not values:
        return []
    return ["", f"[{name}]", *(f"{key} = {_value(value)}" for key, value in values.items())]


def _filled(part: Any) -> dict[str, Any]:
    values = {each.name: getattr(part, each.name) for each in fields(part)}
    return {name: value for name, value in values.items() if value is not None and value != ()}


def _value(value: Any) -> str:
    if is_dataclass(value):
        return "{ " + ", ".join(f"{name} = {_value(each)}" for name, each in _filled(value).items()) + " }"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, dt.time):
        return value.isoformat()
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    return _quoted(value) if isinstance(value, str) else str(value)


def _quoted(text: str) -> str:
    """A basic string of TOML, which is one of JSON but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _json(document: Mapping[str, Any]) -> bytes:
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()


def _csv(lookup: Lookup) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([lookup.columns, *lookup.rows])
    return text.getvalue().encode()
