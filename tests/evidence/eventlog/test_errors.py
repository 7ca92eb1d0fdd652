"""Why a file cannot be read at all is a sentence that knows what it is made of, so that it can be said anew."""

from __future__ import annotations

import pickle
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from backdesk.evidence import eventlog
from backdesk.evidence.eventlog import errors
from backdesk.evidence.sentences import Sentence
from tests.evidence.eventlog.broken import BROKEN, LOG

NAMES = 30


@pytest.mark.parametrize(("error", "name", "content", "asked"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_refused_in_a_sentence(
    tmp_path: Path, error: type[eventlog.LogError], name: str, content: bytes, asked: dict[str, Any]
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(error) as refused:
        eventlog.read(path, **asked)
    message = refused.value.message
    assert type(refused.value) is error
    assert isinstance(message, Sentence)
    assert message == str(refused.value)
    assert len(message.values) == 0 or places(message.template), "its parts stand in the template"
    assert pickle.loads(pickle.dumps(refused.value)).message == message


def test_the_broken_files_show_every_class_of_error() -> None:
    known = {
        one for one in vars(errors).values() if isinstance(one, type) and one.__base__ is errors.LogError
    }
    assert {error for error, *_ in BROKEN.values()} == known


@pytest.mark.parametrize(("count", "last"), [(NAMES, '"c29"'), (NAMES + 1, '"c29", …')])
def test_of_many_names_thirty_are_listed(count: int, last: str) -> None:
    listed = errors.listed([f"c{number}" for number in range(count)])
    assert listed.startswith('"c0", "c1"')
    assert listed.endswith(last)


def test_of_no_names_none_is_listed() -> None:
    assert errors.listed([]) == ""


def places(template: str) -> list[str]:
    return [name for _, name, _, _ in Formatter().parse(template) if name is not None]


def test_a_path_may_be_a_text(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(LOG)
    assert eventlog.read(str(path), zone="UTC").events.height == 1
    assert eventlog.propose(str(path)) == eventlog.propose(path)
