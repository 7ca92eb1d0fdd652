"""What of a table is asked for: the address holds all of it, so it can be kept, shared and gone back to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from urllib.parse import urlencode

from django.http import QueryDict

from backdesk.platform.web.tables.columns import Column

PAGE_SIZE = 50
MAX_PAGE = 10_000
EXPORT_LIMIT = 100_000
FORMATS = ("csv", "xlsx")
_LONGEST_FILTER = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """`sort` is a column's key, with a minus for descending; `kept` are parameters of the page that are not ours.
    `export`: as which kind of file it is asked for, if it is.
    """

    sort: str = ""
    page: int = 1
    filters: tuple[tuple[str, str], ...] = ()
    chosen: tuple[str, ...] = ()
    export: str = ""
    prefix: str = ""
    default_sort: str = ""
    kept: tuple[tuple[str, str], ...] = ()

    @property
    def sort_key(self) -> str:
        return self.sort.removeprefix("-")

    @property
    def is_descending(self) -> bool:
        return self.sort.startswith("-")

    @property
    def offset(self) -> int:
        return 0 if self.export else (self.page - 1) * PAGE_SIZE

    @property
    def limit(self) -> int:
        return EXPORT_LIMIT if self.export else PAGE_SIZE

    def filter_on(self, key: str) -> str:
        return dict(self.filters).get(key, "")

    def within(self, total: int) -> State:
        """The nearest page there is, for `total` rows."""
        return replace(self, page=min(self.page, pages(total)))

    def address(self, *, page: int | None = None, sort: str | None = None, export: str = "") -> str:
        """The address of this state with some of it changed. Another order begins at the first page again."""
        order = self.sort if sort is None else sort
        target = page or (self.page if sort is None and not export else 1)
        own = [
            ("sort", order if order != self.default_sort else ""),
            *self.filters,
            *(("columns", key) for key in self.chosen),
            ("page", str(target) if target > 1 else ""),
            ("export", export),
        ]
        pairs = [*self.kept, *((self.prefix + key, value) for key, value in own if value)]
        return f"?{urlencode(pairs)}"

    @property
    def kept_by_filters(self) -> tuple[tuple[str, str], ...]:
        """What the form of the filters sends along: everything but the filters and the page."""
        return (*self.kept, *self._sorting(), *((f"{self.prefix}columns", key) for key in self.chosen))

    @property
    def kept_by_columns(self) -> tuple[tuple[str, str], ...]:
        """What the form of the columns sends along."""
        return (*self.kept, *self._sorting(), *((self.prefix + key, text) for key, text in self.filters))

    def cleared(self) -> str:
        return replace(self, filters=()).address(page=1)

    def _sorting(self) -> tuple[tuple[str, str], ...]:
        return ((f"{self.prefix}sort", self.sort),) if self.sort != self.default_sort else ()


def pages(total: int) -> int:
    return min(max(-(-total // PAGE_SIZE), 1), MAX_PAGE)


def read_state(query: QueryDict, *, columns: Sequence[Column], sort: str = "", prefix: str = "") -> State:
    """What the address asks for; what it cannot ask for falls back to the first page in the order of `sort`.

    With several tables on a page each needs its own `prefix`.
    """
    own = {prefix + name for name in ("sort", "page", "columns", "export", *(c.key for c in columns))}
    known = [column.key for column in columns]
    return State(
        sort=_sort(query.get(f"{prefix}sort", ""), columns) or sort,
        page=_page(query.get(f"{prefix}page", "")),
        filters=tuple(_filters(query, columns, prefix)),
        chosen=tuple(key for key in known if key in query.getlist(f"{prefix}columns")),
        export=asked if (asked := query.get(f"{prefix}export", "")) in FORMATS else "",
        prefix=prefix,
        default_sort=sort,
        kept=tuple((key, value) for key in query if key not in own for value in query.getlist(key)),
    )


def _sort(asked: str, columns: Sequence[Column]) -> str:
    sortable = {column.key for column in columns if column.sortable}
    return asked if asked.removeprefix("-") in sortable else ""


def _page(asked: str) -> int:
    if not (asked.isascii() and asked.isdigit()):
        return 1
    return min(max(int(asked[:9]), 1), MAX_PAGE)


def _filters(query: QueryDict, columns: Sequence[Column], prefix: str) -> list[tuple[str, str]]:
    asked = [(column, _text(query.get(prefix + column.key, ""))) for column in columns if column.filter]
    return [(c.key, text[:_LONGEST_FILTER]) for c, text in asked if text and _is_answerable(c, text)]


def _text(asked: str) -> str:
    """Without what no text in the database can hold."""
    return asked.replace("\0", "").strip()


def _is_answerable(column: Column, text: str) -> bool:
    if column.filter == "choice":
        return text in dict(column.choices)
    return column.filter == "contains" or threshold(text) is not None


def threshold(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
