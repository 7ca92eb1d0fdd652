"""The documents of an item as one looks at them: each page a picture."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from backdesk.platform import documents as papers
from backdesk.platform.actor import Actor
from backdesk.work.models import Document, Item
from backdesk.work.queries.disclosed import PARTS, Disclosed
from backdesk.work.queries.documents import documents_of

MOST_PICTURES = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentView:
    """`problem`: why it cannot be shown here; it can be saved all the same."""

    pk: int
    name: str
    size: int
    url: str
    pictures: tuple[str, ...]
    problem: str


def documents_shown(actor: Actor, item: Item, shown: Disclosed) -> tuple[DocumentView, ...]:
    """Those of fields that are shown, and those of no field."""
    known = {field.name for part in PARTS for field in shown.fields[part]}
    every = documents_of(actor, item)
    return tuple(_view(one) for one in every if not one.field or _outermost(one.field) in known)


def _view(document: Document) -> DocumentView:
    problem = ""
    try:
        count = papers.pages(document)
    except papers.NoPicture as none:
        count, problem = 0, str(none)
    return DocumentView(
        pk=document.pk,
        name=document.name,
        size=document.size,
        url=reverse("work:document", args=[document.pk]),
        pictures=tuple(
            reverse("work:document-page", args=[document.pk, number + 1])
            for number in range(min(count, MOST_PICTURES))
        ),
        problem=problem,
    )


def _outermost(path: str) -> str:
    return path.removeprefix("input.").removeprefix("output.").partition(".")[0].partition("[")[0]
