"""Collect object-centric logs in JSON, 2.0 (`.json`) and 1.0 (`.jsonocel`), element by element.

Only one element at a time is held as Python objects; a file that breaks is read as far as it goes.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from backdesk.evidence.eventlog import reasons
from backdesk.evidence.eventlog.errors import FileTooLarge, UnreadableFile
from backdesk.evidence.eventlog.ocel_collecting import Attribute, Collected, Text
from backdesk.evidence.eventlog.opening import ByteSource, Progress
from backdesk.evidence.eventlog.tables import Kind
from backdesk.evidence.sentences import say

ELEMENT_LIMIT: Final = 64 << 20  # characters of one element: it is held while it is read
LONGEST_MARK: Final = 16  # characters within which an error may come of the end of what was read so far
KINDS: Final = say(
    "an OCEL log has the lists events and objects (2.0), or ocel:events and ocel:objects (1.0)"
)
EARLY: Final = say("the file ends early")
SPACE: Final = " \t\r\n"

Place = tuple[int, str | None, Any]  # line, key within an object, value


class _Broken(Exception):
    """A signal: the text stops being JSON here."""

    def __init__(self, what: str, at: int) -> None:
        super().__init__(what)
        self.what, self.at = what, at


def collect(path: Path, progress: Progress | None, wanted: frozenset[Attribute] | None = None) -> Collected:
    """Collect the events and objects of a file, and the values that are wanted.

    Raises `UnreadableFile` where it is no such log and `FileTooLarge` for an element larger than is read.
    """
    source = ByteSource(path, progress=progress)
    log, cursor = Collected(wanted), _Cursor(_texts(source))
    known = False
    try:
        for key in cursor.outermost():
            take = _TAKERS.get(key)
            known |= key in ("events", "ocel:events")
            for place in cursor.elements():
                if take:
                    take(log, *place)
        cursor.leave()
    except _Broken as error:
        if not log.events:
            raise UnreadableFile(
                say(
                    "{} is no readable JSON: {}, on line {}.",
                    path.name,
                    error.what,
                    str(cursor.line(error.at)),
                )
            ) from None
        log.truncated = say(
            "The JSON of {} breaks on line {} ({}); what came before was read.",
            path.name,
            str(cursor.line(error.at)),
            error.what,
        )
    except RecursionError:
        raise FileTooLarge(
            say("The JSON of {} is nested deeper than any log; export it anew.", path.name)
        ) from None
    if source.broken:
        log.truncated = say("{} {}", source.broken, log.truncated) if log.truncated else source.broken
    if not known:
        raise UnreadableFile(say("{} is JSON, but no object-centric event log: {}.", path.name, KINDS))
    return log


def _texts(source: ByteSource) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8-sig")(errors="replace")
    for block in source:
        yield decoder.decode(block)


class _Cursor:
    """Walk over a JSON object of lists or objects, and tell the line of each of their elements.

    Of the text only what is not yet walked over is held.
    """

    def __init__(self, texts: Iterator[str]) -> None:
        self._texts = texts
        self._text, self._at = "", 0
        self._line, self._counted = 1, 0  # how far lines are counted
        self._decoder = json.JSONDecoder(parse_int=_Whole, parse_float=_Real, parse_constant=_Real)

    def line(self, at: int) -> int:
        if at < self._counted:
            return self._line - self._text.count("\n", at, self._counted)
        self._line += self._text.count("\n", self._counted, at)
        self._counted = at
        return self._line

    def leave(self) -> None:
        """Go through the rest, so that it is known whether the file is whole."""
        for _ in self._texts:
            pass

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
            raise _Broken(say("expected a key in quotes") if mark else EARLY, self._at)
        key = _valid(str(self._value()))
        self._expect(":")
        return key

    def _goes_on(self, closing: str) -> bool:
        mark = self._skip()
        if mark not in (",", closing) or not mark:
            raise _Broken(say("expected , or {}", closing) if mark else EARLY, self._at)
        self._at += 1
        return mark == ","

    def _expect(self, mark: str) -> None:
        if self._skip() != mark:
            raise _Broken(say("expected {}", mark), self._at)
        self._at += 1

    def _skip(self) -> str:
        """Go on to what is no space, and give it; nothing where the file ends."""
        while True:
            text, at = self._text, self._at
            while text[at : at + 1] in SPACE and at < len(text):
                at += 1
            self._at = at
            if at < len(text) or not self._has_more():
                return text[at : at + 1]

    def _value(self) -> Any:
        if not self._skip():
            raise _Broken(EARLY, self._at)
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if not (self._may_go_on(error) and self._has_more()):
                    raise _Broken(error.msg[:1].lower() + error.msg[1:], error.pos) from None
            else:
                if end < len(self._text) or not self._has_more():  # a number may go on
                    self._at = end
                    return value

    def _may_go_on(self, error: json.JSONDecodeError) -> bool:
        return error.pos > len(self._text) - LONGEST_MARK or error.msg.startswith("Unterminated")

    def _has_more(self) -> bool:
        """Read on, as much again as there is, and forget what was walked over."""
        self.line(self._at)
        rest, read = len(self._text) - self._at, 0
        if rest > ELEMENT_LIMIT:
            raise FileTooLarge(
                say(
                    "One element of the JSON, on line {}, is larger than {} MiB; a log needs no such values.",
                    str(self._line),
                    str(ELEMENT_LIMIT >> 20),
                )
            )
        parts = [self._text[self._at :]]
        for part in self._texts:
            parts.append(part)
            read += len(part)
            if read > rest:
                break
        self._text, self._at, self._counted = "".join(parts), 0, 0
        return read > 0


def _event(log: Collected, line: int, _: str | None, value: Any) -> None:
    """Take an event of OCEL 2.0."""
    if not isinstance(value, dict):
        return log.reject(line, _shown(value), reasons.NO_EVENT)
    number = _begun(log, line, [value.get(name) for name in ("id", "type", "time")], value)
    if number is None:
        return None
    for one in _dicts(value.get("attributes")):
        if (name := scalar(one.get("name"))) is not None:
            log.say(number, name, scalar(one.get("value")))
            _see(log, None, name, one.get("value"))
    for one in _dicts(value.get("relationships")):
        if (name := scalar(one.get("objectId"))) is not None:
            log.relations.add(number, name)
    return None


def _old_event(log: Collected, line: int, key: str | None, value: Any) -> None:
    """Take an event of OCEL 1.0."""
    if not isinstance(value, dict) or key is None:
        return log.reject(line, _shown(value), reasons.NO_NAMED_EVENT)
    number = _begun(log, line, [key, value.get("ocel:activity"), value.get("ocel:timestamp")], value)
    if number is None:
        return None
    for name, said in _pairs(value.get("ocel:vmap")):
        log.say(number, name, scalar(said))
        _see(log, None, name, said)
    objects = value.get("ocel:omap")
    for one in map(scalar, objects if isinstance(objects, list) else ()):
        if one is not None:
            log.relations.add(number, one)
    return None


def _object(log: Collected, _: int, __: str | None, value: Any) -> None:
    for one in _dicts([value]):
        name = scalar(one.get("id"))
        if name is None:
            continue
        of = scalar(one.get("type"))
        log.objects.add(name, of)
        for said in _dicts(one.get("attributes")):
            if (attribute := scalar(said.get("name"))) is not None:
                log.change(of, name, attribute, scalar(said.get("time")), scalar(said.get("value")))
                _see(log, of, attribute, said.get("value"))


def _old_object(log: Collected, _: int, key: str | None, value: Any) -> None:
    for one in _dicts([value]) if key is not None else ():
        of = scalar(one.get("ocel:type"))
        log.objects.add(str(key), of)
        for attribute, said in _pairs(one.get("ocel:ovmap")):
            log.change(of, str(key), attribute, None, scalar(said))
            _see(log, of, attribute, said)


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
        log.reject(line, _shown(value), reasons.LISTS)
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
