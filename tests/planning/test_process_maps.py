"""The map and the model of a work history: what the address asks for is what is drawn."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from backdesk.evidence.process.bpmn import problems, read_bpmn
from backdesk.planning import records
from backdesk.planning.models import WorkHistory
from tests.cast import Cast, assemble
from tests.made_once import Making, common_var, making, var  # noqa: F401
from tests.planning.bringing import seen
from tests.planning.histories import chain, read

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def cast(making: Making) -> Cast:  # noqa: F811
    with making():
        return assemble()


@pytest.fixture(scope="module")
def history(cast: Cast, making: Making) -> WorkHistory:  # noqa: F811
    """Thirty orders that are entered and checked, every third one entered anew."""
    with making():
        return read(cast.lead)


@pytest.fixture
def browser(cast: Cast) -> Client:
    return cast.browser()


def page(browser: Client, history: WorkHistory, name: str, **asked: str) -> Any:
    response = browser.get(reverse(f"planning:{name}", args=(history.pk,)), asked)
    assert response.status_code == 200
    return response


def drawn(browser: Client, history: WorkHistory, **asked: str) -> str:
    return str(page(browser, history, "history-map", **asked).context["page"].drawn.svg)


# -- The map ----------------------------------------------------------------------------------------------------------


def test_the_map_is_of_the_cases_the_address_keeps(browser: Client, history: WorkHistory) -> None:
    assert "30 cases." in drawn(browser, history)
    assert "10 cases." in drawn(browser, history, first="Check", last="Enter")
    assert "20 cases." in drawn(browser, history, variants="60")
    assert "5 cases." in drawn(browser, history, since="2026-01-05", until="2026-01-09")
    assert "30 cases." in drawn(browser, history, column="team", value="Office")


def test_cases_can_be_kept_by_what_they_lack(browser: Client, history: WorkHistory) -> None:
    nothing = page(browser, history, "history-map", lacks="Check")
    assert "No steps to draw" in seen(nothing)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({}, "waiting in working time (median)"),
        ({"clock": "elapsed"}, "waiting in elapsed time (median)"),
        ({"statistic": "p90", "clock": "elapsed"}, "waiting in elapsed time (90th percentile)"),
        ({"statistic": "mean"}, "waiting in working time (median)"),  # skewed: a page tells no mean
    ],
)
def test_lines_tell_the_waiting_asked_for(
    browser: Client, history: WorkHistory, asked: dict[str, str], told: str
) -> None:
    assert told in " ".join(drawn(browser, history, **asked).split())


def test_what_the_address_does_not_say_is_as_at_first(browser: Client, history: WorkHistory) -> None:
    form = page(browser, history, "history-map", contains="Check").context["page"].form
    assert not form.errors
    assert (form["activities"].value(), form["paths"].value(), form["clock"].value()) == (100, 20, "working")


def test_half_a_choice_is_said_to_be_one(browser: Client, history: WorkHistory) -> None:
    response = page(browser, history, "history-map", first="Enter")
    assert "Say this, too." in seen(response)
    assert "30 cases." in response.context["page"].drawn.svg


def test_a_map_of_chosen_cases_is_not_kept_one_of_all_is(browser: Client, history: WorkHistory) -> None:
    def kept() -> set[str]:
        return {path.name for path in (records.pictures(history) / "maps").glob("*.svg")}

    drawn(browser, history, paths="77")
    before = kept()
    drawn(browser, history, paths="78", contains="Check")
    assert kept() == before
    drawn(browser, history, paths="79")
    assert len(kept()) == len(before) + 1


# -- The model --------------------------------------------------------------------------------------------------------


def test_the_model_says_how_many_cases_it_tells(browser: Client, history: WorkHistory) -> None:
    exact = page(browser, history, "history-model", noise="0")
    assert "30 of 30 cases, worked on in 2 ways, went just as this model says." in seen(exact)
    loose = page(browser, history, "history-model", noise="100")
    assert "20 of 30 cases" in seen(loose)
    assert str(loose.context["page"].drawn.found.tree) == "->( 'Enter', 'Check' )"


def test_the_model_is_drawn_and_can_be_taken_along(browser: Client, history: WorkHistory) -> None:
    shown = page(browser, history, "history-model", noise="0").context["page"]
    assert ">Check<" in shown.drawn.svg
    address = reverse("planning:history-model", args=(history.pk,))
    file = browser.get(address + shown.file_url)
    assert file["Content-Disposition"] == 'attachment; filename="model.bpmn"'
    model = read_bpmn(file.content)
    assert problems(model) == ()
    assert {node.name for node in model.of_kind("user")} == {"Enter", "Check"}


def test_the_model_is_of_the_cases_the_map_was_of(browser: Client, history: WorkHistory) -> None:
    tabs = page(browser, history, "history-map", first="Check", last="Enter", paths="50").context["page"].tabs
    assert [tab.is_current for tab in tabs] == [True, False, False]
    assert tabs[1].url.endswith("/model/?first=Check&last=Enter")
    assert tabs[2].url.endswith("/handovers/?first=Check&last=Enter")
    found = browser.get(tabs[1].url).context["page"].drawn.found
    assert (found.cases, str(found.tree)) == (10, "->( 'Check', 'Enter' )")


def test_of_no_case_and_of_too_many_activities_there_is_no_model(
    browser: Client, history: WorkHistory, cast: Cast
) -> None:
    assert "No steps to make a model of" in seen(page(browser, history, "history-model", lacks="Check"))
    wide = read(cast.lead, text=chain(length=160, cases=2))
    assert "The log has 160 activities" in seen(page(browser, wide, "history-model"))
