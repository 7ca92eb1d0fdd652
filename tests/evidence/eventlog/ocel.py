"""Object-centric logs as other programs write them, in each of the formats, from one description."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

#: id, type, time, objects, attributes
Event = tuple[str, str, str, tuple[str, ...], dict[str, str]]
OBJECTS = {"o1": "order", "o2": "order", "i1": "item", "i2": "item", "ann": "clerk"}
EVENTS: list[Event] = [
    ("e1", "Place", "2024-01-02T09:00:00+01:00", ("o1", "i1", "i2"), {"resource": "Ann"}),
    ("e2", "Pick", "2024-01-02T10:00:00+01:00", ("i1", "ann"), {"resource": "Bob"}),
    ("e3", "Pay", "2024-01-03T11:00:00+01:00", ("o1",), {"resource": "Ann"}),
    ("e4", "Place", "2024-01-04T09:30:00+01:00", ("o2", "i2"), {}),
    ("e5", "Send", "2024-01-05T09:45:00+01:00", ("o1", "o2", "ann"), {"resource": "Eve"}),
]
#: object, attribute, time, value
CHANGES = [
    ("o1", "owner", "1970-01-01T00:00:00Z", "Kim"),
    ("o1", "owner", "2024-01-03T08:00:00Z", "Lee"),
    ("o2", "owner", "1970-01-01T00:00:00Z", "Max"),
]


def json_2(folder: Path, events: list[Event] | None = None, *, changed: dict[str, Any] | None = None) -> Path:
    document = {
        "objectTypes": [{"name": name, "attributes": []} for name in sorted(set(OBJECTS.values()))],
        "eventTypes": [],
        "objects": [
            {
                "id": name,
                "type": kind,
                "attributes": [
                    {"name": attribute, "time": time, "value": value}
                    for owner, attribute, time, value in CHANGES
                    if owner == name
                ],
            }
            for name, kind in OBJECTS.items()
        ],
        "events": [
            {
                "id": name,
                "type": kind,
                "time": time,
                "attributes": [{"name": key, "value": value} for key, value in said.items()],
                "relationships": [{"objectId": one, "qualifier": ""} for one in objects],
            }
            for name, kind, time, objects, said in (EVENTS if events is None else events)
        ],
        **(changed or {}),
    }
    return _text(folder / "log.json", json.dumps(document, indent=1))


def json_1(folder: Path) -> Path:
    document = {
        "ocel:global-log": {"ocel:version": "1.0"},
        "ocel:events": {
            name: {
                "ocel:activity": kind,
                "ocel:timestamp": time,
                "ocel:omap": list(objects),
                "ocel:vmap": said,
            }
            for name, kind, time, objects, said in EVENTS
        },
        "ocel:objects": {name: {"ocel:type": kind, "ocel:ovmap": {}} for name, kind in OBJECTS.items()},
    }
    return _text(folder / "log.jsonocel", json.dumps(document))


def xml_2(folder: Path) -> Path:
    objects = "".join(
        f'<object id="{name}" type="{kind}"><attributes>'
        + "".join(
            f'<attribute name="{attribute}" time="{time}">{value}</attribute>'
            for owner, attribute, time, value in CHANGES
            if owner == name
        )
        + "</attributes></object>\n"
        for name, kind in OBJECTS.items()
    )
    events = "\n".join(
        f'<event id="{name}" type="{kind}" time="{time}"><attributes>'
        + "".join(f'<attribute name="{key}">{value}</attribute>' for key, value in said.items())
        + "</attributes><objects>"
        + "".join(f'<relationship object-id="{one}" qualifier="x"/>' for one in related)
        + "</objects></event>"
        for name, kind, time, related, said in EVENTS
    )
    types = '<object-types><object-type name="order"><attributes/></object-type></object-types>'
    body = f"<objects>\n{objects}</objects>\n<events>\n{events}\n</events>"
    return _text(
        folder / "log.xml", f'<?xml version="1.0" encoding="UTF-8"?>\n<log>\n{types}\n{body}\n</log>\n'
    )


def xml_1(folder: Path) -> Path:
    def texts(values: dict[str, str]) -> str:
        return "".join(f'<string key="{key}" value={quoteattr(value)}/>' for key, value in values.items())

    events = "\n".join(
        f'<event>{texts({"id": name, "activity": kind})}<date key="timestamp" value="{time}"/>'
        f'<list key="omap">{"".join(texts({"object-id": one}) for one in related)}</list>'
        f'<list key="vmap">{texts(said)}</list></event>'
        for name, kind, time, related, said in EVENTS
    )
    objects = "".join(
        f'<object>{texts({"id": name, "type": kind})}<list key="ovmap"/></object>'
        for name, kind in OBJECTS.items()
    )
    head = '<global scope="event"><string key="activity" value="x"/></global><global scope="log"/>'
    body = f"<events>\n{events}\n</events>\n<objects>{objects}</objects>"
    return _text(
        folder / "log.xmlocel", f"<?xml version='1.0' encoding='UTF-8'?>\n<log>\n{head}\n{body}</log>\n"
    )


def sqlite_2(folder: Path) -> Path:
    path = folder / "log.sqlite"
    with closing(sqlite3.connect(path)) as base, base:
        base.executescript(
            """CREATE TABLE event_map_type (ocel_type TEXT, ocel_type_map TEXT);
            CREATE TABLE object_map_type (ocel_type TEXT, ocel_type_map TEXT);
            CREATE TABLE event (ocel_id TEXT, ocel_type TEXT);
            CREATE TABLE object (ocel_id TEXT, ocel_type TEXT);
            CREATE TABLE event_object (ocel_event_id TEXT, ocel_object_id TEXT, ocel_qualifier TEXT);
            CREATE TABLE object_object (ocel_source_id TEXT, ocel_target_id TEXT, ocel_qualifier TEXT);"""
        )
        for kind in sorted({kind for _, kind, *_ in EVENTS}):
            base.execute("INSERT INTO event_map_type VALUES (?, ?)", (kind, kind))
            base.execute(f"CREATE TABLE event_{kind} (ocel_id TEXT, ocel_time TIMESTAMP, resource TEXT)")
        for kind in sorted(set(OBJECTS.values())):
            base.execute("INSERT INTO object_map_type VALUES (?, ?)", (kind, kind))
            columns = "ocel_id TEXT, ocel_time TIMESTAMP, ocel_changed_field TEXT, owner TEXT"
            base.execute(f"CREATE TABLE object_{kind} ({columns})")
        base.executemany("INSERT INTO object VALUES (?, ?)", OBJECTS.items())
        base.executemany(
            "INSERT INTO object_order VALUES (?, ?, ?, ?)",
            [(one, time, None, value) for one, _, time, value in CHANGES],
        )
        for name, kind, time, related, said in EVENTS:
            base.execute("INSERT INTO event VALUES (?, ?)", (name, kind))
            base.execute(f"INSERT INTO event_{kind} VALUES (?, ?, ?)", (name, time, said.get("resource")))
            base.executemany("INSERT INTO event_object VALUES (?, ?, '')", [(name, one) for one in related])
    return path


def sqlite_1(folder: Path) -> Path:
    path = folder / "old.sqlite"
    with closing(sqlite3.connect(path)) as base, base:
        base.executescript(
            """CREATE TABLE EVENTS ("ocel:eid" TEXT, "ocel:activity" TEXT, "ocel:timestamp" TIMESTAMP, resource TEXT);
            CREATE TABLE OBJECTS ("ocel:oid" TEXT, "ocel:type" TEXT);
            CREATE TABLE RELATIONS ("ocel:eid" TEXT, "ocel:oid" TEXT, "ocel:type" TEXT);"""
        )
        base.executemany("INSERT INTO OBJECTS VALUES (?, ?)", OBJECTS.items())
        for name, kind, time, related, said in EVENTS:
            base.execute("INSERT INTO EVENTS VALUES (?, ?, ?, ?)", (name, kind, time, said.get("resource")))
            base.executemany(
                "INSERT INTO RELATIONS VALUES (?, ?, ?)", [(name, one, OBJECTS[one]) for one in related]
            )
    return path


WRITERS = {
    "2.0 JSON": json_2,
    "1.0 JSON": json_1,
    "2.0 XML": xml_2,
    "1.0 XML": xml_1,
    "2.0 SQLite": sqlite_2,
    "1.0 SQLite": sqlite_1,
}


def _text(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path
