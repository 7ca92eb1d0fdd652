"""The ranking follows the evidence, the answers and the weights; bundles and pilot follow the ranking."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.urls import reverse

from backdesk.planning import operations
from backdesk.planning.models import Function
from backdesk.planning.queries.candidates import answers, plans, ranking
from tests.cast import NOW, Cast
from tests.planning.histories import an_activity, read

pytestmark = pytest.mark.django_db


def totals(cast: Cast, **weights: float) -> dict[str, float]:
    return {one.activity.name: one.candidate.total for one in ranking(cast.lead, weights=weights)}


def test_weights_change_the_ranking_at_once(cast: Cast) -> None:
    read(cast.lead)
    address = reverse("planning:candidates")
    before = cast.browser().get(address).context["page"]
    after = cast.browser().get(address, {"hurts": "5", "no_hands": "0"}).context["page"]
    assert not before.changed
    assert after.changed
    rows = {row.activity.name: row.candidate.total for row in (*after.rows, *after.staying)}
    assert rows == pytest.approx(totals(cast, hurts=5, no_hands=0))
    assert rows != pytest.approx(totals(cast))


@pytest.mark.parametrize("value", ["-1", "99", "nan", "abc", ""])
def test_an_impossible_weight_counts_as_at_first(cast: Cast, value: str) -> None:
    read(cast.lead)
    page = cast.browser().get(reverse("planning:candidates"), {"hurts": value}).context["page"]
    rows = {row.activity.name: row.candidate.total for row in (*page.rows, *page.staying)}
    assert rows == pytest.approx(totals(cast))


def test_what_people_say_against_lowers_the_total_and_narrows_what_is_open(cast: Cast) -> None:
    activity = an_activity(cast)
    before = next(one.candidate for one in ranking(cast.lead) if one.activity == activity)
    for role in ("employee", "operations_lead"):
        operations.answer_activity(
            actor=cast.actor(role), now=NOW, activity=activity, grades={"value": 5, "judgement": 5}
        )
    after = next(one.candidate for one in ranking(cast.lead) if one.activity == activity)
    assert after.total < before.total
    assert after.high - after.low < before.high - before.low


def test_answers_count_by_their_median_and_each_activity_by_its_own(cast: Cast) -> None:
    history = read(cast.lead)
    enter, check = history.activities.order_by("-name")
    for role, hurts in (("employee", 1), ("operations_lead", 5), ("controller", 4)):
        person = replace(cast.actor(role), roles=frozenset({"employee"}))
        operations.answer_activity(actor=person, now=NOW, activity=enter, grades={"hurts": hurts})
    operations.answer_activity(actor=cast.employee, now=NOW, activity=check, grades={"hurts": 2})
    said = answers(cast.lead)
    assert (said[enter.pk].count, said[enter.pk].medians["hurts"]) == (3, 4)
    assert (said[check.pk].count, said[check.pk].medians["hurts"]) == (1, 2)
    assert said[enter.pk].medians["value"] is None
    assert answers(cast.other_lead) == {}


def test_two_histories_may_share_the_name_of_an_activity(cast: Cast) -> None:
    read(cast.lead)
    read(cast.lead)
    assert len(ranking(cast.lead)) == 4
    assert len(plans(ranking(cast.lead))) == 2


def test_what_was_entered_by_hand_is_ranked_too_and_asks_what_is_not_known(cast: Cast) -> None:
    function = operations.add_function(actor=cast.lead, now=NOW, name="Office", office=Function.Office.BACK)
    operations.add_activity(
        actor=cast.lead, now=NOW, function=function, name="Book travel", steps_per_month=400, minutes_each=30
    )
    (only,) = ranking(cast.lead)
    assert only.candidate.score_of("size").value
    assert only.candidate.score_of("hurts").value is None
    assert only.candidate.questions


def test_another_companys_work_is_not_in_the_ranking(cast: Cast) -> None:
    read(cast.lead)
    assert ranking(cast.other_lead) == ()
    page = cast.browser("operations_lead", cast.other_client).get(reverse("planning:candidates"))
    assert "Nothing to rank yet" in page.content.decode()
