"""A file is chosen in the field of a task: it goes up with the draft, and is a document of the item."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backdesk.desks.services import example_files
from backdesk.parties.models import Role
from backdesk.work.models import Document, Event, Item, Step, StepDraft
from backdesk.work.operations import steps
from tests.cast import Cast, assemble
from tests.made_once import Making, common_var, making, var  # noqa: F401
from tests.work.desks import ENTERED, a_desk, an_invoice, in_hand
from tests.work.papers import PICTURE
from tests.work.services import Work

pytestmark = pytest.mark.django_db

OUTPUT, PROCESS = "output.schema.json", "process.bpmn"


@pytest.fixture(scope="module")
def cast(making: Making) -> Cast:  # noqa: F811
    with making():
        return assemble()


@pytest.fixture(scope="module")
def work(cast: Cast, making: Making) -> Work:  # noqa: F811
    """Of invoices, to which whoever enters them adds the page they were stamped on."""
    files = example_files("invoice-entry")
    schema = json.loads(files[OUTPUT])
    process = files[PROCESS].replace(b"total remark", b"total remark stamped")
    schema["properties"]["stamped"] = {"type": "string", "format": "file", "title": "Stamped page"}
    with making():
        made = a_desk(cast, files={OUTPUT: json.dumps(schema).encode(), PROCESS: process})
        an_invoice(made)
        return made


@pytest.fixture
def agent(cast: Cast) -> Client:
    return cast.browser(Role.AGENT, cast.provider)


def sent(browser: Client, step: Step, what: str, content: bytes, **typed: Any) -> Any:
    upload = SimpleUploadedFile("stamped.png", content, "image/png")
    data = {"_claim": step.claim, "_file-stamped": upload, **typed}
    return browser.post(f"/work/step/{step.pk}/{what}/", data)


def test_a_chosen_file_is_the_value_of_its_field_and_a_document_of_the_item(
    work: Work, agent: Client
) -> None:
    step = in_hand(work)
    response = sent(agent, step, "draft", PICTURE, _upload="stamped", invoice_number="2026-117")
    assert response["Location"] == f"/work/step/{step.pk}/#in-stamped"
    document = Document.objects.get(item_id=step.item_id)
    assert (document.step_id, document.field, document.name) == (step.pk, "output.stamped", "stamped.png")
    assert StepDraft.objects.get().values == {"invoice_number": "2026-117", "stamped": str(document.pk)}
    shown = agent.get(f"/work/step/{step.pk}/").content.decode()
    assert f'<option value="{document.pk}" selected>stamped.png</option>' in shown
    assert 'enctype="multipart/form-data"' in shown
    assert Event.objects.filter(item=step.item_id, kind="document added").exists()


def test_who_completes_with_a_chosen_file_has_not_to_add_it_first(work: Work, agent: Client) -> None:
    step = in_hand(work)
    response = sent(agent, step, "completion", PICTURE, _confirmed="1", **ENTERED)
    assert response.status_code == 302, response.content.decode()
    item = Item.objects.get(pk=step.item_id)
    assert item.data["output"]["stamped"] == str(Document.objects.get(item=item).pk)


@pytest.mark.parametrize("what", ["draft", "completion"])
def test_what_is_no_document_is_told_at_its_field_and_the_rest_is_kept(
    work: Work, agent: Client, what: str
) -> None:
    step = in_hand(work)
    refused = sent(agent, step, what, b"MZ\x90\x00" * 50, invoice_number="2026-118")
    assert refused.status_code == 422
    shown = refused.content.decode()
    assert 'id="in-stamped-says"><p class="entry-message error">' in shown
    assert StepDraft.objects.get().values["invoice_number"] == "2026-118"
    assert not Document.objects.filter(item_id=step.item_id).exists()


def test_nothing_goes_up_from_a_screen_that_has_lost_the_item(work: Work, agent: Client) -> None:
    step = in_hand(work)
    steps.give_back(
        actor=work.agent(), now=timezone.now(), step_id=step.pk, claim=step.claim, reason="Elsewhere"
    )
    assert sent(agent, step, "draft", PICTURE).status_code == 409
    assert not Document.objects.filter(item_id=step.item_id).exists()


def test_a_file_in_a_field_for_something_else_is_left_alone(work: Work, agent: Client) -> None:
    step = in_hand(work)
    upload = SimpleUploadedFile("a.png", PICTURE, "image/png")
    response = agent.post(
        f"/work/step/{step.pk}/draft/", {"_claim": step.claim, "_file-invoice_number": upload}
    )
    assert response.status_code == 302
    assert not Document.objects.filter(item_id=step.item_id).exists()


def test_a_document_of_no_field_is_added_beside_the_form(work: Work, agent: Client) -> None:
    step = in_hand(work)
    adding = agent.post(
        f"/work/items/{step.item_id}/documents/",
        {"file": SimpleUploadedFile("letter.png", PICTURE, "image/png"), "step": step.pk},
    )
    assert adding["Location"] == f"/work/step/{step.pk}/"
    assert "letter.png" in agent.get(adding["Location"]).content.decode()


def test_a_file_chosen_in_the_form_of_a_new_item_fills_its_field(work: Work, cast: Cast) -> None:
    browser, address = cast.browser(), f"{reverse('work:item-new')}?service={work.service.pk}"
    shown = browser.get(address).content.decode()
    assert 'type="file" name="_file-document"' in shown
    upload = SimpleUploadedFile("page.png", PICTURE, "image/png")
    typed = {"document_number": "NL-77777", "received_on": "2026-02-30", "_file-document": upload}
    refused = browser.post(address, typed)
    document = Document.objects.get(name="page.png")
    assert f'<option value="{document.pk}" selected>page.png</option>' in refused.content.decode()
    again = {**typed, "received_on": "2026-03-02", "_file-document": "", "document": document.pk}
    browser.post(address, {**again, "_document": document.pk})
    item = Item.objects.get(business_key="NL-77777")
    assert item.data["input"]["document"] == str(document.pk)
    assert Document.objects.get(pk=document.pk).field == "document"
