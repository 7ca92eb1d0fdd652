import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from backdesk.evidence.process import layout
from backdesk.evidence.process.drawing import draw, within
from backdesk.evidence.process.maps import Edge, Node, ProcessMap, process_map
from tests.evidence.process.logs import case_lists, measured, patient

SVG = "{http://www.w3.org/2000/svg}"
CLAIMS = {
    **{f"paid {number}": ["Receive", "Check", "Assess", "Pay"] for number in range(8)},
    **{f"again {number}": ["Receive", "Check", "Assess", "Check", "Assess", "Pay"] for number in range(3)},
    "lost": ["Receive", "Search", "Check", "Assess", "Assess", "Pay"],
}


@pytest.fixture(scope="module")
def claims() -> ProcessMap:
    return process_map(measured(CLAIMS), paths_share=1)


def words(picture: str) -> str:
    return " ".join(str(piece) for piece in etree.fromstring(picture).itertext())


def marks(drawn: ProcessMap | etree._Element) -> Iterator[tuple[str, str, etree._Element]]:
    """Give the class, the tooltip and the element of every mark."""
    root = etree.fromstring(draw(drawn)) if isinstance(drawn, ProcessMap) else drawn
    for group in root.iter(f"{SVG}g"):
        told = group.findtext(f"{SVG}title")
        if told:
            yield group.get("class", ""), told, group


def crowded(activities: int) -> ProcessMap:
    cases = {
        f"{a} {b}": [f"Activity {a}", f"Activity {b}", f"Activity {(a * b) % activities}"]
        for a in range(activities)
        for b in range(activities)
    }
    return process_map(measured(cases), paths_share=1)


@patient
@given(case_lists())
def test_every_map_becomes_well_formed_svg(cases: dict[str, list[str]]) -> None:
    root = etree.fromstring(draw(process_map(measured(cases), paths_share=1), inside={"Check", "Pay"}))
    assert root.tag == f"{SVG}svg"
    assert len(root.findall(f".//{SVG}g[@class='pm-node']")) == len({n for c in cases.values() for n in c})


@patient
@given(st.text(min_size=1, max_size=30), st.text(min_size=1, max_size=30))
def test_names_in_any_script_are_text_and_nothing_else(first: str, second: str) -> None:
    picture = draw(
        process_map(measured({"a": [first, second]})), inside={first}, href=lambda item: f"/x?{first}"
    )
    root = etree.fromstring(picture)
    tags = {str(element.tag).removeprefix(SVG) for element in root.iter()}
    assert tags <= {"svg", "title", "desc", "g", "a", "rect", "circle", "path", "text", "tspan"}


def test_nothing_in_it_needs_a_weaker_content_security_policy(claims: ProcessMap) -> None:
    picture = draw(claims, inside={"Assess"}, href=lambda item: "/cases")
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=|javascript:", picture)


def test_a_box_tells_name_volume_and_touch_time(claims: ProcessMap) -> None:
    told = words(draw(claims))
    assert "Assess: 16 steps in 12 cases; median touch time 5 min" in told
    assert "16 · 5 min" in told


def test_a_line_tells_how_often_and_how_long_work_waits(claims: ProcessMap) -> None:
    told = words(draw(claims))
    assert "Check to Assess: 15 times in 12 cases; waiting 10 min (median)" in told
    assert "12 cases start with Receive" in told


def test_it_has_a_name_and_a_description_in_words(claims: ProcessMap) -> None:
    root = etree.fromstring(draw(claims, title="Claims & refunds"))
    named = {element.get("id"): element.text or "" for element in root}
    assert named[root.get("aria-labelledby")] == "Claims & refunds"
    described = named[root.get("aria-describedby")]
    assert "Main path: Receive, then Check, then Assess, then Pay." in described


def test_without_links_it_is_an_image_with_links_a_group(claims: ProcessMap) -> None:
    assert etree.fromstring(draw(claims)).get("role") == "img"
    assert etree.fromstring(draw(claims, href=lambda item: "/")).get("role") == "group"


