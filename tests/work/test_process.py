"""How items go their way: decisions, forks and joins, timers, automatic steps, and what cannot go on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from backdesk.parties.models import Role
from backdesk.platform.models import AuditEntry, Notification
from backdesk.work.models import Event, Item, Service, Step
from backdesk.work.operations import events, intake, items, process, services, steps, timers
from backdesk.work.queries.rebuilding import as_it_stands
from backdesk.work.queries.services import difference
from backdesk.work.queries.sources import service_of
from tests.cast import BACKDESK, NOW, Cast
from tests.work.services import (
    CHECKS,
    ENTERED,
    a_flow,
    a_lane,
    a_process,
    a_service,
    an_engagement,
    an_item,
    bpmn,
    completed,
    folder,
    taken,
)

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
LARGE = {"total": {"amount": "9000.00", "currency": "EUR"}}
BEGIN, END = '<startEvent id="begin"/>', '<endEvent id="end"/>'
IN_HOURS = "<timerEventDefinition><timeDuration>PT{}H</timeDuration></timerEventDefinition>"
FORK = bpmn(
    a_lane("provider", "a", "b", "last"),
    BEGIN,
    '<parallelGateway id="fork"/><userTask id="a" name="A" b:fields="total"/>',
    '<userTask id="b" name="B" b:fields="note"/><parallelGateway id="join"/><userTask id="last" name="Last"/>',
    END,
    *map(a_flow, ("begin fork", "fork a", "fork b", "a join", "b join", "join last", "last end")),
)
DECIDE = bpmn(
    a_lane("provider", "enter"),
    a_lane("client", "approve"),
    BEGIN,
    '<userTask id="enter" name="Enter"/><exclusiveGateway id="large" default="large_end"/>',
    '<userTask id="approve" name="Approve" b:kind="client" b:fields="note"/>',
    END,
    *map(a_flow, ("begin enter", "enter large", "large end", "approve end")),
    a_flow("large approve", "output.total.amount &gt; 5000"),
)
WAIT = bpmn(
    a_lane("provider", "enter", "remind"),
    BEGIN,
    f'<intermediateCatchEvent id="wait">{IN_HOURS.format(2)}</intermediateCatchEvent>',
    '<userTask id="enter" name="Enter"/><userTask id="remind" name="Remind"/>',
    f'<boundaryEvent id="late" attachedToRef="enter" cancelActivity="CANCELS">{IN_HOURS.format(1)}</boundaryEvent>',
    END,
    *map(a_flow, ("begin wait", "wait enter", "enter end", "late remind", "remind end")),
)
AUTOMATIC = bpmn(
    a_lane("provider", "fill", "enter"),
    BEGIN,
    '<serviceTask id="fill" name="Fill"/><userTask id="enter" name="Enter"/>',
    END,
    *map(a_flow, ("begin fill", "fill enter", "enter end")),
)
FILL = '[functions.fill]\nset = { note = "input.number" }\n'
BESIDE = bpmn(
    a_lane("provider", "a", "fill"),
    BEGIN,
    '<parallelGateway id="fork"/><userTask id="a" name="A" b:fields="total"/>',
    '<serviceTask id="fill" name="Fill"/><parallelGateway id="join"/>',
    END,
    *map(a_flow, ("begin fork", "fork a", "fork fill", "a join", "fill join", "join end")),
)


@pytest.fixture(autouse=True)
def rebuilt(db: None) -> Iterator[None]:
    """Whatever happened to an item, its events say it all."""
    yield
    for item in Item.objects.all():
        assert events.rebuild(item) == as_it_stands(item)


def test_both_ways_of_a_fork_are_open_at_once_and_joined(cast: Cast) -> None:
    work = a_service(cast, process=FORK, limit=9)
    item = an_item(work)
    assert nodes(item) == ["a", "b"]
    first, second = (steps.take_next(actor=work.agent(n), now=NOW) for n in (0, 1))
    assert first is not None
    assert second is not None
    assert completed(work, first).steps == ()
    assert nodes(item) == ["b", "join"]
    done = completed(work, second, agent=1, values={"note": "Both"})
    assert [step.node for step in done.steps] == ["last"]
    assert nodes(item) == ["last"]
    item.refresh_from_db()
    assert item.data["output"] == {**ENTERED, "note": "Both"}


@pytest.mark.parametrize(
    ("values", "way", "state"), [(ENTERED, [], "delivered"), (LARGE, ["approve"], "open")]
)
def test_a_decision_goes_by_what_was_entered(
    cast: Cast, values: dict[str, object], way: list[str], state: str
) -> None:
    work = a_service(cast, process=DECIDE)
    done = completed(work, taken(work), values=values)
    assert (nodes(done.item), done.item.state) == (way, state)


def test_a_step_of_the_clients_lane_is_done_by_the_client(cast: Cast) -> None:
    work = a_service(cast, process=DECIDE)
    completed(work, taken(work), values=LARGE)
    assert steps.take_next(actor=work.agent(1), now=NOW) is None
    step = steps.take_next(actor=cast.employee, now=NOW)
    assert step is not None
    done = steps.complete(
        actor=cast.employee, now=NOW, step_id=step.pk, claim=step.claim, values={"note": "Approved"}
    )
    assert done.item.state == Item.State.DELIVERED


def test_a_timer_holds_an_item_until_its_time(cast: Cast) -> None:
    work = a_service(cast, process=WAIT.replace("CANCELS", "true"))
    item = an_item(work)
    assert timers.wake_timers(actor=BACKDESK, now=NOW + HOUR) == 0
    assert nodes(item) == ["wait"]
    assert timers.wake_timers(actor=BACKDESK, now=NOW + 2 * HOUR) == 1
    assert nodes(item) == ["enter", "late"]
    assert timers.wake_timers(actor=BACKDESK, now=NOW + 2 * HOUR) == 0


@pytest.mark.parametrize(("cancels", "left"), [("true", ["remind"]), ("false", ["enter", "remind"])])
def test_a_timer_on_the_border_of_a_step_fires_once(cast: Cast, cancels: str, left: list[str]) -> None:
    work = a_service(cast, process=WAIT.replace("CANCELS", cancels), limit=9)
    item = an_item(work)
    timers.wake_timers(actor=BACKDESK, now=NOW + 2 * HOUR)
    step = steps.take_next(actor=work.agent(), now=NOW + 2 * HOUR)
    assert step is not None
    assert timers.wake_timers(actor=BACKDESK, now=NOW + 3 * HOUR) == 1
    assert nodes(item) == left
    if cancels == "true":
        with pytest.raises(steps.ClaimLost, match="no longer to be done"):
            completed(work, step)


def test_a_step_done_in_time_stops_the_timer_on_its_border(cast: Cast) -> None:
    work = a_service(cast, process=WAIT.replace("CANCELS", "true"))
    an_item(work)
    timers.wake_timers(actor=BACKDESK, now=NOW + 2 * HOUR)
    step = steps.take_next(actor=work.agent(), now=NOW + 2 * HOUR)
    assert step is not None
    assert completed(work, step).item.state == Item.State.DELIVERED
    assert timers.wake_timers(actor=BACKDESK, now=NOW + 9 * HOUR) == 0


def test_an_automatic_step_is_done_by_machine_at_once_and_its_history_says_so(cast: Cast) -> None:
    item = an_item(a_service(cast, process=AUTOMATIC, functions=FILL))
    assert (nodes(item), item.data["output"]) == (["enter"], {"note": "A-1"})
    step = Step.objects.get(item=item, kind=Step.Kind.SERVICE)
    assert (step.state, step.holder_id, step.result) == (Step.State.DONE, None, {"note": "A-1"})
    assert (step.ended_at, step.touch_seconds) == (NOW, 0)
    event = Event.objects.get(item=item, kind="step done by machine")
    assert (event.step_id, event.person_id) == (step.pk, cast.lead.person_id)
    entry = AuditEntry.objects.get(verb="step done by machine")
    assert entry.subject_id == str(item.pk)


def test_an_item_that_machines_alone_do_is_delivered_in_the_verb_that_brought_it(cast: Cast) -> None:
    alone = a_process('<serviceTask id="fill" name="Fill"/>')
    work = a_service(cast, process=alone, functions=FILL.replace("note =", "total =").replace(
        "input.number", "{'amount': 12.3, 'currency': 'EUR'}"
    ))  # fmt: skip
    rows = [items.NewItem(values={"number": number}) for number in ("A-1", "A-2", "A-1")]
    outcomes = items.create_items(actor=work.lead, now=NOW, service=work.service, rows=rows)
    assert [one.item.state if one.item else "" for one in outcomes][:2] == ["delivered", "delivered"]
    assert Item.objects.count() == 2
    again = items.create_items(actor=work.lead, now=NOW, service=work.service, rows=rows[:1])
    assert again[0].existing is not None


def test_what_a_machine_reads_may_come_by_another_path_and_then_it_goes_on(cast: Cast) -> None:
    work = a_service(
        cast, process=BESIDE, functions=FILL.replace("input.number", "has(output.total) ? 'x' : ''")
    )
    item = an_item(work)
    assert nodes(item) == ["a", "fill"]
    step = steps.take_next(actor=work.agent(), now=NOW)
    assert step is not None
    completed(work, step)  # what the machine fails at breaks no verb of anybody
    assert nodes(item) == ["fill", "join"]
    assert timers.wake_timers(actor=BACKDESK, now=NOW + process.TRIED_AGAIN) == 1
    item.refresh_from_db()
    assert (item.state, item.data["output"]) == (Item.State.DELIVERED, {**ENTERED, "note": "x"})
    assert not Notification.objects.exists()


def test_a_machine_that_fails_again_is_told_to_the_clients_leads_and_tried_ever_less_often(
    cast: Cast,
) -> None:
    work = a_service(cast, process=AUTOMATIC, functions=FILL.replace("input.number", "''"))
    item = an_item(work)
    assert not Notification.objects.exists()
    for minutes, left in ((5, 5), (10, 10), (20, 20)):
        now = NOW + timedelta(minutes=minutes)
        assert timers.wake_timers(actor=BACKDESK, now=now) == 1
        assert Step.objects.get(item=item, kind=Step.Kind.SERVICE).wakes_at == now + timedelta(minutes=left)
    assert nodes(item) == ["fill"]
    told = Notification.objects.get()  # until it is read, once
    assert (told.person_id, told.organisation_id) == (cast.lead.person_id, cast.client.pk)
    assert (told.title, told.detail) == ("A machine cannot do its step of “A-1”", "note: Fill this in.")
    items.cancel_item(actor=work.lead, now=NOW, item=item, reason="The service is wrong")
    assert timers.wake_timers(actor=BACKDESK, now=NOW + timedelta(days=1)) == 0


def test_the_page_of_the_service_says_what_machines_do(cast: Cast) -> None:
    work = a_service(cast, process=AUTOMATIC, functions=FILL)
    for browser in (cast.browser(Role.OPERATIONS_LEAD), cast.browser(Role.AGENT, cast.provider)):
        page = browser.get(reverse("work:service-checks", args=[work.service.pk])).content.decode()
        assert "Done by machine" in page
        assert "Note =</span> <code>input.number</code>" in page
    plain = a_service(cast, key="plain")
    shown = cast.browser(Role.OPERATIONS_LEAD).get(reverse("work:service-checks", args=[plain.service.pk]))
    assert "Done by machine" not in shown.content.decode()


def test_functions_are_of_a_version_which_items_keep_and_versions_are_compared_by_them(cast: Cast) -> None:
    engagement = an_engagement(cast)

    def imported(text: str) -> Service:
        files = folder(
            key="auto", process=AUTOMATIC, mode="pull", limit=1, may_choose=False, checks=CHECKS,
            functions=FILL.replace("input.number", text),
        )  # fmt: skip
        version = services.import_service(actor=cast.lead, now=NOW, engagement_id=engagement.pk, files=files)
        return services.publish_service(actor=cast.lead, now=NOW, service=version.service)

    values = {"number": "A-1"}
    service = imported("has(output.total) ? 'x' : ''")
    first = intake.create_item(actor=cast.lead, now=NOW, service=service, values=values)
    service = imported("input.number")
    second = intake.create_item(actor=cast.lead, now=NOW, service=service, values={"number": "A-2"})
    timers.wake_timers(actor=BACKDESK, now=NOW + process.TRIED_AGAIN)
    first.refresh_from_db()
    assert (first.data["output"], second.data["output"]) == ({}, {"note": "A-2"})
    older, newer = service.versions.order_by("number")
    for actor in (cast.lead, cast.agent):
        (changed,) = difference(actor=actor, older=older, newer=newer)
        assert changed.name == "service.toml"
        assert any("has(output.total)" in line for kind, line in changed.lines if kind == "removed")
    revised = services.revise_service(actor=cast.lead, now=NOW, service=service, standard_minutes=Decimal(9))
    assert service_of(actor=cast.lead, version=revised).functions == {"fill": {"note": "input.number"}}


def test_a_process_at_a_loss_refuses_and_changes_nothing(cast: Cast) -> None:
    broken = DECIDE.replace(
        "output.total.amount &gt; 5000", "has(output.note) &amp;&amp; int(output.note) > 3"
    )
    work = a_service(cast, process=broken)
    step = taken(work)
    with pytest.raises(process.ProcessStuck, match="cannot be worked out"):
        completed(work, step, values={**ENTERED, "note": "many"})
    step.refresh_from_db()
    assert step.state == Step.State.TAKEN


def test_checks_refuse_errors_and_want_warnings_confirmed(cast: Cast) -> None:
    work = a_service(cast)
    step = taken(work)
    with pytest.raises(steps.Unfit) as wrong:
        completed(work, step, values={"note": "No total"})
    assert [problem.path for problem in wrong.value.problems] == ["total"]
    with pytest.raises(steps.Unfit, match="fit together") as failed:
        completed(work, step, values={"total": {"amount": "-1.00", "currency": "EUR"}})
    assert [finding.check for finding in failed.value.findings] == ["positive"]
    huge = {"total": {"amount": "20000.00", "currency": "EUR"}}
    with pytest.raises(steps.ToBeConfirmed):
        completed(work, step, values=huge)
    assert completed(work, step, values=huge, confirmed=True).item.state == Item.State.DELIVERED


def test_a_step_fills_no_fields_but_its_own(cast: Cast) -> None:
    work = a_service(cast, process=FORK, limit=9)
    an_item(work)
    step = steps.take_next(actor=work.agent(), now=NOW)
    assert step is not None
    with pytest.raises(steps.Unfit) as wrong:
        completed(work, step, values={**ENTERED, "note": "Not mine"})
    assert [problem.path for problem in wrong.value.problems] == ["note"]


def test_a_cancelled_item_is_taken_from_whoever_has_it(cast: Cast) -> None:
    work = a_service(cast)
    step = taken(work)
    items.cancel_item(actor=work.lead, now=NOW, item=step.item, reason="Ordered twice")
    with pytest.raises(steps.ClaimLost, match="no longer to be done"):
        completed(work, step)
    assert Event.objects.get(kind="item cancelled").data["reason"] == "Ordered twice"
    with pytest.raises(items.NotOpenAnyMore):
        items.cancel_item(actor=work.lead, now=NOW, item=step.item, reason="Again")


def nodes(item: Item) -> list[str]:
    return sorted(Step.objects.filter(item=item, state__in=process.LIVE).values_list("node", flat=True))
