"""Work that is given out unasked reaches people: their page asks for it, a program does, and the page they work on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from lxml import html

from backdesk.parties.models import Role
from backdesk.work.models import Acknowledgement, Entitlement, Item, Presence, Route, Step
from backdesk.work.operations import pushing, steps
from tests.api.calling import Program
from tests.cast import Cast, assemble
from tests.made_once import Making, common_var, making, var  # noqa: F401
from tests.platform.web.markup import select, words
from tests.work.services import Work, a_service, an_item

pytestmark = pytest.mark.django_db

HERE = "/work/presence/"
MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def cast(making: Making) -> Cast:  # noqa: F811
    with making():
        return assemble()


@pytest.fixture(scope="module")
def work(cast: Cast, making: Making) -> Work:  # noqa: F811
    """That is given out to who is there, two items a person."""
    with making():
        return a_service(cast, mode="push", limit=2)


@pytest.fixture
def agent(cast: Cast) -> Client:
    return cast.browser(Role.AGENT, cast.provider)


def mine(browser: Client) -> Any:
    return html.fromstring(browser.get("/work/").content.decode())


def in_hand(node: Any) -> list[str]:
    return [words(one) for one in select(node, "[aria-labelledby=held] .work-title")]


def asked(browser: Client, node: Any) -> Any:
    """What the open page asks by itself, with what it shows."""
    held = [one.get("value") for one in select(node, f"form[action={HERE}] [name=held]")]
    return browser.post(HERE, {"held": held}, headers={"HX-Request": "true"})


def an_invoice(work: Work, number: str) -> Item:
    return an_item(work, number, now=timezone.now())


def test_the_page_that_asks_is_given_work_and_shows_it_at_once(work: Work, agent: Client) -> None:
    items = [an_invoice(work, number) for number in ("A-1", "A-2", "A-3")]
    before = mine(agent)
    assert not in_hand(before)
    node = html.fromstring(asked(agent, before).content.decode())
    assert in_hand(node) == [one.title for one in items[:2]], "as many as one may hold"
    (region,) = select(node, "#mine")
    assert region.get("data-announce") == "2 items are given to you."
    assert "2 items are given to you." in words(region)


def test_the_control_who_does_not_ask_is_given_nothing(work: Work, agent: Client) -> None:
    an_invoice(work, "A-1")
    agent.get("/work/")
    agent.post("/work/taking/")
    assert pushing.push(now=timezone.now()) == 0
    assert Step.objects.get().holder_id is None


def test_a_page_that_shows_all_is_left_alone(work: Work, agent: Client) -> None:
    assert asked(agent, mine(agent)).status_code == 204
    an_invoice(work, "A-1")
    node = html.fromstring(asked(agent, mine(agent)).content.decode())
    answer = asked(agent, node)
    assert (answer.status_code, answer.content) == (204, b"")


def test_what_came_or_went_meanwhile_is_shown_and_only_what_came_is_told(work: Work, agent: Client) -> None:
    asked(agent, mine(agent))
    an_invoice(work, "A-1")
    empty = mine(agent)
    assert pushing.push(now=timezone.now()) == 1, "by the job that runs every minute"
    shown = html.fromstring(asked(agent, empty).content.decode())
    assert "1 item is given to you." in words(shown)
    step = Step.objects.get()
    steps.reassign(actor=work.manager, now=timezone.now(), step_id=step.pk, to_person=work.agents[1].pk)
    gone = html.fromstring(asked(agent, shown).content.decode())
    assert (in_hand(gone), "given to you." in words(gone)) == ([], False)


def test_without_a_script_a_button_says_that_one_is_here(work: Work, agent: Client) -> None:
    item = an_invoice(work, "A-1")
    assert [words(one) for one in select(mine(agent), f"form[action={HERE}] button")] == ["I am here"]
    answer = agent.post(HERE, follow=True)
    assert answer.redirect_chain == [("/work/", 302)]
    node = html.fromstring(answer.content.decode())
    assert (in_hand(node), words(select(node, ".messages")[0])) == ([item.title], "1 item is given to you.")
    held = {"held": Step.objects.get().pk}
    told = html.fromstring(agent.post(HERE, held, follow=True).content.decode())
    assert "What comes in within three minutes is given to you." in words(select(told, ".messages")[0])


def test_who_leaves_the_page_is_soon_not_there_any_more(work: Work, agent: Client) -> None:
    asked(agent, mine(agent))
    left = Presence.objects.get().seen_at
    an_invoice(work, "A-1")
    assert pushing.push(now=left + 3 * MINUTE) == 0
    assert pushing.push(now=left + 3 * MINUTE - timedelta(seconds=1)) == 1


def test_what_nobody_here_may_be_given_holds_up_nothing_behind_it(work: Work, agent: Client) -> None:
    items = [an_invoice(work, number) for number in ("A-1", "A-2", "A-3")]
    Step.objects.filter(item__in=items[:2]).update(avoid=[work.agents[0].pk])
    node = html.fromstring(asked(agent, mine(agent)).content.decode())
    assert in_hand(node) == [items[2].title], "past two, as many as one may hold"


def test_who_is_absent_is_given_nothing_however_long_their_page_is_open(work: Work, agent: Client) -> None:
    an_invoice(work, "A-1")
    Entitlement.objects.filter(person_id=work.agents[0].pk).delete()
    assert asked(agent, mine(agent)).status_code == 204
    assert Step.objects.get().holder_id is None


def test_who_works_on_a_pushed_item_is_there(work: Work, agent: Client) -> None:
    an_invoice(work, "A-1")
    asked(agent, mine(agent))
    step = Step.objects.get()
    longer_ago = timezone.now() - 10 * MINUTE
    Presence.objects.update(seen_at=longer_ago)
    an_invoice(work, "A-2")
    beat(agent, step)
    assert set(Step.objects.values_list("holder_id", flat=True)) == {work.agents[0].pk}


def test_who_completes_a_pushed_item_goes_on_with_what_they_are_given(work: Work, agent: Client) -> None:
    an_invoice(work, "A-1")
    asked(agent, mine(agent))
    step = Step.objects.get()
    an_invoice(work, "A-2")
    typed = {"_claim": step.claim, "total": "12.30", "total-currency": "EUR", "_next": "1"}
    answer = agent.post(f"/work/step/{step.pk}/completion/", typed)
    following = Step.objects.get(state=Step.State.TAKEN)
    assert (following.item.business_key, answer["Location"]) == ("A-2", f"/work/step/{following.pk}/")


def test_the_control_who_works_on_what_they_took_themselves_is_not_asked_about(
    cast: Cast, agent: Client
) -> None:
    pulled = a_service(cast, key="letters")
    an_invoice(pulled, "B-1")
    agent.post("/work/taking/")
    beat(agent, Step.objects.get())
    assert not Presence.objects.exists()


def beat(browser: Client, step: Step) -> None:
    said = {"_claim": step.claim, "_touch": "5"}
    assert browser.post(f"/work/step/{step.pk}/heartbeat/", said).status_code == 200


@pytest.mark.parametrize(
    ("mode", "buttons"),
    [
        ("push", ["I am here"]),
        ("pull", ["Take the next itemn"]),
        ("both", ["Take the next itemn", "I am here"]),
    ],
)
def test_the_page_offers_the_ways_in_which_work_is_given(
    mode: str, buttons: list[str], work: Work, agent: Client
) -> None:
    Route.objects.update(mode=mode)
    node = mine(agent)
    assert [words(one) for one in select(node, "#main form button")] == buttons
    scripts = [one.get("src", "") for one in select(node, "head script")]
    assert any("there" in one for one in scripts) == (mode != "pull")


def test_what_is_missing_says_that_one_must_be_here(work: Work, agent: Client) -> None:
    Entitlement.objects.all().delete()
    Acknowledgement.objects.all().delete()
    assert "while you are here on this page" in words(select(mine(agent), "[aria-labelledby=missing]")[0])
    Route.objects.update(mode="pull")
    assert "while you are here" not in words(mine(agent))


def test_a_program_says_that_it_is_there_and_is_told_what_it_holds(work: Work, cast: Cast) -> None:
    agent = Program(cast.actor(Role.AGENT, cast.provider))
    item = an_invoice(work, "A-1")
    told = agent.post("/work/presence", {}).json()
    assert [one["item"]["id"] for one in told] == [item.pk]
    assert told == agent.get("/work/steps").json()
