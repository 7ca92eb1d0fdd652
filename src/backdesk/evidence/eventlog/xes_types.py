"""The types of XES attributes: what an attribute's elements were called tells what it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from backdesk.evidence.eventlog.attributes import merged
from backdesk.evidence.eventlog.tables import Kind
from backdesk.evidence.sentences import say

NESTED: Final = "nested"  # beside the names of elements: some attribute has others within it
OTHER: Final = "other"
#: By the name of the element; None where it has no value of its own.
KINDS: Final[dict[str, Kind | None]] = {
    "string": "text",
    "date": "time",
    "int": "integer",
    "float": "float",
    "boolean": "boolean",
    "id": "text",
    "list": None,
    "container": None,
}


def declared(elements: Mapping[str, set[str]]) -> tuple[dict[str, Kind], tuple[str, ...]]:
    """Give the type of each attribute, of those that have one, and say what of them was left out."""
    kinds = {
        name: merged(found)
        for name, tags in elements.items()
        if (found := {kind for tag in tags if (kind := _kind(tag))})
    }
    return kinds, tuple(_notes(elements))


def _kind(tag: str) -> Kind | None:
    return None if tag == NESTED else KINDS.get(tag.rpartition(":")[2], "text")


def _notes(elements: Mapping[str, set[str]]) -> Iterator[str]:
    if lists := [name for name, tags in elements.items() if tags & {"list", "container"}]:
        yield say("Lists have no single value, so their events have none: {}.", ", ".join(lists))
    if nested := [name for name, tags in elements.items() if NESTED in tags and name not in lists]:
        yield say("Attributes that stand within others were left out: those within {}.", ", ".join(nested))
