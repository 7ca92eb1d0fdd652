"""A table that is gone through page by page, each behind the row the one before ended with, and counted only so far."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from backdesk.platform.web import formats
from backdesk.platform.web.tables.state import State
from backdesk.platform.web.tables.table import Table

_PLACES = ("after", "before")


@dataclass(frozen=True, slots=True, kw_only=True)
class Window(Table):
    """`before` and `after` are the places its neighbours begin at; `is_more`: there are more rows than `total`."""

    before: str = ""
    after: str = ""
    is_more: bool = False

    @property
    def range_text(self) -> str:
        if self.total == len(self.rows):
            return str(Table.range_text.fget(self))  # type: ignore[attr-defined]  # a property of the class above
        said = {"count": formats.number(len(self.rows)), "total": formats.number(self.total)}
        if self.is_more:
            return _("%(count)s of more than %(total)s rows") % said
        return _("%(count)s of %(total)s rows") % said

    @property
    def page_text(self) -> str:
        return ""

    @property
    def previous_url(self) -> str:
        return _address(self.state, before=self.before)

    @property
    def next_url(self) -> str:
        return _address(self.state, after=self.after)


def place_in(query: QueryDict) -> tuple[QueryDict, str, bool]:
    """The address without the place, the place it names, and whether the rows before it are asked for."""
    rest = query.copy()
    after, before = (rest.pop(name, [""])[-1] for name in _PLACES)
    return rest, before or after, bool(before)


def _address(state: State, **place: str) -> str:
    if not any(place.values()):
        return ""
    address = replace(state, page=1).address()
    return f"{address}{'&' if len(address) > 1 else ''}{urlencode(place)}"
