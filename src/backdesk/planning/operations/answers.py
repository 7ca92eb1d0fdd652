"""What people of the company say of an activity."""

from collections.abc import Mapping
from datetime import datetime

from backdesk.planning import policies
from backdesk.planning.models import Activity, Answer
from backdesk.platform import audit
from backdesk.platform.actor import Actor
from backdesk.platform.isolation import operation


@operation
def answer_activity(
    *, actor: Actor, now: datetime, activity: Activity, grades: Mapping[str, int | None], comment: str = ""
) -> Answer:
    """Say, or say anew, how much an activity takes; a person has one answer an activity.

    `grades` are 1 (little) to 5 (much) by the names of `Answer.GRADES`; None is "I cannot say".
    """
    policies.require(policies.may_answer(actor))
    activity = Activity.objects.visible_to(actor).get(pk=activity.pk)
    answer, _ = Answer.objects.update_or_create(
        activity=activity,
        person_id=policies.person(actor),
        defaults={
            "organisation_id": policies.company(actor),
            **{name: grades.get(name) for name in Answer.GRADES},
            "comment": comment,
            "answered_at": now,
        },
    )
    # What was answered stays out of the trail: it is shown to colleagues without a name, and the trail names.
    audit.record(actor=actor, now=now, verb="activity answered", subject=activity)
    return answer


def blank_comments(*, actor: Actor, now: datetime, person_id: int) -> None:
    """Part of erasing a person, in its transaction and scope: the grades stay, their own words go."""
    for answer in Answer.objects.select_related("activity").filter(person_id=person_id).exclude(comment=""):
        answer.comment = ""
        answer.save(update_fields=["comment"])
        where = answer.organisation_id
        audit.record(
            actor=actor, now=now, verb="comment erased", subject=answer.activity, organisation_id=where
        )
