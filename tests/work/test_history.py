"""Every kind of event is told in words."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import backdesk.work.operations
from backdesk.desks.services.examples import example
from backdesk.work.models import Event, Step
from backdesk.work.queries.feed import _KINDS as TOLD_TO_SYSTEMS
from backdesk.work.web import history
from backdesk.work.web.history import Telling, happenings

#: What events happen to; verbs of the trail speak of other things.
OF = {
    "item",
    "step",
    "question",
    "pause",
    "finding",
    "document",
    "field",
    "terms",
    "kept",
    "timer",
    "priority",
}
FACTS = {
    "reason": "Because.",
    "to": 2,
    "from": 2,
    "place": 4,
    "chosen": True,
    "field": "output.total",
    "name": "invoice.pdf",
    "steps": [{"id": 7, "holder_id": 2}],
}


def kinds() -> list[str]:
    """As the operations of work write them."""
    (place,) = backdesk.work.operations.__path__
    texts = {
        node.value
        for path in Path(place).glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return sorted(text for text in texts if re.fullmatch(r"[a-z]+( [a-z]+)+", text) and text.split()[0] in OF)


def told(kind: str) -> str:
    service = example("invoice-entry")
    node = next(iter(service.process.of_kind("user")))
    step = Step(pk=7, node=node.id)
    names = {(1, 9): "Ada", (2, 9): "Ben"}
    telling = Telling(names=names, steps={7: step}, service=service)
    event = Event(kind=kind, person_id=1, organisation_id=9, step_id=7, data=FACTS)
    (happening,) = happenings([event], telling)
    assert (happening.who, happening.detail) == ("Ada", "Because.")
    return happening.what


def test_the_kinds_are_found() -> None:
    assert {"item created", "step pushed", "finding disputed", "kept private"} <= set(kinds())
    assert set(TOLD_TO_SYSTEMS) <= set(kinds())


@pytest.mark.parametrize("kind", kinds())
def test_each_kind_is_told_in_words_of_its_own(kind: str) -> None:
    assert kind in history.WORDS
    text = told(kind)
    assert "%(" not in text
    assert "{" not in text
    assert text != kind


def test_a_kind_without_words_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control."""
    monkeypatch.delitem(history.WORDS, "step taken")
    assert told("step taken") == "step taken"


@pytest.mark.parametrize(
    ("kind", "says"), [("step pushed", "Ben"), ("step reassigned", "Ben"), ("document added", "invoice.pdf")]
)
def test_it_says_to_whom_and_what(kind: str, says: str) -> None:
    assert says in told(kind)
