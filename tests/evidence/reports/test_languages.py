"""A report speaks the language of whoever asked for it: every word of it comes from them, on paper as on the page."""

from __future__ import annotations

import re
from dataclasses import replace

import polars as pl
import pypdfium2
import pytest
from lxml import html as parsed

from backdesk.evidence.assessment import Assessment, assess
from backdesk.evidence.assessment.records import DEFINITIONS
from backdesk.evidence.eventlog import Mapping, Reading
from backdesk.evidence.eventlog.reasons import NO_TIME
from backdesk.evidence.eventlog.schema import EVENTS, REJECTS
from backdesk.evidence.reports import ENGLISH, Language, html, pdf
from backdesk.evidence.sentences import Day, Digits, Sentence
from tests.evidence.assessment.logs import CLOCK, Step, at, log_of, purchases

NOW = at(5000)
SOURCES = {word for measure in DEFINITIONS.values() for word in measure.source.split()}
"""Papers and standards have the name they have."""


def tell(text: object) -> str:
    """Loud is what was said to be told; names stay what they are."""
    return str(text).upper() if isinstance(text, Sentence | Digits | Day) else str(text)


def say(template: str, **values: str | float) -> str:
    return ENGLISH.say(template, **values).upper()


LOUD = Language(code="en", say=say, tell=tell)


def record(*, cases: int = 120, estimated: tuple[str, ...] = ()) -> Assessment:
    steps: list[Step] = [
        (case, activity.upper(), who and who.upper(), start, end)
        for case, activity, who, start, end in purchases(cases)
    ]
    return replace(assess(log_of(steps, estimated=estimated), calendar=CLOCK), notes=(), reading=reading())


def reading() -> Reading:
    rejects = pl.DataFrame([(3, "DONE", "", NO_TIME)], schema=REJECTS, orient="row")
    return Reading(
        events=pl.DataFrame(schema=EVENTS),
        rejects=rejects,
        rows_read=4,
        rows_accepted=3,
        rows_rejected=1,
        mapping=Mapping(case="ID", activity="TASK"),
        columns=("ID", "TASK"),
        zone="UTC",
        zone_source="assumed",
        notes=(),
        truncated=None,
    )


RECORDS = {
    "whole": record(),
    "short, without starts": record(cases=20, estimated=("REGISTER", "CHECK", "BOOK")),
    "empty": replace(assess(log_of([]), calendar=CLOCK), notes=()),
}
each_record = pytest.mark.parametrize("found", RECORDS.values(), ids=RECORDS)


def quiet(text: str) -> set[str]:
    """The words that are not loud: of two letters at least, units and marks are shorter."""
    words = re.findall(r"[A-Za-z][a-z]{2,}", text)
    return {word for word in words if not any(word in source for source in SOURCES)}


def words_of_page(page: str) -> str:
    told = parsed.fromstring(page.replace("<!doctype html>", ""))
    for style in told.iter("style"):
        style.text = ""
    marks = [one.get(name, "") for one in told.iter() for name in ("aria-label", "title", "alt")]
    return " ".join((*map(str, told.itertext()), *marks))


def words_of_pdf(data: bytes) -> str:
    return " ".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data))


@each_record
def test_every_word_of_the_page_is_told_by_who_asks(found: Assessment) -> None:
    page = html(found, title="P.CSV", now=NOW, language=LOUD)
    assert quiet(words_of_page(page)) == set()


def test_every_word_on_paper_is_told_by_who_asks() -> None:
    assert quiet(words_of_pdf(pdf(RECORDS["whole"], title="P.CSV", now=NOW, language=LOUD))) == set()


def test_a_word_of_its_own_would_be_seen() -> None:
    """The negative control."""
    assert len(quiet(words_of_page(html(RECORDS["whole"], title="P.CSV", now=NOW)))) > 100


def test_the_page_names_its_language() -> None:
    assert html(RECORDS["empty"], title="P.CSV", now=NOW, language=replace(LOUD, code="de")).startswith(
        '<!doctype html>\n<html lang="de">'
    )
