"""An agent's day over HTTP: take an item, type, be told, complete, take the next."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from lxml import html

from backdesk.desks.services import Field
from backdesk.parties.models import Role
from backdesk.work.models import Acknowledgement, Entitlement, Event, Item, Route, Step, StepDraft
from backdesk.work.operations import steps
from backdesk.work.queries import choosing
from backdesk.work.web.entry.facts import Fact, facts
from tests.cast import Cast, assemble
from tests.made_once import Making, common_var, making, var  # noqa: F401
from tests.platform.web.markup import select, words
from tests.work.services import Work, a_service, an_item

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def cast(making: Making) -> Cast:  # noqa: F811
    with making():
        return assemble()


@pytest.fixture(scope="module")
def work(cast: Cast, making: Making) -> Work:  # noqa: F811
    with making():
        return a_service(cast)


@pytest.fixture
def agent(cast: Cast) -> Client:
    return cast.browser(Role.AGENT, cast.provider)


def in_hand(work: Work, number: str = "A-1", **given: Any) -> Step:
    """An item in the agent's hands since a minute ago."""
    then = timezone.now() - timedelta(minutes=1)
    an_item(work, number, now=then, **given)
    step = steps.take_next(actor=work.agent(), now=then)
    assert step is not None
    return step


def post(browser: Client, step: Step, what: str, *, fetched: bool = False, **typed: Any) -> Any:
    data = {"_claim": step.claim} | {name.replace("__", "-"): value for name, value in typed.items()}
    headers = {"X-Requested-With": "fetch"} if fetched else {}
    return browser.post(f"/work/step/{step.pk}/{what}/", data, headers=headers)


def page(response: Any) -> Any:
    return html.fromstring(response.content.decode())


def test_an_agent_takes_the_next_item_and_works_on_its_page(work: Work, agent: Client) -> None:
    an_item(work, "A-1", now=timezone.now())
    response = agent.post("/work/taking/", follow=True)
    step = Step.objects.get(state=Step.State.TAKEN)
    assert response.redirect_chain == [(f"/work/step/{step.pk}/", 302)]
    node = page(response)
    assert words(select(node, "h1")[0]) == step.item.title
    assert [one.get("name") for one in select(node, ".entry input")] == ["total", "total-currency", "note"]
    assert "Alder Paper" in words(select(node, ".given")[0])


def test_completing_takes_the_next_and_says_so(work: Work, agent: Client) -> None:
    step = in_hand(work, "A-1")
    an_item(work, "A-2", now=timezone.now())
    response = post(agent, step, "completion", total="12.30", total__currency="EUR", _next="1", _touch="42")
    item = Item.objects.get(pk=step.item_id)
    assert item.state == Item.State.DELIVERED
    assert item.data["output"]["total"] == {"amount": "12.30", "currency": "EUR"}
    following = Step.objects.get(state=Step.State.TAKEN)
    assert response["Location"] == f"/work/step/{following.pk}/"
    assert "is completed" in words(select(page(agent.get(response["Location"])), ".messages")[0])
    step.refresh_from_db()
    assert step.touch_seconds == 42


def test_when_nothing_waits_it_is_said_where_to_go_on(work: Work, agent: Client) -> None:
    response = agent.post("/work/taking/", follow=True)
    assert "Nothing else waits for you now" in words(page(response))


def test_what_is_refused_stands_as_it_was_typed_with_what_would_be_right(work: Work, agent: Client) -> None:
    step = in_hand(work)
    response = post(agent, step, "completion", total="12,30x", total__currency="EUR", note="as typed ")
    assert response.status_code == 422
    node = page(response)
    assert select(node, "#in-total")[0].get("value") == "12,30x"
    assert select(node, "#in-note")[0].get("value") == "as typed "
    assert "“12,30x” is no number here" in words(select(node, "#in-total-says")[0])
    assert select(node, ".error-summary a")[0].get("href") == "#in-total"
    step.refresh_from_db()
    assert step.state == Step.State.TAKEN


def test_a_check_speaks_at_its_field(work: Work, agent: Client) -> None:
    response = post(agent, in_hand(work), "completion", total="0", total__currency="EUR")
    assert response.status_code == 422
    assert words(select(page(response), "#in-total-says")[0]) == "The total is above 0."


