"""What one company asks the other about an item: the step waits, the clock may stand, the answer lets both go on."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from backdesk.conversations.models import Message
from backdesk.parties.models import Role
from backdesk.parties.policies import NotAllowed
from backdesk.work.models import Event, Item, Pause, Question, Step
from backdesk.work.operations import events, pauses, questions, steps
from backdesk.work.operations.holding import ClaimLost
from backdesk.work.queries import clocks as queries
from backdesk.work.queries.rebuilding import as_it_stands
from tests.cast import NOW, Cast
from tests.work.services import Work, a_service, an_item, taken

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def test_a_question_parks_the_step_and_its_answer_gives_it_back_to_who_asked(cast: Cast) -> None:
    work = a_service(cast)
    step = taken(work)
    question = asked(work, step)
    assert Step.objects.get(pk=step.pk).state == Step.State.WAITING
    with pytest.raises(ClaimLost):
        steps.heartbeat(actor=work.agent(), now=NOW, step_id=step.pk, claim=step.claim)
    other = an_item(work, "A-2")
    following = steps.take_next(actor=work.agent(), now=NOW + HOUR)
    assert following is not None
    assert following.item_id == other.pk, "who waits for an answer can take something else"

    soon = NOW + HOUR + timedelta(minutes=1)
    questions.answer(actor=cast.employee, now=soon, question_id=question.pk, text="The first.")

    back = Step.objects.get(pk=step.pk)
    assert (back.state, back.prefer_id) == (Step.State.OPEN, work.agents[0].pk)
    assert steps.take_next(actor=work.agent(1), now=soon) is None, "it is kept for who asked"
    assert steps.take_next(actor=work.agent(1), now=NOW + 7 * HOUR) is not None, "but not for ever"
    kinds = list(Event.objects.filter(item=step.item).order_by("sequence").values_list("kind", flat=True))
    assert kinds[2:4] == ["question asked", "question answered"]
    assert events.rebuild(step.item) == as_it_stands(step.item)


def test_what_is_asked_and_answered_stands_in_the_thread(cast: Cast) -> None:
    work = a_service(cast)
    question = asked(work, taken(work), text="Which date is it?")
    questions.answer(actor=work.lead, now=NOW + HOUR, question_id=question.pk, text="The second of March.")
    said = Message.objects.order_by("pk").values_list("text", "is_question", "organisation_id")
    assert list(said) == [
        ("Which date is it?", True, cast.provider.pk),
        ("The second of March.", False, cast.client.pk),
    ]


def test_with_a_reason_the_clock_stands_from_the_question_to_the_answer_once_that_is_approved(
    cast: Cast,
) -> None:
    work = a_service(cast)
    step = taken(work)
    question = asked(work, step, now=NOW + HOUR, reason="Illegible")
    pause = Pause.objects.get(question=question)
    assert (pause.state, pause.began_at, pause.note) == (Pause.State.PROPOSED, NOW + HOUR, question.text)
    questions.answer(actor=work.lead, now=NOW + 4 * HOUR, question_id=question.pk, text="The first.")
    assert due(step) == NOW + 8 * HOUR, "nobody has approved it yet"
    pauses.decide_pauses(actor=work.lead, now=NOW + 5 * HOUR, pause_ids=[pause.pk], approve=True)
    assert due(step) == NOW + 11 * HOUR


def test_who_withdraws_a_question_goes_on_at_once_and_asks_for_no_pause(cast: Cast) -> None:
    work = a_service(cast)
    step = taken(work)
    question = asked(work, step, reason="Illegible")
    questions.withdraw(actor=work.agent(), now=NOW + HOUR, question_id=question.pk)
    assert Pause.objects.get().state == Pause.State.WITHDRAWN
    assert Step.objects.get(pk=step.pk).state == Step.State.OPEN
    with pytest.raises(questions.NotOpen, match="withdrawn already"):
        questions.answer(actor=work.lead, now=NOW + HOUR, question_id=question.pk, text="The first.")


def test_an_approved_pause_ends_when_its_question_is_withdrawn(cast: Cast) -> None:
    work = a_service(cast)
    step = taken(work)
    question = asked(work, step, reason="Illegible")
    pause = Pause.objects.get()
    pauses.decide_pauses(actor=work.lead, now=NOW, pause_ids=[pause.pk], approve=True)
    questions.withdraw(actor=work.manager, now=NOW + 3 * HOUR, question_id=question.pk)
    assert due(step) == NOW + 11 * HOUR


def test_a_step_waits_for_all_its_questions(cast: Cast) -> None:
    work = a_service(cast)
    step = taken(work)
    first = asked(work, step)
    second = Question.objects.create(
        item=step.item, step=step, client_id=cast.client.pk, provider_id=cast.provider.pk, text="And which year?",
        from_id=cast.provider.pk, to_id=cast.client.pk, asked_by=work.agents[0], asked_at=NOW,
    )  # fmt: skip
    questions.answer(actor=work.lead, now=NOW, question_id=first.pk, text="The first.")
    assert Step.objects.get(pk=step.pk).state == Step.State.WAITING
    questions.answer(actor=work.lead, now=NOW, question_id=second.pk, text="This one.")
    assert Step.objects.get(pk=step.pk).state == Step.State.OPEN


def test_the_client_asks_too_and_no_clock_stands_for_it(cast: Cast) -> None:
    work = a_service(cast)
    item = an_item(work)
    question = questions.ask(
        actor=work.lead, now=NOW, item_id=item.pk, text="When will it come?", reason="Illegible"
    )
    assert question.to_id == cast.provider.pk
    assert not Pause.objects.exists()
    assert [one.pk for one in queries.questions_for(work.manager)] == [question.pk]
    assert list(queries.questions_for(work.agent())) == [], "an agent is asked about their own items alone"
    questions.answer(actor=work.manager, now=NOW, question_id=question.pk, text="At noon.")
    assert Question.objects.get().state == Question.State.ANSWERED


def test_who_may_ask_and_who_may_answer(cast: Cast) -> None:
    work = a_service(cast)
    step = taken(work)
    with pytest.raises(NotAllowed):
        questions.ask(actor=work.agent(), now=NOW, item_id=step.item_id, text="Which?")  # without the step
    with pytest.raises(ClaimLost):
        asked(work, step, claim=step.claim - 1)
    with pytest.raises(NotAllowed):
        questions.ask(actor=cast.actor(Role.AUDITOR), now=NOW, item_id=step.item_id, text="Which?")
    question = asked(work, step)
    with pytest.raises(NotAllowed):
        questions.answer(actor=work.manager, now=NOW, question_id=question.pk, text="This one.")
    with pytest.raises(NotAllowed):
        questions.withdraw(actor=work.lead, now=NOW, question_id=question.pk)
    with pytest.raises(Question.DoesNotExist):
        questions.answer(actor=cast.other_lead, now=NOW, question_id=question.pk, text="This one.")
    with pytest.raises(Question.DoesNotExist):
        questions.withdraw(actor=work.agent(1), now=NOW, question_id=question.pk)


@pytest.mark.parametrize("text", ["", "  \n", "x" * (questions.LONGEST + 1)])
def test_a_question_has_words_that_somebody_reads(cast: Cast, text: str) -> None:
    work = a_service(cast)
    with pytest.raises(questions.NothingAsked):
        asked(work, taken(work), text=text)
    assert not Question.objects.exists()
    assert Step.objects.get().state == Step.State.TAKEN


def asked(
    work: Work,
    step: Step,
    *,
    now: datetime = NOW,
    text: str = "Which one is it?",
    reason: str = "",
    claim: int | None = None,
) -> Question:
    return questions.ask(
        actor=work.agent(),
        now=now,
        item_id=step.item_id,
        step_id=step.pk,
        claim=step.claim if claim is None else claim,
        text=text,
        reason=reason,
    )


def due(step: Step) -> datetime | None:
    return Item.objects.get(pk=step.item_id).due_at
