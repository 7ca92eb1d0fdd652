"""What an hour costs, as a file that is shown and replaced."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from backdesk.evidence.assessment import Rates, RatesError, read_rates
from backdesk.parties.web.acting import allowed, clock
from backdesk.planning import operations, policies
from backdesk.planning.models import Rate
from backdesk.planning.queries.rates import repricing_of
from backdesk.planning.web.forms import RatesForm
from backdesk.platform.actor import Actor
from backdesk.platform.models import Job
from backdesk.platform.web import tables
from backdesk.platform.web.parts import Empty
from backdesk.platform.web.tables import Column, Table

COLUMNS = (
    Column(
        key="kind",
        title=_("Of"),
        value=lambda row: row.get_kind_display(),
        filter="choice",
        choices=Rate.Kind.choices,
    ),
    Column(key="name", title=_("Name"), filter="contains"),
    Column(key="rate", title=_("An hour"), kind="money", decimals=2),
    Column(key="currency", title=_("Currency")),
)
EMPTY = Empty(
    title=_("No rates yet"),
    text=_("With them, hours become cost, and work that is done by people paid above its market rate shows."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RatesPage:
    table: Table
    form: RatesForm
    may_edit: bool
    repricing: Job | None


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(policies.may_see_people_and_cost)
def rates(request: HttpRequest, actor: Actor) -> HttpResponse:
    form = RatesForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            given = _read(form.cleaned_data["file"])
        except RatesError as error:
            form.add_error("file", str(error))
        else:
            operations.set_rates(actor=actor, now=clock(), rates=given)
            done = ngettext("%(count)s rate is set.", "%(count)s rates are set.", len(given.entries))
            messages.success(request, done % {"count": len(given.entries)})
            return redirect("planning:rates")
    state = tables.read_state(request.GET, columns=COLUMNS, sort="kind")
    table = tables.from_queryset(
        Rate.objects.visible_to(actor), name="rates", columns=COLUMNS, state=state, empty=EMPTY
    )
    if state.export:
        return tables.file_response(table=table, filename="rates.csv")
    page = RatesPage(table=table, form=form, may_edit=policies.may_edit(actor), repricing=repricing_of(actor))
    return render(request, "planning/rates.html", {"page": page}, status=422 if form.errors else 200)


def _read(upload: "UploadedFile[bytes]") -> Rates:
    """An error names the person's own file, by the name they know."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "rates.csv"
        path.write_bytes(upload.read())
        try:
            return read_rates(path)
        except RatesError as error:
            raise type(error)(str(error).replace(str(path), upload.name or path.name)) from None
