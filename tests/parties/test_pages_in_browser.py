"""The pages of an organisation in a real browser: readable by everyone, worked by keyboard, and without scripts."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from backdesk.parties import operations
from backdesk.parties.models import PersonSkill, Role
from tests.background import do_waiting_jobs
from tests.cast import BACKDESK, NOW, Cast
from tests.parties import company
from tests.platform.web.browser import BrowserPage, assert_accessible

EMPTY = ("teams", "skills", "absences", "invitations", "former")


@pytest.fixture
def lead(transactional_db: None, browser_page: BrowserPage, cast: Cast) -> BrowserPage:
    browser_page.sign_in(cast.person(Role.OPERATIONS_LEAD))
    return browser_page


def test_everyone_can_read_what_is_still_empty(lead: BrowserPage) -> None:
    for name in EMPTY:
        lead.open(reverse(f"organisation:{name}"))
        assert_accessible(lead.page)


def test_skills_are_graded_by_keyboard_alone(lead: BrowserPage, cast: Cast) -> None:
    skill, employee = company.added_skill(cast), cast.person(Role.EMPLOYEE)
    lead.open(reverse("organisation:grades", args=(employee.pk,)))
    page = lead.page
    page.get_by_role("radio", name="fluent").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1, name=employee.name).wait_for()
    assert "teaching" in page.locator("#skills").locator("xpath=ancestor::section").inner_text()
    page.wait_for_load_state()
    assert PersonSkill.objects.get(skill=skill).level == 4


def test_everyone_can_read_an_invitation(browser_page: BrowserPage, cast: Cast) -> None:
    browser_page.open(mailed(cast))
    assert_accessible(browser_page.page)


def test_a_newcomer_comes_in_without_scripts(scriptless_page: BrowserPage, cast: Cast) -> None:
    scriptless_page.open(mailed(cast))
    page = scriptless_page.page
    page.get_by_label("Your name").fill("Nora Newly")
    page.get_by_label("Password").fill("a long walk by the quay")
    page.get_by_role("button", name="Make my account and join").click()
    page.get_by_text("Welcome to Larch").wait_for()


def test_the_switcher_is_worked_by_keyboard(lead: BrowserPage, cast: Cast) -> None:
    person = cast.person(Role.OPERATIONS_LEAD)
    operations.give_role(actor=BACKDESK, now=NOW, person=person, organisation=cast.provider, role=Role.AGENT)
    lead.open(reverse("organisation:teams"))
    page = lead.page
    page.get_by_role("button", name="choose another organisation").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator(".organisation-word", has_text="Steady Hands").wait_for()
    assert page.url.endswith(reverse("organisation:teams"))
    lead.open(reverse("organisation:team", args=(999_999,)))
    assert_accessible(page)
    page.get_by_role("button", name="Larch & Sons", exact=True).wait_for()


def mailed(cast: Cast) -> str:
    """The path in the mail to somebody new."""
    company.invited(cast, now=timezone.now())
    do_waiting_jobs()
    found = re.search(r"/invitations/\S+/", str(mail.outbox[-1].body))
    assert found
    return found[0]
