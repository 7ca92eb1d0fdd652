"""Home, the style page, light or dark, a job's progress, and what is said when something fails."""

from __future__ import annotations

import sys

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from backdesk.platform import jobs
from backdesk.platform.errors import trouble_of
from backdesk.platform.jobs.queries import job_for
from backdesk.platform.models import Job
from backdesk.platform.uploads import refusal
from backdesk.platform.web import pages, style_guide, today
from backdesk.platform.web.asked import actor_of, is_partial, safe_address
from backdesk.platform.web.notifications import weighty_news
from backdesk.platform.web.shell import THEME_COOKIE, THEMES, Shell, request_id_of, theme_of

_A_YEAR = 365 * 24 * 60 * 60


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    actor = actor_of(request)
    page = pages.Home(today=today.registry.today(actor=actor, now=now), told=weighty_news(actor), now=now)
    return render(request, "home.html", {"page": page})


@require_safe
def style(request: HttpRequest) -> HttpResponse:
    """Every part in every state: the living documentation of the pages."""
    return render(request, "style.html", {"page": style_guide.page(request.GET, now=timezone.now())})


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Light, dark, or as the system has it; remembered by the browser, where the script keeps it too."""
    response = redirect(safe_address(request, request.POST.get("next", "")) or "web:home")
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        response.set_cookie(THEME_COOKIE, chosen, max_age=_A_YEAR, samesite="Lax", secure=request.is_secure())
    else:
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
    return response


@require_safe
def job(request: HttpRequest, job_id: int) -> HttpResponse:
    """A page of its own; the part alone for the page that watches it."""
    return _job_response(
        request, _job(request, job_id), after=safe_address(request, request.GET.get("next", ""))
    )


@require_POST
def job_cancellation(request: HttpRequest, job_id: int) -> HttpResponse:
    found = jobs.request_cancel(actor=actor_of(request), now=timezone.now(), job=_job(request, job_id))
    after = safe_address(request, request.POST.get("next", ""))
    if is_partial(request):
        return _job_response(request, found, after=after)
    return redirect(after or reverse("web:job", args=[found.pk]))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return refusal(request)
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Needs neither session nor database, which may be what failed. Called while the error is handled."""
    bare = Shell(theme=theme_of(request), request_id=request_id_of(request))
    trouble = trouble_of(sys.exc_info()[1])
    if trouble is not None:
        text = render_to_string("trouble.html", {"bare_shell": bare, "trouble": str(trouble)})
        return HttpResponse(text, status=trouble.status, headers={"Retry-After": "60"})
    return HttpResponse(render_to_string("500.html", {"bare_shell": bare}), status=500)


def _job_response(request: HttpRequest, found: Job, *, after: str) -> HttpResponse:
    page = pages.JobPage(job=found, next_url=after)
    if not is_partial(request):
        return redirect(after) if after and _is_done(found) else render(request, "job.html", {"page": page})
    response = render(request, "job.html#progress", {"page": page})
    if after and _is_done(found):
        response["HX-Redirect"] = after
    elif found.is_over:
        response["HX-Trigger"] = "job-over"
    return response


def _is_done(found: Job) -> bool:
    return found.state == Job.State.DONE


def _job(request: HttpRequest, job_id: int) -> Job:
    found = job_for(actor_of(request), job_id)
    if found is None:
        raise Http404
    return found
