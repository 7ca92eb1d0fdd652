"""What was found may be disputed for some days, and is upheld or withdrawn."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from backdesk.parties.policies import NotAllowed
from backdesk.platform.actor import Actor
from backdesk.platform.isolation import within
from backdesk.work.models import Event, Finding, Inspection
from backdesk.work.operations import acceptance, findings
from backdesk.work.queries import quality
from backdesk.work.web import today
from tests.cast import NOW, Cast
from tests.work.services import Work, a_service, completed, taken
from tests.work.test_reviews import WRONG, reviewed, reviewed_process

pytestmark = pytest.mark.django_db

END = datetime(2026, 3, 8, tzinfo=UTC)
"""Of the five days after the day of `NOW`, on a calendar of all days."""


@pytest.fixture
def work(cast: Cast) -> Work:
    return a_service(cast, process=reviewed_process(), limit=9)


@pytest.fixture
def returned(cast: Cast) -> tuple[Work, Finding]:
    """Found by the client: it returned the item."""
    work = a_service(cast)
    item = completed(work, taken(work)).item
    acceptance.give_back(actor=work.lead, now=NOW, items=[item], reason="Another invoice.")
    return work, Finding.objects.get()


def dispute(
    actor: Actor, finding: Finding, *, now: datetime = NOW, reason: str = "It is the same."
) -> Finding:
    return findings.dispute(actor=actor, now=now, finding_id=finding.pk, reason=reason)


def test_who_did_the_work_disputes_and_who_found_it_withdraws(returned: tuple[Work, Finding]) -> None:
    work, finding = returned
    disputed = dispute(work.agent(), finding)
    assert (disputed.state, disputed.dispute_reason) == (Finding.State.DISPUTED, "It is the same.")
    done = findings.answer_dispute(
        actor=work.lead, now=NOW, finding_id=finding.pk, upheld=False, answer="You are right."
    )
    assert done.state == Finding.State.WITHDRAWN
    assert Inspection.objects.get().errors == 0
    kinds = Event.objects.filter(item=finding.item).order_by("sequence").values_list("kind", flat=True)
    assert list(kinds)[-2:] == ["finding disputed", "finding withdrawn"]


def test_a_dispute_stands_on_the_home_page_of_who_decides_on_it(returned: tuple[Work, Finding]) -> None:
    work, finding = returned

    def waits(actor: Actor) -> list[str]:
        with within(actor):
            return [str(one.title) for one in today.words_waiting(actor=actor, now=NOW)]

    assert waits(work.lead) == []
    dispute(work.manager, finding)
    assert waits(work.lead) == ["1 disputed finding waits for your decision"]
    assert waits(work.manager) == waits(work.agent()) == []
    findings.answer_dispute(actor=work.lead, now=NOW, finding_id=finding.pk, upheld=True, answer="It is not.")
    assert waits(work.lead) == []


def test_a_finding_that_is_upheld_counts_on(returned: tuple[Work, Finding]) -> None:
    work, finding = returned
    dispute(work.manager, finding)
    findings.answer_dispute(
        actor=work.lead, now=NOW, finding_id=finding.pk, upheld=True, answer="Look again."
    )
    assert (Finding.objects.get().state, Inspection.objects.get().errors) == (Finding.State.UPHELD, 1)
    with pytest.raises(findings.NotDisputable):
        dispute(work.agent(), finding)
    with pytest.raises(findings.NotDisputed):
        findings.answer_dispute(actor=work.lead, now=NOW, finding_id=finding.pk, upheld=False, answer="No.")


def test_the_window_is_open_to_the_end_of_its_last_day(returned: tuple[Work, Finding]) -> None:
    work, finding = returned
    assert finding.dispute_until == END
    with pytest.raises(findings.DisputeTooLate):
        dispute(work.agent(), finding, now=END + timedelta(seconds=1))
    assert dispute(work.agent(), finding, now=END).state == Finding.State.DISPUTED


def test_others_neither_dispute_nor_decide(returned: tuple[Work, Finding], cast: Cast) -> None:
    work, finding = returned
    for actor in (work.agent(1), work.lead):
        with pytest.raises(NotAllowed):
            dispute(actor, finding)
    with pytest.raises(Finding.DoesNotExist):
        dispute(cast.actor("delivery_manager", cast.other_provider), finding)
    dispute(work.agent(), finding)
    for actor in (work.agent(), work.manager, cast.employee):
        with pytest.raises(NotAllowed):
            findings.answer_dispute(actor=actor, now=NOW, finding_id=finding.pk, upheld=False, answer="No.")


def test_a_provider_decides_on_what_its_own_checker_found_but_nobody_on_their_own_dispute(work: Work) -> None:
    completed(work, taken(work))
    reviewed(work, WRONG)
    finding = Finding.objects.get()
    dispute(work.manager, finding)
    with pytest.raises(NotAllowed):
        findings.answer_dispute(
            actor=work.manager, now=NOW, finding_id=finding.pk, upheld=False, answer="No."
        )


def test_both_sides_give_their_reasons(returned: tuple[Work, Finding]) -> None:
    work, finding = returned
    with pytest.raises(findings.ReasonMissing):
        dispute(work.agent(), finding, reason=" ")
    dispute(work.agent(), finding)
    with pytest.raises(findings.ReasonMissing):
        findings.answer_dispute(actor=work.lead, now=NOW, finding_id=finding.pk, upheld=True, answer="")


def test_an_agent_is_shown_findings_of_their_own_work_alone(work: Work) -> None:
    completed(work, taken(work))
    reviewed(work, WRONG)
    for actor, seen in ((work.agent(0), 1), (work.agent(1), 0), (work.manager, 1), (work.lead, 1)):
        with within(actor):
            assert quality.findings_for(actor).count() == seen
