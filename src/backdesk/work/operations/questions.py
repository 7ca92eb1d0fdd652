"""What one company asks the other about an item: it stands in the item's thread, and may stop the clock."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from backdesk.conversations import operations as talk
from backdesk.conversations import subjects
from backdesk.parties.policies import company, person
from backdesk.platform.actor import Actor
from backdesk.platform.errors import Refused
from backdesk.platform.isolation import operation
from backdesk.work import policies
from backdesk.work.models import Item, Pause, Question, Step
from backdesk.work.operations import events, holding, pauses
from backdesk.work.operations.process import KEPT_FOR_SAME, Course
from backdesk.work.operations.reclocking import reclock
from backdesk.work.queries import clocks as queries

SUBJECT = "work.item"
LONGEST = 4_000


class NothingAsked(Refused):
    """A question, or an answer, has words, and not more than anybody reads."""


class NotOpen(Refused):
    """The question is answered or withdrawn, or the item is not open any more."""

    status = 409


@operation
def ask(
    *,
    actor: Actor,
    now: datetime,
    item_id: int,
    text: str,
    reason: str = "",
    step_id: int | None = None,
    claim: int | None = None,
) -> Question:
    """The other company. A step that cannot go on without the answer (`step_id`, `claim`) waits for it, out of one's
    hands; with a `reason` the provider proposes that the clock stands until then.

    An agent asks for the step they hold; who leads, about any item. Raises `holding.ClaimLost`.
    """
    course = holding.of_item(actor=actor, now=now, item_id=item_id)
    policies.require(policies.may_ask(actor))
    if course.item.state != Item.State.OPEN:
        raise NotOpen(
            _("“%(title)s” is not open any more; there is nothing to ask.") % {"title": course.item}
        )
    step = _step_of(course, step_id, claim)
    policies.require(step is not None or policies.sees_whole(actor))
    question = Question.objects.create(
        item=course.item,
        step=step,
        client_id=course.item.client_id,
        provider_id=course.item.provider_id,
        from_id=company(actor),
        to_id=_other(course.item, company(actor)),
        text=_words(text),
        asked_by_id=person(actor),
        asked_at=now,
    )
    pause = _paused(course, question, reason)
    if step is not None:
        park(course, step)
    _write(course, "question asked", question, pause)
    _say(actor, now, question, question.text, is_question=True)
    return question


@operation
def answer(*, actor: Actor, now: datetime, question_id: int, text: str) -> Question:
    """By the company that was asked. The clock runs on, and the step goes first to who asked."""
    course, question = _of_question(actor, now, question_id)
    policies.require(policies.may_ask(actor) and question.to_id == company(actor))
    _require_open(question)
    question.answer, question.answered_by_id = _words(text), person(actor)
    _close(question, Question.State.ANSWERED, now)
    ended = _end_pauses(course, question)
    _resume(course, question)
    _write(course, "question answered", question, ended)
    _say(actor, now, question, question.answer)
    return question


@operation
def withdraw(*, actor: Actor, now: datetime, question_id: int) -> Question:
    """By who asked, or who leads there. A pause nobody has decided goes with it; one that was approved ends."""
    course, question = _of_question(actor, now, question_id)
    policies.require(policies.may_ask(actor) and question.from_id == company(actor))
    policies.require(question.asked_by_id == actor.person_id or policies.sees_whole(actor))
    _require_open(question)
    _close(question, Question.State.WITHDRAWN, now)
    ended = _end_pauses(course, question)
    _resume(course, question)
    _write(course, "question withdrawn", question, ended)
    return question


def park(course: Course, step: Step) -> None:
    """It waits: nobody is given it, and it counts no more as in the hands of who asked, who can take something else."""
    course.change(step, state=Step.State.WAITING, taken_at=None, lease_until=None, claim=step.claim + 1)


def _resume(course: Course, question: Question) -> None:
    """Back to the queue, for some hours to who asked; unless another question about the step is open."""
    step = next((one for one in course.steps if one.pk == question.step_id), None)
    if step is None or step.state != Step.State.WAITING:
        return
    if Question.objects.filter(step=step, state=Question.State.OPEN).exists():
        return
    course.change(
        step,
        state=Step.State.OPEN,
        prefer_id=step.holder_id,
        prefer_until=course.now + KEPT_FOR_SAME,
        holder_id=None,
    )


def _step_of(course: Course, step_id: int | None, claim: int | None) -> Step | None:
    if step_id is None:
        return None
    step = next((one for one in course.steps if one.pk == step_id), None)
    if step is None:
        raise Step.DoesNotExist
    holding.require_claim(course.actor, step, claim or 0)
    return step


def _paused(course: Course, question: Question, reason: str) -> Pause | None:
    """The client's questions stop no clock: it is the provider's."""
    if not reason or question.from_id != question.provider_id or pauses.unended(course.item):
        return None
    return pauses.begin_pause(course=course, reason=reason, note=question.text[:500], question_id=question.pk)


def _end_pauses(course: Course, question: Question) -> Pause | None:
    """The one that hangs on the question, if it still does."""
    found = Pause.objects.select_for_update().filter(question=question, ended_at=None)
    pause = found.filter(state__in=[Pause.State.PROPOSED, Pause.State.APPROVED]).first()
    if pause is None:
        return None
    if question.state == Question.State.WITHDRAWN and pause.state == Pause.State.PROPOSED:
        pauses.withdraw(course, pause)
    else:
        pauses.stop(course, pause)
    return pause


def _of_question(actor: Actor, now: datetime, question_id: int) -> tuple[Course, Question]:
    """Locked, the item first. An agent is asked, and asks, about what they hold or held."""
    asked = queries.questions_in_sight(actor).values_list("item_id", flat=True).get(pk=question_id)
    course = holding.of_item(actor=actor, now=now, item_id=asked)
    return course, Question.objects.select_for_update().get(pk=question_id)


def _require_open(question: Question) -> None:
    if question.state != Question.State.OPEN:
        raise NotOpen(
            _("This question is %(state)s already; nothing was done twice.")
            % {"state": question.get_state_display()}
        )


def _close(question: Question, state: Question.State, now: datetime) -> None:
    question.state, question.closed_at = state, now
    question.save(update_fields=["state", "closed_at", "answer", "answered_by"])


def _write(course: Course, kind: str, question: Question, pause: Pause | None) -> None:
    said: dict[str, Any] = {"question": question.pk, "reason": (question.answer or question.text)[:500]}
    if pause is not None:
        said["pause"] = {name: value for name, value in pauses.facts_of(pause).items() if name != "pause"}
        said["pause"]["id"] = pause.pk
    step = next((one for one in course.steps if one.pk == question.step_id), None)
    deeds = course.deeds(kind, step=step, facts=said, **reclock(course))
    events.append(actor=course.actor, now=course.now, deeds=list(deeds))


def _say(actor: Actor, now: datetime, question: Question, text: str, *, is_question: bool = False) -> None:
    about = subjects.named(SUBJECT).about(actor=actor, subject_id=str(question.item_id))
    if about is None:
        return
    thread = talk.open_thread(actor=actor, now=now, about=about)
    talk.post(actor=actor, now=now, thread=thread, text=text, is_question=is_question)


def _other(item: Item, own: int) -> int:
    return item.client_id if own == item.provider_id else item.provider_id


def _words(text: str) -> str:
    words = text.replace("\0", "").strip()
    if not words:
        raise NothingAsked(_("Write something before you send it."))
    if len(words) > LONGEST:
        raise NothingAsked(
            _("At most %(most)s characters are read; this has %(count)s. Attach the rest as a file.")
            % {"most": LONGEST, "count": len(words)}
        )
    return words
