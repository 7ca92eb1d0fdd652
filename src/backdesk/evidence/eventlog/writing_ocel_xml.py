"""Write object-centric logs in XML, 2.0 and 1.0: in pieces, an event and an object a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from backdesk.evidence.eventlog.tables import Kind
from backdesk.evidence.eventlog.writing_ocel import NO_CHANGE, Column, ObjectLog
from backdesk.evidence.eventlog.writing_xml import check, escaped

HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n<log>\n'
TAGS: Final[dict[Kind, str]] = {
    "text": "string",
    "integer": "int",
    "float": "float",
    "boolean": "boolean",
    "time": "date",
}


def lines(log: ObjectLog) -> Iterator[str]:
    """Give a document of OCEL 2.0. Raises `NotWritable` where XML cannot hold a text."""
    _check(log)
    yield HEAD
    yield from _types("object", log.object_types)
    yield from _types("event", dict.fromkeys(log.activities, log.of_events))
    yield "<objects>\n"
    for name, kind, said in log.objects():
        yield f'<object id="{escaped(name)}" type="{escaped(kind)}">'
        yield from _attributes(said, log.of_cases, f' time="{NO_CHANGE}"')
        yield "<objects/></object>\n"
    yield "</objects>\n<events>\n"
    for event in log.numbered():
        yield f'<event id="{event.id}" type="{escaped(event.activity)}" time="{event.at}">'
        yield from _attributes(event.said, log.of_events, "")
        related = (
            f'<relationship object-id="{escaped(name)}" qualifier="{escaped(qualifier)}"/>'
            for name, qualifier in event.related
        )
        yield f"<objects>{''.join(related)}</objects></event>\n"
    yield "</events>\n</log>\n"


def lines_1(log: ObjectLog) -> Iterator[str]:
    """Give a document of OCEL 1.0. Raises `NotWritable` where XML cannot hold a text."""
    _check(log)
    names = {column.name for column in (*log.of_events.values(), *log.of_cases.values())}
    yield HEAD
    yield '<global scope="event"><string key="activity" value=""/></global>\n'
    yield '<global scope="object"><string key="type" value=""/></global>\n<global scope="log">'
    yield _list("attribute-names", (_old("string", "attribute-name", name) for name in sorted(names)))
    yield _list("object-types", (_old("string", "object-type", name) for name in log.object_types))
    yield '<string key="version" value="1.0"/><string key="ordering" value="timestamp"/></global>\n<events>\n'
    for event in log.numbered():
        yield f"<event>{_old('string', 'id', event.id)}{_old('string', 'activity', event.activity)}"
        yield _old("date", "timestamp", event.at)
        yield _list("omap", (_old("string", "object-id", name) for name, _ in event.related))
        yield f"{_list('vmap', _old_values(event.said, log.of_events))}</event>\n"
    yield "</events>\n<objects>\n"
    for name, kind, said in log.objects():
        yield f"<object>{_old('string', 'id', name)}{_old('string', 'type', kind)}"
        yield f"{_list('ovmap', _old_values(said, log.of_cases))}</object>\n"
    yield "</objects>\n</log>\n"


def _check(log: ObjectLog) -> None:
    columns = log.of_events | log.of_cases
    texts = [name for name, column in columns.items() if column.kind == "text"]
    check(log.events, ("case", "activity", *texts), (column.name for column in columns.values()))


def _types(what: str, types: Mapping[str, Mapping[str, Column]]) -> Iterator[str]:
    yield f"<{what}-types>\n"
    for name, columns in types.items():
        said = (
            f'<attribute name="{escaped(column.name)}" type="{column.declared}"/>'
            for column in columns.values()
        )
        yield f'<{what}-type name="{escaped(name)}"><attributes>{"".join(said)}</attributes></{what}-type>\n'
    yield f"</{what}-types>\n"


def _attributes(said: Mapping[str, Any], columns: Mapping[str, Column], more: str) -> Iterator[str]:
    values = (
        f'<attribute name="{escaped(columns[column].name)}"{more}>{_text(value)}</attribute>'
        for column, value in said.items()
    )
    yield f"<attributes>{''.join(values)}</attributes>"


def _old_values(said: Mapping[str, Any], columns: Mapping[str, Column]) -> Iterator[str]:
    return (_old(TAGS[columns[column].kind], columns[column].name, value) for column, value in said.items())


def _old(tag: str, key: str, value: Any) -> str:
    return f'<{tag} key="{escaped(key)}" value="{_text(value)}"/>'


def _list(key: str, elements: Iterable[str]) -> str:
    return f'<list key="{key}">{"".join(elements)}</list>'


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else escaped(str(value))
