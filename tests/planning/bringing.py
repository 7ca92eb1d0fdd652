"""A work history brought through the pages, the way a person does it, and every page about it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from lxml import html

from backdesk.planning import records
from backdesk.planning.models import Activity, WorkHistory
from tests.planning.histories import read_now
from tests.planning.pages import PAGES, Subjects, addresses
from tests.platform.web.markup import words

OF_NO_HISTORY = {
    f"planning:{name}" for name in ("history-report", "history-new", "function-new", "activity-new", "rates")
}


def brought(browser: Client, content: str | bytes, *, name: str = "orders.csv") -> Any:
    """The page of its columns."""
    raw = content.encode() if isinstance(content, str) else content
    return browser.post(reverse("planning:history-new"), {"file": SimpleUploadedFile(name, raw)}, follow=True)


def settled(browser: Client, **chosen: str) -> WorkHistory:
    """Read with the columns that were found, but for those that are chosen."""
    history = latest()
    address = reverse("planning:history-columns", args=(history.pk,))
    form = browser.get(address).context["page"].form
    given = {name: form[name].value() or "" for name in form.fields}
    assert browser.post(address, {**given, **chosen}).status_code == 302
    return read_now(latest())


def latest() -> WorkHistory:
    return WorkHistory.objects.latest("pk")


def pages(browser: Client, history: WorkHistory) -> Iterator[Any]:
    """All that show something of the history."""
    ended = records.cases(history).head(1).collect()["case"].to_list()
    measured = Activity.objects.filter(history=history).first()
    subjects = Subjects(history=history, measured=measured, function=measured.function if measured else None)
    for name, address in addresses(subjects).items():
        if name not in OF_NO_HISTORY and (ended or not PAGES[name].data):
            yield browser.get(address, {"case": ended} if PAGES[name].data else {})


def walked(browser: Client, history: WorkHistory) -> dict[str, int]:
    return {page.wsgi_request.path: page.status_code for page in pages(browser, history)}


def seen(page: Any) -> str:
    return words(html.fromstring(page.content))


def csv_text(*rows: list[str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
