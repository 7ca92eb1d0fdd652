"""Words and numbers on a drawing: room they take, lines they break into, and how quantities are written."""

import re
import unicodedata
from typing import Final

_NARROW: Final = frozenset("iljtfrI.,:;!|'`()[]{} -/\\")
_BROAD: Final = frozenset("mwMW@%")
_BREAKS: Final = re.compile(r"(?<=[\s_/\-–—.:,;])|(?<=[a-z])(?=[A-Z])")
_UNITS: Final = (("d", 86_400.0), ("h", 3_600.0), ("min", 60.0), ("s", 1.0))


def width(text: str, *, size: float) -> float:
    """Estimate the width of a text in pixels at a font size, generously: no font is at hand to ask.

    >>> width("Pay", size=10) < width("支払い", size=10)
    True
    """
    return size * sum(_em(character) for character in text)


def wrap(text: str, *, size: float, room: float, lines: int = 3) -> tuple[str, ...]:
    """Break a text into at most `lines` lines that fit into `room` pixels; what does not fit ends in "…".

    Breaks after spaces and joining signs and inside camelCase, and within a word only where it is too long.

    >>> wrap("Determine necessity of stop advice", size=10, room=110)
    ('Determine necessity', 'of stop advice')
    >>> wrap("A_PARTLYSUBMITTED", size=10, room=70, lines=2)
    ('A_', 'PARTLYSUB…')
    """
    rows = [""]
    for piece in _pieces(" ".join(text.split()) or "(no name)", size, room):
        if rows[-1] and width((rows[-1] + piece).rstrip(), size=size) > room:
            rows.append("")
        rows[-1] += piece
    kept = [row.strip() for row in rows[:lines]]
    if len(rows) > lines:
        kept[-1] = _shorten(kept[-1], size, room)
    return tuple(kept)


def duration(seconds: float | None, *, elapsed: bool = True) -> str:
    """Write a duration with two figures in the unit that suits; days only where they are of 24 hours.

    >>> [duration(value) for value in (0, 0.4, 45, 5400, 200_000, None)]
    ['0 min', 'under 1 s', '45 s', '1.5 h', '2.3 d', '–']
    >>> duration(200_000, elapsed=False)
    '56 h'
    """
    if seconds is None:
        return "–"
    if 0 < seconds < 1:
        return "under 1 s"
    value, unit = in_unit(abs(seconds), elapsed=elapsed)
    return f"{'−' if seconds < 0 else ''}{value:,} {unit}"


def in_unit(seconds: float, *, elapsed: bool = True) -> tuple[float, str]:
    """Return a duration in the unit that suits, with two figures; none at all is in minutes, as work mostly is.

    >>> in_unit(5400), in_unit(200_000, elapsed=False), in_unit(0)
    ((1.5, 'h'), (56, 'h'), (0, 'min'))
    """
    if not seconds:
        return 0, "min"
    units = _UNITS if elapsed else _UNITS[1:]
    unit, size = next((pair for pair in units if seconds >= pair[1]), units[-1])
    value = round(seconds / size, 1)
    return (value if value < 10 and value % 1 and unit != "s" else round(value)), unit


def count(number: float) -> str:
    """Write a number of things, with commas between thousands.

    >>> count(13087)
    '13,087'
    """
    return f"{number:,.0f}"


def percent(share: float) -> str:
    """Write a share, without claiming all or nothing where it is only nearly so.

    >>> [percent(share) for share in (0, 0.002, 0.894, 0.9996, 1)]
    ['0 %', 'under 1 %', '89 %', 'over 99 %', '100 %']
    """
    if 0 < share < 0.01:
        return "under 1 %"
    return "over 99 %" if 0.995 <= share < 1 else f"{share:.0%}".replace("%", " %")


def escape(text: object) -> str:
    """Escape a text for XML, content or attribute; signs that XML forbids become "�".

    >>> escape('<b>"Tom & Jerry"</b>')
    '&lt;b&gt;&quot;Tom &amp; Jerry&quot;&lt;/b&gt;'
    >>> escape("a\\x00b")
    'a�b'
    """
    safe = clean(str(text))
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&#39;")):
        safe = safe.replace(sign, entity)
    return safe


def clean(text: str) -> str:
    """Replace the signs that XML forbids, even escaped, by "�".

    >>> clean("a\\x00b")
    'a�b'
    """
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)


_FORBIDDEN: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _em(character: str) -> float:
    if unicodedata.combining(character) or unicodedata.category(character) == "Cf":
        return 0.0
    if unicodedata.east_asian_width(character) in "WF":
        return 1.05
    if character in _NARROW:
        return 0.38
    if character in _BROAD:
        return 0.95
    return 0.7 if character.isupper() else 0.62


def _pieces(text: str, size: float, room: float) -> list[str]:
    """Split at the places where a line may break, and within what is wider than a line."""
    pieces = []
    for word in _BREAKS.split(text):
        piece = ""
        for character in word:
            if piece and width((piece + character).rstrip(), size=size) > room:
                pieces.append(piece)
                piece = ""
            piece += character
        pieces.append(piece)
    return pieces


def _shorten(line: str, size: float, room: float) -> str:
    while line and width(line + "…", size=size) > room:
        line = line[:-1]
    return line.rstrip() + "…"
