"""Collect object-centric logs in XML, 2.0 (`.xml`) and 1.0 (`.xmlocel`), as a stream of elements."""

from __future__ import annotations

from pathlib import Path
from typing import Final
from xml.parsers import expat

from backdesk.evidence.eventlog import reasons
from backdesk.evidence.eventlog.errors import FileTooLarge, UnreadableFile
from backdesk.evidence.eventlog.ocel_collecting import KINDS, Attribute, Collected, Text
from backdesk.evidence.eventlog.opening import ByteSource, Progress
from backdesk.evidence.eventlog.tables import Kind
from backdesk.evidence.eventlog.xes import DEPTH_LIMIT, TOKEN_LIMIT, parse_block, refusing_parser
from backdesk.evidence.sentences import say

LISTS: Final = {"omap", "vmap", "ovmap"}


def collect(path: Path, progress: Progress | None, wanted: frozenset[Attribute] | None = None) -> Collected:
    """Collect the events and objects of a file, and the values that are wanted.

    Raises `UnreadableFile` where it is no such log, and `FileTooLarge` for elements larger than is read.
    """
    reader = _Reader(Collected(wanted))
    reader.read(ByteSource(path, progress=progress))
    if not reader.known:
        raise UnreadableFile(
            say(
                "{} is XML, but no object-centric log: it has no {} in its {}.",
                path.name,
                "<events>",
                "<log>",
            )
        )
    return reader.log


class _Reader:
    """Follow the path of elements; `_item` collects the event or object one is in."""

    def __init__(self, log: Collected) -> None:
        self.log = log
        self.known = False
        self._parser = refusing_parser()
        self._parser.ordered_attributes = False
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._path: list[str] = []
        self._item: dict[str, Text] = {}
        self._related: list[str] = []
        self._said: list[tuple[str, Text, Text]] = []  # name, time, value
        self._list: str | None = None  # the list of OCEL 1.0 one is in
        self._text: list[str] | None = None
        self._line = self._fed = 0
        self._type: Text = None  # of objects, whose declaration one is in
        self._kinds: list[tuple[str, Kind]] = []  # of what an item of OCEL 1.0 says

    def read(self, source: ByteSource) -> None:
        try:
            for block in source:
                self._parse(block)
            if source.broken:
                self.log.truncated = say(
                    "{} It breaks off on line {}.", source.broken, str(self._parser.CurrentLineNumber)
                )
            else:
                self._parser.Parse(b"", True)
        except expat.ExpatError as error:
            text = expat.ErrorString(error.code)
            if not self.log.events:
                raise UnreadableFile(
                    say("{} is no readable XML: {}, on line {}.", source.path.name, text, str(error.lineno))
                ) from None
            self.log.truncated = say(
                "The XML of {} breaks on line {} ({}); what came before was read.",
                source.path.name,
                str(error.lineno),
                text,
            )
        if self._path[1:3] == ["events", "event"]:
            self.log.reject(self._line, "", reasons.CUT_EVENT)

    def _parse(self, block: bytes) -> None:
        parse_block(self._parser, block)
        self._fed += len(block)
        if self._fed - self._parser.CurrentByteIndex > TOKEN_LIMIT:
            line = self._parser.CurrentLineNumber
            raise FileTooLarge(
                say(
                    "One element of the XML, on line {}, is larger than {} MiB; a log needs no such values.",
                    str(line),
                    str(TOKEN_LIMIT >> 20),
                )
            )

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._path.append(tag.rpartition(":")[2])
        depth = len(self._path)
        if depth > DEPTH_LIMIT:
            line = self._parser.CurrentLineNumber
            raise FileTooLarge(
                say("The XML is nested more than {} deep on line {}.", str(DEPTH_LIMIT), str(line))
            )
        if depth == 2 and tag.endswith("events"):
            self.known = True
        elif depth > 2 and self._path[1] in ("events", "objects"):
            if depth == 3:
                self._begin(attributes)
            else:
                self._within(self._path[-1], attributes)
        elif depth > 2 and self._path[1] in ("object-types", "event-types"):
            self._declare(depth, attributes)

    def _declare(self, depth: int, attributes: dict[str, str]) -> None:
        """Note a type of objects or events, and the attributes two levels beneath it."""
        if depth == 3:
            self._type = attributes.get("name") if self._path[1] == "object-types" else None
        elif depth == 5:
            self.log.declare(self._type, attributes.get("name", ""), attributes.get("type"))

    def _begin(self, attributes: dict[str, str]) -> None:
        self._item = dict(attributes)
        self._related, self._said, self._kinds = [], [], []
        self._list = self._text = None
        self._line = self._parser.CurrentLineNumber

    def _within(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "attribute":
            self._said.append((attributes.get("name", ""), attributes.get("time"), None))
            self._text = []
        elif "object-id" in attributes:
            self._related.append(attributes["object-id"])
        elif (key := attributes.get("key")) is not None:
            self._old(tag, key, attributes.get("value"))

    def _old(self, tag: str, key: str, value: Text) -> None:
        """Take an attribute as OCEL 1.0 writes it: key and value, those of a list by the list's name."""
        if key in LISTS and len(self._path) == 4:
            self._list = key
        elif self._list == "omap" and value is not None:
            self._related.append(value)
        elif self._list:
            self._said.append((key, None, value))
            self._kinds.append((key, KINDS.get(tag, "text")))
        else:
            self._item[key] = value

    def _characters(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def _end(self, _: str) -> None:
        depth = len(self._path)
        if self._text is not None and self._path[-1] == "attribute":
            name, time, _value = self._said[-1]
            self._said[-1] = (name, time, "".join(self._text))
            self._text = None
        if depth == 4:
            self._list = None
        if depth == 3:
            self._finish()
        self._path.pop()

    def _finish(self) -> None:
        item, log = self._item, self.log
        if self._path[1:] == ["events", "event"]:
            activity, time = item.get("type", item.get("activity")), item.get("time", item.get("timestamp"))
            number = log.add_event(self._line, item.get("id"), activity, time)
            for name, _, value in self._said:
                if name:
                    log.say(number, name, value)
            for name in self._related:
                log.relations.add(number, name)
            self._see(None)
        elif self._path[1:] == ["objects", "object"] and (id_ := item.get("id")) is not None:
            log.objects.add(id_, item.get("type"))
            self._see(item.get("type"))
            for name, time, value in self._said:
                if name:
                    log.change(item.get("type"), id_, name, time, value)

    def _see(self, of: Text) -> None:
        for name, kind in self._kinds:
            self.log.see(of, name, kind)
