"""What a file is, by its content. Its name and what a browser calls it must agree; only kinds of paper are taken."""

from __future__ import annotations

import codecs
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final, Literal

import puremagic
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from backdesk.platform.errors import Refused

Group = Literal["picture", "pdf", "word", "table", "slides", "text"]
_HEAD: Final = 1 << 16


class NotAccepted(Refused):
    """A file of a kind that is not taken, or that is not what it is called."""

    status = 415


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    title: str
    group: Group
    suffixes: tuple[str, ...]


_OOXML: Final = "application/vnd.openxmlformats-officedocument."
_ODF: Final = "application/vnd.oasis.opendocument."
KINDS: Final = {
    "application/pdf": _Kind(title="PDF", group="pdf", suffixes=(".pdf",)),
    "image/png": _Kind(title=gettext_noop("PNG picture"), group="picture", suffixes=(".png",)),
    "image/jpeg": _Kind(
        title=gettext_noop("JPEG picture"), group="picture", suffixes=(".jpg", ".jpeg", ".jfif")
    ),
    "image/webp": _Kind(title=gettext_noop("WebP picture"), group="picture", suffixes=(".webp",)),
    "image/gif": _Kind(title=gettext_noop("GIF picture"), group="picture", suffixes=(".gif",)),
    "image/tiff": _Kind(title=gettext_noop("TIFF picture"), group="picture", suffixes=(".tif", ".tiff")),
    "image/bmp": _Kind(title=gettext_noop("BMP picture"), group="picture", suffixes=(".bmp",)),
    f"{_OOXML}wordprocessingml.document": _Kind(
        title=gettext_noop("Word document"), group="word", suffixes=(".docx",)
    ),
    f"{_OOXML}spreadsheetml.sheet": _Kind(
        title=gettext_noop("Excel workbook"), group="table", suffixes=(".xlsx",)
    ),
    f"{_OOXML}presentationml.presentation": _Kind(
        title=gettext_noop("slides"), group="slides", suffixes=(".pptx",)
    ),
    f"{_ODF}text": _Kind(title=gettext_noop("text document"), group="word", suffixes=(".odt",)),
    f"{_ODF}spreadsheet": _Kind(title=gettext_noop("spreadsheet"), group="table", suffixes=(".ods",)),
    f"{_ODF}presentation": _Kind(title=gettext_noop("slides"), group="slides", suffixes=(".odp",)),
    "text/csv": _Kind(title=gettext_noop("CSV table"), group="text", suffixes=(".csv", ".tsv")),
    "application/json": _Kind(title="JSON", group="text", suffixes=(".json", ".jsonl")),
    "application/xml": _Kind(title="XML", group="text", suffixes=(".xml",)),
    "message/rfc822": _Kind(title=gettext_noop("e-mail"), group="text", suffixes=(".eml",)),
    "text/plain": _Kind(title=gettext_noop("text"), group="text", suffixes=(".txt", ".md", ".log")),
}
_FOLDERS: Final = {
    "word": "wordprocessingml.document",
    "xl": "spreadsheetml.sheet",
    "ppt": "presentationml.presentation",
}
_BY_SUFFIX: Final = {suffix: name for name, kind in KINDS.items() for suffix in kind.suffixes}
_OTHERWISE: Final = {"image/x-ms-bmp": "image/bmp", "image/jpg": "image/jpeg", "text/xml": "application/xml"}
_TAKEN: Final = gettext_noop(
    "Taken are PDF, pictures (PNG, JPEG, WebP, GIF, TIFF, BMP), Office and OpenDocument files, text, CSV, XML, JSON "
    "and e-mails."
)
_CALLED: Final = gettext_noop(
    "“%(name)s” is called %(suffix)s, but holds a %(found)s. Give it the name of what it is."
)
_SENT: Final = gettext_noop(
    "“%(name)s” was sent as %(said)s, but holds a %(found)s. Give it the name of what it is."
)
_RUNS: Final = re.compile(
    r"\.(app|bat|cmd|com|cpl|exe|hta|html?|jar|jse?|lnk|mhtml?|msi|pif|ps1|scr|sh|svgz?|vb[es]|wsf|wsh|xht(ml)?)$"
)
_ELEMENT: Final = re.compile(r"<([A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")
_ASIDE: Final = re.compile(r"<\?.*?\?>|<!--.*?-->", re.DOTALL)


