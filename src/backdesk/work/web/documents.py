"""The documents of an item as one looks at them: each page a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from backdesk.platform import documents as papers
from backdesk.platform.actor import Actor
from backdesk.work.models import Document, Item
from backdesk.work.queries.disclosed import PARTS, Disclosed
from backdesk.work.queries.documents import documents_of, same_elsewhere

MOST_PICTURES = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentView:
    """`problem`: why it cannot be shown here; it can be saved all the same. `same_as`: address and title of other items
    that have the very same file."""

    pk: int
    name: str
    size: int
    url: str
    pictures: tuple[str, ...]
    problem: str
    same_as: tuple[tuple[str, str], ...] = ()


def documents_shown(
    actor: Actor, item: Item, shown: Disclosed, *, with_same: bool = False
) -> tuple[DocumentView, ...]:
    """Those of fields that are shown, and those of no field."""
    known = {field.name for part in PARTS for field in shown.fields[part]}
    every = [one for one in documents_of(actor, item) if not one.field or _outermost(one.field) in known]
    same = same_elsewhere(actor, every) if with_same else {}
    return tuple(_view(one, same.get(one.pk, ())) for one in every)


def _view(document: Document, same: Sequence[Item]) -> DocumentView:
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
        same_as=tuple((reverse("work:item", args=[one.pk]), one.title) for one in same),
    )


def _outermost(path: str) -> str:
    return path.removeprefix("input.").removeprefix("output.").partition(".")[0].partition("[")[0]
