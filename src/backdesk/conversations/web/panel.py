"""A thread beside anything: the typed object that `{% thread page.thread %}` draws.

A page of another app makes one and hands it to its template::

    thread = panel_about(actor=actor, now=now, about=About(kind="work.item", id=str(item.pk), ...))
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.urls import reverse
from django.utils.safestring import SafeString

from backdesk.conversations import policies, queries, writing
from backdesk.conversations.models import Message, Thread
from backdesk.conversations.queries import Reading
from backdesk.conversations.subjects import About
from backdesk.conversations.web.forms import MessageForm
from backdesk.parties.queries.participants import names_of_companies
from backdesk.platform.actor import Actor

SHOWN: Final = 50
MOST_SHOWN: Final = 2_000
_NOTHING_READ: Final = Reading(follows=False, read_up_to=0, unread=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One message. `begins_new`: the first that one has not read."""

    id: int
    author: str
    organisation: str
    html: SafeString
    at: datetime
    is_own: bool
    is_ours: bool
    is_internal: bool
    is_question: bool
    is_edited: bool
    is_withdrawn: bool
    may_edit: bool
    may_withdraw: bool
    begins_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadPanel:
    """`pk` is None before the first message. `back`: the page it stands on. `earlier`: how many are not shown."""

    pk: int | None
    title: str
    lines: tuple[Line, ...]
    earlier: int
    reading: Reading
    last_id: int
    is_shared: bool
    ours: str
    theirs: str
    form: MessageForm
    post_url: str
    people_url: str
    back: str
    now: datetime


def panel_of(
    *,
    actor: Actor,
    now: datetime,
    thread: Thread,
    back: str = "",
    form: MessageForm | None = None,
    shows_all: bool = False,
) -> ThreadPanel:
    names = names_of_companies(thread.companies)
    reading = queries.reading_of(actor, thread)
    said = queries.messages_of(actor, thread)
    total = said.count()
    newest = said.prefetch_related("mentions").order_by("-pk")[: MOST_SHOWN if shows_all else SHOWN]
    messages = list(reversed(newest))
    ours, theirs = _two_names(actor, thread.companies, names)
    return ThreadPanel(
        pk=thread.pk,
        title=thread.title,
        lines=tuple(_lines(actor, now, messages, names, reading)),
        earlier=total - len(messages),
        reading=reading,
        last_id=messages[-1].pk if messages else 0,
        is_shared=thread.is_shared,
        ours=ours,
        theirs=theirs,
        form=form or MessageForm(),
        post_url=reverse("conversations:messages", args=(thread.pk,)),
        people_url=reverse("conversations:people", args=(thread.pk,)),
        back=back or reverse("conversations:thread", args=(thread.pk,)),
        now=now,
    )


def panel_about(
    *, actor: Actor, now: datetime, about: About, back: str = "", form: MessageForm | None = None
) -> ThreadPanel:
    """The thread on this thing; before anybody has written only the place to write."""
    thread = queries.thread_on(actor=actor, kind=about.kind, subject_id=about.id)
    if thread is not None:
        return panel_of(actor=actor, now=now, thread=thread, back=back or about.url, form=form)
    companies = [one for one in (about.client_id, about.provider_id) if one is not None]
    ours, theirs = _two_names(actor, companies, names_of_companies(companies))
    return ThreadPanel(
        pk=None,
        title=about.title,
        lines=(),
        earlier=0,
        reading=_NOTHING_READ,
        last_id=0,
        is_shared=about.provider_id is not None,
        ours=ours,
        theirs=theirs,
        form=form or MessageForm(),
        post_url=reverse("conversations:first-message", args=(about.kind, about.id)),
        people_url=reverse("conversations:people-about", args=(about.kind, about.id)),
        back=back or about.url,
        now=now,
    )


def _two_names(actor: Actor, companies: Sequence[int], names: Mapping[int, str]) -> tuple[str, str]:
    others = [names.get(one, "") for one in companies if one != actor.organisation_id]
    return names.get(policies.company(actor), ""), others[0] if others else ""


def _lines(
    actor: Actor,
    now: datetime,
    messages: Iterable[Message],
    names: Mapping[int, str],
    reading: Reading,
) -> Iterable[Line]:
    is_new_told = reading.unread == 0
    for one in messages:
        is_own = one.author_id == actor.person_id and one.organisation_id == actor.organisation_id
        begins_new = not is_new_told and not is_own and one.pk > reading.read_up_to
        is_new_told = is_new_told or begins_new
        yield Line(
            id=one.pk,
            author=one.author_name,
            organisation=names.get(one.organisation_id, ""),
            html=writing.html_of(one.text, mentioned=[mention.name for mention in one.mentions.all()]),
            at=one.at,
            is_own=is_own,
            is_ours=one.organisation_id == actor.organisation_id,
            is_internal=one.internal_to is not None,
            is_question=one.is_question,
            is_edited=one.edited_at is not None,
            is_withdrawn=one.withdrawn_at is not None,
            may_edit=policies.may_edit(actor, one, now),
            may_withdraw=policies.may_withdraw(actor, one),
            begins_new=begins_new,
        )
