import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from backdesk.evidence.process.text import duration, escape, percent, width, wrap
from tests.evidence.process.logs import patient


@patient
@given(st.text(max_size=60), st.floats(40, 300))
def test_wrapped_lines_fit(name: str, room: float) -> None:
    assert all(width(line, size=12) <= room for line in wrap(name, size=12, room=room))


@patient
@given(st.text(alphabet="abcde _-/ÄÖ支", min_size=1, max_size=60))
def test_wrapping_loses_nothing_where_lines_suffice(name: str) -> None:
    rows = wrap(name, size=12, room=80, lines=99)
    shown = "".join(rows).replace(" ", "")
    assert shown == ("".join(name.split()) or "(noname)")


def test_a_name_too_long_says_so_with_an_ellipsis() -> None:
    rows = wrap("one two three four five six seven eight nine ten", size=12, room=60, lines=2)
    assert len(rows) == 2
    assert rows[-1].endswith("…")


def test_a_combining_mark_takes_no_room() -> None:
    assert width("e\N{COMBINING ACUTE ACCENT}", size=10) == width("e", size=10)


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (59, "59 s"),
        (60, "1 min"),
        (3_599, "60 min"),
        (3_600, "1 h"),
        (34_560, "9.6 h"),
        (35_985, "10 h"),
        (86_400, "1 d"),
        (86_400_000, "1,000 d"),
        (-90, "−1.5 min"),
    ],
)
def test_durations_are_written_in_the_unit_that_suits(seconds: float, written: str) -> None:
    assert duration(seconds) == written


def test_working_time_is_never_told_in_days() -> None:
    assert duration(8 * 3600 * 5, elapsed=False) == "40 h"


@patient
@given(st.floats(0, 1, exclude_min=True, exclude_max=True))
def test_a_share_that_is_not_all_or_nothing_is_not_told_so(share: float) -> None:
    assert percent(share) not in {"0 %", "100 %"}


@patient
@given(st.text().filter(lambda name: "\r" not in name))
def test_any_text_survives_in_xml(name: str) -> None:
    parsed = etree.fromstring(f'<t a="{escape(name)}">{escape(name)}</t>')
    safe = "".join(character if _allowed(character) else "\ufffd" for character in name)
    assert (parsed.text or "") == safe


def _allowed(character: str) -> bool:
    code = ord(character)
    return code in (9, 10) or 32 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000
