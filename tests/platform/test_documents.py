"""Documents: what they are, what is refused, and their pages as pictures; whoever made them."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.test import RequestFactory
from PIL import Image

from backdesk.platform import documents, files
from backdesk.platform.contained import Bounds
from backdesk.platform.documents import NoPicture, NotAccepted, drawing
from backdesk.platform.documents.jobs import forget_old_pictures
from backdesk.platform.documents.sniffing import kind_of
from backdesk.platform.models import StoredFile
from tests.cast import Cast

OOXML = "application/vnd.openxmlformats-officedocument."


@dataclass(frozen=True, kw_only=True)
class Paper:
    path: str
    name: str
    kind: str
    sha256: str


def drawn(kind: str, *, size: tuple[int, int] = (400, 300), **options: Any) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, "teal").save(target, kind, **options)
    return target.getvalue()


def pdf(*, pages: int = 1, size: tuple[int, int] = (595, 842)) -> bytes:
    sheets = [Image.new("RGB", size, "white") for _ in range(pages)]
    target = io.BytesIO()
    sheets[0].save(target, "PDF", save_all=True, append_images=sheets[1:])
    return target.getvalue()


def packed(**entries: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/"), content)
    return target.getvalue()


def office(folder: str, **more: str) -> bytes:
    return packed(**{"[Content_Types].xml": "<Types/>", f"{folder}__document.xml": "<x/>", **more})


ACCEPTED = {
    "invoice.pdf": (pdf(), "application/pdf"),
    "photo.png": (drawn("PNG"), "image/png"),
    "photo.jpg": (drawn("JPEG"), "image/jpeg"),
    "photo.webp": (drawn("WEBP"), "image/webp"),
    "photo.gif": (drawn("GIF"), "image/gif"),
    "scan.tiff": (drawn("TIFF"), "image/tiff"),
    "scan.bmp": (drawn("BMP"), "image/bmp"),
    "photo of a phone.jpg": (drawn("PNG"), "image/png"),
    "letter.docx": (office("word"), f"{OOXML}wordprocessingml.document"),
    "hours.xlsx": (office("xl"), f"{OOXML}spreadsheetml.sheet"),
    "talk.pptx": (office("ppt"), f"{OOXML}presentationml.presentation"),
    "letter.odt": (
        packed(mimetype="application/vnd.oasis.opendocument.text"),
        "application/vnd.oasis.opendocument.text",
    ),
    "orders.csv": (b"number;net\n1;2,50\n", "text/csv"),
    "notes.txt": ("Grüße\n".encode(), "text/plain"),
    "windows.txt": ("Grüße\n".encode("cp1252"), "text/plain"),
    "wide.txt": ("Grüße\n".encode("utf-16"), "text/plain"),
    "without a suffix": (b"just text", "text/plain"),
    "invoice.xml": (b"<?xml version='1.0'?><!-- <svg> --><Invoice/>", "application/xml"),
    "order.json": (b'{"number": 1}', "application/json"),
    "mail.eml": (b"From: a@example.com\r\nTo: b@example.com\r\nSubject: x\r\n\r\nHello", "message/rfc822"),
}
REFUSED = {
    "empty.pdf": (b"", "is empty"),
    "page.txt": (b"<!DOCTYPE html><html><script>1</script></html>", "a page that would run"),
    "page.xml": (b"\xef\xbb\xbf <html xmlns='http://www.w3.org/1999/xhtml'/>", "a page that would run"),
    "drawing.png": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x'/>", "a page that would run"),
    "drawing.xml": (b"<?xml version='1.0'?><s:svg xmlns:s='http://www.w3.org/2000/svg'/>", "would run"),
    "page.html": (b"plain text", "a page or a program"),
    "invoice.pdf.exe": (pdf(), "a page or a program"),
    "program.pdf": (b"MZ\x90\x00" + bytes(200), "kind that is not taken"),
    "program": (b"\x7fELF" + bytes(200), "kind that is not taken"),
    "script": (b"#!/bin/sh\nrm -rf /\n", "kind that is not taken"),
    "film.mp4": (b"\0\0\0\x18ftypmp42" + bytes(100), "kind that is not taken"),
    "letter.doc": (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "kind that is not taken"),
    "files.zip": (packed(**{"a.txt": "x"}), "is an archive"),
    "files.docx": (packed(**{"a.txt": "x"}), "is an archive"),
    "files.7z": (bytes.fromhex("377abcaf271c") + bytes(60), "kind that is not taken"),
    "files.gz": (bytes.fromhex("1f8b08") + bytes(60), "kind that is not taken"),
    "macros.docx": (office("word", word__vbaProject_bin="x").replace(b"_bin", b".bin"), "holds macros"),
    "cut.docx": (office("word")[:60], "is broken"),
    "invoice.pdf": (drawn("PNG"), "is called .pdf, but holds a PNG picture"),
    "photo.png": (pdf(), "is called .png, but holds a PDF"),
    "table.csv": (pdf(), "is called .csv, but holds a PDF"),
    "photo.jpg": (b"no picture at all", "is called .jpg, but holds a text"),
}


@pytest.fixture
def here(tmp_path: Path) -> Path:
    return tmp_path / "file"


@pytest.mark.parametrize(
    ("name", "content", "kind"), [(n, c, k) for n, (c, k) in ACCEPTED.items()], ids=ACCEPTED
)
def test_what_a_file_is_is_seen_from_its_content(here: Path, name: str, content: bytes, kind: str) -> None:
    here.write_bytes(content)
    assert kind_of(here, name=name) == kind


@pytest.mark.parametrize(
    ("name", "content", "says"), [(n, c, s) for n, (c, s) in REFUSED.items()], ids=REFUSED
)
def test_what_runs_packs_or_is_not_what_it_is_called_is_refused(
    here: Path, name: str, content: bytes, says: str
) -> None:
    here.write_bytes(content)
    with pytest.raises(NotAccepted, match=says):
        kind_of(here, name=name)


def test_what_it_was_sent_as_must_agree_too(here: Path) -> None:
    here.write_bytes(pdf())
    assert kind_of(here, name="x", declared="application/octet-stream") == "application/pdf"
    with pytest.raises(NotAccepted, match="was sent as image/png, but holds a PDF"):
        kind_of(here, name="x", declared="image/png")


@pytest.mark.django_db
def test_what_is_accepted_is_kept_and_what_is_not_leaves_nothing(cast: Cast, var: Path) -> None:
    asked: dict[str, Any] = {"organisation_id": cast.client.pk, "limit": 100_000}
    kept = documents.keep(stream=io.BytesIO(pdf()), name="a.pdf", declared="application/pdf", **asked)
    assert (kept.kind, kept.file.name) == ("application/pdf", "a.pdf")
    for content in (b"#!/bin/sh", pdf()):
        with pytest.raises(NotAccepted), transaction.atomic():  # as a verb that is refused
            documents.keep(stream=io.BytesIO(content), name="a.sh", **asked)
    assert [files.path_of(one) for one in StoredFile.objects.all()] == [
        path for path in (var / "files").rglob("*") if path.is_file()
    ]
    with pytest.raises(files.FileTooLarge):
        documents.keep(stream=io.BytesIO(bytes(200_000)), name="a.txt", **asked)


def paper(var: Path, content: bytes, kind: str, *, name: str = "a file") -> Paper:
    place = var / "files" / "1"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    return Paper(path="1", name=name, kind=kind, sha256="ab" * 32)


def test_pages_of_a_pdf_are_drawn_once_and_kept(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = paper(var, pdf(pages=3), "application/pdf")
    assert documents.pages(one) == 3
    first = drawing.picture(one, page=3, width=240)
    with Image.open(first) as image:
        assert (image.format, image.width) == ("WEBP", 240)
    monkeypatch.setattr(drawing, "_drawn", lambda *_: pytest.fail("drawn twice"))
    assert drawing.picture(one, page=3, width=240) == first
    assert documents.pages(one) == 3
    documents.forget(one.sha256)
    assert not first.exists()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "TIFF", "BMP"])
def test_a_picture_is_drawn_smaller_and_never_larger(var: Path, kind: str) -> None:
    one = paper(var, drawn(kind), f"image/{kind.lower()}")
    assert documents.pages(one) == 1
    with Image.open(drawing.picture(one, page=1, width=240)) as small:
        assert small.size == (240, 180)
    with Image.open(drawing.picture(one, page=1, width=1400)) as large:
        assert large.size == (400, 300)


def test_a_picture_is_turned_as_the_camera_was_and_says_nothing_of_where(var: Path) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "A camera"
    one = paper(var, drawn("JPEG", exif=exif), "image/jpeg")
    with Image.open(drawing.picture(one, page=1, width=1400)) as image:
        assert image.size == (300, 400)
        assert not image.getexif()


def test_what_can_be_seen_through_lies_on_white(var: Path) -> None:
    target = io.BytesIO()
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(target, "PNG")
    one = paper(var, target.getvalue(), "image/png")
    with Image.open(drawing.picture(one, page=1, width=240)) as image:
        assert image.convert("RGB").getpixel((25, 25)) == (255, 255, 255)


def test_pages_of_a_scan_are_counted(var: Path) -> None:
    target = io.BytesIO()
    sheets = [Image.new("L", (60, 80), shade) for shade in (0, 128, 255)]
    sheets[0].save(target, "TIFF", save_all=True, append_images=sheets[1:])
    one = paper(var, target.getvalue(), "image/tiff")
    assert documents.pages(one) == 3
    with pytest.raises(NoPicture, match="no such page"):
        drawing.picture(one, page=4, width=240)


def test_of_a_receipt_that_is_metres_long_the_beginning_is_shown(var: Path) -> None:
    one = paper(var, pdf(size=(100, 5000)), "application/pdf")
    with Image.open(drawing.picture(one, page=1, width=240)) as image:
        assert image.size[0] == 240
        assert image.size[1] <= 970


def bomb() -> bytes:
    """A picture of 144 million pixels in five kilobytes."""
    target = io.BytesIO()
    Image.new("1", (12_000, 12_000)).save(target, "TIFF", compression="group4")
    return target.getvalue()


def test_a_picture_of_too_many_pixels_is_not_drawn(var: Path) -> None:
    with pytest.raises(NoPicture, match="more pixels than are drawn"):
        drawing.picture(paper(var, bomb(), "image/tiff"), page=1, width=240)


@pytest.mark.parametrize(
    ("content", "kind", "says"),
    [
        (drawn("PNG")[:200], "image/png", "the picture is broken"),
        (b"GIF89a nonsense", "image/gif", "the picture is broken"),
        (pdf()[:300], "application/pdf", "no whole PDF"),
        (b"%PDF-1.7 nonsense", "application/pdf", "no whole PDF"),
    ],
    ids=["cut", "nonsense", "half a pdf", "no pdf"],
)
def test_what_cannot_be_drawn_is_told_in_words(var: Path, content: bytes, kind: str, says: str) -> None:
    with pytest.raises(NoPicture, match=says):
        drawing.picture(paper(var, content, kind), page=1, width=240)


def test_what_takes_too_much_is_ended(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "_BOUNDS", Bounds(memory=150_000_000, seconds=10))
    with pytest.raises(NoPicture, match="too large to be shown"):
        drawing.picture(paper(var, drawn("PNG", size=(7000, 7000)), "image/png"), page=1, width=240)


def test_nothing_is_drawn_of_other_kinds_and_in_no_other_size(var: Path) -> None:
    text = paper(var, b"text", "text/plain")
    assert documents.pages(text) == 0
    for asked in ({"page": 1, "width": 240}, {"page": 0, "width": 240}, {"page": 1, "width": 9000}):
        with pytest.raises(NoPicture):
            drawing.picture(text, **asked)


def test_what_was_drawn_a_month_ago_goes(var: Path) -> None:
    one = drawing.picture(paper(var, drawn("PNG"), "image/png"), page=1, width=240)
    now = datetime.now(UTC)
    forget_old_pictures(now + timedelta(days=29))
    assert one.exists()
    forget_old_pictures(now + timedelta(days=31))
    assert not one.exists()


def test_the_original_is_saved_and_never_opened_as_a_page_of_ours(var: Path) -> None:
    one = paper(var, pdf(), "application/pdf", name="invoice “5”.pdf")
    response = documents.serve(RequestFactory().get("/"), one)
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert response.headers["Cache-Control"].startswith("private")
    assert sent(response) == pdf()


def sent(response: HttpResponseBase) -> bytes:
    assert isinstance(response, FileResponse)
    content = response.getvalue()
    response.file_to_stream.close()  # type: ignore[union-attr]
    return content


def test_a_picture_is_sent_once(var: Path) -> None:
    one = paper(var, pdf(), "application/pdf")
    response = documents.serve(RequestFactory().get("/"), one, page=1)
    assert response.headers["Content-Type"] == "image/webp"
    assert sent(response).startswith(b"RIFF")
    again = RequestFactory().get("/", headers={"If-None-Match": response.headers["ETag"]})
    assert documents.serve(again, one, page=1).status_code == 304
    other = documents.serve(again, one, page=1, width=240)
    assert sent(other)
    missing = documents.serve(RequestFactory().get("/"), one, page=2)
    assert isinstance(missing, HttpResponse)
    assert (missing.status_code, b"no such page" in missing.content) == (422, True)