def test_links_lead_where_the_page_says_and_are_named(claims: ProcessMap) -> None:
    def address(item: Node | Edge) -> str | None:
        if isinstance(item, Node):
            return f"/activities?name={item.activity}&tab=1"
        return "/cases" if item.key == ("Check", "Assess") else None

    links = etree.fromstring(draw(claims, href=address)).findall(f".//{SVG}a")
    assert {link.get("href") for link in links} >= {"/activities?name=Pay&tab=1", "/cases"}
    reachable = [link for link in links if link.get("tabindex") != "-1"]
    assert len(reachable) == len(claims.nodes) + 1
    assert all(link.get("aria-label") for link in reachable)
    assert all(link.get("aria-hidden") for link in links if link not in reachable)


def test_what_is_handed_over_lies_in_a_band_and_its_crossings_are_counted(claims: ProcessMap) -> None:
    root = etree.fromstring(draw(claims, inside={"Assess"}))
    told = " ".join(str(piece) for piece in root.itertext())
    assert "Handed over" in told
    assert "Work would cross the company boundary 30 times, 2.5 times a case" in told
    crossing = [told for kind, told, _ in marks(root) if "pm-crossing" in kind]
    assert len(crossing) == 3
    assert all("crosses the boundary" in sentence for sentence in crossing)


def test_without_a_band_nothing_is_said_of_crossings(claims: ProcessMap) -> None:
    assert "boundary" not in draw(claims)
    assert "boundary" not in draw(claims, inside={"an activity not on the map"})


def test_a_page_gets_variables_and_print_gets_colours(claims: ProcessMap) -> None:
    assert "var(--ink-soft, #" in draw(claims, theme="page")
    printed = draw(claims, theme="print")
    assert "var(" not in printed
    assert "color-mix" not in printed


def test_lines_are_wider_the_more_often_they_are_taken(claims: ProcessMap) -> None:
    lines = {
        told.split(":")[0]: group.find(f".//{SVG}path[@class='pm-line']") for _, told, group in marks(claims)
    }
    widths = {name: float(line.attrib["stroke-width"]) for name, line in lines.items() if line is not None}
    assert widths["Check to Assess"] > widths["Assess to Check"] > widths["Receive to Search"]


def test_the_main_path_is_straight(claims: ProcessMap) -> None:
    boxes = {told.split(":")[0]: group.find(f"{SVG}rect") for _, told, group in marks(claims)}
    middles = [
        float(box.attrib["x"]) + float(box.attrib["width"]) / 2
        for name, box in boxes.items()
        if box is not None and name in claims.main_path
    ]
    assert len(middles) == 4
    assert max(middles) - min(middles) < 1


@pytest.mark.parametrize("most", [5, 40, 120])
def test_a_crowded_map_is_thinned_to_the_cap_and_says_so(most: int) -> None:
    full = crowded(14)
    assert len(full.edges) > 120
    assert len(within(full, max_edges=most).edges) <= most
    told = words(draw(full, max_edges=most))
    assert "Left out to keep the map readable" in told
    assert f"of the {len(full.edges)} paths asked for" in told


def test_a_layout_that_takes_too_long_falls_back_to_fewer_paths(
    claims: ProcessMap, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, asked = layout.lay_out, []

    def slow(boxes: object, wires: list[object], **options: object) -> layout.Layout:
        asked.append(len(wires))
        if len(asked) == 1:
            raise layout.LayoutTookTooLong("too long")
        return real(boxes, wires, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(layout, "lay_out", slow)
    told = words(draw(claims))
    assert asked[1] < asked[0]
    assert "Left out to keep the map readable" in told


def test_a_map_that_can_not_be_laid_out_at_all_says_so(
    claims: ProcessMap, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> layout.Layout:
        raise layout.LayoutTookTooLong("too long")

    monkeypatch.setattr(layout, "lay_out", never)
    with pytest.raises(layout.LayoutTookTooLong):
        draw(claims)


def test_the_same_map_is_drawn_the_same_twice(claims: ProcessMap) -> None:
    assert draw(claims) == draw(claims)


def test_every_word_beside_the_names_comes_from_who_asks(claims: ProcessMap) -> None:
    """The negative control: what is not asked of `say` would stand there in small letters."""

    def loud(template: str, **values: str | float) -> str:
        return template.format(**values).upper()

    names = {node.activity for node in claims.nodes}
    told = words(draw(claims, inside={"Check"}, title="", say=loud))
    for name in names:
        told = told.replace(name, "")
    assert told == told.upper()
    assert "CASES START WITH" in told
