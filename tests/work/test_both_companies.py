"""Somebody who belongs to both companies looks at nothing for the one that they did for the other."""

from __future__ import annotations

import pytest

from backdesk.parties.models import Role
from backdesk.platform.actor import Actor
from backdesk.work.models import Entitlement, Item, Pause
from backdesk.work.operations import acceptance, pauses, steps
from tests.cast import NOW, Cast
from tests.work.services import ENTER, Work, a_lane, a_process, a_service, completed, taken

pytestmark = pytest.mark.django_db

APPROVE = '<userTask id="approve" name="Approve"/>'


@pytest.fixture
def work(cast: Cast) -> Work:
    lanes = a_lane("provider", "enter") + a_lane("client", "approve")
    work = a_service(cast, process=a_process(ENTER, APPROVE, lanes=lanes))
    of_both = Entitlement(
        person_id=work.agents[0].pk, organisation_id=cast.client.pk, route=work.routes["approve"]
    )
    of_both.save()
    return work


def at_the_client(work: Work, role: Role) -> Actor:
    """The first agent of the provider, in the name of the client."""
    person = work.agents[0]
    return Actor(person_id=person.pk, organisation_id=work.cast.client.pk, roles=frozenset({role}))


def test_who_did_it_for_the_provider_does_not_approve_it_for_the_client(work: Work, cast: Cast) -> None:
    completed(work, taken(work))
    assert steps.take_next(actor=at_the_client(work, Role.EMPLOYEE), now=NOW) is None
    assert steps.take_next(actor=cast.actor(Role.EMPLOYEE), now=NOW) is not None


def test_what_somebody_else_did_they_approve(work: Work) -> None:
    """The control: they may do the task."""
    completed(work, taken(work, agent=1), agent=1)
    assert steps.take_next(actor=at_the_client(work, Role.EMPLOYEE), now=NOW) is not None


def test_nobody_decides_on_a_pause_they_proposed(work: Work, cast: Cast) -> None:
    step = taken(work)
    pause = pauses.propose_pause(actor=work.agent(), now=NOW, item_id=step.item_id, reason="Illegible")
    own = at_the_client(work, Role.EMPLOYEE)
    with pytest.raises(pauses.OwnPause):
        pauses.decide_pauses(actor=own, now=NOW, pause_ids=[pause.pk], approve=True)
    assert Pause.objects.get().state == Pause.State.PROPOSED
    assert pauses.decide_pauses(actor=cast.lead, now=NOW, pause_ids=[pause.pk], approve=True).decided


def test_nobody_accepts_what_they_did(cast: Cast) -> None:
    work = a_service(cast)
    items = [completed(work, taken(work)).item]
    items.append(completed(work, taken(work, "A-2", agent=1), agent=1).item)
    with pytest.raises(acceptance.OwnWork, match="A-1"):
        acceptance.accept(actor=at_the_client(work, Role.OPERATIONS_LEAD), now=NOW, items=items)
    assert set(Item.objects.values_list("state", flat=True)) == {Item.State.DELIVERED}
    acceptance.accept(actor=at_the_client(work, Role.OPERATIONS_LEAD), now=NOW, items=items[1:])
    acceptance.accept(actor=work.lead, now=NOW, items=items[:1])
