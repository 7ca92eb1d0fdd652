"""Collect object-centric logs in JSON, 2.0 (`.json`) and 1.0 (`.jsonocel`), element by element.

Only one element at a time is held as Python objects; a file that breaks is read as far as it goes.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from backdesk.evidence.eventlog.errors import FileTooLarge, UnreadableFile
from backdesk.evidence.eventlog.ocel import Collected, Text
from backdesk.evidence.eventlog.opening import ByteSource, Progress
from backdesk.evidence.eventlog.tables import Kind

SIZE_LIMIT: Final = 2 << 30  # bytes, unpacked: the text is held while it is read
KINDS: Final = "an OCEL log has the lists events and objects (2.0), or ocel:events and ocel:objects (1.0)"
SPACE: Final = " \t\r\n"

Place = tuple[int, str | None, Any]  # line, key within an object, value


class _Broken(Exception):
    """A signal: the text stops being JSON here."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.at = at


def collect(path: Path, progress: Progress | None) -> Collected:
    """Collect the events and objects of a file.

    Raises `UnreadableFile` where it is no such log and `FileTooLarge` where it is larger than is read.
    """
    source = ByteSource(path, progress=progress)
    text = _text(source)
    log, cursor = Collected(), _Cursor(text)
    known = False
    try:
        for key in cursor.outermost():
            take = _TAKERS.get(key)
            known |= key in ("events", "ocel:events")
            for place in cursor.elements():
                if take:
                    take(log, *place)
    except _Broken as error:
        if not log.events:
            raise UnreadableFile(
                f"{path.name} is no readable JSON: {error}, on line {cursor.line(error.at)}."
            ) from None
        told = f"line {cursor.line(error.at)} ({error})"
        log.truncated = f"The JSON of {path.name} breaks on {told}; what came before was read."
    except RecursionError:
        raise FileTooLarge(
            f"The JSON of {path.name} is nested deeper than any log; export it anew."
        ) from None
    if source.broken:
        log.truncated = f"{source.broken} {log.truncated or ''}".rstrip()
    if not known:
        raise UnreadableFile(f"{path.name} is JSON, but no object-centric event log: {KINDS}.")
    return log


def _text(source: ByteSource) -> str:
    decoder = codecs.getincrementaldecoder("utf-8-sig")(errors="replace")
    parts, size = [], 0
    for block in source:
        size += len(block)
        if size > SIZE_LIMIT:
            raise FileTooLarge(f"{source.path.name} is larger than {SIZE_LIMIT >> 30} GiB; split it by time.")
        parts.append(decoder.decode(block))
    return "".join(parts)


