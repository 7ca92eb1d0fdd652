"""One's conversations, one of them, and what one does in it: each view makes one call to an operation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backdesk.conversations import operations, policies, queries
from backdesk.conversations.models import Message, Thread
from backdesk.conversations.queries import Addressable
from backdesk.conversations.queries import threads as lists
from backdesk.conversations.subjects import About
from backdesk.conversations.web.forms import INTERNAL, MessageForm
from backdesk.conversations.web.panel import ThreadPanel, panel_of
from backdesk.parties.web.acting import allowed, clock, is_done, tell
from backdesk.platform.actor import Actor
from backdesk.platform.web.asked import is_partial, safe_address

ROWS_A_PAGE: Final = 50
LONGEST_TYPED: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadsPage:
    """`has_more`: older ones on the next page."""

    rows: tuple[lists.Excerpt, ...]
    number: int
    has_more: bool
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadPage:
    thread: ThreadPanel
    about: About | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePage:
    message: Message
    form: MessageForm


@never_cache
@require_safe
@allowed(policies.is_member)
def threads(request: HttpRequest, actor: Actor) -> HttpResponse:
    number = _page_number(request)
    start = (number - 1) * ROWS_A_PAGE
    rows = list(queries.threads_followed(actor)[start : start + ROWS_A_PAGE + 1])
    page = ThreadsPage(
        rows=tuple(lists.excerpts(actor, rows[:ROWS_A_PAGE])),
        number=number,
        has_more=len(rows) > ROWS_A_PAGE,
        now=clock(),
    )
    return render(request, "conversations/threads.html", {"page": page})


@never_cache
@require_safe
@allowed(policies.is_member)
def thread(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    return _shown(request, actor, _thread(actor, pk))


@require_POST
@allowed(policies.is_member)
def messages(request: HttpRequest, actor: Actor, pk: int) -> HttpResponseBase:
    return _posted(request, actor, _thread(actor, pk))


@require_POST
@allowed(policies.is_member)
def first_message(request: HttpRequest, actor: Actor, kind: str, subject_id: str) -> HttpResponseBase:
    """Beside a thing nobody has written on yet; who comes second writes in the same thread."""
    about = _about(actor, kind, subject_id)
    return _posted(request, actor, operations.open_thread(actor=actor, now=clock(), about=about))


@require_POST
@allowed(policies.is_member)
def following(request: HttpRequest, actor: Actor, pk: int) -> HttpResponseBase:
    found = _thread(actor, pk)
    act = operations.follow if request.POST.get("follow") else operations.unfollow
    act(actor=actor, now=clock(), thread=found)
    return _after(request, actor, found)


@require_POST
@allowed(policies.is_member)
def reading(request: HttpRequest, actor: Actor, pk: int) -> HttpResponseBase:
    found, up_to = _thread(actor, pk), request.POST.get("up_to", "")
    read = int(up_to) if up_to.isascii() and up_to.isdecimal() and len(up_to) < 19 else None
    operations.mark_read(actor=actor, now=clock(), thread=found, up_to=read)
    return HttpResponse(status=204) if is_partial(request) else _after(request, actor, found)


@never_cache
@require_safe
@allowed(policies.is_member)
def people(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    found = _thread(actor, pk)
    return _suggested(
        request, actor, queries.addressable(actor=actor, companies=found.companies, thread=found)
    )


@never_cache
@require_safe
@allowed(policies.is_member)
def people_about(request: HttpRequest, actor: Actor, kind: str, subject_id: str) -> HttpResponse:
    about = _about(actor, kind, subject_id)
    companies = [one for one in (about.client_id, about.provider_id) if one is not None]
    return _suggested(request, actor, queries.addressable(actor=actor, companies=companies))


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(policies.is_member)
def message(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    found = _message(actor, pk)
    policies.require(policies.is_own(actor, found))
    form = MessageForm(request.POST or None, initial={"text": found.text})
    if is_done(
        form,
        lambda: operations.edit(actor=actor, now=clock(), message=found, text=form.cleaned_data["text"]),
        at={operations.NothingSaid: "text", operations.MentionsStranger: "text"},
    ):
        return redirect(_address(found))
    status = 422 if form.errors else 200
    page = MessagePage(message=found, form=form)
    return render(request, "conversations/message.html", {"page": page}, status=status)


@require_POST
@allowed(policies.is_member)
def withdrawal(request: HttpRequest, actor: Actor, pk: int) -> HttpResponseBase:
    found = _message(actor, pk)
    policies.require(policies.is_own(actor, found))
    tell(request, lambda: operations.withdraw(actor=actor, now=clock(), message=found))
    return _after(request, actor, found.thread)


def _posted(request: HttpRequest, actor: Actor, thread: Thread) -> HttpResponseBase:
    form = MessageForm(request.POST)
    is_posted = is_done(
        form,
        lambda: operations.post(
            actor=actor,
            now=clock(),
            thread=thread,
            text=form.cleaned_data["text"],
            is_internal=form.is_internal,
        ),
        at={operations.NothingSaid: "text", operations.MentionsStranger: "text"},
    )
    return _after(request, actor, thread) if is_posted else _shown(request, actor, thread, form=form)


def _after(request: HttpRequest, actor: Actor, thread: Thread) -> HttpResponseBase:
    """The thread alone where it is swapped in; else the page it stands on."""
    if is_partial(request):
        return _shown(request, actor, thread)
    back = safe_address(request, request.POST.get("back", ""))
    return redirect(f"{back or reverse('conversations:thread', args=(thread.pk,))}#thread")


def _shown(
    request: HttpRequest, actor: Actor, thread: Thread, *, form: MessageForm | None = None
) -> HttpResponse:
    panel = panel_of(
        actor=actor,
        now=clock(),
        thread=thread,
        form=form,
        back=safe_address(request, request.POST.get("back", "")),
        shows_all="all" in request.GET,
    )
    if is_partial(request):
        return render(request, "conversations/_thread.html", {"thread": panel})
    about = queries.subject_of(actor=actor, kind=thread.subject_kind, subject_id=thread.subject_id)
    page = ThreadPage(thread=panel, about=about)
    status = 422 if form and form.errors else 200
    return render(request, "conversations/thread.html", {"page": page}, status=status)


def _suggested(request: HttpRequest, actor: Actor, found: list[Addressable]) -> HttpResponse:
    """Whom one may address; in an internal note colleagues alone."""
    if request.GET.get("audience") == INTERNAL:
        found = [one for one in found if one.organisation_id == actor.organisation_id]
    typed = request.GET.get("typed", "")[:LONGEST_TYPED]
    suggested = queries.suggested(found, typed=typed, besides=actor.person_id)
    return render(request, "conversations/_people.html", {"people": suggested})


def _thread(actor: Actor, pk: int) -> Thread:
    try:
        return queries.thread_of(actor, pk)
    except ObjectDoesNotExist as error:
        raise Http404 from error


def _message(actor: Actor, pk: int) -> Message:
    try:
        return queries.message_of(actor, pk)
    except ObjectDoesNotExist as error:
        raise Http404 from error


def _about(actor: Actor, kind: str, subject_id: str) -> About:
    about = queries.subject_of(actor=actor, kind=kind, subject_id=subject_id)
    if about is None:
        raise Http404
    return about


def _address(message: Message) -> str:
    return f"{reverse('conversations:thread', args=(message.thread_id,))}#message-{message.pk}"


def _page_number(request: HttpRequest) -> int:
    given = request.GET.get("page", "1")
    return min(int(given), 1000) if given.isascii() and given.isdecimal() and int(given[:9]) > 0 else 1
