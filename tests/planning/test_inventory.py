"""The inventory as people keep it, what they say of the work, and what an hour costs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.urls import reverse

from backdesk.evidence.assessment import Rate as HourlyRate
from backdesk.evidence.assessment import Rates
from backdesk.evidence.measures import CAUSES
from backdesk.parties import operations as parties
from backdesk.planning import operations, records
from backdesk.planning.models import Activity, Answer, Function, Rate, WorkHistory
from backdesk.planning.queries.activities import waiting_hours
from backdesk.planning.queries.rates import REPRICE
from backdesk.platform.jobs.run import execute_on
from backdesk.platform.models import AuditEntry, Job
from tests.cast import NOW, Cast
from tests.planning.histories import an_activity, read

pytestmark = pytest.mark.django_db


def ledger(cast: Cast) -> Function:
    return operations.add_function(actor=cast.lead, now=NOW, name="Ledger", office=Function.Office.BACK)


def test_work_without_a_record_is_entered_by_hand_and_marked_so(cast: Cast) -> None:
    function = ledger(cast)
    given = {"name": "Book travel", "function": function.pk, "steps_per_month": "40", "minutes_each": "30"}
    response = cast.browser().post(reverse("planning:activity-new"), given, follow=True)
    activity = Activity.objects.get()
    assert activity.hours_per_month == pytest.approx(20)
    assert "by hand" in response.content.decode()
    figures = {one.title: one for one in response.context["page"].figures}
    assert figures["Rework"].value is None
    assert figures["Rework"].reason, "a dash has its reason"


def test_a_cost_needs_its_currency(cast: Cast) -> None:
    given = {
        "name": "Book travel",
        "function": ledger(cast).pk,
        "steps_per_month": "40",
        "minutes_each": "30",
        "cost_per_month": "900",
    }
    response = cast.browser().post(reverse("planning:activity-new"), given)
    assert response.status_code == 422
    assert "in which currency" in response.content.decode()
    assert not Activity.objects.exists()


def test_a_name_is_taken_once(cast: Cast) -> None:
    ledger(cast)
    response = cast.browser().post(reverse("planning:function-new"), {"name": "Ledger", "office": "back"})
    assert response.status_code == 422
    assert "There is “Ledger” already" in response.content.decode()
    ledger_of_another = operations.add_function(
        actor=cast.other_lead, now=NOW, name="Ledger", office=Function.Office.BACK
    )
    assert ledger_of_another.pk


def test_a_function_that_holds_activities_stays(cast: Cast) -> None:
    activity = an_activity(cast)
    with pytest.raises(operations.StillInUse, match="still holds activities"):
        operations.remove_function(actor=cast.lead, now=NOW, function=activity.function)
    assert Function.objects.filter(pk=activity.function_id).exists()
    assert not AuditEntry.objects.filter(verb="function removed").exists(), (
        "what was refused is not in the trail"
    )


def test_of_a_measured_activity_only_the_function_can_be_changed(cast: Cast) -> None:
    activity = an_activity(cast)
    function = ledger(cast)
    given = {"function": function.pk, "name": "Renamed", "steps_per_month": "1", "minutes_each": "1"}
    cast.browser().post(reverse("planning:activity-edit", args=(activity.pk,)), given)
    activity.refresh_from_db()
    assert activity.function == function
    assert activity.name == "Enter"
    assert activity.figures["steps"] == 40


def test_an_activity_of_another_companys_function_cannot_be_made(cast: Cast) -> None:
    foreign = operations.add_function(
        actor=cast.other_lead, now=NOW, name="Theirs", office=Function.Office.BACK
    )
    given = {"name": "Book travel", "function": foreign.pk, "steps_per_month": "40", "minutes_each": "30"}
    assert cast.browser().post(reverse("planning:activity-new"), given).status_code == 422
    with pytest.raises(Function.DoesNotExist):
        operations.add_activity(
            actor=cast.lead,
            now=NOW,
            function=foreign,
            name="Book travel",
            steps_per_month=40,
            minutes_each=30,
        )


def test_people_say_how_they_see_an_activity_and_may_say_it_anew(cast: Cast) -> None:
    activity = an_activity(cast)
    browser = cast.browser("employee")
    address = reverse("planning:answer", args=(activity.pk,))
    browser.post(address, {"value": "2", "hurts": "5", "comment": "Nights before month end."})
    browser.post(address, {"value": "3", "hurts": "5", "comment": "Nights before month end."})
    answer = Answer.objects.get()
    assert (answer.value, answer.hurts, answer.judgement) == (3, 5, None)


def test_answers_stand_beside_the_record_without_names(cast: Cast) -> None:
    activity = an_activity(cast)
    operations.answer_activity(
        actor=cast.employee,
        now=NOW,
        activity=activity,
        grades={"sensitivity": 4, "hurts": 5},
        comment="Nights before month end.",
    )
    page = cast.browser().get(reverse("planning:activity", args=(activity.pk,)))
    text = page.content.decode()
    assert "Nights before month end." in text
    assert cast.person("employee").name not in text
    by_criterion = {one.criterion.name: one for one in page.context["page"].judgements}
    assert by_criterion["sensitivity"].said
    assert not by_criterion["value"].said
    assert by_criterion["value"].value is None, "what nobody told stays unknown"


def test_what_somebody_said_is_not_in_the_trail(cast: Cast) -> None:
    activity = an_activity(cast)
    operations.answer_activity(
        actor=cast.employee, now=NOW, activity=activity, grades={"hurts": 5}, comment="It is my lead."
    )
    entry = AuditEntry.objects.get(verb="activity answered")
    assert entry.after is None
    assert entry.before is None


def test_rates_make_hours_cost(cast: Cast) -> None:
    history = read(cast.lead)
    file = SimpleUploadedFile(
        "rates.csv", b"kind,name,rate,currency\nresource,Ada,60,EUR\ndefault,,30,EUR\nmarket,Enter,20,EUR\n"
    )
    browser = cast.browser()
    page = browser.post(reverse("planning:rates"), {"file": file}, follow=True).content.decode()
    assert "3 rates are set." in page
    for name in ("rates", "inventory"):
        assert "Costs are being reckoned anew" in browser.get(reverse(f"planning:{name}")).content.decode(), (
            name
        )
    assert history.activities.filter(cost_per_month=None).count() == 2, "no page waits for it"
    reprice_now()
    assert (
        "reckoned anew with the rates set last" not in browser.get(reverse("planning:rates")).content.decode()
    )
    enter = history.activities.get(name="Enter")
    # 30 entries of 20 minutes and 10 of 10 minutes, at 60 EUR an hour, over the months of the record
    months = max(history.summary["months"], 1.0)
    expected = Decimal(60) * Decimal(700) / 60 / Decimal(repr(months))
    assert enter.cost_per_month == pytest.approx(expected, abs=Decimal("0.01"))
    assert enter.currency == "EUR"
    assert enter.figures["pay_ratio"] == pytest.approx(3.0)


def test_rates_of_work_that_nobody_read_need_no_reckoning(cast: Cast) -> None:
    operations.set_rates(actor=cast.lead, now=NOW, rates=an_hour_at(30))
    assert not Job.objects.exists()


def test_costs_are_all_by_the_same_rates_at_any_time(cast: Cast) -> None:
    """Rates that are set while costs are reckoned with others: these are never shown."""
    history = read(cast.lead)
    operations.set_rates(actor=cast.lead, now=NOW, rates=an_hour_at(30))
    reprice_now()
    before = costs_of(history)
    with_new_rates = once(lambda: operations.set_rates(actor=cast.lead, now=NOW, rates=an_hour_at(90)))
    operations.reprice(actor=cast.lead, progress=with_new_rates)
    assert costs_of(history) == before
    reprice_now()
    for name, cost in costs_of(history).items():
        assert cost == pytest.approx(3 * before[name], abs=Decimal("0.03"))


def test_a_reading_that_began_with_other_rates_is_reckoned_once_more(cast: Cast) -> None:
    history = read(cast.lead)
    operations.set_rates(actor=cast.lead, now=NOW, rates=an_hour_at(30))
    reprice_now()
    before = costs_of(history)

    def others_are_set_and_reckoned_with() -> None:
        operations.set_rates(actor=cast.lead, now=NOW, rates=an_hour_at(90))
        reprice_now()

    meanwhile = once(others_are_set_and_reckoned_with, phase="keeping the steps")
    operations.read_history(actor=cast.lead, now=NOW, history_id=history.pk, progress=meanwhile)
    assert costs_of(history) == before, "the reading knew no others"
    reprice_now()
    assert costs_of(history)["Check"] == pytest.approx(3 * before["Check"], abs=Decimal("0.03"))


def test_what_keeps_costs_from_being_reckoned_is_said(cast: Cast) -> None:
    read(cast.lead)
    operations.set_rates(actor=cast.lead, now=NOW, rates=an_hour_at(30))
    records.drop(WorkHistory.objects.get())
    reprice_now()
    page = cast.browser().get(reverse("planning:inventory")).content.decode()
    assert "Costs are still those by the rates before" in page
    assert "Set the rates again." in page


def an_hour_at(rate: int) -> Rates:
    return Rates(entries=(HourlyRate(kind="default", name="", rate=Decimal(rate), currency="EUR"),))


def reprice_now() -> None:
    """Do the reckoning that waits longest, and it alone."""
    job = Job.objects.filter(kind=REPRICE, state=Job.State.WAITING).earliest("pk")
    execute_on(connections["default"], job_id=job.pk, now=lambda: NOW)


def costs_of(history: WorkHistory) -> dict[str, Decimal]:
    return {one.name: one.cost_per_month or Decimal(0) for one in history.activities.all()}


def once(deed: Callable[[], None], *, phase: str = "") -> Callable[[float, str], None]:
    """Do something in the midst of a job, when it tells of its progress."""
    deeds = [deed]

    def progress(fraction: float, told: str) -> None:
        if deeds and phase in told:
            deeds.pop()()

    return progress


def test_a_rate_is_kept_as_it_was_given(cast: Cast) -> None:
    file = SimpleUploadedFile("rates.csv", b"kind,name,rate,currency\ndefault,,41.12345,EUR\nteam,A,38,EUR\n")
    page = cast.browser().post(reverse("planning:rates"), {"file": file}, follow=True).content.decode()
    assert Rate.objects.get(kind="default").rate == Decimal("41.12345")
    assert "38.000000" not in page


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("kind,name,rate,currency\nteam,Office,abc,EUR\n", "line 2"),
        ("kind,name,rate,currency\nteam,A,1,EUR\nteam,B,1,USD\n", "currenc"),
        ("name,rate\nA,1\n", "kind"),
        ("kind,name,rate,currency\n" + "team,A,1,EUR\n" * 80_000, "at most 1.0"),
    ],
    ids=["no number", "two currencies", "a column missing", "too large"],
)
def test_rates_that_cannot_be_used_are_refused_with_their_place_and_the_old_ones_stay(
    cast: Cast, text: str, words: str
) -> None:
    good = SimpleUploadedFile("rates.csv", b"kind,name,rate,currency\ndefault,,30,EUR\n")
    cast.browser().post(reverse("planning:rates"), {"file": good})
    bad = SimpleUploadedFile("new-rates.csv", text.encode())
    response = cast.browser().post(reverse("planning:rates"), {"file": bad})
    assert response.status_code == 422
    assert words in response.content.decode()
    assert response.context["page"].form.errors["file"][0].startswith("new-rates.csv"), "and no path of ours"
    assert Rate.objects.get().rate == Decimal(30)


def test_the_inventory_filters_by_function_and_exports_as_shown(cast: Cast) -> None:
    read(cast.lead)
    operations.add_activity(
        actor=cast.lead,
        now=NOW,
        function=ledger(cast),
        name="Book travel",
        steps_per_month=40,
        minutes_each=30,
    )
    response = cast.browser().get(reverse("planning:inventory"), {"function": "Ledger", "export": "csv"})
    text = response.content.decode("utf-8-sig")
    assert "Book travel" in text
    assert "Enter" not in text


def test_an_erased_persons_own_words_go_and_their_grades_stay(cast: Cast) -> None:
    activity, person = an_activity(cast), cast.person("employee")
    for actor, comment in ((cast.employee, "I am often ill on Mondays."), (cast.lead, "Stays.")):
        operations.answer_activity(
            actor=actor, now=NOW, activity=activity, grades={"hurts": 5}, comment=comment
        )
    parties.offboard_person(actor=cast.lead, now=NOW + timedelta(days=1), person=person)
    parties.erase_person(actor=cast.lead, now=NOW, person=person)
    said = Answer.objects.order_by("comment").values_list("comment", "hurts")
    assert list(said) == [("", 5), ("Stays.", 5)]
    entry = AuditEntry.objects.get(verb="comment erased")
    assert (entry.subject_id, entry.organisation_id) == (str(activity.pk), cast.client.pk)


def test_why_it_waits_is_told_by_cause_and_opens_the_steps(cast: Cast) -> None:
    history = read(cast.lead)
    waiting = {one.pk: waiting_hours(one) for one in Activity.objects.filter(history=history)}
    known = next(pk for pk, hours in waiting.items() if hours)
    page = cast.browser().get(reverse("planning:activity", args=(known,))).context["page"].waiting
    assert sum(one.share for one in page.causes) == pytest.approx(1)
    assert [one.amount for one in page.causes] == [hours for hours in waiting[known].values() if hours]
    steps = cast.browser().get(page.causes[0].href)
    assert {f"{cause}_s" for cause in CAUSES} & {one.key for one in steps.context["page"].table.shown}
