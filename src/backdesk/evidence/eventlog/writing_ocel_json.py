"""Write object-centric logs in JSON, 2.0 and 1.0: in pieces, an event and an object a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from backdesk.evidence.eventlog.writing_ocel import NO_CHANGE, Column, ObjectLog


def lines(log: ObjectLog) -> Iterator[str]:
    """Give a document of OCEL 2.0."""
    types = (_type(name, columns) for name, columns in log.object_types.items())
    yield f'{{"objectTypes": [{", ".join(types)}],\n"eventTypes": [\n'
    yield from _joined(_type(name, log.of_events) for name in log.activities)
    yield '],\n"objects": [\n'
    yield from _joined(
        _json({"id": name, "type": kind, **_changes(said, log.of_cases)})
        for name, kind, said in log.objects()
    )
    yield '],\n"events": [\n'
    yield from _joined(
        _json(
            {
                "id": event.id,
                "type": event.activity,
                "time": event.at,
                "attributes": [
                    {"name": log.of_events[column].name, "value": value}
                    for column, value in event.said.items()
                ],
                "relationships": [
                    {"objectId": name, "qualifier": qualifier} for name, qualifier in event.related
                ],
            }
        )
        for event in log.numbered()
    )
    yield "]}\n"


def lines_1(log: ObjectLog) -> Iterator[str]:
    """Give a document of OCEL 1.0."""
    names = [column.name for column in (*log.of_events.values(), *log.of_cases.values())]
    about = {
        "ocel:attribute-names": list(dict.fromkeys(names)),
        "ocel:object-types": [*log.object_types],
        "ocel:version": "1.0",
        "ocel:ordering": "timestamp",
    }
    yield '{"ocel:global-event": {"ocel:activity": ""},\n"ocel:global-object": {"ocel:type": ""},\n'
    yield f'"ocel:global-log": {_json(about)},\n"ocel:events": {{\n'
    yield from _joined(
        _keyed(
            event.id,
            {
                "ocel:activity": event.activity,
                "ocel:timestamp": event.at,
                "ocel:omap": [name for name, _ in event.related],
                "ocel:vmap": _by_name(event.said, log.of_events),
            },
        )
        for event in log.numbered()
    )
    yield '},\n"ocel:objects": {\n'
    yield from _joined(
        _keyed(name, {"ocel:type": kind, "ocel:ovmap": _by_name(said, log.of_cases)})
        for name, kind, said in log.objects()
    )
    yield "}}\n"


def _type(name: str, columns: Mapping[str, Column]) -> str:
    said = [{"name": column.name, "type": column.declared} for column in columns.values()]
    return _json({"name": name, "attributes": said})


def _changes(said: Mapping[str, Any], columns: Mapping[str, Column]) -> dict[str, Any]:
    values = [
        {"name": columns[column].name, "time": NO_CHANGE, "value": value} for column, value in said.items()
    ]
    return {"attributes": values} if values else {}


def _by_name(said: Mapping[str, Any], columns: Mapping[str, Column]) -> dict[str, Any]:
    return {columns[column].name: value for column, value in said.items()}


def _keyed(key: str, value: dict[str, Any]) -> str:
    return f"{_json(key)}: {_json(value)}"


def _joined(texts: Iterable[str]) -> Iterator[str]:
    before = ""
    for text in texts:
        yield before + text
        before = ",\n"
    yield "\n"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