def test_a_warning_wants_to_be_confirmed(work: Work, agent: Client) -> None:
    step = in_hand(work)
    typed: dict[str, Any] = {"total": "20,000", "total__currency": "EUR"}
    refused = post(agent, step, "completion", **typed)
    assert refused.status_code == 422
    assert words(select(page(refused), "#in-total-says")[0]) == "The total is large; is it right?"
    assert "hidden" not in select(page(refused), "[data-confirm]")[0].attrib
    assert post(agent, step, "completion", _confirmed="1", **typed).status_code == 302
    assert Item.objects.get(pk=step.item_id).state == Item.State.DELIVERED


def test_the_draft_is_kept_on_every_change_and_is_there_again(work: Work, agent: Client) -> None:
    step = in_hand(work)
    saved = post(agent, step, "draft", fetched=True, total="12.", note="half a th")
    assert saved.status_code == 200
    assert "Draft saved" in words(select(page(saved), "[data-saved-words]")[0])
    assert select(page(saved), "[data-slot=in-total-says]")  # no currency yet
    again = page(agent.get(f"/work/step/{step.pk}/"))
    assert [one.get("value") for one in select(again, ".entry input")] == ["12.", "", "half a th"]
    assert "Draft saved" in words(select(again, "[data-status]")[0])


def test_what_is_typed_is_checked_as_it_is_typed_and_nothing_else_is_asked_for(
    work: Work, agent: Client
) -> None:
    step = in_hand(work)
    assert not select(page(post(agent, step, "draft", fetched=True, note="half")), "[data-slot] p")
    said = page(post(agent, step, "draft", fetched=True, total="20,000", total__currency="EUR"))
    assert words(select(said, "[data-slot=in-total-says]")[0]) == "The total is large; is it right?"
    assert said.get("data-warnings") == "1"


def test_a_stale_screen_is_told_who_has_the_item_and_loses_nothing_typed(work: Work, agent: Client) -> None:
    step = in_hand(work)
    steps.reassign(actor=work.manager, now=timezone.now(), step_id=step.pk, to_person=work.agents[1].pk)
    fetched = post(agent, step, "draft", fetched=True, total="1")
    assert (fetched.status_code, "Agent 2" in fetched.json()["says"]) == (409, True)
    assert post(agent, step, "heartbeat", fetched=True, _touch="3").status_code == 409
    response = post(agent, step, "completion", total="12.30", total__currency="EUR")
    assert response.status_code == 409
    assert "Agent 2" in words(select(page(response), ".lead")[0])
    assert "12.30" in words(select(page(response), ".facts")[0])
    assert Item.objects.get(pk=step.item_id).state == Item.State.OPEN
    assert agent.get(f"/work/step/{step.pk}/").status_code == 404


def test_a_heartbeat_keeps_the_item_in_hand(work: Work, agent: Client) -> None:
    step = in_hand(work)
    before = timezone.now()
    Step.objects.filter(pk=step.pk).update(lease_until=before + timedelta(minutes=1))
    answer = post(agent, step, "heartbeat", fetched=True, _touch="25")
    step.refresh_from_db()
    assert answer.status_code == 200
    assert step.touch_seconds == 25
    assert step.lease_until
    assert step.lease_until >= before + timedelta(minutes=15)


def test_an_item_is_given_back_with_a_reason(work: Work, agent: Client) -> None:
    step = in_hand(work)
    assert agent.get(f"/work/step/{step.pk}/return/").status_code == 200
    assert "Say why" in words(page(post(agent, step, "return", reason=" ")))
    assert post(agent, step, "return", reason="Illegible").status_code == 302
    step.refresh_from_db()
    assert step.state == Step.State.OPEN
    history = words(
        select(
            page(work.cast.browser(Role.OPERATIONS_LEAD).get(f"/work/items/{step.item_id}/")), ".happenings"
        )[0]
    )
    assert "gave back “Enter”: Illegible" in history


