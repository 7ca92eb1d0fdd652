"""What a person can go to: what is registered, built, and theirs to see."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.utils.translation import gettext_lazy, override

from backdesk.platform.actor import Actor
from backdesk.platform.web.navigation import Entry, Place, Registry, Stage, TakenTwice

STYLE = Entry(
    stage=Stage.PLAN, title="Style", url_name="web:style", roles=frozenset({"operations_lead"}), order=2
)
HOME = Entry(stage=Stage.WORK, title="Everything", url_name="web:home")
THEME = Entry(stage=Stage.PLAN, title="Theme", url_name="web:theme", order=1, key="t")


@pytest.fixture
def registry() -> Registry:
    made = Registry()
    for entry in (STYLE, HOME, THEME):
        made.register(entry)
    return made


def test_a_person_sees_the_stages_that_are_theirs_and_built(registry: Registry) -> None:
    lead = registry.stages(roles={"operations_lead"}, path="/elsewhere/")
    assert [(stage.title, [link.title for link in stage.links]) for stage in lead] == [
        ("Plan", ["Theme", "Style"]),
        ("Work", ["Everything"]),
    ]
    agent = registry.stages(roles={"agent"}, path="/elsewhere/")
    assert [[link.title for link in stage.links] for stage in agent] == [["Theme"], ["Everything"]]


def test_a_stage_without_a_section_of_theirs_is_not_there() -> None:
    registry = Registry()
    registry.register(STYLE)
    assert registry.stages(roles={"agent"}, path="/") == ()


def test_the_section_one_is_in_is_marked_by_the_longest_address() -> None:
    registry = Registry()
    for entry in (replace(HOME, stage=Stage.PLAN), STYLE, THEME):
        registry.register(entry)

    def current(path: str) -> list[str]:
        (plan,) = registry.stages(roles={"operations_lead"}, path=path)
        return [link.title for link in plan.links if link.is_current]

    assert current("/style/buttons/") == ["Style"]
    assert current("/theme/") == ["Theme"]
    assert current("/elsewhere/") == ["Everything"]


def test_an_entry_registered_again_is_the_same(registry: Registry) -> None:
    registry.register(STYLE)
    assert len(list(registry)) == 3


@pytest.mark.parametrize("letter", ["t", "p", "h", "d", "w", "s", "o"])
def test_no_letter_leads_to_two_places(registry: Registry, letter: str) -> None:
    with pytest.raises(TakenTwice, match="letter"):
        registry.register(Entry(stage=Stage.WORK, title="Queue", url_name="web:job", key=letter))


def test_no_address_has_two_names(registry: Registry) -> None:
    with pytest.raises(TakenTwice, match="web:style"):
        registry.register(Entry(stage=Stage.WORK, title="Other", url_name="web:style"))


LEAD = Actor(person_id=1, organisation_id=1, roles=frozenset({"operations_lead"}))
AGENT = Actor(person_id=2, organisation_id=1, roles=frozenset({"agent"}))
TEAMS = Place(
    title="Teams", url_name="web:style", group="organisation", roles=frozenset({"operations_lead"}), key="t"
)
NEWS = Place(title="News", url_name="web:home", group="account", icon="bell", count=lambda actor: 3)


def test_the_organisations_places_are_shown_to_those_who_may_open_them() -> None:
    registry = Registry()
    registry.register_place(TEAMS)
    found = registry.organisation(roles=LEAD.roles, path="/style/x/")
    assert found is not None
    assert [(link.title, link.url, link.is_current) for link in found.links] == [("Teams", "/style/", True)]
    assert registry.organisation(roles=AGENT.roles, path="/") is None
    assert registry.account(actor=LEAD, path="/") == ()


def test_a_place_of_ones_own_says_how_much_is_new() -> None:
    registry = Registry()
    registry.register_place(NEWS)
    assert [(link.title, link.icon, link.count) for link in registry.account(actor=AGENT, path="/")] == [
        ("News", "bell", 3)
    ]


def test_a_place_and_an_entry_share_no_address_and_no_letter(registry: Registry) -> None:
    with pytest.raises(TakenTwice, match="registered"):
        registry.register_place(TEAMS)
    with pytest.raises(TakenTwice, match="letter"):
        registry.register_place(Place(title="Teams", url_name="web:job", group="organisation", key="t"))


def test_titles_are_in_the_language_of_whoever_looks() -> None:
    registry = Registry()
    registry.register_place(Place(title=gettext_lazy("Home"), url_name="web:home", group="account"))
    with override("de"):
        assert [link.title for link in registry.account(actor=AGENT, path="/")] == ["Startseite"]
