"""The parts a page is built of. README.md beside this package lists them, /style/ shows them."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BoundField, Form
from django.http import HttpRequest
from django.template import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy

from backdesk.platform.actor import Actor
from backdesk.platform.jobs import may_cancel
from backdesk.platform.models import Job
from backdesk.platform.web import assets, fields, formats, svg
from backdesk.platform.web.figures import Figure, written
from backdesk.platform.web.parts import Crumb, Kind, Status, Tab
from backdesk.platform.web.shell import Shell, shell_of
from backdesk.platform.web.tables import Table
from backdesk.platform.web.tables.cells import dash, quantity_html, status_html, time_html, with_bar

register = template.Library()

TAGS = {
    "estimated": gettext_lazy("estimated"),
    "demonstration": gettext_lazy("demonstration"),
    "by hand": gettext_lazy("by hand"),
    "sampled": gettext_lazy("sampled"),
}


# -- The frame of a page
@register.simple_tag(takes_context=True)
def shell(context: Context) -> Shell:
    """Of the request, or the bare one that an error page brings along."""
    bare = context.get("bare_shell")
    if isinstance(bare, Shell):
        return bare
    request = context.get("request")
    return shell_of(request if isinstance(request, HttpRequest) else None)


@register.simple_tag
@lru_cache
def stylesheets() -> SafeString:
    addresses = ((static(f"backdesk/css/{name}.css"),) for name in assets.STYLES)
    return format_html_join("\n", '<link rel="stylesheet" href="{}">', addresses)


@register.simple_tag
@lru_cache
def scripts() -> SafeString:
    addresses = ((static(f"backdesk/js/{name}.js"),) for name in assets.SCRIPTS)
    return format_html_join("\n", '<script type="module" src="{}"></script>', addresses)


@register.inclusion_tag("parts/breadcrumb.html")
def breadcrumb(*parts: str) -> dict[str, Any]:
    """Title and address in turn; the last title, the page itself, may go without one."""
    pairs = itertools.zip_longest(parts[::2], parts[1::2], fillvalue="")
    return {"crumbs": [Crumb(title=title, url=url) for title, url in pairs]}


@register.inclusion_tag("parts/tabs.html")
def tabs(entries: Iterable[Tab], label: str = "") -> dict[str, Any]:
    return {"tabs": tuple(entries), "label": label}


# -- Figures and tables
@register.inclusion_tag("parts/figures.html")
def figures(entries: Iterable[Figure], label: str = "") -> dict[str, Any]:
    return {"figures": [written(entry) for entry in entries], "label": label}


@register.inclusion_tag("parts/table.html", takes_context=True)
def data_table(context: Context, table: Table) -> dict[str, Any]:
    request = context.get("request")
    return {
        "table": table,
        "csrf_token": context.get("csrf_token"),
        "id": table.name,
        "path": request.path if request else "",
    }


@register.simple_tag
def bar(value: float | None, maximum: float, text: str = "", decimals: int | None = None) -> SafeString:
    if value is None:
        return dash("")
    drawn = svg.bar(value=value, maximum=maximum)
    return with_bar(
        format_html('<span class="number">{}</span>', text or formats.number(value, decimals=decimals)), drawn
    )


@register.filter
def weekday(value: datetime) -> str:
    """The day it is where the reader is."""
    return formats.day_of_week(timezone.localtime(value).date())


# -- Words with a meaning
@register.simple_tag
def icon(name: str) -> SafeString:
    return svg.icon(name)


@register.simple_tag
def shape(kind: str) -> SafeString:
    return svg.shape(kind)


@register.simple_tag
def status(kind: Kind, word: str) -> SafeString:
    return status_html(Status(kind=kind, word=word))


@register.simple_tag
def tag(word: str, kind: str = "") -> SafeString:
    """`kind` for the style sheet; `word` is translated if it is one of `TAGS`."""
    written = TAGS.get(word, word)
    return format_html('<span class="tag tag-{}">{}</span>', (kind or word).replace(" ", "-"), written)


@register.simple_tag
@lru_cache
def keys(letters: str) -> SafeString:
    return format_html(
        '<span class="keys">{}</span>',
        format_html_join("", "<kbd>{}</kbd>", ((key,) for key in letters.split())),
    )


@register.inclusion_tag("parts/definition.html")
def definition(title: str, text: str, source: str = "", label: str = "", limits: str = "") -> dict[str, Any]:
    """The term, underlined with dots; its definition on press, hover or focus. `label=" "` shows only the sign."""
    told = {"title": title, "text": text, "source": source, "label": label, "limits": limits}
    return {**told, "id": _new_id("definition")}


@register.simple_tag
def local_time(value: datetime | None) -> SafeString:
    return time_html(value) if value else dash("")


@register.simple_tag
def local_date(value: date | None) -> SafeString:
    return (
        format_html('<time datetime="{}">{}</time>', value.isoformat(), formats.day(value))
        if value
        else dash("")
    )


@register.simple_tag
def since(value: datetime | None, now: datetime) -> SafeString:
    if value is None:
        return dash("")
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        value.isoformat(),
        formats.instant_exactly(value),
        formats.ago(value, now=now),
    )


# -- Blocks with content
@register.simple_block_tag
def notice(content: str, kind: Kind = "info", title: str = "") -> SafeString:
    return _part("notice", content=content, kind=kind, title=title)


@register.simple_block_tag
def empty(
    content: str, title: str, action: str = "", href: str = "", picture: str = "", level: int = 2
) -> SafeString:
    """What this place is for, and the next step. `level` is that of the heading, 0 for none."""
    return _part(
        "empty", content=content, title=title, action=action, href=href, picture=picture, level=level
    )


@register.simple_block_tag
def chart(content: str, title: str, caption: str = "", table: Table | None = None) -> SafeString:
    return _part("chart", content=content, title=title, caption=caption, table=table)


@register.simple_block_tag
def dialog(content: str, name: str, title: str) -> SafeString:
    return _part("dialog", content=content, id=name, title=title)


# -- Forms
@register.inclusion_tag("parts/form_errors.html")
def form_errors(form: Form) -> dict[str, Any]:
    return {"form": form, "errors": fields.errors(form)}


@register.inclusion_tag("parts/field.html")
def field(bound: BoundField) -> dict[str, Any]:
    return {"field": fields.prepared(bound)}


@register.inclusion_tag("parts/form_fields.html")
def form_fields(form: Form) -> dict[str, Any]:
    return {"form": form}


@register.inclusion_tag("parts/weight.html")
def weight(bound: BoundField, unit: str = "") -> dict[str, Any]:
    return {"field": fields.prepared(bound), "range": fields.range_of(bound), "unit": unit}


@register.simple_tag
def upload_form() -> SafeString:
    """Attributes of the <form> around an upload field."""
    return SafeString('data-controller="upload" class="form"')


@register.inclusion_tag("parts/upload.html")
def upload_field(bound: BoundField, limit: int | None = None) -> dict[str, Any]:
    """`limit` in bytes: a larger file is refused before it is sent."""
    return {
        "field": fields.prepared(bound),
        "limit": limit,
        "limit_text": fields.size(limit) if limit else "",
    }


# -- Jobs
@register.inclusion_tag("parts/job.html", takes_context=True)
def job_progress(
    context: Context,
    job: Job,
    next: str = "",  # noqa: A002  (reads well in a template)
    polls: bool = True,
) -> dict[str, Any]:
    """How far a job is; asks again every second until it is over, then opens `next`."""
    address = reverse("web:job", args=[job.pk])
    return {
        "job": job,
        "phase": gettext(job.phase) if job.phase else gettext("starting"),
        "next": next,
        "polls": polls and not job.is_over,
        "poll_url": f"{address}?{urlencode({'next': next})}" if next else address,
        "cancel_url": reverse("web:job-cancellation", args=[job.pk]) if _may_cancel(context, job) else "",
        "csrf_token": context.get("csrf_token"),
    }


def _may_cancel(context: Context, job: Job) -> bool:
    actor = getattr(context.get("request"), "actor", None)
    return isinstance(actor, Actor) and may_cancel(actor, job)


@register.simple_tag
def job_refresh(job: Job) -> SafeString:
    """For the head of the page: without JavaScript the page itself is fetched again while the job runs."""
    if job.is_over:
        return SafeString("")
    return SafeString('<noscript><meta http-equiv="refresh" content="2"></noscript>')


# -- Quantities
@register.filter
def number(value: Any, decimals: int | None = None) -> SafeString:
    if not formats.is_known(value):
        return dash("")
    return format_html("{}", formats.number(value, decimals=decimals))


@register.filter
def share(value: Any, decimals: int | None = None) -> SafeString:
    return quantity_html(formats.share(value, decimals=decimals)) if formats.is_known(value) else dash("")


@register.filter
def duration(value: Any) -> SafeString:
    return quantity_html(formats.duration(value)) if formats.is_known(value) else dash("")


@register.filter
def hours(value: Any) -> SafeString:
    return quantity_html(formats.hours(value)) if formats.is_known(value) else dash("")


@register.filter
def money(value: Any, currency: str) -> SafeString:
    return quantity_html(formats.money(value, currency=currency)) if formats.is_known(value) else dash("")


@register.filter
def file_size(value: int) -> str:
    return fields.size(value)


def _new_id(word: str) -> str:
    """Unique on the page, and when a part is swapped into it later."""
    return f"{word}-{secrets.token_hex(4)}"


def _part(name: str, **context: Any) -> SafeString:
    return render_to_string(f"parts/{name}.html", context)
