"""Which fields somebody is shown of their own organisation's things."""

from __future__ import annotations

from dataclasses import dataclass

from backdesk.platform.actor import Actor
from backdesk.platform.disclosure import Guarded, disclosed_fields

ITEM: Guarded = {
    "cost": lambda actor: actor.has("controller"),
    "who": lambda actor: False,
    "lines": lambda actor: False,
}
VALUES = {
    "title": "An invoice",
    "cost": 12,
    "who": "Ada",
    "lines": [1],
    "measured": {"hours": 3.5, "cost": 12},
}


@dataclass(frozen=True)
class Column:
    key: str


def somebody(*roles: str) -> Actor:
    return Actor(person_id=9, organisation_id=1, roles=frozenset(roles))


def test_what_is_guarded_is_shown_to_whom_it_is_for() -> None:
    assert disclosed_fields(somebody("controller"), ITEM).blank(VALUES) == {**VALUES, "who": "", "lines": ()}


def test_to_colleagues_it_is_blank_also_within_what_they_are_shown() -> None:
    told = disclosed_fields(somebody("employee"), ITEM).blank(VALUES)
    assert told == {
        "title": "An invoice", "cost": None, "who": "", "lines": (), "measured": {"hours": 3.5, "cost": None}
    }  # fmt: skip


def test_a_column_is_not_there_at_all() -> None:
    columns = (Column("title"), Column("cost"))
    assert disclosed_fields(somebody("employee"), ITEM).among(columns) == (Column("title"),)
    assert disclosed_fields(somebody("controller"), ITEM).among(columns) == columns