def kind_of(path: Path, *, name: str, declared: str = "") -> str:
    """The media type of the content. `declared`: what whoever sent it called it, to be held against the content."""
    suffix = PurePath(name).suffix.lower()
    if _RUNS.match(suffix):
        raise _not_taken(
            _("“%(name)s” is a page or a program that would run where it is opened.") % {"name": name}
        )
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head:
        raise NotAccepted(_("“%(name)s” is empty.") % {"name": name})
    found = (
        _of_archive(path, name) if head.startswith(b"PK") else _of_bytes(path, name) or _of_text(head, name)
    )
    if found is None:
        raise _not_taken(_("“%(name)s” is of a kind that is not taken.") % {"name": name})
    _require_agreement(found, _BY_SUFFIX.get(suffix), name=name, says=_CALLED)
    _require_agreement(found, declared, name=name, says=_SENT)
    return found


def _require_agreement(found: str, said: str | None, *, name: str, says: str) -> None:
    """Of the same group is near enough: a picture is often called by another kind of picture."""
    told = KINDS.get(_OTHERWISE.get(said or "", said or ""))
    if told is not None and told.group != KINDS[found].group:
        suffix = PurePath(name).suffix.lower()
        raise NotAccepted(
            _(says) % {"name": name, "suffix": suffix, "said": said, "found": _(KINDS[found].title)}
        )


def _not_taken(says: str) -> NotAccepted:
    return NotAccepted(f"{says} {_(_TAKEN)}")


def _of_archive(path: Path, name: str) -> str:
    try:
        with zipfile.ZipFile(path) as packed:
            names = set(packed.namelist())
            mimetype = packed.read("mimetype")[:100].decode("ascii", "replace") if "mimetype" in names else ""
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError):
        raise NotAccepted(
            _("“%(name)s” is broken: it begins as a packed file and does not end as one.") % {"name": name}
        ) from None
    if any(one.lower().endswith("vbaproject.bin") for one in names):
        raise NotAccepted(
            _("“%(name)s” holds macros, which would run where it is opened. Save it without them.")
            % {"name": name}
        )
    if "[Content_Types].xml" in names:
        folders = {one.partition("/")[0] for one in names}
        office = next((kind for folder, kind in _FOLDERS.items() if folder in folders), None)
        if office is not None:
            return _OOXML + office
    if mimetype in KINDS:
        return mimetype
    raise _not_taken(_("“%(name)s” is an archive. Unpack it and give the files in it.") % {"name": name})


def _of_bytes(path: Path, name: str) -> str | None:
    try:
        with path.open("rb") as file:
            matches = puremagic.magic_stream(file)
    except (puremagic.PureError, ValueError):
        return None
    kinds = [_OTHERWISE.get(one.mime_type, one.mime_type) for one in matches]
    if "text/html" in kinds or "image/svg+xml" in kinds:
        raise _not_taken(_("“%(name)s” is a page that would run where it is opened.") % {"name": name})
    return next((one for one in kinds if one in KINDS and KINDS[one].group in ("pdf", "picture")), None)


def _of_text(head: bytes, name: str) -> str | None:
    text = _text(head)
    if text is None or text.startswith("#!"):
        return None
    if text.lstrip().startswith("<"):
        return _of_markup(text, name)
    called = _BY_SUFFIX.get(PurePath(name).suffix.lower(), "")
    return called if called in KINDS and KINDS[called].group == "text" else "text/plain"


def _of_markup(text: str, name: str) -> str:
    element = _ELEMENT.search(_ASIDE.sub("", text))
    if (
        text.lstrip()[:9].lower() == "<!doctype"
        or element is None
        or element[2].lower() in ("html", "svg", "script")
    ):
        raise _not_taken(_("“%(name)s” is a page that would run where it is opened.") % {"name": name})
    return "application/xml"


def _text(head: bytes) -> str | None:
    """None where it is none: bytes that no text has."""
    wide = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(head)
        except UnicodeDecodeError:
            continue
        return None if any(sign < " " and sign not in "\t\n\r\f" for sign in text) else text
    return None
