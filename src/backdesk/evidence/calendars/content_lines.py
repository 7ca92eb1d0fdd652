"""The content lines of iCalendar files (RFC 5545): unfolded, taken apart, their times and durations read."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from backdesk.evidence.calendars.model import UnknownZone, check_zone

_PARAMETER = re.compile(r';([A-Za-z0-9-]+)=((?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)')
_NAME = re.compile(r"[A-Za-z0-9-]+")
_DATE = re.compile(r"\d{8}", re.ASCII)
_TIME = re.compile(r"\d{8}T\d{6}Z?", re.ASCII)
_DURATION = re.compile(
    r"\+?P(?:(?P<weeks>\d{1,4})W|(?=\d|T\d)(?:(?P<days>\d{1,6})D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d{1,6})H)?(?:(?P<minutes>\d{1,6})M)?(?:(?P<seconds>\d{1,9})S)?)?)",
    re.ASCII,
)
_ESCAPED = re.compile(r"\\([\\;,nN])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A content line: the number of its first line in the file, name and parameters in capitals, and value."""

    number: int
    name: str
    parameters: Mapping[str, str]
    value: str


class Unreadable(Exception):
    """What is wrong with a line; the message names it."""

    def __init__(self, line: Line, problem: str) -> None:
        super().__init__(f"line {line.number}, {line.name}: {problem}")


def content_lines(text: str | bytes) -> Iterator[Line]:
    """Unfold a file and take its lines apart; raise `Unreadable`.

    >>> [(line.number, line.name, line.value) for line in content_lines("A:b\\r\\n c\\r\\nD;E=f:g")]
    [(1, 'A', 'bc'), (3, 'D', 'g')]
    """
    for number, line in _unfolded(_decoded(text)):
        name = _NAME.match(line)
        if name is None:
            raise Unreadable(_bare(number, line), "it is no property; lines are like SUMMARY:Christmas Eve")
        parameters, place = {}, name.end()
        while match := _PARAMETER.match(line, place):
            parameters[match[1].upper()] = match[2].strip('"')
            place = match.end()
        if line[place : place + 1] != ":":
            raise Unreadable(
                _bare(number, name[0]), "it has no value after a colon; write it like SUMMARY:Move"
            )
        yield Line(number=number, name=name[0].upper(), parameters=parameters, value=line[place + 1 :])


def moment_of(line: Line, zone: str) -> dt.date:
    """Read the date, or the instant (UTC), of a DTSTART or DTEND; raise `Unreadable`.

    >>> line = Line(number=1, name="DTSTART", parameters={"TZID": "Asia/Kolkata"}, value="20260302T090000")
    >>> moment_of(line, "Europe/Amsterdam").isoformat()
    '2026-03-02T03:30:00+00:00'
    """
    wall, own_zone = _wall(line, zone)
    return _instant(line, wall, own_zone) if isinstance(wall, dt.datetime) else wall


def duration_of(line: Line, started: Line, zone: str) -> dt.date:
    """Return the end of an event of that DURATION: days on its wall clock, then hours of real time.

    >>> start = Line(number=1, name="DTSTART", parameters={}, value="20260328T120000")
    >>> line = Line(number=2, name="DURATION", parameters={}, value="P1DT1H")
    >>> duration_of(line, start, "Europe/Amsterdam").isoformat()  # the clocks go forward between
    '2026-03-29T11:00:00+00:00'
    """
    match = _DURATION.fullmatch(line.value)
    if match is None:
        raise Unreadable(line, f"{line.value[:30]!r} is no duration; write it like PT2H, P1D or P1W")
    part = {name: int(number or 0) for name, number in match.groupdict().items()}
    wall, own_zone = _wall(started, zone)
    exact = dt.timedelta(hours=part["hours"], minutes=part["minutes"], seconds=part["seconds"])
    try:
        later = wall + dt.timedelta(days=part["days"], weeks=part["weeks"])
        if isinstance(later, dt.datetime):
            return _instant(started, later, own_zone) + exact
    except OverflowError:
        raise Unreadable(line, "the event ends after the year 9999") from None
    if exact:
        raise Unreadable(line, "an event of whole days lasts days or weeks, like P1D")
    return later


def plain(line: Line) -> str:
    """Return a text without its escapes.

    >>> plain(Line(number=1, name="SUMMARY", parameters={}, value="Move\\\\, then party"))
    'Move, then party'
    """
    return _ESCAPED.sub(lambda match: "\n" if match[1] in "nN" else match[1], line.value)


def _decoded(text: str | bytes) -> str:
    if isinstance(text, str):
        return text.removeprefix("\ufeff")
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        number = text.count(b"\n", 0, problem.start) + 1
        raise Unreadable(_bare(number, "text"), "it is not in UTF-8; save the file in UTF-8") from None


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    number, line = 0, ""
    for place, physical in enumerate(re.split(r"\r\n|\n|\r", text), start=1):
        if physical[:1] in (" ", "\t") and number:
            line += physical[1:]
            continue
        if line.strip():
            yield number, line
        number, line = place, physical
    if line.strip():
        yield number, line


def _bare(number: int, text: str) -> Line:
    return Line(number=number, name=text[:30], parameters={}, value="")


def _wall(line: Line, zone: str) -> tuple[dt.date, str]:
    """Read the value as written, and the zone whose wall clock it means."""
    kind = line.parameters.get("VALUE", "").upper()
    if kind not in ("", "DATE", "DATE-TIME"):
        raise Unreadable(line, f"VALUE={kind[:20]} is not read, only DATE and DATE-TIME")
    if _DATE.fullmatch(line.value) and kind == "DATE":
        return _strptime(line, "%Y%m%d").date(), zone
    if not _TIME.fullmatch(line.value) or kind == "DATE":
        raise Unreadable(
            line, f"{line.value[:30]!r} is no time; write ;VALUE=DATE:20261224, or :20261224T170000Z"
        )
    if line.value.endswith("Z"):
        return _strptime(line, "%Y%m%dT%H%M%SZ"), "UTC"
    return _strptime(line, "%Y%m%dT%H%M%S"), _zone(line, zone)


def _strptime(line: Line, form: str) -> dt.datetime:
    try:
        return dt.datetime.strptime(line.value, form)  # noqa: DTZ007 the zone is put on afterwards
    except ValueError:
        raise Unreadable(line, f"{line.value[:30]!r} is on no calendar or clock") from None


def _zone(line: Line, zone: str) -> str:
    own = line.parameters.get("TZID", zone).removeprefix("/")
    try:
        check_zone(own)
    except UnknownZone as problem:
        raise Unreadable(line, f"TZID: {problem}") from None
    return own


def _instant(line: Line, wall: dt.datetime, zone: str) -> dt.datetime:
    try:
        return wall.replace(tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)
    except OverflowError:
        raise Unreadable(line, "the time lies outside the years 1 to 9999") from None
