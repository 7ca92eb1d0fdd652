"""Pay, and what a named person did: shown to who is responsible, on pages, in exports and over the API alike."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from backdesk.evidence.assessment import Rate, Rates
from backdesk.planning import operations
from backdesk.planning.models import Activity, WorkHistory
from tests.api.calling import Program
from tests.cast import NOW, Cast
from tests.planning.histories import read

RATES = Rates(
    entries=(
        Rate(kind="resource", name="Ada", rate=Decimal(61), currency="EUR"),
        Rate(kind="market", name="Enter", rate=Decimal(20), currency="EUR"),
        Rate(kind="default", name="", rate=Decimal(30), currency="EUR"),
    )
)
SHOWN_TO = [("operations_lead", True), ("controller", True), ("employee", False)]
to_each = pytest.mark.parametrize(("role", "is_shown"), SHOWN_TO)


@pytest.fixture
def enter(cast: Cast) -> Activity:
    operations.set_rates(actor=cast.lead, now=NOW, rates=RATES)
    return read(cast.lead).activities.get(name="Enter")


@pytest.fixture
def history(enter: Activity) -> WorkHistory:
    assert enter.history is not None
    return enter.history


@to_each
def test_who_did_a_step_on_the_page_and_in_its_export(
    cast: Cast, history: WorkHistory, role: str, is_shown: bool
) -> None:
    address = reverse("planning:history-steps", args=(history.pk,))
    for asked in ({}, {"export": "csv"}, {"sort": "resource"}, {"resource": "Ad"}):
        content = cast.browser(role).get(address, asked).getvalue().decode()
        assert ("Ada" in content) == is_shown, asked


@to_each
def test_who_did_a_step_over_the_api(cast: Cast, history: WorkHistory, role: str, is_shown: bool) -> None:
    content = Program(cast.actor(role)).get(f"/histories/{history.pk}/steps").content.decode()
    assert ("Ada" in content) == is_shown


@to_each
def test_what_an_activity_costs_over_the_api(cast: Cast, enter: Activity, role: str, is_shown: bool) -> None:
    told = Program(cast.actor(role)).get(f"/activities/{enter.pk}").json()
    assert (told["cost_per_month"] is not None) == is_shown
    assert told["currency"] == ("EUR" if is_shown else "")
    assert (told["figures"]["pay_ratio"] is not None) == is_shown


@to_each
def test_what_an_activity_costs_and_who_does_it_on_its_page(
    cast: Cast, enter: Activity, role: str, is_shown: bool
) -> None:
    page = cast.browser(role).get(reverse("planning:activity", args=(enter.pk,))).content.decode()
    assert ("Cost a month" in page) == is_shown
    assert ("Ada" in page) == is_shown
