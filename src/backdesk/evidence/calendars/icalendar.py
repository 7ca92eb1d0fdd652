"""Closures as iCalendar files tell them (RFC 5545), in and out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from backdesk.evidence.calendars.closures import Closure, ImpossibleClosure
from backdesk.evidence.calendars.content_lines import (
    Line,
    Unreadable,
    content_lines,
    duration_of,
    moment_of,
    plain,
)
from backdesk.evidence.calendars.model import CalendarError, check_zone

_REPEATING = frozenset({"RRULE", "RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID"})
_ABOUT_PEOPLE = frozenset({"ORGANIZER", "ATTENDEE", "CONTACT", "RELATED-TO", "REQUEST-STATUS", "CONFERENCE"})
_ABOUT_THE_ENTRY = frozenset({"UID", "CREATED", "LAST-MODIFIED", "URL", "CATEGORIES", "COLOR", "IMAGE"})
_DESCRIBING = frozenset(
    {"DESCRIPTION", "LOCATION", "CLASS", "PRIORITY", "COMMENT", "GEO", "RESOURCES", "ATTACH"}
)
_UNHEEDED = _ABOUT_PEOPLE | _ABOUT_THE_ENTRY | _DESCRIBING | {"DTSTAMP", "SEQUENCE"}
_UNHEEDED_OF_FILE = _ABOUT_THE_ENTRY | {"PRODID", "NAME", "DESCRIPTION", "REFRESH-INTERVAL", "SOURCE"}
_SKIPPED = frozenset({"VTIMEZONE", "VALARM"})


class UnreadableICalendar(CalendarError):
    """An iCalendar file with a line that is not understood; the message names the line and the property."""


def read_icalendar(text: str | bytes, *, zone: str, transparent: bool = True) -> tuple[Closure, ...]:
    """Read the events of an iCalendar file as closures, sorted: all-day events as dates, others as instants.

    Times without a zone are those of `zone`; `TZID` is looked up in the zone database. Where the clocks skip
    or repeat a time it is meant as RFC 5545 says: at the offset before, and the first of the two. Cancelled
    events are left out, and those that do not block time (`TRANSP:TRANSPARENT`) where `transparent` is false:
    feeds of holidays often mark theirs so. Repeating events (`RRULE` and its like) are refused, as is whatever
    else is not understood. Raises `UnreadableICalendar`, `UnknownZone`. Source: RFC 5545.

    >>> file = '''BEGIN:VCALENDAR
    ... VERSION:2.0
    ... BEGIN:VEVENT
    ... SUMMARY:Christmas Eve
    ... DTSTART;VALUE=DATE:20261224
    ... END:VEVENT
    ... END:VCALENDAR'''
    >>> [str(closure) for closure in read_icalendar(file, zone="Europe/Amsterdam")]
    ['2026-12-24..2026-12-25 Christmas Eve']
    >>> read_icalendar(file.replace("SUMMARY:Christmas Eve", "RRULE:FREQ=YEARLY"), zone="Europe/Amsterdam")
    Traceback (most recent call last):
    ...
    backdesk.evidence.calendars.icalendar.UnreadableICalendar: line 4, RRULE: repeating events are not read; \
