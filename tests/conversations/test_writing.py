"""What people type, as it is shown: light marks, links, and nothing that a page could be hurt by."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backdesk.conversations.writing import excerpt, html_of

LINK = '<a href="{0}" rel="nofollow noopener noreferrer">{1}</a>'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**7 %** not *19*", "<p><strong>7 %</strong> not <em>19</em></p>"),
        ("see `a < b`", "<p>see <code>a &lt; b</code></p>"),
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"),
        ("> Which?\n\n7 %", "<blockquote>\n<p>Which?</p>\n</blockquote>\n<p>7 %</p>"),
        ("# 4711", "<p># 4711</p>"),
        (
            "https://a.example/x_y_z",
            f"<p>{LINK.format('https://a.example/x_y_z', 'https://a.example/x_y_z')}</p>",
        ),
        ("`https://a.example`", "<p><code>https://a.example</code></p>"),
        ("[here](https://a.example)", None),
        ("Ask @Ada Larch & co", '<p>Ask <strong class="mention">@Ada Larch</strong> &amp; co</p>'),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("javascript:alert(1)", "<p>javascript:alert(1)</p>"),
        ("![x](https://a.example/x.png)", None),
    ],
)
def test_light_marks_are_shown_and_all_else_as_typed(text: str, html: str | None) -> None:
    shown = html_of(text, mentioned=["Ada Larch"]).strip()
    assert "<img" not in shown
    assert html is None or shown == html


@given(st.text(alphabet=st.sampled_from(list("<>\"'&*_`[]()!@#- \n/:ahrefscriptonlad=.")), max_size=120))
def test_nothing_comes_out_but_what_is_allowed(text: str) -> None:
    shown = str(html_of(text, mentioned=["Ada"]))
    tags = set(re.findall(r"</?([a-z]+)", shown))
    assert tags <= {"a", "blockquote", "br", "code", "em", "li", "ol", "p", "pre", "strong", "ul"}
    attributes = set(re.findall(r"<[a-z]+ ([a-z]+)=", shown))
    assert attributes <= {"href", "class", "start", "rel"}


def test_an_excerpt_is_one_line() -> None:
    assert excerpt("one\n\ntwo " + "x" * 400).startswith("one two xxx")
    assert len(excerpt("x" * 400)) <= 300
