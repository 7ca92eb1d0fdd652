"""Items that come by a form, an e-mail or a folder, with their documents; and imports that are cut short."""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from backdesk.parties.models import Role
from backdesk.platform.actor import system
from backdesk.work.models import Arrival, Document, ImportBatch, ImportLine, Item
from backdesk.work.operations import documents, imports, intake, items, watching
from backdesk.work.queries.documents import documents_for, same_elsewhere
from tests.cast import NOW, Cast
from tests.work.papers import PICTURE, picture
from tests.work.services import Work, a_service, an_item
from tests.work.test_imports import CSV, counts, looked_through

pytestmark = pytest.mark.django_db

LIMIT = 100_000
BACKDESK = system(name="tests")


def added(work: Work, item: Item, content: bytes = PICTURE, **given: Any) -> Document:
    actor = given.pop("actor", work.lead)
    return documents.add_document(
        actor=actor,
        now=NOW,
        item_id=item.pk,
        stream=io.BytesIO(content),
        filename="a.png",
        limit=LIMIT,
        **given,
    )


def an_upload(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PICTURE, content_type="image/png")


# -- Documents
def test_both_companies_read_a_document_through_the_item_and_nobody_else(cast: Cast) -> None:
    work = a_service(cast)
    document = added(work, an_item(work))
    address = f"/work/documents/{document.pk}/"
    for browser in (cast.browser(), cast.browser(Role.DELIVERY_MANAGER, cast.provider)):
        answer = browser.get(address)
        assert answer.getvalue() == PICTURE
        assert answer["Content-Disposition"] == 'attachment; filename="a.png"'
    assert cast.browser(Role.AGENT, cast.provider).get(address).status_code == 404  # not in their hands
    assert cast.browser(organisation=cast.other_client).get(address).status_code == 404
    assert cast.browser(Role.DELIVERY_MANAGER, cast.other_provider).get(address).status_code == 404
    event = document.item.events.get(kind="document added")  # type: ignore[union-attr]
    assert event.data["sha256"] == document.sha256


def test_what_a_company_keeps_the_other_one_does_not_find(cast: Cast) -> None:
    work = a_service(cast)
    document = added(work, an_item(work), actor=work.manager, is_internal=True)
    assert list(documents_for(work.manager)) == [document]
    assert list(documents_for(work.lead)) == []
    assert document.item.events.get(kind="document added").internal_to == cast.provider.pk  # type: ignore[union-attr]


def test_the_same_file_at_another_item_is_noticed(cast: Cast) -> None:
    work = a_service(cast)
    first, second = an_item(work, "A-1"), an_item(work, "A-2")
    added(work, first)
    again, other = added(work, second), added(work, second, picture(70))
    assert same_elsewhere(work.lead, [again, other]) == {again.pk: [first]}
    shown = cast.browser().get(f"/work/items/{second.pk}/").content.decode()
    assert "The same file is also in other items" in shown
    assert f'href="/work/items/{first.pk}/"' in shown


