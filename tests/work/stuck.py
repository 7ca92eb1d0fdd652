"""An item that waits because a machine fails at its first step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from backdesk.work.models import Service, Step
from backdesk.work.operations import intake, services
from tests.cast import Cast
from tests.work.services import CHECKS, a_flow, a_lane, an_engagement, bpmn, folder

AUTOMATIC = bpmn(
    a_lane("provider", "fill", "enter"),
    '<startEvent id="begin"/>',
    '<serviceTask id="fill" name="Fill"/><userTask id="enter" name="Enter"/>',
    '<endEvent id="end"/>',
    *map(a_flow, ("begin fill", "fill enter", "enter end")),
)
BROKEN, RIGHT = "''", "input.number"


def published(cast: Cast, text: str, *, key: str = "stuck") -> Service:
    """With a machine that writes what the text comes to in the note."""
    files = folder(
        key=key, process=AUTOMATIC, mode="pull", limit=1, may_choose=False, checks=CHECKS,
        functions=f'[functions.fill]\nset = {{ note = "{text}" }}\n',
    )  # fmt: skip
    engagement = an_engagement(cast)
    version = services.import_service(
        actor=cast.lead, now=timezone.now(), engagement_id=engagement.pk, files=files
    )
    return services.publish_service(actor=cast.lead, now=timezone.now(), service=version.service)


def stuck(cast: Cast, *, key: str = "stuck") -> Step:
    """It comes to nothing, which is no note."""
    service = published(cast, BROKEN, key=key)
    item = intake.create_item(actor=cast.lead, now=timezone.now(), service=service, values={"number": "A-1"})
    return Step.objects.get(item=item, kind=Step.Kind.SERVICE)


def a_stuck_step(cast: Cast) -> Mapping[str, Any]:
    return {"pk": stuck(cast, key=f"stuck-{Step.objects.count()}").pk}