class _Cursor:
    """Walk over a JSON object of lists or objects, and tell the line of each of their elements."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line, self._counted = 1, 0
        self._decoder = json.JSONDecoder(parse_int=_Whole, parse_float=_Real, parse_constant=_Real)

    def line(self, at: int) -> int:
        if at < self._counted:
            return self._text.count("\n", 0, at) + 1
        self._line += self._text.count("\n", self._counted, at)
        self._counted = at
        return self._line

    def outermost(self) -> Iterator[str]:
        """Give the keys of the outermost object; whoever asks reads the value before the next."""
        self._expect("{")
        if self._skip() == "}":
            return
        while True:
            yield self._key()
            if not self._goes_on("}"):
                return

    def elements(self) -> Iterator[Place]:
        """Give the elements of a list or an object, each with the line it begins on."""
        closing = {"[": "]", "{": "}"}.get(self._skip())
        if closing is None:
            yield self.line(self._at), None, self._value()
            return
        self._at += 1
        if self._skip() == closing:
            self._at += 1
            return
        while True:
            self._skip()
            line, key = self.line(self._at), None
            if closing == "}":
                key = self._key()
            yield line, key, self._value()
            if not self._goes_on(closing):
                return

    def _key(self) -> str:
        if (mark := self._skip()) != '"':
            raise _Broken("expected a key in quotes" if mark else "the file ends early", self._at)
        key = _valid(str(self._value()))
        self._expect(":")
        return key

    def _goes_on(self, closing: str) -> bool:
        mark = self._skip()
        if mark not in (",", closing) or not mark:
            raise _Broken(f"expected , or {closing}" if mark else "the file ends early", self._at)
        self._at += 1
        return mark == ","

    def _expect(self, mark: str) -> None:
        if self._skip() != mark:
            raise _Broken(f"expected {mark}", self._at)
        self._at += 1

    def _skip(self) -> str:
        text, at = self._text, self._at
        while text[at : at + 1] in SPACE and at < len(text):
            at += 1
        self._at = at
        return text[at : at + 1]

    def _value(self) -> Any:
        if not self._skip():
            raise _Broken("the file ends early", self._at)
        try:
            value, self._at = self._decoder.raw_decode(self._text, self._at)
        except json.JSONDecodeError as error:
            raise _Broken(error.msg[:1].lower() + error.msg[1:], error.pos) from None
        return value


def _event(log: Collected, line: int, _: str | None, value: Any) -> None:
    """Take an event of OCEL 2.0."""
    if not isinstance(value, dict):
        return log.reject(line, _shown(value), "This is no event: each is an object in braces.")
    number = _begun(log, line, [value.get(name) for name in ("id", "type", "time")], value)
    if number is None:
        return None
    for one in _dicts(value.get("attributes")):
        if (name := scalar(one.get("name"))) is not None:
            log.values.append((number, name, scalar(one.get("value"))))
            _see(log, None, name, one.get("value"))
    for one in _dicts(value.get("relationships")):
        if (name := scalar(one.get("objectId"))) is not None:
            log.relations.append((number, name))
    return None


def _old_event(log: Collected, line: int, key: str | None, value: Any) -> None:
    """Take an event of OCEL 1.0."""
    if not isinstance(value, dict) or key is None:
        return log.reject(line, _shown(value), "This is no event: each is an id with an object in braces.")
    number = _begun(log, line, [key, value.get("ocel:activity"), value.get("ocel:timestamp")], value)
    if number is None:
        return None
    for name, said in _pairs(value.get("ocel:vmap")):
        log.values.append((number, name, scalar(said)))
        _see(log, None, name, said)
    objects = value.get("ocel:omap")
    names = map(scalar, objects if isinstance(objects, list) else ())
    log.relations += [(number, one) for one in names if one is not None]
    return None


def _object(log: Collected, _: int, __: str | None, value: Any) -> None:
    for one in _dicts([value]):
        name = scalar(one.get("id"))
        if name is None:
            continue
        log.objects.append((name, scalar(one.get("type"))))
        for said in _dicts(one.get("attributes")):
            if (attribute := scalar(said.get("name"))) is not None:
                log.changes.append((name, attribute, scalar(said.get("time")), scalar(said.get("value"))))
                _see(log, scalar(one.get("type")), attribute, said.get("value"))


def _old_object(log: Collected, _: int, key: str | None, value: Any) -> None:
    for one in _dicts([value]) if key is not None else ():
        log.objects.append((str(key), scalar(one.get("ocel:type"))))
        for attribute, said in _pairs(one.get("ocel:ovmap")):
            log.changes.append((str(key), attribute, None, scalar(said)))
            _see(log, scalar(one.get("ocel:type")), attribute, said)


def _event_type(log: Collected, _: int, __: str | None, value: Any) -> None:
    for one in _dicts([value]):
        _declare(log, None, one)


def _object_type(log: Collected, _: int, __: str | None, value: Any) -> None:
    for one in _dicts([value]):
        _declare(log, scalar(one.get("name")), one)


def _declare(log: Collected, of: Text, value: dict[str, Any]) -> None:
    for said in _dicts(value.get("attributes")):
        if (name := scalar(said.get("name"))) is not None:
            log.declare(of, name, scalar(said.get("type")))


def _see(log: Collected, of: Text, name: str, value: Any) -> None:
    kind = _KINDS_OF_VALUES.get(type(value))
    if kind is not None:
        log.see(of, name, kind)


class _Whole(str):
    """A number as it is written, without a fraction."""

    __slots__ = ()


class _Real(str):
    """A number as it is written."""

    __slots__ = ()


_KINDS_OF_VALUES: Final[dict[type, Kind]] = {
    str: "text",
    bool: "boolean",
    _Whole: "integer",
    _Real: "float",
}


_TAKERS: Final[dict[str, Callable[[Collected, int, str | None, Any], None]]] = {
    "events": _event,
    "ocel:events": _old_event,
    "objects": _object,
    "ocel:objects": _old_object,
    "eventTypes": _event_type,
    "objectTypes": _object_type,
}


def _begun(log: Collected, line: int, facts: list[Any], value: Any) -> int | None:
    if any(isinstance(fact, list | dict) for fact in facts):
        log.reject(line, _shown(value), "The id, the type and the time of an event are texts, not lists.")
        return None
    return log.add_event(line, *map(scalar, facts))


def scalar(value: Any) -> Text:
    """Give a value as text; what is none, or has parts, is null."""
    if value is None or isinstance(value, list | dict):
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return _valid(str(value))


def _valid(text: str) -> str:
    """Escapes such as \\ud800 make halves of characters, which no other program takes."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text


def _dicts(values: Any) -> Iterator[dict[str, Any]]:
    for value in values if isinstance(values, list) else ():
        if isinstance(value, dict):
            yield value


def _pairs(value: Any) -> Iterator[tuple[str, Any]]:
    for name, said in value.items() if isinstance(value, dict) else ():
        yield _valid(name), said


def _shown(value: Any) -> str:
    return _valid(str(value)[:200])
