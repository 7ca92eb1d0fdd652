"""A conversation in a real browser: somebody is addressed and told, by keyboard alone."""

from __future__ import annotations

import pytest
from django.utils import timezone

from backdesk.conversations.models import Message
from backdesk.parties.models import Role
from tests.cast import Cast
from tests.platform.web.browser import BrowserPage, browser_page, chromium  # noqa: F401  fixtures
from tests.work.services import a_service, an_item

pytestmark = pytest.mark.django_db(transaction=True)


def test_somebody_is_addressed_by_keyboard_alone(browser_page: BrowserPage, cast: Cast) -> None:  # noqa: F811
    item = an_item(a_service(cast), now=timezone.now())
    browser_page.sign_in(cast.person(Role.OPERATIONS_LEAD))
    browser_page.open(f"/work/items/{item.pk}/")
    page = browser_page.page
    page.focus("#thread textarea")
    page.keyboard.type("Is it right, @emp")
    page.wait_for_selector(".addressed [role=option]")
    page.keyboard.press("Enter")
    page.keyboard.type("?")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".said")
    message = Message.objects.get()
    assert message.text == f"Is it right, @{cast.person(Role.EMPLOYEE).name} ?"
    assert message.text in page.inner_text(".said")
    assert page.evaluate("document.activeElement.matches('#thread textarea')")