def test_a_program_and_one_too_many_are_refused(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    work = a_service(cast)
    item = an_item(work)
    browser, address = cast.browser(), f"/work/items/{item.pk}/documents/"
    browser.post(address, {"file": SimpleUploadedFile("run.html", b"<html></html>")})
    monkeypatch.setattr(documents, "MOST_OF_AN_ITEM", 1)
    for name in ("one.png", "two.png"):
        browser.post(address, {"file": an_upload(name)})
    assert list(Document.objects.values_list("name", flat=True)) == ["one.png"]


def test_a_form_adds_an_item_with_its_documents_and_keeps_them_while_it_is_refused(cast: Cast) -> None:
    work = a_service(cast)
    address = f"/work/items/new/?service={work.service.pk}"
    refused = cast.browser().post(address, {"supplier": "Birch", "_file": an_upload("a.png")})
    assert refused.status_code == 422
    assert b"Fill this in." in refused.content
    (kept,) = refused.context["page"].brought
    assert (kept.item, kept.internal_to) == (None, cast.client.pk)

    done = cast.browser().post(address, {"number": "F-1", "supplier": "Birch", "_document": str(kept.pk)})
    item = Item.objects.get(business_key="F-1")
    assert done["Location"] == f"/work/items/{item.pk}/"
    kept.refresh_from_db()
    assert (kept.item, kept.internal_to, item.source) == (item, None, "form")

    again = cast.browser().post(address, {"number": "F-1"})
    assert (again.status_code, again.context["page"].existing) == (422, item)


def test_a_document_brought_by_another_company_cannot_be_attached(cast: Cast) -> None:
    work = a_service(cast)
    brought = documents.bring_document(
        actor=work.manager,
        now=NOW,
        service=work.service,
        stream=io.BytesIO(PICTURE),
        filename="a.png",
        limit=LIMIT,
    )
    with pytest.raises(documents.NoSuchDocument):
        intake.create_item(
            actor=work.lead, now=NOW, service=work.service, values={"number": "A-1"}, brought=[brought.pk]
        )
    assert not Item.objects.exists()


def test_what_nobody_attached_is_forgotten_in_time(cast: Cast) -> None:
    work = a_service(cast)
    for _each in range(2):
        documents.bring_document(
            actor=work.lead,
            now=NOW,
            service=work.service,
            stream=io.BytesIO(PICTURE),
            filename="a.png",
            limit=LIMIT,
        )
    added(work, an_item(work))
    assert documents.forget_what_nobody_attached(actor=BACKDESK, now=NOW + timedelta(days=1)) == 0
    assert documents.forget_what_nobody_attached(actor=BACKDESK, now=NOW + timedelta(days=3)) == 2
    assert Document.objects.count() == 1


# -- E-mail
def a_mail(**headers: str) -> EmailMessage:
    mail = EmailMessage()
    usual = {"From": "a@b.example", "Subject": "Invoice 7", "Message_ID": "<1@b.example>"}
    for name, value in {**usual, **headers}.items():
        mail[name.replace("_", "-")] = value
    mail.set_content("See the picture.")
    mail.add_attachment(PICTURE, maintype="image", subtype="png", filename="seven.png")
    return mail


def received(work: Work, mail: EmailMessage) -> Item:
    return intake.receive_mail(actor=work.lead, now=NOW, service=work.service, message=mail.as_bytes())


@pytest.fixture
def taking_mail(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Work:
    """A service whose number is what the subject says."""
    from tests.work import services

    properties: Mapping[str, Any] = {
        "subject": {"type": "string"},
        "text": {"type": "string", "x-widget": "longtext"},
    }
    properties = {name: {"type": "string", "title": name} for name in properties}
    monkeypatch.setattr(
        services, "INPUT", {"type": "object", "required": ["subject"], "properties": properties}
    )
    monkeypatch.setattr(services, "SETTINGS", services.SETTINGS.replace('["number"]', '["subject"]'))
    services.folder.cache_clear()
    work = a_service(cast, key="mail")
    services.folder.cache_clear()
    return work


def test_a_mail_becomes_an_item_once_with_its_attachments(taking_mail: Work) -> None:
    item = received(taking_mail, a_mail())
    assert (item.title, item.source) == ("Invoice 7", "mail")
    assert item.data["input"] == {"subject": "Invoice 7", "text": "See the picture."}
    assert [one.name for one in item.documents.all()] == ["seven.png"]
    assert received(taking_mail, a_mail()) == item
    assert Item.objects.count() == Document.objects.count() == 1
    with pytest.raises(items.DuplicateItem):
        received(taking_mail, a_mail(Message_ID="<2@b.example>"))
    assert Arrival.objects.count() == 1  # what was refused may come again


def test_of_a_mail_that_is_a_page_the_words_are_kept(taking_mail: Work) -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "a@b.example", "Invoice 8"
    mail.set_content("<p>See <b>both</b>.</p><script>alert(1)</script>", subtype="html")
    assert received(taking_mail, mail).data["input"]["text"] == "See both."


def test_a_mail_that_lacks_what_the_service_asks_for_is_refused(cast: Cast) -> None:
    with pytest.raises(items.InvalidItem):
        received(a_service(cast), a_mail())
    work = a_service(cast, key="other")
    with pytest.raises(intake.UnreadableMail):
        intake.receive_mail(actor=work.lead, now=NOW, service=work.service, message=b"\x00\x01")
    assert not Document.objects.exists()


def test_a_key_that_is_too_long_is_told_by_its_field_whichever_way_it_comes(
    taking_mail: Work, folder: Path
) -> None:
    with pytest.raises(items.InvalidItem) as refused:
        received(taking_mail, a_mail(Subject="x" * 201))
    ((problem),) = refused.value.problems
    assert (problem.path, problem.values) == ("subject", {"count": "201", "most": "200"})

    (folder / "mail").mkdir()
    put(folder, f"{'x' * 201}.png", PICTURE, to="mail")
    assert watching.take_in_folder(folder=folder, now=NOW) == 1
    report = next((folder / "mail" / "rejected").glob("*.report.txt")).read_text()
    assert "subject: With this the item's business key has 201 characters" in report

    address = f"/work/items/new/?service={taking_mail.service.pk}"
    page = taking_mail.cast.browser().post(address, {"subject": "x" * 201})
    assert page.status_code == 422
    assert "business key has 201 characters; it may have 200" in page.content.decode()
    assert not Item.objects.exists()


# -- The watched folder
@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "drop" / "invoices").mkdir(parents=True)
    return tmp_path / "drop"


def put(
    folder: Path, name: str, content: str | bytes, *, seconds_ago: int = 60, to: str = "invoices"
) -> Path:
    file = folder / to / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    then = (NOW - timedelta(seconds=seconds_ago)).timestamp()
    os.utime(file, (then, then))
    return file


def test_a_table_in_the_folder_brings_its_lines_and_gives_back_those_it_could_not(
    cast: Cast, folder: Path
) -> None:
    a_service(cast)
    put(folder, "march.csv", CSV)
    assert watching.take_in_folder(folder=folder, now=NOW) == 1
    assert set(Item.objects.values_list("business_key", "source")) == {("A-1", "folder"), ("A-3", "folder")}
    done = folder / "invoices" / "done"
    assert "5 lines: 2 created, 1 there already, 2 rejected." in (done / "march.csv.report.txt").read_text()
    assert len((done / "march.csv.rejected.csv").read_text().splitlines()) == 4
    assert not (folder / "invoices" / "march.csv").exists()


def test_what_is_still_written_hidden_or_a_link_is_left_alone(
    cast: Cast, folder: Path, tmp_path: Path
) -> None:
    a_service(cast)
    put(folder, "new.csv", CSV, seconds_ago=1)
    put(folder, ".hidden.csv", CSV)
    put(folder, "half.csv.part", CSV)
    (tmp_path / "elsewhere.csv").write_text(CSV)
    (folder / "invoices" / "link.csv").symlink_to(tmp_path / "elsewhere.csv")
    (folder / "unknown").mkdir()
    assert watching.take_in_folder(folder=folder, now=NOW) == 0
    assert not Item.objects.exists()


def test_a_file_that_cannot_be_taken_in_is_put_aside_with_the_reason(cast: Cast, folder: Path) -> None:
    a_service(cast)
    put(folder, "other.csv", "name\nAlder\n")
    put(folder, "scan.png", PICTURE)
    put(folder, "run.html", "<html></html>")
    assert watching.take_in_folder(folder=folder, now=NOW) == 3
    rejected = folder / "invoices" / "rejected"
    assert "No column is called like these fields: Number." in (rejected / "other.csv.report.txt").read_text()
    assert "number: Fill this in." in (rejected / "scan.png.report.txt").read_text()
    assert (rejected / "run.html").exists()
    assert not Arrival.objects.exists()


def test_a_file_that_was_taken_in_and_not_moved_is_moved_and_not_taken_in_again(
    cast: Cast, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_service(cast)
    put(folder, "march.csv", CSV)
    with monkeypatch.context() as patch:
        patch.setattr(watching, "_put_aside", _full)
        with pytest.raises(OSError, match="full"):
            watching.take_in_folder(folder=folder, now=NOW)
    assert Item.objects.count() == 2
    watching.take_in_folder(folder=folder, now=NOW)
    assert (Item.objects.count(), ImportBatch.objects.count()) == (2, 1)
    assert (folder / "invoices" / "done" / "march.csv").exists()
    put(folder, "march.csv", CSV, seconds_ago=45)  # dropped once more, by somebody
    watching.take_in_folder(folder=folder, now=NOW)
    assert (Item.objects.count(), ImportBatch.objects.count()) == (2, 2)


def _full(*args: object) -> None:
    raise OSError("The disk is full.")


# -- Imports that are cut short
@pytest.mark.parametrize("chunks", range(4))
def test_an_import_that_is_killed_goes_on_where_it_was_and_doubles_nothing(
    cast: Cast, chunks: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After any number of chunks."""
    work = a_service(cast)
    monkeypatch.setattr(imports, "_AT_ONCE", 3)
    batch = looked_through(work, "number,Title of the item\n" + "".join(f"K{n},T{n}\n" for n in range(10)))
    imports.begin_import(actor=work.lead, now=NOW, batch=batch)
    after = iter([False] * chunks + [True])

    def killed(share: float, phase: str) -> None:
        if next(after, False):
            raise KeyboardInterrupt

    try:
        imports.bring_in(actor=work.lead, now=timezone.now, batch_id=batch.pk, progress=killed)
    except KeyboardInterrupt:
        batch.refresh_from_db()
        assert Item.objects.count() == batch.created == min(3 * (chunks + 1), 10)
    imports.bring_in(actor=work.lead, now=timezone.now, batch_id=batch.pk, progress=lambda share, phase: None)
    batch.refresh_from_db()
    assert counts(batch) == (10, 10, 0, 0)
    assert Item.objects.count() == ImportLine.objects.count() == 10


def test_a_chunk_that_fails_half_way_leaves_nothing_of_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = a_service(cast)
    batch = looked_through(work)
    imports.begin_import(actor=work.lead, now=NOW, batch=batch)

    def broken(*args: object, **given: object) -> None:
        raise OSError("gone")

    with monkeypatch.context() as patch:
        patch.setattr(imports, "_mark", broken)
        with pytest.raises(OSError, match="gone"):
            imports.bring_in(
                actor=work.lead, now=lambda: NOW, batch_id=batch.pk, progress=lambda share, phase: None
            )
    assert (Item.objects.count(), ImportLine.objects.count()) == (0, 0)
    imports.bring_in(actor=work.lead, now=lambda: NOW, batch_id=batch.pk, progress=lambda share, phase: None)
    batch.refresh_from_db()
    assert counts(batch) == (5, 2, 1, 2)


def test_without_the_marks_lines_would_come_twice(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: begun again at the first line, the counts no longer say what is in the file."""
    work = a_service(cast)
    batch = looked_through(work, "number\nK1\nK2\n")
    imports.begin_import(actor=work.lead, now=NOW, batch=batch)
    imports.bring_in(actor=work.lead, now=lambda: NOW, batch_id=batch.pk, progress=lambda share, phase: None)
    ImportBatch.objects.update(line=0)
    ImportLine.objects.all().delete()
    imports.bring_in(actor=work.lead, now=lambda: NOW, batch_id=batch.pk, progress=lambda share, phase: None)
    batch.refresh_from_db()
    assert counts(batch) == (4, 2, 2, 0)