list each of its dates as an event of its own
    """
    check_zone(zone)
    try:
        lines = list(content_lines(text))
        events = [_closure(event, zone, transparent) for event in _events(lines)]
    except Unreadable as problem:
        raise UnreadableICalendar(str(problem)) from None
    return tuple(sorted({event for event in events if event is not None}, key=Closure.order))


def write_icalendar(closures: Iterable[Closure], *, stamp: dt.datetime) -> str:
    """Write closures as an iCalendar file that other programs read; `stamp` (aware) is when it was made.

    Dates stay dates, instants are written in UTC. What is written is read back the same. Raises
    `UnreadableICalendar` where the stamp has no zone. Source: RFC 5545.

    >>> eve = Closure(summary="Christmas Eve", start=dt.date(2026, 12, 24), end=dt.date(2026, 12, 25))
    >>> written = write_icalendar([eve], stamp=dt.datetime(2026, 11, 1, tzinfo=dt.UTC))
    >>> read_icalendar(written, zone="UTC") == (eve,)
    True
    """
    if stamp.tzinfo is None:
        raise UnreadableICalendar(f"the stamp {stamp.isoformat()} has no time zone; give an aware time")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Backdesk//Calendars//EN", "CALSCALE:GREGORIAN"]
    for number, closure in enumerate(sorted(set(closures), key=Closure.order), start=1):
        lines += _written(closure, number, stamp)
    return "".join(f"{folded}\r\n" for line in [*lines, "END:VCALENDAR"] for folded in _folded(line))


@dataclass(slots=True)
class _Event:
    """The properties of an event that are heeded, each with its line, and the line it begins on."""

    begin: Line
    found: dict[str, Line] = field(default_factory=dict)


def _events(lines: list[Line]) -> Iterator[_Event]:
    """Walk through the components; yield each event when it ends."""
    open_components: list[str] = []
    event: _Event | None = None
    for line in lines:
        if line.name == "BEGIN":
            open_components.append(_opened(line, open_components))
            if open_components[-1] == "VEVENT":
                event = _Event(begin=line)
        elif line.name == "END":
            _close(line, open_components)
            if line.value.upper() == "VEVENT" and event is not None:
                yield event
        elif not open_components:
            raise Unreadable(line, "it stands outside BEGIN:VCALENDAR and END:VCALENDAR")
        elif open_components == ["VCALENDAR"]:
            _check_file(line)
        elif open_components[-1] == "VEVENT" and event is not None:
            _take(line, event)
    if open_components or not lines:
        last = lines[-1] if lines else Line(number=1, name="BEGIN", parameters={}, value="")
        raise Unreadable(last, "the file ends before END:VCALENDAR")


def _opened(line: Line, within: list[str]) -> str:
    name = line.value.upper()
    expected = {0: {"VCALENDAR"}, 1: {"VEVENT", "VTIMEZONE"}}.get(len(within), {"VALARM"})
    if any(component in _SKIPPED for component in within) or name in expected:
        return name
    raise Unreadable(line, f"{line.value[:30]!r} is not read here, only {' and '.join(sorted(expected))}")


def _close(line: Line, within: list[str]) -> None:
    if not within or within.pop() != line.value.upper():
        raise Unreadable(line, f"{line.value[:30]!r} was not begun")


def _check_file(line: Line) -> None:
    known = {"VERSION": ("2.0",), "CALSCALE": ("GREGORIAN",), "METHOD": ("PUBLISH", "REQUEST")}
    if line.name in known:
        if line.value.upper() not in known[line.name]:
            raise Unreadable(line, f"{line.value[:30]!r} is not read, only {' or '.join(known[line.name])}")
    elif line.name not in _UNHEEDED_OF_FILE and not line.name.startswith("X-"):
        raise Unreadable(line, "this property is not understood; leave it out")


def _take(line: Line, event: _Event) -> None:
    if line.name in _REPEATING:
        raise Unreadable(line, "repeating events are not read; list each of its dates as an event of its own")
    if line.name in _UNHEEDED or line.name.startswith("X-"):
        return
    if line.name not in _HEEDED:
        raise Unreadable(line, "this property is not understood; leave it out")
    if event.found.setdefault(line.name, line) is not line:
        raise Unreadable(line, f"the event has it already, in line {event.found[line.name].number}")


def _closure(event: _Event, zone: str, transparent: bool) -> Closure | None:
    known = {name: read(event.found[name]) for name, read in _HEEDED.items() if name in event.found}
    if known.get("STATUS") == "CANCELLED" or (known.get("TRANSP") == "TRANSPARENT" and not transparent):
        return None
    started = event.found.get("DTSTART")
    if started is None:
        raise Unreadable(event.begin, "the event has no DTSTART; give it a start")
    start = moment_of(started, zone)
    end = _end(event.found, started, start, zone)
    try:
        return Closure(summary=known.get("SUMMARY", ""), start=start, end=end)
    except ImpossibleClosure as problem:
        raise Unreadable(event.found.get("DTEND", started), str(problem)) from None


def _end(found: Mapping[str, Line], started: Line, start: dt.date, zone: str) -> dt.date:
    if "DTEND" in found and "DURATION" in found:
        raise Unreadable(found["DURATION"], "the event has a DTEND as well; give it one of them")
    if "DTEND" in found:
        end = moment_of(found["DTEND"], zone)
        if isinstance(end, dt.datetime) != isinstance(start, dt.datetime):
            raise Unreadable(found["DTEND"], "DTSTART and DTEND must both be dates, or both be times")
        return end
    if "DURATION" in found:
        return duration_of(found["DURATION"], started, zone)
    if isinstance(start, dt.datetime):
        return start
    if start == dt.date.max:
        raise Unreadable(started, "the event ends after the year 9999")
    return start + dt.timedelta(days=1)


def _one_of(*values: str) -> Callable[[Line], str]:
    def read(line: Line) -> str:
        if line.value.upper() not in values:
            raise Unreadable(line, f"{line.value[:30]!r} is none of {', '.join(values)}")
        return line.value.upper()

    return read


_HEEDED: Final[Mapping[str, Callable[[Line], str]]] = {
    "STATUS": _one_of("CONFIRMED", "TENTATIVE", "CANCELLED"),
    "TRANSP": _one_of("OPAQUE", "TRANSPARENT"),
    "SUMMARY": plain,
    "DTSTART": lambda line: line.value,
    "DTEND": lambda line: line.value,
    "DURATION": lambda line: line.value,
}


def _written(closure: Closure, number: int, stamp: dt.datetime) -> list[str]:
    start, end = _said(closure.start), _said(closure.end)
    text = closure.summary.replace("\r\n", "\n").replace("\r", "\n").replace("\\", "\\\\")
    escaped = text.replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
    return [
        "BEGIN:VEVENT",
        f"UID:{start.split(':')[1]}-{number}@backdesk",
        f"DTSTAMP{_said(stamp)}",
        f"DTSTART{start}",
        f"DTEND{end}",
        f"SUMMARY:{escaped}",
        "END:VEVENT",
    ]


def _said(moment: dt.date) -> str:
    if isinstance(moment, dt.datetime):
        in_utc = moment.astimezone(dt.UTC).replace(microsecond=0, tzinfo=None)
        return f":{in_utc.isoformat().replace('-', '').replace(':', '')}Z"
    return f";VALUE=DATE:{moment.isoformat().replace('-', '')}"


def _folded(line: str) -> Iterator[str]:
    """Fold a line at 75 octets, between characters; the lines that follow begin with a space."""
    piece = ""
    for character in line:
        if len((piece + character).encode()) > 75:
            yield piece
            piece = " "
        piece += character
    yield piece
