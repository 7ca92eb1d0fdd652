"""The parts of a page, each on its own."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from backdesk.platform.web.figures import Figure
from backdesk.platform.web.parts import Tab
from tests.platform.web.markup import drawn, select, words

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def figure(**about: object) -> Figure:
    return Figure(**{"title": "Touch", "value": 1.0, **about})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (figure(value=1_312), "Touch 1,312"),
        (figure(value=0.964, unit="%"), "Touch 96.4 %"),
        (figure(value=7_500, unit="s"), "Touch 2 h 5 min"),
        (figure(value=132.4, unit="h"), "Touch 132 h"),
        (figure(value=Decimal("48210.5"), unit="EUR"), "Touch 48,210 EUR"),
        (figure(value=3.25, unit="people", decimals=2), "Touch 3.25 people"),
        (figure(value=12.0, estimated=True), "Touch 12.0 estimated"),
        (figure(value=12.0, note="more than in May"), "Touch 12.0 more than in May"),
        (figure(value=None, reason="no calendar is set"), "Touch – Not known: no calendar is set"),
        (
            figure(value=float("nan")),
            "Touch – Not known: nothing is recorded from which it could be computed",
        ),
    ],
)
def test_a_figure_is_never_a_bare_number(shown: Figure, said: str) -> None:
    assert words(drawn("{% figures shown %}", shown=[shown])) == said


def test_a_sampled_figure_shows_its_interval_and_size() -> None:
    sampled = figure(value=0.964, unit="%", interval=(0.941, 0.978), sample=400)
    said = words(drawn("{% figures shown %}", shown=[sampled]))
    assert said == "Touch 96.4 % 95 % interval 94.1 % to 97.8 %, 400 sampled"


def test_a_figure_opens_and_carries_its_definition() -> None:
    shown = drawn(
        "{% figures shown %}", shown=[figure(href="/rows/", definition="Start to end.", source="methods")]
    )
    assert select(shown, "dd a")[0].get("href") == "/rows/"
    (button,) = select(shown, "dt button")
    (meaning,) = select(shown, f"#{button.get('popovertarget')}")
    assert words(meaning) == "TouchStart to end.methods"


def test_two_definitions_of_a_page_do_not_share_an_id() -> None:
    page = drawn('{% definition "A" "first" %}{% definition "A" "second" %}')
    first, second = (button.get("popovertarget") for button in select(page, "button"))
    assert first != second


def test_a_breadcrumb_ends_with_the_page_itself() -> None:
    crumbs = select(drawn('{% breadcrumb "Plan" "/plan/" "Inventory" %}'), "li")
    assert [words(crumb) for crumb in crumbs] == ["Plan", "Inventory"]
    assert select(crumbs[0], "a")[0].get("href") == "/plan/"
    assert select(crumbs[1], "span")[0].get("aria-current") == "page"


def test_tabs_name_the_current_one_and_count() -> None:
    tabs = [Tab(title="Evidence", url="/e/", is_current=True), Tab(title="Cases", url="/c/", count=1_312)]
    links = select(drawn("{% tabs tabs %}", tabs=tabs), "a")
    assert [(words(link), link.get("aria-current")) for link in links] == [
        ("Evidence", "page"),
        ("Cases 1,312", None),
    ]


def test_a_notice_says_its_kind_by_shape_too() -> None:
    notice = drawn('{% notice "warn" title="Careful" %}<p>{{ text }}</p>{% endnotice %}', text="<script>")
    assert words(notice) == "Careful<script>"
    assert select(notice, ".notice-warn use")[0].get("href").endswith("#status-warn")


@pytest.mark.parametrize(("level", "heading"), [("2", "h2"), ("3", "h3"), ("0", "p")])
def test_an_empty_state_tells_the_next_step(level: str, heading: str) -> None:
    template = (
        '{% empty title="Nothing yet" action="Upload" href="/new/" level='
        + level
        + " %}<p>Why</p>{% endempty %}"
    )
    empty = drawn(template)
    assert words(select(empty, heading)[0]) == "Nothing yet"
    assert select(empty, "a")[0].get("href") == "/new/"


def test_a_chart_has_a_caption() -> None:
    chart = drawn('{% chart title="Steps" caption="a month" %}<svg></svg>{% endchart %}')
    assert words(select(chart, "figcaption")[0]) == "Stepsa month"
    assert select(chart, "details") == []


def test_times_carry_their_exact_instant() -> None:
    page = drawn(
        "{% local_time at %}|{% local_date day %}|{% since at now %}", at=AT, day=date(2026, 3, 2), now=AT
    )
    assert words(page) == "2 Mar 2026, 09:00|2 Mar 2026|just now"
    assert select(page, "time")[0].get("datetime") == "2026-03-02T09:00:00+00:00"
    assert select(page, "time")[0].get("title") == "Monday 2 March 2026, 09:00:00 UTC (UTC+00:00)"


@pytest.mark.parametrize(
    "expression",
    [
        "{{ none|number }}",
        "{{ none|share }}",
        "{{ none|duration }}",
        "{{ none|hours }}",
        '{{ none|money:"EUR" }}',
        "{% local_time none %}",
        "{% local_date none %}",
        "{% since none none %}",
        "{% bar none 1 %}",
    ],
)
def test_what_is_missing_is_a_dash_everywhere(expression: str) -> None:
    assert words(drawn(expression, none=None)) == "–not known"


def test_a_bar_never_leaves_its_track() -> None:
    widths = [
        select(drawn("{% bar value largest %}", value=value, largest=largest), "rect.fill")[0].get("width")
        for value, largest in ((3, 4), (9, 4), (-1, 4), (1, 0))
    ]
    assert widths == ["750", "1000", "0", "0"]
