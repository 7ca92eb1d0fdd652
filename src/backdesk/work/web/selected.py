"""The rows somebody has ticked in a table."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest

Row = TypeVar("Row", bound=Model)


def selected(request: HttpRequest, rows: QuerySet[Row]) -> list[Row]:
    """All of them, or none: one that is not among `rows` is 404, as at its own address. Nothing is passed over."""
    asked = {
        int(one) if one.isascii() and one.isdigit() and len(one) < 19 else 0
        for one in request.POST.getlist("row")
    }
    found = list(rows.filter(pk__in=asked))
    if len(found) < len(asked):
        raise Http404
    return found
