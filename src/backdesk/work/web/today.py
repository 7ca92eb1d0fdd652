"""What of the work needs whoever leads it today, and the figures home shows of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet, Window
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backdesk.platform.actor import Actor
from backdesk.platform.web import today
from backdesk.platform.web.figures import Figure
from backdesk.work import policies
from backdesk.work.models import Service
from backdesk.work.queries import clocks, doing, quality
from backdesk.work.queries.queues import Queue, has_queues, queues_of, waiting


def register() -> None:
    today.register_items(queues_to_look_at)
    today.register_items(words_waiting)
    today.register_items(in_hand)
    today.register_figures(work_waiting)
    today.register_beginning(work_has_come)


def queues_to_look_at(*, actor: Actor, now: datetime) -> Iterator[today.Item]:
    """What is late, and what nobody of the actor's company can be given, or could as soon as it comes in."""
    if not policies.may_lead_queue(actor):
        return
    found = queues_of(actor=actor, now=now)
    late = [one for one in found if one.count.overdue]
    if late:
        yield _late(late)
    for one in found:
        if one.people == 0 and (one.count.open or one.route.service.state == Service.State.ACTIVE):
            yield _unmanned(one)


def words_waiting(*, actor: Actor, now: datetime) -> Iterator[today.Item]:
    """Pauses to decide and questions to answer, for who can: the other company's work stands until they do."""
    if policies.may_decide_pauses(actor):
        yield from _together(
            clocks.pauses_to_decide(actor),
            since="proposed_at",
            says=lambda count: ngettext(
                "%(count)s pause waits for your decision", "%(count)s pauses wait for your decision", count
            ),
            url=reverse("work:pauses"),
            action=_("Decide"),
        )
    if policies.may_ask(actor) and policies.sees_whole(actor):
        yield from _together(
            clocks.questions_for(actor),
            since="asked_at",
            says=lambda count: ngettext(
                "%(count)s question waits for your answer", "%(count)s questions wait for your answer", count
            ),
            url=reverse("work:questions"),
            action=_("Answer"),
        )
    if policies.may_lead_queue(actor):
        yield from _together(
            quality.disputes_to_decide(actor),
            since="disputed_at",
            says=lambda count: ngettext(
                "%(count)s disputed finding waits for your decision",
                "%(count)s disputed findings wait for your decision",
                count,
            ),
            url=f"{reverse('work:quality')}?state=disputed",
            action=_("Decide"),
        )


def in_hand(*, actor: Actor, now: datetime) -> Iterator[today.Item]:
    """What somebody has taken and not finished: it waits for nobody else."""
    if not policies.may_work(actor):
        return
    held = doing.held_by(actor)
    if held:
        yield today.Item(
            title=ngettext("%(count)s item is in your hands", "%(count)s items are in your hands", len(held))
            % {"count": len(held)},
            detail=", ".join(one.item.title for one in held[:3]),
            url=reverse("work:step", args=[held[0].pk]),
            action=_("Go on"),
            since=min(one.taken_at or now for one in held),
        )


def work_waiting(*, actor: Actor, now: datetime) -> Iterator[Figure]:
    if not policies.may_lead_queue(actor):
        return
    count = waiting(actor=actor)
    if count is not None:
        yield Figure(title=_("Waiting in queues"), value=count, href=reverse("work:queues"))


def _together(
    rows: QuerySet[Any], *, since: str, says: Callable[[int], str], url: str, action: str
) -> Iterator[today.Item]:
    """As one, as old as the oldest, with the items they are about as far as there is room."""
    found = list(rows.order_by(since, "pk").values_list(since, "item__title", Window(Count("pk")))[:3])
    if found:
        oldest, _title, count = found[0]
        more = ["…"] if count > len(found) else []
        yield today.Item(
            title=says(count) % {"count": count},
            detail=", ".join([*(title for _since, title, _count in found), *more]),
            url=url,
            action=action,
            since=oldest,
        )


def work_has_come(*, actor: Actor, now: datetime) -> today.Beginning | None:
    """At a provider with queues of its own, where nothing else needs the person."""
    leads = actor.has("delivery_manager")
    if not (leads or actor.has("agent")) or not has_queues(actor):
        return None
    count = 0 if leads else sum(one.waiting for one in doing.queues_of(actor))
    return today.Beginning(
        title=ngettext("%(count)s item waits in your queues", "%(count)s items wait in your queues", count)
        % {"count": count}
        if count
        else _("All done: nothing needs you today"),
        detail=_("Who has what in hand, and what falls due, stands on the board.")
        if leads
        else _("What you have in hand, and the next item, are under My work."),
        url=reverse("work:board" if leads else "work:mine"),
        action=_("See the board") if leads else _("See your work"),
        order=40,
    )


def _late(late: list[Queue]) -> today.Item:
    count = sum(one.count.overdue for one in late)
    title = ngettext("%(count)s step is overdue", "%(count)s steps are overdue", count) % {"count": count}
    worst = ", ".join(f"{one.route.service.name}, {one.route.name}" for one in late[:3])
    return today.Item(
        title=title,
        detail=worst,
        url=f"{reverse('work:items')}?due=overdue&sort=due",
        action=_("See them"),
        since=min(one.count.oldest_at for one in late if one.count.oldest_at),
    )


def _unmanned(queue: Queue) -> today.Item:
    skills = ", ".join(sorted(queue.route.skills))
    named = {
        "task": queue.route.name,
        "service": queue.route.service.name,
        "skills": skills,
        "role": _(queue.route.role.replace("_", " ")) if queue.route.role else "–",
    }
    return today.Item(
        title=_("Nobody can be given “%(task)s” of %(service)s") % named,
        detail=_(
            "It asks for %(skills)s, and for having read the procedure: grade who has that, and have them read it."
        )
        % named
        if skills
        else _("It asks for the role %(role)s, and for having read the procedure.") % named,
        url=reverse("organisation:skills" if skills else "organisation:people"),
        action=_("See to the skills") if skills else _("See the people"),
        since=queue.count.oldest_at or queue.count.counted_at,
    )
