"""What one was told: the bell, the page behind it, and how one wants to be told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backdesk.platform import notifications
from backdesk.platform.actor import Actor
from backdesk.platform.models import Notification
from backdesk.platform.notifications import Channels, Email, preferences, queries, unsubscribing
from backdesk.platform.notifications.hours import hours_of
from backdesk.platform.notifications.kinds import registry
from backdesk.platform.web import navigation
from backdesk.platform.web.asked import actor_of, is_partial, safe_address

ROWS_A_PAGE: Final = 50
MOST_ON_HOME: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One line of the page."""

    id: int
    title: str
    detail: str
    created_at: datetime
    is_unread: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """`unread` counts all that wait, also those that are not on this page."""

    told: tuple[Told, ...]
    unread: int
    number: int
    has_more: bool
    now: datetime

    @property
    def new(self) -> Iterable[Told]:
        return [one for one in self.told if one.is_unread]

    @property
    def earlier(self) -> Iterable[Told]:
        return [one for one in self.told if not one.is_unread]


@dataclass(frozen=True, slots=True, kw_only=True)
class KindChoice:
    """A kind with its two questions; `is_fixed` where nobody is asked."""

    title: str
    form: ChannelsForm
    is_fixed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KindGroup:
    title: str
    kinds: tuple[KindChoice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    groups: tuple[KindGroup, ...]
    digest_at: str
    hours: HoursForm
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsubscription:
    """`titles`: of the kinds that will not come by e-mail any more. `is_done`: they do not."""

    titles: tuple[str, ...]
    is_done: bool


class ChannelsForm(forms.Form):
    in_app = forms.BooleanField(required=False, label=gettext_lazy("In Backdesk"))
    email = forms.ChoiceField(
        label=gettext_lazy("By e-mail"),
        choices=(
            (Email.OFF.value, gettext_lazy("No e-mail")),
            (Email.AT_ONCE.value, gettext_lazy("At once")),
            (Email.DAILY.value, gettext_lazy("Once a day")),
        ),
    )

    @property
    def channels(self) -> Channels:
        return Channels(in_app=self.cleaned_data["in_app"], email=Email(self.cleaned_data["email"]))


class HoursForm(forms.Form):
    hours = forms.CharField(
        label=gettext_lazy("Hours in which e-mails may reach you"),
        help_text=gettext_lazy(
            "Such as Mon-Fri 08:00-18:00, or 24/7 for any time. Empty: in your working hours, where your profile or "
            "your company says any; else at any time."
        ),
        required=False,
        max_length=200,
    )


def register() -> None:
    navigation.register_place(
        navigation.Place(
            title=gettext_lazy("Notifications"),
            url_name="web:notifications",
            group="account",
            order=10,
            key="n",
            icon="bell",
            count=queries.unread_count,
        )
    )


def weighty_news(actor: Actor) -> tuple[Told, ...]:
    """What home shows beside what is to be done."""
    return tuple(_told(row) for row in queries.weighty(actor, limit=MOST_ON_HOME))


@never_cache
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    return _inbox(request)


@never_cache
@require_safe
def bell(request: HttpRequest) -> HttpResponse:
    """The bell alone, for pages that stay open."""
    return render(request, "parts/bell.html", {"unread": queries.unread_count(actor_of(request))})


@never_cache
@require_safe
def notification(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Opens what it is about; to have opened it is to have read it."""
    own = notifications.mark_read(actor=actor_of(request), now=timezone.now(), notification=_own(request, pk))
    return redirect(own.url)


@require_POST
def reading(request: HttpRequest, pk: int) -> HttpResponseBase:
    notifications.mark_read(actor=actor_of(request), now=timezone.now(), notification=_own(request, pk))
    after = safe_address(request, request.POST.get("next", ""))
    return _inbox(request) if is_partial(request) else redirect(after or "web:notifications")


@require_POST
def readings(request: HttpRequest) -> HttpResponseBase:
    notifications.mark_all_read(actor=actor_of(request), now=timezone.now())
    return _inbox(request) if is_partial(request) else redirect("web:notifications")


@require_http_methods(["GET", "HEAD", "POST"])
def preference_page(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    choices = preferences.choices(actor)
    asked = {choice.kind.name: _form(choice, request) for choice in choices}
    open_ones = {choice.kind.name: asked[choice.kind.name] for choice in choices if not choice.kind.always}
    if request.method == "POST" and all(form.is_valid() for form in open_ones.values()):
        wanted = {name: form.channels for name, form in open_ones.items()}
        preferences.choose(actor=actor, now=timezone.now(), wanted=wanted)
        messages.success(request, _("Saved. This is how you are told from now on."))
        return redirect("web:notification-preferences")
    return _preferences(request, choices, asked, _hours_form(actor))


@require_POST
def hours(request: HttpRequest) -> HttpResponseBase:
    """When e-mails may come; refused hours stay as they were typed."""
    actor, form = actor_of(request), HoursForm(request.POST)
    if form.is_valid():
        try:
            notifications.choose_hours(actor=actor, now=timezone.now(), hours=form.cleaned_data["hours"])
        except notifications.UnreadableHours as refused:
            form.add_error("hours", str(refused))
        else:
            messages.success(request, _("Saved. E-mails reach you in these hours."))
            return redirect("web:notification-preferences")
    choices = preferences.choices(actor)
    asked = {choice.kind.name: _form(choice) for choice in choices}
    return _preferences(request, choices, asked, form)


@never_cache
@csrf_exempt  # a mail program sends this with neither cookie nor form; the signed address says who asks for what
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscription(request: HttpRequest, token: str) -> HttpResponse:
    """What the link in an e-mail opens. Only a POST ends anything: who scans e-mails for links sends none."""
    asked = unsubscribing.read(token)
    if asked is None:
        raise Http404
    if request.method == "POST":
        preferences.stop_emails(actor=asked.actor, now=timezone.now(), kinds=asked.kinds)
    titles = tuple(str(kind.title) for name in asked.kinds if (kind := registry.get(name)))
    page = Unsubscription(titles=titles, is_done=request.method == "POST")
    return render(request, "unsubscription.html", {"page": page})


def _preferences(
    request: HttpRequest,
    choices: Iterable[preferences.Choice],
    asked: dict[str, ChannelsForm],
    form: HoursForm,
) -> HttpResponse:
    page = Preferences(
        groups=_grouped(choices, asked),
        digest_at=f"{notifications.DIGEST_AT:%H:%M}",
        hours=form,
        zone=timezone.get_current_timezone_name(),
    )
    status = 422 if form.errors else 200
    return render(request, "notification_preferences.html", {"page": page}, status=status)


def _hours_form(actor: Actor) -> HoursForm:
    return HoursForm(initial={"hours": hours_of(actor)})


def _inbox(request: HttpRequest) -> HttpResponse:
    number = _page_number(request)
    actor = actor_of(request)
    rows = queries.inbox(actor, limit=ROWS_A_PAGE + 1, offset=(number - 1) * ROWS_A_PAGE)
    page = Inbox(
        told=tuple(_told(row) for row in rows[:ROWS_A_PAGE]),
        unread=queries.unread_count(actor),
        number=number,
        has_more=len(rows) > ROWS_A_PAGE,
        now=timezone.now(),
    )
    if not is_partial(request):
        return render(request, "notifications.html", {"page": page})
    return render(request, "notifications.html#answer", {"page": page, "unread": page.unread})


def _told(row: Notification) -> Told:
    return Told(
        id=row.pk,
        title=row.title,
        detail=row.detail,
        created_at=row.created_at,
        is_unread=row.read_at is None,
    )


def _own(request: HttpRequest, pk: int) -> Notification:
    own = queries.own(actor_of(request), pk)
    if own is None:
        raise Http404
    return own


def _page_number(request: HttpRequest) -> int:
    given = request.GET.get("page", "1")
    return min(int(given), 1000) if given.isascii() and given.isdecimal() and int(given[:9]) > 0 else 1


def _form(choice: preferences.Choice, request: HttpRequest | None = None) -> ChannelsForm:
    given = request.POST if request and request.method == "POST" else None
    now = {"in_app": choice.channels.in_app, "email": choice.channels.email.value}
    return ChannelsForm(given, prefix=choice.kind.name, initial=now)


def _grouped(choices: Iterable[preferences.Choice], asked: dict[str, ChannelsForm]) -> tuple[KindGroup, ...]:
    groups: dict[str, list[KindChoice]] = {}
    for choice in choices:
        kind = choice.kind
        line = KindChoice(title=str(kind.title), form=asked[kind.name], is_fixed=kind.always)
        groups.setdefault(str(kind.group) or _("Other"), []).append(line)
    return tuple(KindGroup(title=title, kinds=tuple(kinds)) for title, kinds in sorted(groups.items()))
