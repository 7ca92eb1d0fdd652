import time

import pytest

from backdesk.evidence.process import layout
from backdesk.evidence.process.layout import Box, LayoutFailed, LayoutTookTooLong, Wire, lay_out
from tests.shared import REPOSITORY

CHAIN = [Box(name=name, size=(80, 30), on_main_path=True) for name in "abcd"]
FORWARD = [Wire(name=f"{i}", tail="abcd"[i], head="abcd"[i + 1], pull=100, label=(40, 12)) for i in range(3)]
BACK = Wire(name="back", tail="c", head="a", label=(40, 12))


def test_the_main_path_is_straight_and_runs_down() -> None:
    placed = lay_out(CHAIN, [*FORWARD, BACK])
    across, down = zip(*(placed.centres[name] for name in "abcd"), strict=True)
    assert max(across) - min(across) < 0.5
    assert list(down) == sorted(down)


def test_it_runs_to_the_right_when_asked() -> None:
    placed = lay_out(CHAIN, FORWARD, direction="right")
    across, down = zip(*(placed.centres[name] for name in "abcd"), strict=True)
    assert list(across) == sorted(across)
    assert max(down) - min(down) < 0.5


def test_a_wire_against_the_flow_keeps_its_direction() -> None:
    curve = lay_out(CHAIN, [*FORWARD, BACK]).curves["back"]
    assert curve.tip[1] < curve.points[0][1]


def test_curves_are_whole_bezier_segments_within_the_picture() -> None:
    placed = lay_out(CHAIN, [*FORWARD, BACK])
    for curve in placed.curves.values():
        assert len(curve.points) % 3 == 1
        assert all(-1 <= x <= placed.width + 1 and -1 <= y <= placed.height + 1 for x, y in curve.points)


def test_labels_do_not_touch_boxes() -> None:
    placed = lay_out(CHAIN, [*FORWARD, BACK])
    for curve in placed.curves.values():
        assert curve.label is not None
        for centre in placed.centres.values():
            apart = abs(curve.label[0] - centre[0]) >= 59, abs(curve.label[1] - centre[1]) >= 20
            assert any(apart)


def test_the_band_holds_its_boxes_and_no_other() -> None:
    placed = lay_out(CHAIN, [*FORWARD, BACK], band=["b", "c"])
    assert placed.band is not None
    left, top, width, height = placed.band
    within = {
        name for name, (x, y) in placed.centres.items() if left < x < left + width and top < y < top + height
    }
    assert within == {"b", "c"}


def test_names_of_boxes_cannot_break_the_graph() -> None:
    names = ['"]; evil [label="', "a\nb", "支払い", "<b>&", "\\N", ""]
    boxes = [Box(name=name, size=(80, 30)) for name in names]
    placed = lay_out(boxes, [Wire(name="1", tail=names[0], head=names[1])])
    assert set(placed.centres) == set(names)


def test_a_layout_that_takes_too_long_is_stopped() -> None:
    boxes = [Box(name=str(number), size=(80, 30)) for number in range(120)]
    pairs = [(a, b) for a in range(120) for b in range(120) if (7 * a + 11 * b) % 9 == 0]
    wires = [Wire(name=f"{a} {b}", tail=str(a), head=str(b), label=(40, 20)) for a, b in pairs]
    begun = time.process_time()
    with pytest.raises(LayoutTookTooLong, match=r"took over 0\.3 s"):
        lay_out(boxes, wires, seconds=0.3)
    assert time.process_time() - begun < 3


def test_a_missing_program_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "_program", lambda: str(REPOSITORY / "no such program"))
    with pytest.raises(LayoutFailed, match="graphviz-pure cannot be run"):
        lay_out(CHAIN, FORWARD)
