"""Documents of items: to be saved, to be looked at page by page, and to be added."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backdesk.parties.web.acting import allowed, clock, tell
from backdesk.platform import documents as papers
from backdesk.platform import uploads
from backdesk.platform.actor import Actor
from backdesk.work import policies
from backdesk.work.models import Document
from backdesk.work.operations.documents import add_document
from backdesk.work.queries.documents import documents_for
from backdesk.work.queries.doing import items_for


@require_safe
@allowed(policies.may_read)
def document(request: HttpRequest, actor: Actor, pk: int) -> HttpResponseBase:
    """As it was brought."""
    return papers.serve(request, _document(actor, pk))


@require_safe
@allowed(policies.may_read)
def document_page(request: HttpRequest, actor: Actor, pk: int, page: int) -> HttpResponseBase:
    """A picture of one of its pages."""
    return papers.serve(request, _document(actor, pk), page=page)


@require_POST
@allowed(policies.may_read)
def documents(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Add one to an item."""
    if not items_for(actor).filter(pk=pk).exists():
        raise Http404
    upload = request.FILES.get("file")
    if upload is None:
        messages.error(request, _("Choose a file first."))
    else:
        tell(
            request,
            lambda: add_document(
                actor=actor,
                now=clock(),
                item_id=pk,
                stream=upload,  # type: ignore[arg-type]  # an upload is read as a stream is
                filename=upload.name or "",
                declared=upload.content_type or "",
                limit=uploads.limit_bytes(),
                is_internal="internal" in request.POST,
            ),
            done=_("The document was added."),
        )
    step = request.POST.get("step", "")
    is_step = step.isascii() and step.isdigit() and len(step) < 19
    return redirect(*(("work:step", step) if is_step else ("work:item", pk)))


def _document(actor: Actor, pk: int) -> Document:
    found = documents_for(actor).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
