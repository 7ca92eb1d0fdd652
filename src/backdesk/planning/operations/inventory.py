"""The inventory of functions and activities, as people keep it; what is measured comes from readings."""

from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from backdesk.planning import policies
from backdesk.planning.models import Activity, Function
from backdesk.planning.operations.errors import CurrencyMissing, NameTaken, StillInUse
from backdesk.platform import audit
from backdesk.platform.actor import Actor
from backdesk.platform.isolation import operation
from backdesk.platform.lines import require_line


@operation
def add_function(
    *, actor: Actor, now: datetime, name: str, office: Function.Office, description: str = ""
) -> Function:
    policies.require(policies.may_edit(actor))
    function = Function(
        organisation_id=policies.company(actor), name=name, office=office, description=description
    )
    _save(function)
    audit.record(actor=actor, now=now, verb="function added", subject=function, after=_facts(function))
    return function


@operation
def change_function(
    *, actor: Actor, now: datetime, function: Function, name: str, office: Function.Office, description: str
) -> Function:
    policies.require(policies.may_edit(actor))
    function = Function.objects.visible_to(actor).select_for_update().get(pk=function.pk)
    before = _facts(function)
    function.name, function.office, function.description = name, office, description
    _save(function)
    audit.record(
        actor=actor,
        now=now,
        verb="function changed",
        subject=function,
        before=before,
        after=_facts(function),
    )
    return function


@operation
def remove_function(*, actor: Actor, now: datetime, function: Function) -> None:
    policies.require(policies.may_edit(actor))
    function = Function.objects.visible_to(actor).get(pk=function.pk)
    audit.record(actor=actor, now=now, verb="function removed", subject=function, before=_facts(function))
    try:
        function.delete()
    except ProtectedError:
        raise StillInUse(
            _("“%(name)s” still holds activities; move or remove them first.") % {"name": function.name}
        ) from None


@operation
def add_activity(
    *,
    actor: Actor,
    now: datetime,
    function: Function,
    name: str,
    steps_per_month: float,
    minutes_each: float,
    people: int | None = None,
    cost_per_month: Decimal | None = None,
    currency: str = "",
) -> Activity:
    """Enter an activity by hand, for work of which there is no record."""
    policies.require(policies.may_edit(actor))
    own = Function.objects.visible_to(actor).get(pk=function.pk)
    activity = Activity(organisation_id=policies.company(actor), function=own, name=require_line(name))
    _estimate(activity, steps_per_month, minutes_each, people, cost_per_month, currency)
    _save(activity)
    audit.record(actor=actor, now=now, verb="activity added", subject=activity, after=_estimates(activity))
    return activity


@operation
def change_activity(
    *,
    actor: Actor,
    now: datetime,
    activity: Activity,
    function: Function,
    name: str | None = None,
    steps_per_month: float | None = None,
    minutes_each: float | None = None,
    people: int | None = None,
    cost_per_month: Decimal | None = None,
    currency: str = "",
) -> Activity:
    """Move an activity to a function; of one entered by hand, change its estimates as well.

    What was measured is not for people to change, so the estimates of a measured activity stay as they are.
    """
    policies.require(policies.may_edit(actor))
    activity = Activity.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=activity.pk)
    before = _estimates(activity)
    activity.function = Function.objects.visible_to(actor).get(pk=function.pk)
    if activity.history_id is None and steps_per_month is not None and minutes_each is not None:
        activity.name = require_line(name) if name else activity.name
        _estimate(activity, steps_per_month, minutes_each, people, cost_per_month, currency)
    _save(activity)
    audit.record(
        actor=actor,
        now=now,
        verb="activity changed",
        subject=activity,
        before=before,
        after=_estimates(activity),
    )
    return activity


@operation
def remove_activity(*, actor: Actor, now: datetime, activity: Activity) -> None:
    """Remove an activity entered by hand, with the answers about it."""
    policies.require(policies.may_edit(actor))
    activity = Activity.objects.visible_to(actor).get(pk=activity.pk)
    if activity.history_id is not None:
        raise StillInUse(
            _("“%(name)s” is measured in a work history; it goes when the work history is removed.")
            % {"name": activity.name}
        )
    audit.record(actor=actor, now=now, verb="activity removed", subject=activity, before=_estimates(activity))
    activity.delete()


def _estimate(
    activity: Activity,
    steps_per_month: float,
    minutes_each: float,
    people: int | None,
    cost_per_month: Decimal | None,
    currency: str,
) -> None:
    if cost_per_month is not None and not currency:
        raise CurrencyMissing(_("Say in which currency the cost is: EUR, DKK, USD."))
    activity.steps_per_month = steps_per_month
    activity.minutes_each = minutes_each
    activity.hours_per_month = steps_per_month * minutes_each / 60
    activity.people = people
    activity.cost_per_month = cost_per_month
    activity.currency = currency if cost_per_month is not None else ""


def _save(row: Function | Activity) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if "named_once" not in str(error):
            raise
        raise NameTaken(_("There is “%(name)s” already; choose another name.") % {"name": row.name}) from None


def _facts(function: Function) -> dict[str, str]:
    return {"name": function.name, "office": function.office, "description": function.description}


def _estimates(activity: Activity) -> dict[str, object]:
    return {
        "name": activity.name,
        "function": activity.function.name,
        "steps_per_month": activity.steps_per_month,
        "minutes_each": activity.minutes_each,
        "people": activity.people,
        "cost_per_month": activity.cost_per_month,
        "currency": activity.currency,
    }
