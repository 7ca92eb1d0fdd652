"""Which fields somebody is shown: of their own organisation's things, and of what another shows them."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from backdesk.platform import disclosure
from backdesk.platform.actor import Actor
from backdesk.platform.disclosure import Kind, disclosed_fields, register_showing

CLIENT, PROVIDER, STRANGER = 1, 2, 3
ITEM = Kind(
    name="tests.item", guarded={"cost": lambda actor: actor.has("controller"), "who": lambda actor: False}
)
VALUES = {"title": "An invoice", "cost": 12, "who": "Ada", "measured": {"hours": 3.5, "cost": 12}}


@dataclass(frozen=True)
class Column:
    key: str


def somebody(*roles: str, of: int = CLIENT) -> Actor:
    return Actor(person_id=9, organisation_id=of, roles=frozenset(roles))


@pytest.fixture
def engagement(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client shows its provider the title of an item, and what was measured."""

    def shown(*, actor: Actor, kind: str, owner: int) -> frozenset[str]:
        agreed = (actor.organisation_id, kind, owner) == (PROVIDER, "tests.item", CLIENT)
        return frozenset({"title", "measured"}) if agreed else frozenset()

    monkeypatch.setattr(disclosure, "_showings", [])
    register_showing(shown)


def test_what_is_guarded_is_shown_to_whom_it_is_for() -> None:
    assert disclosed_fields(somebody("controller"), ITEM).blank(VALUES) == {**VALUES, "who": ""}


def test_to_colleagues_it_is_blank_also_within_what_they_are_shown() -> None:
    told = disclosed_fields(somebody("employee"), ITEM).blank(VALUES)
    assert told == {
        "title": "An invoice", "cost": None, "who": "", "measured": {"hours": 3.5, "cost": None}
    }  # fmt: skip


def test_a_column_is_not_there_at_all() -> None:
    columns = (Column("title"), Column("cost"))
    assert disclosed_fields(somebody("employee"), ITEM).among(columns) == (Column("title"),)
    assert disclosed_fields(somebody("controller"), ITEM).among(columns) == columns


def test_of_another_organisation_nothing_is_shown_by_itself() -> None:
    told = disclosed_fields(somebody("controller", of=PROVIDER), ITEM, owner=CLIENT)
    assert told.blank({"title": "An invoice", "lines": [1]}) == {"title": "", "lines": ()}


def test_a_provider_is_shown_what_the_client_shows_it(engagement: None) -> None:
    told = disclosed_fields(somebody("agent", of=PROVIDER), ITEM, owner=CLIENT)
    assert told.blank(VALUES) == {**VALUES, "cost": None, "who": ""}


def test_another_provider_is_not(engagement: None) -> None:
    told = disclosed_fields(somebody("agent", of=STRANGER), ITEM, owner=CLIENT)
    assert not any(told.shows(name) for name in VALUES)


def test_the_clients_own_rules_hold_beside_what_it_shows_others(engagement: None) -> None:
    assert not disclosed_fields(somebody("employee"), ITEM, owner=CLIENT).shows("cost")
