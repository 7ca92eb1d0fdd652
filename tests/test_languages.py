"""The catalogues: whole, true to their placeholders, and compiled from what they say now."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.utils import translation
from django.utils.translation import ngettext

from backdesk.evidence.assessment import ActivityRecord, Answers, rank, why_no_pilot
from backdesk.platform.web.formats import in_language
from scripts import messages

CATALOGUES = messages.catalogues()
PLACEHOLDER = re.compile(r"%%?\(\w+\)[sd]|\{\w*\}|%%|<[^>]+>")

each_catalogue = pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parents[1].name)


@pytest.fixture(scope="module")
def gathered() -> Catalog:
    return messages.gathered()


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def texts(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, tuple | list) else [str(message.string)]


def originals(message: Message) -> list[str]:
    return list(message.id) if isinstance(message.id, tuple | list) else [str(message.id)]


@each_catalogue
def test_every_text_of_the_source_is_in_the_catalogue_and_nothing_else(path: Path, gathered: Catalog) -> None:
    there = {(message.context, *originals(message)) for message in read(path) if message.id}
    asked = {(message.context, *originals(message)) for message in gathered if message.id}
    assert there == asked, "run `make messages`"


@each_catalogue
def test_every_text_is_translated_for_certain(path: Path) -> None:
    catalog = read(path)
    left = [message.id for message in catalog if message.id and not all(texts(message))]
    assert not left
    assert not [message.id for message in catalog if message.fuzzy and message.id]


@each_catalogue
def test_a_translation_names_what_the_text_names(path: Path) -> None:
    """In any order, but each of them: who forgets one breaks the page, or says half of it."""
    wrong = [
        (original, text)
        for message in read(path)
        if message.id
        for place, text in enumerate(texts(message))
        for original in originals(message)[place : place + 1] or originals(message)[-1:]
        if sorted(PLACEHOLDER.findall(text)) != sorted(PLACEHOLDER.findall(original))
    ]
    assert not wrong


def test_a_forgotten_placeholder_is_noticed() -> None:
    assert PLACEHOLDER.findall("“%(name)s” is removed.") != PLACEHOLDER.findall("„“ ist entfernt.")


@each_catalogue
def test_lengths_of_time_are_written_one_way(path: Path) -> None:
    """On pages, in pictures and in reports, in the same signs: h, min and s."""
    assert not [
        text for message in read(path) for text in texts(message) if re.search(r"\b(Std|Min|Sek)\.", text)
    ]


@each_catalogue
def test_what_is_compiled_is_what_the_catalogue_says(path: Path) -> None:
    assert path.with_suffix(".mo").read_bytes() == messages.compiled(read(path)), "run `make messages`"


@each_catalogue
def test_a_catalogue_is_written_the_same_way_again(path: Path, gathered: Catalog) -> None:
    """So that a change of one text is a change of a few lines."""
    out = io.BytesIO()
    messages.write(out, messages.updated(path, gathered))
    assert out.getvalue() == path.read_bytes(), "run `make messages`"


@pytest.mark.parametrize(("count", "said"), [(0, "0 Zeilen"), (1, "1 Zeile"), (2, "2 Zeilen")])
def test_one_and_many_are_told_apart(count: int, said: str) -> None:
    with translation.override("de"):
        assert ngettext("%(count)s row", "%(count)s rows", count) % {"count": count} == said


STEADY = ActivityRecord(
    name="Prüfen",
    figures={
        "steps": 1200.0,
        "steps_per_month": 100.0,
        "touch_hours_per_month": 1234.5,
        "returned_share": 0.115,
    },
)


def test_the_sentences_of_the_evidence_are_said_in_the_readers_language() -> None:
    (candidate,) = rank([STEADY], answers={"Prüfen": Answers(medians={"hurts": 4.0}, count=1)})
    with translation.override("de"):
        said = [in_language(reason) for reason in (*candidate.reasons, *candidate.questions)]
        assert "Zeit, die sie frisst: sie braucht 1.234 Stunden Arbeit im Monat" in said
        assert "Wie viele Stunden im Monat braucht sie?" not in said
        assert any("1 Person sagt 4 von 5 (wie sehr es heute schmerzt)" in one for one in said)
        assert in_language(why_no_pilot(())).startswith("Noch soll keine Tätigkeit übergeben werden")
    assert in_language(candidate.reasons[0]) == candidate.reasons[0]


def test_a_number_in_a_sentence_is_written_as_the_reader_writes_it() -> None:
    (candidate,) = rank(
        [ActivityRecord(name="Check", figures={"touch_hours_per_month": 3.5, "steps_per_month": 40.0})]
    )
    (evidence,) = candidate.score_of("size").evidence
    with translation.override("de"):
        assert in_language(evidence.text) == "sie braucht 3,5 Stunden Arbeit im Monat"
    assert in_language(evidence.text) == "it takes 3.5 hours of work a month"
