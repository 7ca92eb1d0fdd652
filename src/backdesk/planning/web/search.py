"""What search finds of planning: each source begins at what the actor may see, in one statement; cases lie in files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import polars as pl
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backdesk.planning import policies, records
from backdesk.planning.models import Activity, Function, Rate, WorkHistory
from backdesk.platform import search
from backdesk.platform.actor import Actor
from backdesk.platform.search import Hit, Source, Words, matching

HISTORIES_WITH_CASES = 5


def register() -> None:
    readers, cost_readers = policies.READERS, policies.COST_READERS
    for order, source in enumerate(
        (
            Source(kind="activity", title=gettext_lazy("Activities"), function=activities, roles=readers),
            Source(kind="function", title=gettext_lazy("Functions"), function=functions, roles=readers),
            Source(kind="history", title=gettext_lazy("Work histories"), function=histories, roles=readers),
            Source(kind="case", title=gettext_lazy("Cases"), function=cases, roles=readers),
            Source(kind="rate", title=gettext_lazy("Rates"), function=rates, roles=cost_readers),
        )
    ):
        search.register(replace(source, order=20 + order))


def activities(*, actor: Actor, words: Words, limit: int) -> Iterator[Hit]:
    rows = Activity.objects.visible_to(actor).select_related("function")
    for one in matching(rows, words=words, title="name", also=("function__name",))[:limit]:
        yield Hit(title=one.name, detail=one.function.name, url=reverse("planning:activity", args=(one.pk,)))


def functions(*, actor: Actor, words: Words, limit: int) -> Iterator[Hit]:
    """Each opens its activities in the inventory, which all who plan may read."""
    inventory = reverse("planning:inventory")
    rows = Function.objects.visible_to(actor)
    for one in matching(rows, words=words, title="name", also=("description",))[:limit]:
        address = f"{inventory}?{urlencode({'function': one.name})}"
        yield Hit(title=one.name, detail=one.description or str(one.get_office_display()), url=address)


def histories(*, actor: Actor, words: Words, limit: int) -> Iterator[Hit]:
    rows = WorkHistory.objects.visible_to(actor).select_related("file")
    for one in matching(rows, words=words, title="name", also=("file__name",))[:limit]:
        yield Hit(
            title=one.name,
            detail=one.file.name if one.file else "",
            url=reverse("planning:history", args=(one.pk,)),
        )


def cases(*, actor: Actor, words: Words, limit: int) -> Iterator[Hit]:
    """By the beginning of their number, in the latest histories; a word without a digit is no number of a case."""
    number = str(words)
    if not any(sign.isdigit() for sign in number):
        return
    begins = pl.col("case").cast(pl.String).str.to_lowercase().str.starts_with(number)
    for history in WorkHistory.objects.visible_to(actor).read()[:HISTORIES_WITH_CASES]:
        if limit > 0 and records.is_measured(history):
            found = records.cases(history).filter(begins).select("case").head(limit).collect()
            limit -= found.height
            for case in found["case"]:
                address = reverse("planning:history-case", args=(history.pk,))
                yield Hit(title=case, detail=history.name, url=f"{address}?{urlencode({'case': case})}")


def rates(*, actor: Actor, words: Words, limit: int) -> Iterator[Hit]:
    """Without the amount: a list that opens as one types is no place for pay."""
    address = reverse("planning:rates")
    for one in matching(Rate.objects.visible_to(actor).exclude(name=""), words=words, title="name")[:limit]:
        kind = str(one.get_kind_display())
        yield Hit(title=one.name, detail=_("Rate of %(kind)s") % {"kind": kind}, url=address)
