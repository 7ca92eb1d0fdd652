"""Many items at once: seen first, then done."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from backdesk.parties.policies import require
from backdesk.parties.web.acting import allowed, clock
from backdesk.platform.actor import Actor
from backdesk.work import policies
from backdesk.work.models import Item
from backdesk.work.web import bulk

MOST_AT_ONCE = 500
_TOLD = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkPage:
    """`missing`: how many of those that were asked for are not there, or not for the actor; empty where all are."""

    deed: bulk.Deed
    form: forms.Form
    rows: tuple[bulk.Previewed, ...]
    missing: str

    @property
    def changing(self) -> tuple[bulk.Previewed, ...]:
        return tuple(row for row in self.rows if not row.stays)

    @property
    def staying(self) -> tuple[bulk.Previewed, ...]:
        return tuple(row for row in self.rows if row.stays)


@require_POST
@allowed(policies.sees_whole)
def items_bulk(request: HttpRequest, actor: Actor, key: str) -> HttpResponse:
    """The first time to show what it would do; with `confirmed`, to do it."""
    deed = bulk.deed_of(key)
    if deed is None:
        raise Http404
    require(deed.policy(actor))
    asked = set(request.POST.getlist("row"))
    items = _items(actor, asked)
    missing = _missing(len(asked), len(items))
    if not items:
        messages.info(request, missing or _("Select the items first."))
        return HttpResponseRedirect(reverse(deed.back))
    is_confirmed = "confirmed" in request.POST
    form = deed.form(request.POST if is_confirmed else None)
    if is_confirmed and form.is_valid():
        _tell(request, deed, bulk.do(actor, clock(), deed, items, form.cleaned_data), missing)
        return HttpResponseRedirect(reverse(deed.back))
    page = BulkPage(deed=deed, form=form, rows=bulk.previewed(actor, deed, items), missing=missing)
    return render(request, "work/items_bulk.html", {"page": page}, status=422 if is_confirmed else 200)


def _items(actor: Actor, asked: Collection[str]) -> list[Item]:
    numbers = sorted(int(one) for one in asked if one.isascii() and one.isdigit() and len(one) < 19)
    found = Item.objects.visible_to(actor).select_related("service").filter(pk__in=numbers[:MOST_AT_ONCE])
    return list(found.order_by("pk"))


def _missing(asked: int, found: int) -> str:
    """Nothing is left out in silence: neither what is not theirs, nor what is too much at once."""
    if asked > MOST_AT_ONCE:
        return _(
            "Only %(most)s items can be changed at once; of the %(asked)s selected, the rest stay as they are."
        ) % {
            "most": MOST_AT_ONCE,
            "asked": asked,
        }
    if asked == found:
        return ""
    count = asked - found
    return ngettext(
        "%(count)s of %(asked)s items was not found.", "%(count)s of %(asked)s items were not found.", count
    ) % {"count": count, "asked": asked}


def _tell(request: HttpRequest, deed: bulk.Deed, done: bulk.Done, missing: str) -> None:
    if missing:
        messages.warning(request, missing)
    if done.changed:
        count = ngettext("%(count)s item.", "%(count)s items.", done.changed) % {"count": done.changed}
        messages.success(request, f"{deed.done} {count}")
    if done.left:
        left = ngettext(
            "%(count)s item was left as it is:", "%(count)s items were left as they are:", len(done.left)
        )
        more = "" if len(done.left) <= _TOLD else " …"
        says = "; ".join(done.left[:_TOLD])
        messages.warning(request, f"{left % {'count': len(done.left)}} {says}{more}")
