"""ISO 8601 durations of exact length: what a timer of BPMN says as timeDuration."""

import re
from datetime import timedelta
from typing import Final

from backdesk.evidence.sentences import say

_FORM: Final = re.compile(
    r"P(?=\d|T\d)(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d{1,6})?)S)?)?",
    re.ASCII,
)


def parse(text: str) -> timedelta:
    """Read a duration in weeks, days, hours, minutes and seconds; a day counts 24 hours.

    Raises:
        ValueError: it is no such duration, is 0, or too long; years and months have no exact length.

    >>> parse("P1DT2H")
    datetime.timedelta(days=1, seconds=7200)
    """
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise ValueError(say("“{}” is no duration; write for example PT30M, PT8H, P2D or P1W.", text))
    try:
        duration = timedelta(**{unit: float(number or 0) for unit, number in found.groupdict().items()})
    except OverflowError as too_long:
        raise ValueError(say("“{}” is too long.", text)) from too_long
    if not duration:
        raise ValueError(say("“{}” lasts no time.", text))
    return duration


def write(duration: timedelta) -> str:
    """Write a positive duration; `parse` reads it back the same.

    >>> write(timedelta(days=1, hours=2, seconds=0.5))
    'P1DT2H0.5S'
    """
    hours, rest = divmod(duration.seconds, 3600)
    minutes, whole = divmod(rest, 60)
    seconds = f"{whole}.{duration.microseconds:06}".rstrip("0").rstrip(".")
    days = f"{duration.days}D" if duration.days else ""
    parts = ((str(hours), "H"), (str(minutes), "M"), (seconds, "S"))
    time = "".join(number + unit for number, unit in parts if number != "0")
    return f"P{days}{'T' + time if time else ''}"
