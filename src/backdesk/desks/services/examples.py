"""The services that come with Backdesk: to begin with, to learn from, and to test with."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from backdesk.desks.services.archives import read_folder
from backdesk.desks.services.definition import Service
from backdesk.desks.services.reading import read_service

FOLDER: Final = Path(__file__).parent.parent / "examples"


def example_keys() -> tuple[str, ...]:
    """Return the keys of the services that come with Backdesk.

    >>> example_keys()
    ('customer-record', 'invoice-entry')
    """
    return tuple(sorted(path.parent.name.replace("_", "-") for path in FOLDER.glob("*/service.toml")))


def example_files(key: str) -> Mapping[str, bytes]:
    """Return the files of one of them.

    >>> "process.bpmn" in example_files("invoice-entry")
    True
    """
    return read_folder(FOLDER / key.replace("-", "_"))


@cache
def example(key: str) -> Service:
    """Return one of them, read.

    >>> example("customer-record").name
    'Customer record'
    """
    return read_service(example_files(key))