def test_to_a_colleague_the_step_does_not_exist(work: Work, cast: Cast) -> None:
    step = in_hand(work)
    other = Client()
    other.force_login(work.agents[1])
    assert other.get(f"/work/step/{step.pk}/").status_code == 404
    assert post(other, step, "draft", fetched=True, total="1").status_code == 404
    assert other.get(f"/work/items/{step.item_id}/").status_code == 404
    assert not StepDraft.objects.filter(step=step).exists()


def test_what_was_typed_elsewhere_is_no_part_of_the_form(work: Work, agent: Client) -> None:
    step = in_hand(work)
    post(
        agent,
        step,
        "draft",
        fetched=True,
        total="1",
        total__currency="EUR",
        budget="5",
        csrfmiddlewaretoken="x",
    )
    assert StepDraft.objects.get(step=step).values == {"total": {"amount": "1.00", "currency": "EUR"}}


def test_the_item_page_tells_all_of_it_to_who_leads(work: Work, agent: Client, cast: Cast) -> None:
    step = in_hand(work, values={"budget": {"amount": "99.00", "currency": "EUR"}})
    post(agent, step, "completion", total="12.30", total__currency="EUR")
    node = page(cast.browser(Role.OPERATIONS_LEAD).get(f"/work/items/{step.item_id}/"))
    told = words(select(node, "#main")[0])
    assert "Budget99.00 EUR" in told
    assert "Total12.30 EUR" in told
    (line,) = select(node, ".step-lines li")
    assert words(line).startswith("Enter agent of Steady Hands done ")
    assert Event.objects.filter(item_id=step.item_id).count() == len(select(node, ".happenings li"))


def test_who_is_given_nothing_is_told_what_is_missing(work: Work, cast: Cast, agent: Client) -> None:
    Entitlement.objects.all().delete()
    Acknowledgement.objects.all().delete()
    node = page(agent.get("/work/"))
    (link,) = select(node, "a.work-title")
    assert words(link) == "Read the procedure of “Invoices”"
    assert link.get("href") == f"/work/services/{work.service.pk}/procedure/"
    Route.objects.update(skills={"Invoice capture": 2})
    assert "“Invoices” asks for Invoice capture" in words(page(agent.get("/work/")))


def test_a_file_is_called_by_its_name() -> None:
    field = Field(path="scan", name="scan", title="Scan", type="file")
    (told,) = facts([field], {"scan": "17"}, at="input", lookups={}, documents={"17": "scan.pdf"})
    assert isinstance(told, Fact)
    assert told.text == "scan.pdf"


# -- Choosing
def test_where_a_service_lets_people_choose_they_see_the_head_of_the_queue_and_take_from_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = a_service(cast, key="letters", may_choose=True, limit=9)
    late, first = an_item(work, "B-1"), an_item(work, "B-2", priority=1)
    step = Step.objects.get(item=late)
    browser = cast.browser(Role.AGENT, cast.provider)
    address = f"/work/queues/{step.route_id}/choosing/"
    assert address in browser.get("/work/").content.decode()
    shown = browser.get(address).content.decode()
    assert shown.index(first.title) < shown.index(late.title)
    assert "others follow" not in shown
    with monkeypatch.context() as patch:
        patch.setattr(choosing, "MOST", 1)
        shown = browser.get(address).content.decode()
    assert (late.title in shown, "No more than 1 are shown; others follow" in shown) == (False, True)
    kept = Step.objects.filter(item=first)
    kept.update(prefer_id=work.agents[1].pk, prefer_until=timezone.now() + timedelta(hours=1))
    assert first.title not in browser.get(address).content.decode()
    browser.post("/work/taking/", {"step": step.pk})
    step.refresh_from_db()
    assert step.holder_id == work.agents[0].pk
    assert late.title not in browser.get(address).content.decode()


def test_there_is_nothing_to_choose_from_where_the_next_item_is_given_out(cast: Cast) -> None:
    work = a_service(cast, key="letters")
    an_item(work, "B-1")
    address = f"/work/queues/{Step.objects.get().route_id}/choosing/"
    browser = cast.browser(Role.AGENT, cast.provider)
    assert address not in browser.get("/work/").content.decode()
    assert browser.get(address).status_code == 404
