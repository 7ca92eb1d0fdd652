"""Pictures of a document's pages, drawn when they are first looked at and kept by its checksum."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Protocol

from django.conf import settings
from django.utils.translation import gettext as _

from backdesk.platform import contained
from backdesk.platform.contained import Bounds
from backdesk.platform.errors import Refused

WIDTHS: Final = (240, 1400)
"""Of a thumbnail, and of a page one reads."""
MOST_PAGES: Final = 500
_SCRIPT: Final = Path(__file__).with_name("_draw.py")
_BOUNDS: Final = Bounds(memory=1_500_000_000, seconds=20)
_DRAWN: Final = frozenset({"application/pdf"})
_KEPT: Final = timedelta(days=30)


class NoPicture(Refused):
    """A page cannot be shown; the document can still be saved."""


class Paper(Protocol):
    """What is to be known of a document: where it is kept under BACKDESK_VAR/files, and what it is."""

    @property
    def path(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def sha256(self) -> str: ...


def pages(paper: Paper) -> int:
    """How many there are to show, up to `MOST_PAGES`. 0 for a kind that is not drawn."""
    if not is_drawn(paper.kind):
        return 0
    noted = _folder(paper.sha256) / "pages"
    if not noted.exists():
        (count,) = _drawn(paper, "count")
        noted.parent.mkdir(parents=True, exist_ok=True)
        noted.write_text(count.strip())
    return min(int(noted.read_text()), MOST_PAGES)


def picture(paper: Paper, *, page: int, width: int) -> Path:
    """A WebP of one page, the first being 1."""
    if width not in WIDTHS or not is_drawn(paper.kind) or not 1 <= page <= MOST_PAGES:
        raise NoPicture(_("There is no such picture of “%(name)s”.") % {"name": paper.name})
    place = _folder(paper.sha256) / f"{page}-{width}.webp"
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=place.parent) as made:
            target = Path(made) / "page.webp"
            _drawn(paper, "draw", str(page), str(width), str(target))
            target.replace(place)
    return place


def is_drawn(kind: str) -> bool:
    return kind in _DRAWN or kind.startswith("image/")


def forget(sha256: str) -> None:
    """What was drawn of this content, as when the document is erased."""
    shutil.rmtree(_folder(sha256), ignore_errors=True)


def forget_old(*, now: datetime) -> None:
    """What was drawn a month ago is drawn anew when somebody looks."""
    for folder in _root().glob("??/*"):
        if folder.stat().st_mtime < (now - _KEPT).timestamp():
            shutil.rmtree(folder, ignore_errors=True)


def _drawn(paper: Paper, *asked: str) -> list[str]:
    source = Path(settings.VAR) / "files" / paper.path
    try:
        return contained.run(_SCRIPT, str(source), paper.kind, *asked, bounds=_BOUNDS)
    except contained.TookTooMuch:
        raise NoPicture(
            _("“%(name)s” is too large to be shown. Save it to look at it.") % {"name": paper.name}
        ) from None
    except contained.FileAtFault as fault:
        raise NoPicture(
            _("“%(name)s” cannot be shown: %(fault)s. Save it to look at it.")
            % {"name": paper.name, "fault": str(fault) or _("it is broken")}
        ) from None


def _folder(sha256: str) -> Path:
    return _root() / sha256[:2] / sha256


def _root() -> Path:
    return Path(settings.VAR) / "previews"
