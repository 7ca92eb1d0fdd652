import re
import struct
from collections.abc import Iterator

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from backdesk.evidence import charts
from backdesk.evidence.process.theme import INKS
from tests.evidence.charts.pictures import ACTIVITIES, EVERY

SVG = "{http://www.w3.org/2000/svg}"
KINDS = pytest.mark.parametrize("kind", EVERY)


def drawn(kind: str, width: int = 720, theme: str = "page") -> etree._Element:
    return etree.fromstring(charts.svg(EVERY[kind](width), theme=theme))  # type: ignore[arg-type]


def colours(root: etree._Element) -> Iterator[str]:
    for element in root.iter():
        for key in ("fill", "stroke"):
            colour = element.get(key)
            if colour and colour != "none":
                yield colour


@KINDS
def test_a_picture_has_a_name_and_a_description(kind: str) -> None:
    root = drawn(kind)
    told = {element.get("id"): element.text or "" for element in root}
    assert root.get("role") == "img"
    assert len(told[root.get("aria-labelledby")]) > 5
    assert re.search(r"\d", told[root.get("aria-describedby")])


@KINDS
@pytest.mark.parametrize("width", [720, 340])
def test_a_picture_is_as_wide_as_asked_and_light(kind: str, width: int) -> None:
    chart = EVERY[kind](width)
    picture = charts.svg(chart)
    assert etree.fromstring(picture).get("width") == str(width)
    assert len(picture.encode()) < 20_000


@KINDS
def test_in_a_page_every_colour_is_a_variable_of_the_design_system(kind: str) -> None:
    assert set(colours(drawn(kind))) <= {f"var(--{name}, {colour})" for name, colour in INKS.items()}


@KINDS
def test_in_print_every_colour_is_fixed(kind: str) -> None:
    root = drawn(kind, theme="print")
    assert set(colours(root)) <= set(INKS.values())
    assert "var(" not in etree.tostring(root, encoding="unicode")


@KINDS
def test_nothing_needs_a_weaker_content_security_policy(kind: str) -> None:
    picture = charts.svg(EVERY[kind](720))
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=|https?://(?!www\.w3\.org/)", picture)


@KINDS
def test_texts_stay_within_the_picture_on_a_phone(kind: str) -> None:
    root = drawn(kind, width=340)
    for element in root.iter(f"{SVG}text"):
        x = float(re.findall(r"-?[\d.]+", element.get("transform", "translate(0,0)"))[0])
        assert -1 <= x <= 341


def test_charts_that_share_a_page_share_no_id() -> None:
    ids = [element.get("id") for kind in EVERY for element in drawn(kind).iter() if element.get("id")]
    assert len(ids) == len(set(ids)) == 2 * len(EVERY)


@settings(deadline=None, max_examples=15)
@given(st.lists(st.text(max_size=40), min_size=1, max_size=4))
def test_names_in_any_script_are_text_and_nothing_else(names: list[str]) -> None:
    chart = charts.hours_by_activity(pl.DataFrame({"activity": names, "hours": [5.0] * len(names)}))
    tags = {str(element.tag).removeprefix(SVG) for element in etree.fromstring(charts.svg(chart)).iter()}
    assert tags <= {"svg", "title", "desc", "g", "path", "line", "text", "tspan", "rect"}


def test_links_keep_their_address_and_can_be_reached() -> None:
    linked = ACTIVITIES.head(2).with_columns(
        href=pl.Series(["/plan/activities/7?tab=a&x=1", "https://example.org/"])
    )
    root = etree.fromstring(charts.svg(charts.hours_by_activity(linked)))
    addresses = {element.get("href") for element in root.iter(f"{SVG}a")}
    assert addresses == {"/plan/activities/7?tab=a&x=1", "https://example.org/"}
    assert root.get("role") == "group"


def test_png_has_the_size_of_the_chart_times_the_scale() -> None:
    picture = charts.png(EVERY["hours_by_activity"](340), scale=2)
    assert struct.unpack(">I", picture[16:20]) == (680,)


def test_a_bar_leads_where_its_name_does_and_is_passed_over_by_who_reads_names() -> None:
    linked = pl.DataFrame({"activity": ["Check"], "hours": [12.0], "href": ["/steps/"]})
    links = list(
        etree.fromstring(charts.svg(charts.hours_by_activity(linked), theme="page").encode()).iter(f"{SVG}a")
    )
    assert {link.get("href") for link in links} == {"/steps/"}
    by_name = {bool("".join(map(str, link.itertext())).strip()): link.get("aria-hidden") for link in links}
    assert by_name == {True: None, False: "true"}
