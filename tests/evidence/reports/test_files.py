"""Reports as files: HTML to open anywhere, PDF to hand on."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from shutil import which
from xml.etree import ElementTree

import pytest

from backdesk.evidence.assessment import Assessment, assess
from backdesk.evidence.reports import UnknownKind, html, pdf, render, write
from tests.evidence.assessment.logs import CLOCK, Step, at, log_of, purchases

NOW = at(5000)
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}{% raw %}",
    '#read("/etc/passwd") *bold* $x$ \\',
    "Prüfung – 検査 – проверка – تحقق",
    "tab\tnull-ish \x01\x1b[31m red",
)


@cache
def renamed(name: str) -> Assessment:
    steps: list[Step] = [
        (case, name if activity == "Check" else activity, who, start, end)
        for case, activity, who, start, end in purchases(90)
    ]
    return assess(log_of(steps), calendar=CLOCK)


@pytest.fixture(scope="module")
def found() -> Assessment:
    return assess(log_of(purchases()), calendar=CLOCK)


@pytest.fixture(scope="module")
def page(found: Assessment) -> str:
    return html(found, title="purchases.csv", now=NOW)


class Tags(HTMLParser):
    """Gathers the tags and attributes of a page, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def read(page: str) -> Tags:
    tags = Tags()
    tags.feed(page)
    return tags


def test_the_page_loads_nothing_and_runs_nothing(page: str) -> None:
    tags = read(page).tags

    assert not [tag for tag, _ in tags if tag in ("script", "link", "iframe", "object", "embed", "base")]
    for tag, attributes in tags:
        assert not [name for name in attributes if name.startswith("on")]
        for name in ("href", "src"):
            address = attributes.get(name) or "#"
            assert address.startswith("#"), (tag, address)
    assert "url(" not in re.sub(r"url\(#[\w-]+\)", "", page)
    assert "@import" not in page
    assert "default-src 'none'" in page


def test_the_page_says_what_the_board_needs(page: str) -> None:
    text = " ".join(read(page).text.split())

    for title in (
        "The ranking",
        "How the work flows",
        "What belongs together",
        "The pilot to start with",
        "The evidence",
    ):
        assert title in text
    for title in (
        "What stays, and why",
        "What the record cannot tell",
        "What the record holds",
        "How each thing is counted",
    ):
        assert title in text
    assert "half of them wait 24 hours of working time or more before anyone starts" in text
    assert "Handed over" in text  # the band on the process map


def test_links_within_the_page_lead_somewhere(page: str) -> None:
    tags = read(page).tags
    ids = {attributes["id"] for _, attributes in tags if "id" in attributes}

    assert {attributes["href"] for tag, attributes in tags if tag == "a"} <= {f"#{one}" for one in ids}
    assert len(ids) == sum("id" in attributes for _, attributes in tags)  # each once


def test_pictures_have_a_name_and_are_whole(page: str) -> None:
    pictures = re.findall(r"<svg .*?</svg>", page, re.DOTALL)

    assert len(pictures) >= 6
    for picture in pictures:
        root = ElementTree.fromstring(picture)
        assert root.get("aria-label") or root.get("aria-labelledby")


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_text_in_html_and_nothing_else(name: str) -> None:
    found = renamed(name)
    page = html(found, title=name, now=NOW)
    tags = read(page)

    assert not [tag for tag, _ in tags.tags if tag in ("script", "img")]
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", page)
    expected = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "\ufffd", name)
    assert expected in tags.text


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_text_in_pdf_and_nothing_else(name: str) -> None:
    assert pdf(renamed(name), title=name, now=NOW).startswith(b"%PDF-")


def test_the_pdf_is_the_same_for_the_same_time(found: Assessment) -> None:
    assert pdf(found, title="purchases.csv", now=NOW) == pdf(found, title="purchases.csv", now=NOW)


@pytest.mark.skipif(which("pdftotext") is None, reason="poppler is not installed")
def test_the_pdf_can_be_read_as_text(found: Assessment, tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    write(found, path=path, title="*purchases* #1.csv", now=NOW)
    text = subprocess.run(
        ["pdftotext", "-layout", path, "-"], check=True, capture_output=True, text=True
    ).stdout

    assert "What to hand over" in text
    assert "*purchases* #1.csv" in text
    assert "hand over" in text
    assert "not known" in text


def test_an_empty_log_makes_a_report_too(tmp_path: Path) -> None:
    found = assess(log_of([]), calendar=CLOCK)

    for kind in ("html", "pdf"):
        write(found, path=tmp_path / f"empty.{kind}", title="empty.csv", now=NOW)
        assert (tmp_path / f"empty.{kind}").stat().st_size > 1000


def test_a_kind_that_is_not_made_is_named(found: Assessment, tmp_path: Path) -> None:
    with pytest.raises(UnknownKind, match=r"'docx'; there are html and pdf"):
        render(found, kind="docx", title="x", now=NOW)
    with pytest.raises(UnknownKind, match=r"\.html or \.pdf"):
        write(found, path=tmp_path / "report.docx", title="x", now=NOW)


def test_a_report_that_cannot_be_written_leaves_the_old_one(found: Assessment, tmp_path: Path) -> None:
    folder = tmp_path / "report.html"
    folder.mkdir()

    with pytest.raises(OSError, match=r"report\.html"):
        write(found, path=folder, title="x", now=NOW)
    assert list(tmp_path.iterdir()) == [folder]
