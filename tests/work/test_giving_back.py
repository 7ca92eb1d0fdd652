"""How often one may give back what one was given: not so often that one picks, and as often as one must."""

from __future__ import annotations

import pytest

from backdesk.work.models import Step
from backdesk.work.operations import steps, taking
from tests.cast import NOW, Cast
from tests.work.services import Work, a_service, taken

pytestmark = pytest.mark.django_db

MORE = taking.GIVEN_BACK_AN_HOUR + 1


def given_back(work: Work, step: Step) -> None:
    steps.give_back(actor=work.agent(), now=NOW, step_id=step.pk, claim=step.claim, reason="I go home")


def test_who_may_hold_more_at_once_may_give_all_of_it_back(cast: Cast) -> None:
    work = a_service(cast, limit=MORE)
    for step in [taken(work, f"A-{number}") for number in range(MORE)]:
        given_back(work, step)
    last = taken(work, "A-9")
    with pytest.raises(taking.GivenBackOften, match=f"gave back {MORE} items"):
        given_back(work, last)


def test_what_was_given_back_where_one_may_choose_counts_nowhere_else(cast: Cast) -> None:
    chosen = a_service(cast, may_choose=True)
    for number in range(MORE):
        given_back(chosen, taken(chosen, f"A-{number}"))
    given_out = a_service(cast, key="letters")
    step = taken(given_out, "B-1")
    assert (given_out.agent().person_id, step.service_id) == (chosen.agent().person_id, given_out.service.pk)
    given_back(given_out, step)
    assert not Step.objects.filter(state=Step.State.TAKEN).exists()
