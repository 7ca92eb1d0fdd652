"""Questions about items, from one of the two companies to the other."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from backdesk.platform.api import Call, Given, Id, Listing, Page, Query, Schema, Text, Whole, listed
from backdesk.platform.api.fields import LARGEST_ID
from backdesk.work import policies
from backdesk.work.api.area import work
from backdesk.work.operations import questions as operations
from backdesk.work.operations.questions import LONGEST
from backdesk.work.queries import clocks as queries
from backdesk.work.queries import doing

Words = Annotated[Text, Field(min_length=1, max_length=LONGEST)]


class QuestionOut(Schema):
    id: int
    item_id: int
    step_id: int | None = Field(description="The step that waits for the answer.")
    from_id: int = Field(description="The company that asks.")
    to_id: int = Field(description="The company that is asked.")
    state: Literal["open", "answered", "withdrawn"]
    text: str
    asked_at: datetime
    answer: str
    closed_at: datetime | None


class QuestionGiven(Given):
    """With `step_id` and `claim` a step in hand waits for the answer; with `reason` the clock is proposed to stand."""

    text: Words
    reason: Annotated[Text, Field(max_length=100)] = ""
    step_id: Annotated[Whole, Field(ge=1, le=LARGEST_ID)] | None = None
    claim: Annotated[Whole, Field(ge=0, le=LARGEST_ID)] | None = None


class AnswerGiven(Given):
    text: Words


class QuestionsAsked(Listing):
    waiting: Literal["for us", "for them"] = Field("for us", description="Who has to answer.")


@work.read("/work/questions", Page[QuestionOut], may=policies.may_ask)
def list_questions(call: Call, asked: Query[QuestionsAsked]) -> Any:
    """Open questions, the oldest first."""
    found = queries.questions_for if asked.waiting == "for us" else queries.questions_from
    return listed(call, found(call.actor), asked)


@work.read("/work/items/{pk}/questions", list[QuestionOut], may=policies.may_read)
def list_questions_of_item(call: Call, pk: Id) -> Any:
    """All that was asked about an item."""
    return queries.questions_about(call.actor, doing.items_for(call.actor).get(pk=pk))


@work.create("/work/items/{pk}/questions", QuestionOut)
def ask_question(call: Call, pk: Id, given: QuestionGiven) -> Any:
    """Ask the other company about an item."""
    return operations.ask(actor=call.actor, now=call.now, item_id=pk, **given.model_dump())


@work.create("/work/questions/{pk}/answer", QuestionOut, status=200)
def answer_question(call: Call, pk: Id, given: AnswerGiven) -> Any:
    """Answer. The clock runs on, and the step goes back to its queue, first to who asked."""
    return operations.answer(actor=call.actor, now=call.now, question_id=pk, text=given.text)


@work.create("/work/questions/{pk}/withdrawal", QuestionOut, status=200)
def withdraw_question(call: Call, pk: Id) -> Any:
    """Take a question back. A pause nobody has decided goes with it."""
    return operations.withdraw(actor=call.actor, now=call.now, question_id=pk)
