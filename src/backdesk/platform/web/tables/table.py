"""The table as the template gets it: heads, rows of cells written as HTML, and the pages around them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from backdesk.platform.web import formats
from backdesk.platform.web.parts import Empty
from backdesk.platform.web.tables.cells import cell_html
from backdesk.platform.web.tables.columns import Column, Row
from backdesk.platform.web.tables.state import FORMATS, State, pages
from backdesk.platform.web.words import Words

_NUMBER: Final = ' class="number"'
NOTHING_YET = Empty(title=gettext_lazy("Nothing here yet"))


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkAction:
    """A verb for the selected rows, which are posted to `url` as `row`."""

    title: Words
    url: str
    is_danger: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    column: Column
    sort_url: str
    aria_sort: str
    filter_value: str
    filter_name: str

    @property
    def words(self) -> tuple[str, str, str]:
        """The first word of the title, the space after it, and the rest."""
        return str(self.column.title).partition(" ")

    @property
    def options(self) -> SafeString:
        """What can be chosen, written here: of services there are hundreds."""
        return mark_safe(  # noqa: S308  escapes what it writes
            "".join(
                f'<option value="{escape(value)}"{" selected" if value == self.filter_value else ""}>'
                f"{escape(title)}</option>"
                for value, title in self.column.choices
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """`html`: its cells."""

    html: SafeString
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows already sliced to the page of `state`, out of `total`."""

    name: str
    columns: tuple[Column, ...]
    state: State
    rows: Sequence[Row]
    total: int
    caption: Words = ""
    empty: Empty = NOTHING_YET
    row_id: Callable[[Row], str] | None = None
    bulk: tuple[BulkAction, ...] = ()
    totals: Row | None = None
    can_export: bool = True
    can_choose_columns: bool = True

    @property
    def shown(self) -> tuple[Column, ...]:
        """The chosen columns (the first stays), or those that are not optional."""
        chosen = self.state.chosen
        first, *rest = self.columns
        return (first, *(c for c in rest if (c.key in chosen if chosen else not c.is_optional)))

    @property
    def heads(self) -> tuple[Head, ...]:
        return tuple(self._head(column) for column in self.shown)

    @property
    def has_filters(self) -> bool:
        return self.is_in_use and any(column.filter for column in self.shown)

    @property
    def is_in_use(self) -> bool:
        """Whether there is anything to filter and to choose from; a table nobody has filled yet says so instead."""
        return bool(self.total or self.state.filters)

    @property
    def lines(self) -> tuple[Line, ...]:
        largest = {column.key: _largest(column, self.rows) for column in self.shown if column.bar}
        return tuple(
            self._line(row, largest, check=self._check(row) if self.bulk else "") for row in self.rows
        )

    @property
    def total_line(self) -> Line | None:
        return None if self.totals is None else self._line(self.totals, {})

    @property
    def width(self) -> int:
        return len(self.shown)

    @property
    def pages(self) -> int:
        return pages(self.total)

    @property
    def range_text(self) -> str:
        """ "51–100 of 312"."""
        if not self.rows:
            return _("No rows")
        first = self.state.offset + 1
        last = self.state.offset + len(self.rows)
        if self.total == len(self.rows):
            return ngettext("%(count)s row", "%(count)s rows", self.total) % {
                "count": formats.number(self.total)
            }
        return _("%(first)s–%(last)s of %(total)s") % {
            "first": formats.number(first),
            "last": formats.number(last),
            "total": formats.number(self.total),
        }

    @property
    def announcement(self) -> str:
        """What a screen reader is told after the table changed."""
        ordered = next((c for c in self.shown if c.key == self.state.sort_key), None)
        if ordered is None:
            return self.range_text
        said = {"rows": self.range_text, "column": ordered.title}
        if self.state.is_descending:
            return _("%(rows)s, by %(column)s, descending") % said
        return _("%(rows)s, by %(column)s, ascending") % said

    @property
    def zone(self) -> str:
        """Whose clock the times of the table are read from, where it shows any."""
        return formats.zone_name() if any(column.kind == "time" for column in self.shown) else ""

    @property
    def page_text(self) -> str:
        of = {"page": formats.number(self.state.page), "pages": formats.number(self.pages)}
        return _("Page %(page)s of %(pages)s") % of

    @property
    def previous_url(self) -> str:
        return self.state.address(page=self.state.page - 1) if self.state.page > 1 else ""

    @property
    def next_url(self) -> str:
        return self.state.address(page=self.state.page + 1) if self.state.page < self.pages else ""

    @property
    def exports(self) -> tuple[tuple[str, str], ...]:
        """As what kind of file it can be had, and where."""
        if not (self.can_export and self.total):
            return ()
        return tuple((kind.upper(), self.state.address(export=kind)) for kind in FORMATS)

    @property
    def choosable(self) -> tuple[Column, ...]:
        return (
            self.columns[1:] if self.is_in_use and self.can_choose_columns and len(self.columns) > 3 else ()
        )

    @property
    def shown_keys(self) -> frozenset[str]:
        return frozenset(column.key for column in self.shown)

    def _head(self, column: Column) -> Head:
        state = self.state
        is_sorted = state.sort_key == column.key
        return Head(
            column=column,
            sort_url=state.address(sort=_next_sort(column, state)) if column.sortable else "",
            aria_sort=("descending" if state.is_descending else "ascending") if is_sorted else "",
            filter_value=state.filter_on(column.key),
            filter_name=state.prefix + column.key,
        )

    def _line(self, row: Row, largest: Mapping[str, float], *, check: str = "") -> Line:
        """In Python, not in the template: a page has hundreds of cells."""
        urls = [column.href(row) if column.href else "" for column in self.shown]
        head, *cells = (
            cell_html(column=column, row=row, url=url, largest=largest.get(column.key))
            for column, url in zip(self.shown, urls, strict=True)
        )
        rest = zip(self.shown[1:], cells, strict=True)
        written = [f"<td{_NUMBER if column.is_numeric else ''}>{cell}</td>" for column, cell in rest]
        return Line(
            html=mark_safe(  # noqa: S308  of cells that are
                f'<th scope="row"{_NUMBER if self.shown[0].is_numeric else ""}>{check}{head}</th>{"".join(written)}'
            ),
            url=urls[0],
        )

    def _check(self, row: Row) -> SafeString:
        return format_html(
            '<input class="row-check" type="checkbox" name="row" value="{}" form="{}-bulk" aria-label="{}">',
            self.row_id(row) if self.row_id else "",
            self.name,
            _("Select %(title)s") % {"title": self.columns[0].value_in(row)},
        )


def _next_sort(column: Column, state: State) -> str:
    """Numbers begin with the largest, words with A; a second press turns the order round."""
    starts_descending = column.is_numeric or column.kind in ("time", "date")
    if state.sort_key == column.key:
        return column.key if state.is_descending else f"-{column.key}"
    return f"-{column.key}" if starts_descending else column.key


def _largest(column: Column, rows: Sequence[Row]) -> float:
    values = (column.value_in(row) for row in rows)
    return max((float(value) for value in values if formats.is_known(value)), default=0.0)
