"""A machine that fails at its step holds an item up until the client's lead helps it on."""

from __future__ import annotations

import pytest
from django.utils import timezone

from backdesk.parties.models import Role
from backdesk.parties.policies import NotAllowed
from backdesk.platform.models import AuditEntry
from backdesk.work.models import Event, Item, Step
from backdesk.work.operations import events, items, machines
from backdesk.work.queries.rebuilding import as_it_stands
from tests.cast import Cast
from tests.work.stuck import RIGHT, published, stuck

pytestmark = pytest.mark.django_db
REASON = "The number is on the paper."


def address(step: Step, more: str = "") -> str:
    return f"/work/items/machine-steps/{step.pk}/{more}"


def stands(step: Step) -> tuple[str, dict[str, object], list[str]]:
    """The step, what the item holds, and what is to be done next."""
    step.refresh_from_db()
    todo = Step.objects.filter(item=step.item, state=Step.State.OPEN).values_list("node", flat=True)
    return step.state, Item.objects.get(pk=step.item_id).data["output"], list(todo)


def test_it_goes_on_by_the_service_as_it_was_mended_and_published(cast: Cast) -> None:
    step = stuck(cast)
    now = timezone.now()
    assert str(machines.retry(actor=cast.lead, now=now, step_id=step.pk)).startswith("note: ")
    assert stands(step) == ("waiting", {}, [])
    published(cast, RIGHT)
    assert machines.look(actor=cast.lead, now=now, step_id=step.pk).fault == ""
    assert machines.retry(actor=cast.lead, now=now, step_id=step.pk) is None
    assert stands(step) == ("done", {"note": "A-1"}, ["enter"])
    item = Item.objects.get(pk=step.item_id)
    assert item.version.number == 1, "the item keeps the version it began with"
    assert events.rebuild(item) == as_it_stands(item)


def test_the_lead_enters_what_the_machine_could_not_and_says_why(cast: Cast) -> None:
    step = stuck(cast)
    browser = cast.browser()
    refused = browser.post(address(step), {"note": "A-1"})
    assert (refused.status_code, stands(step)[0]) == (422, "waiting")
    assert "Say why: who works on the item will read it." in refused.content.decode()
    assert browser.post(address(step), {"note": "A-1", "_reason": REASON}).status_code == 302
    assert stands(step) == ("done", {"note": "A-1"}, ["enter"])
    told = Event.objects.get(item=step.item, kind="step done by hand")
    assert (told.person_id, told.data["reason"]) == (cast.lead.person_id, REASON)
    assert AuditEntry.objects.filter(verb="step done by hand").exists()
    shown = browser.get(f"/work/items/{step.item_id}/").content.decode()
    assert "did “Fill” by hand, at which a machine failed" in shown


def test_or_lets_the_item_go_on_without(cast: Cast) -> None:
    step = stuck(cast)
    typed = {"note": "", "_reason": REASON, "_without": "1"}
    assert cast.browser().post(address(step), typed).status_code == 302
    assert stands(step) == ("done", {}, ["enter"])
    assert Event.objects.filter(item=step.item, kind="step passed over").exists()


def test_what_does_not_fit_the_service_is_told_at_its_field_and_nothing_is_kept(cast: Cast) -> None:
    step = stuck(cast)
    refused = cast.browser().post(address(step), {"note": "x" * 20_000, "_reason": REASON})
    assert (refused.status_code, stands(step)) == (422, ("waiting", {}, []))
    assert 'id="in-note-says"' in refused.content.decode()


def test_a_step_that_went_on_meanwhile_leads_to_its_item(cast: Cast) -> None:
    step = stuck(cast)
    items.cancel_item(actor=cast.lead, now=timezone.now(), item=step.item, reason="Not ours")
    for answer in (cast.browser().get(address(step)), cast.browser().post(address(step, "retrials/"))):
        assert answer["Location"] == f"/work/items/{step.item_id}/"
    with pytest.raises(machines.NotStuck):
        machines.override(actor=cast.lead, now=timezone.now(), step_id=step.pk, values={}, reason=REASON)


def test_nobody_but_the_clients_lead_does_so_and_the_item_shows_them_the_way(cast: Cast) -> None:
    step = stuck(cast)
    for actor in (cast.employee, cast.actor(Role.DELIVERY_MANAGER, cast.provider)):
        with pytest.raises(NotAllowed):
            machines.retry(actor=actor, now=timezone.now(), step_id=step.pk)
    with pytest.raises(Step.DoesNotExist):
        machines.retry(actor=cast.other_lead, now=timezone.now(), step_id=step.pk)
    pages = (
        cast.browser(role).get(f"/work/items/{step.item_id}/")
        for role in (Role.OPERATIONS_LEAD, Role.EMPLOYEE)
    )
    assert [address(step) in page.content.decode() for page in pages] == [True, False]
