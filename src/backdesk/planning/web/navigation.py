"""Where planning stands in the shell, and what it puts on home."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Q, Window
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from backdesk.planning import policies
from backdesk.planning.models import Activity, Answer, WorkHistory
from backdesk.planning.queries.inventory import functions_of, totals_of
from backdesk.platform.actor import Actor
from backdesk.platform.models import Job
from backdesk.platform.web import navigation, today
from backdesk.platform.web.figures import Figure
from backdesk.platform.web.navigation import Entry, Stage

MOST_HISTORIES = 20


def register() -> None:
    for order, (title, name, key, roles) in enumerate(
        (
            (gettext_lazy("Inventory"), "inventory", "i", policies.READERS),
            (gettext_lazy("Candidates"), "candidates", "c", policies.READERS),
            (gettext_lazy("Functions"), "functions", "f", policies.READERS),
            (gettext_lazy("Work histories"), "histories", "l", policies.READERS),
            (gettext_lazy("Rates"), "rates", "r", policies.COST_READERS),
        )
    ):
        navigation.register(
            Entry(
                stage=Stage.PLAN,
                title=title,
                url_name=f"planning:{name}",
                key=key,
                roles=roles,
                order=order,
            )
        )
    today.register_items(histories_to_settle)
    today.register_items(activities_to_answer)
    today.register_figures(work_measured)
    today.register_beginning(first_history)
    today.register_beginning(all_done)


def histories_to_settle(*, actor: Actor, now: datetime) -> Iterator[today.Item]:
    """Work histories that are no log, whose columns nobody confirmed, or whose reading failed."""
    if not policies.may_edit(actor):
        return
    unsettled = Q(job=None, generation=0) | Q(job__state=Job.State.FAILED)
    for history in (
        WorkHistory.objects.visible_to(actor).filter(unsettled).select_related("job")[:MOST_HISTORIES]
    ):
        if history.problem or history.job:
            yield _cannot_be_read(history)
        else:
            yield today.Item(
                title=_("Confirm the columns of “%(name)s”") % {"name": history.name},
                detail=_("It is here, and is read once you say which column is which."),
                url=reverse("planning:history-columns", args=(history.pk,)),
                action=_("Confirm"),
                since=history.received_at,
            )


def activities_to_answer(*, actor: Actor, now: datetime) -> Iterator[today.Item]:
    """The largest activity the person has not spoken of; the others wait behind it, nobody is asked for all at once."""
    if not policies.may_answer(actor):
        return
    answered = Answer.objects.visible_to(actor).filter(person_id=policies.person(actor)).values("activity_id")
    open_ones = (
        Activity.objects.visible_to(actor)
        .exclude(pk__in=answered)
        .filter(hours_per_month__gt=0)
        .select_related("history", "function")
        .annotate(waiting=Window(Count("pk")))
        .order_by("-hours_per_month", "pk")
    )
    for activity in open_ones[:1]:
        yield today.Item(
            title=_("Say how you see “%(name)s”") % {"name": activity.name},
            detail=_how_many_wait(activity.waiting - 1),
            url=reverse("planning:answer", args=(activity.pk,)),
            action=_("Answer"),
            since=(activity.history.read_at if activity.history else None) or now,
        )


def _cannot_be_read(history: WorkHistory) -> today.Item:
    is_no_log = bool(history.problem)
    return today.Item(
        title=_("“%(name)s” could not be read") % {"name": history.name},
        detail=history.problem if history.job is None else history.job.message,
        url=reverse("planning:history-columns" if is_no_log else "planning:history", args=(history.pk,)),
        action=_("See why"),
        since=history.received_at if history.job is None else history.job.finished_at or history.received_at,
    )


def _how_many_wait(others: int) -> str:
    asked = _("How much value, judgement and know-how is in it, and what hurts.")
    if not others:
        return asked
    waiting = ngettext(
        "%(count)s smaller one waits after it.", "%(count)s smaller ones wait after it.", others
    )
    return f"{asked} {waiting % {'count': others}}"


def work_measured(*, actor: Actor, now: datetime) -> Iterator[Figure]:
    if not policies.may_read(actor):
        return
    totals = totals_of(functions_of(actor))
    inventory = reverse("planning:inventory")
    yield Figure(title=_("Activities in the inventory"), value=totals.activities, href=inventory)
    yield Figure(
        title=_("Work a month"),
        value=totals.hours,
        unit="h",
        href=f"{inventory}?sort=-hours_per_month",
        definition=_("sum of the touch time a month of all activities"),
        reason=_("nothing is measured or entered yet"),
    )


def first_history(*, actor: Actor, now: datetime) -> today.Beginning | None:
    if not policies.may_read(actor) or WorkHistory.objects.visible_to(actor).exists():
        return None
    if not policies.may_edit(actor):
        return today.Beginning(
            title=_("Nothing is planned yet"),
            detail=_(
                "It begins when an operations lead of your company uploads what its systems recorded. You then see "
                "here which work there is, and are asked how you see it."
            ),
            url=reverse("organisation:people"),
            action=_("See who leads operations"),
            order=10,
        )
    return today.Beginning(
        title=_("Begin with what your systems recorded"),
        detail=_(
            "Upload a work history, a CSV or XES export with case, activity, time and person. Backdesk reads it and "
            "says which work is worth handing over, with the evidence."
        ),
        url=reverse("planning:history-new"),
        action=_("Upload a work history"),
        order=10,
    )


def all_done(*, actor: Actor, now: datetime) -> today.Beginning | None:
    """Where nothing waits for the person: what can be read in peace."""
    if not policies.may_read(actor):
        return None
    return today.Beginning(
        title=_("All done: nothing needs you today"),
        detail=_(
            "Which work is worth handing over, and what speaks against it, stands among the candidates."
        ),
        url=reverse("planning:candidates"),
        action=_("See the candidates"),
        order=90,
    )
