"""A value as the HTML of its cell. In Python, not in templates: a page has hundreds of them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from backdesk.platform.web import formats
from backdesk.platform.web.parts import Status
from backdesk.platform.web.svg import bar, shape
from backdesk.platform.web.tables.columns import Column, Row
from backdesk.platform.web.words import Words


def cell_html(*, column: Column, row: Row, url: str = "", largest: float | None = None) -> SafeString:
    """`url`: where it leads."""
    value = column.value_in(row)
    if not formats.is_known(value) or value == "":
        return dash(column.reason)
    written = value_html(value, column=column)
    if column.language:
        written = format_html('<span lang="{}">{}</span>', column.language, written)
    if url:
        written = format_html('<a href="{}">{}</a>', url, written)
    if largest:
        written = with_bar(written, bar(value=float(value), maximum=largest))
    if column.mark and (mark := column.mark(row)):
        tag = mark_html(mark)  # before a number, so that right edges meet, and after a name: so do left ones
        written = format_html("{} {}", *((tag, written) if column.is_numeric else (written, tag)))
    if column.detail and (detail := column.detail(row)):
        written += format_html('<br><small class="soft">{}</small>', detail)
    return written


def with_bar(written: SafeString, drawn: SafeString) -> SafeString:
    return format_html('<span class="bar-cell">{}{}</span>', drawn, written)


def mark_html(word: str) -> SafeString:
    if word == "estimated":
        return format_html('<abbr class="estimated" title="{}">{}</abbr>', _("estimated"), _("est."))
    return format_html('<span class="tag">{}</span>', word)


def value_html(value: Any, *, column: Column) -> SafeString:
    """The value alone; the unit stands in the head, except of lengths of time."""
    match column.kind:
        case "number":
            return _digits(formats.measured(value, unit=str(column.unit), decimals=column.decimals))
        case "share":
            return _digits(formats.share(value, decimals=column.decimals))
        case "money":
            return _digits(formats.money(value, currency=str(column.unit), decimals=column.decimals))
        case "duration":
            return quantity_html(formats.duration(value))
        case "hours":
            return quantity_html(formats.hours(value))
        case "time":
            return time_html(value)
        case "date":
            return format_html(
                '<time class="nowrap" datetime="{}">{}</time>', value.isoformat(), formats.day(value)
            )
        case "calendar":  # breaks between its parts, never within hours
            return format_html_join(
                " ", '<span class="nowrap">{}</span>', ((part,) for part in value.split())
            )
        case "status" if isinstance(value, Status):
            return status_html(value)
    return format_html("{}", value)


def quantity_html(quantity: formats.Quantity) -> SafeString:
    """Digits in ink, units light, the exact value on hover."""
    parts = format_html_join(
        formats.NO_BREAK,
        "{}{}",
        (
            (part.digits, format_html('{}<span class="unit">{}</span>', formats.NARROW, part.unit))
            for part in quantity.parts
        ),
    )
    return format_html('<span class="nowrap" title="{}">{}</span>', quantity.exact, parts)


def time_html(value: Any) -> SafeString:
    return format_html(
        '<time class="nowrap" datetime="{}" title="{}">{}</time>',
        value.isoformat(),
        formats.instant_exactly(value),
        formats.instant(value),
    )


def status_html(status: Status) -> SafeString:
    return format_html(
        '<span class="status status-{}">{}{}</span>', status.kind, shape(status.kind), status.word
    )


def dash(reason: Words) -> SafeString:
    """What is not known is a dash with the reason, never a zero."""
    return _dash(str(reason), "" if reason else _("not known"))


@lru_cache(maxsize=1_024)
def _dash(reason: str, instead: str) -> SafeString:
    if instead:
        return format_html(
            '<span class="soft">{}<span class="visually-hidden">{}</span></span>',
            formats.DASH,
            instead,
        )
    return format_html(
        '<span class="dash" title="{}">{}<span class="visually-hidden">{}</span></span>',
        reason,
        formats.DASH,
        reason,
    )


def _digits(quantity: formats.Quantity) -> SafeString:
    return format_html('<span title="{}">{}</span>', quantity.exact, quantity.parts[0].digits)
