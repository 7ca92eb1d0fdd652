"""What to hand over: the ranking, with weights one can turn, bundles and the pilot."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from backdesk.evidence.assessment import CRITERIA, CRITERION, Bundle, Candidate
from backdesk.parties.web.acting import allowed
from backdesk.planning import policies
from backdesk.planning.models import Activity
from backdesk.planning.queries.candidates import Plan, Ranked, plans, ranking
from backdesk.planning.web.bars import Bars, bars, reach
from backdesk.planning.web.forms import WeightsForm
from backdesk.planning.web.verdicts import STATUS
from backdesk.platform.actor import Actor
from backdesk.platform.web.parts import Status

SHOWN_FIRST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    activity: Activity
    candidate: Candidate
    status: Status
    bars: Bars
    points: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleRow:
    bundle: Bundle
    activities: tuple[Activity, ...]
    along: tuple[Activity, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPart:
    """What is planned of one work history, with the activities its labels stand for."""

    plan: Plan
    bundles: tuple[BundleRow, ...]
    pilot: Activity | None
    runner_up: Activity | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidatesPage:
    form: WeightsForm
    changed: bool
    rows: tuple[Row, ...]
    staying: tuple[Row, ...]
    left_out: int
    plans: tuple[PlanPart, ...]
    all_query: str
    may_answer: bool


@require_safe
@allowed(policies.may_read)
def candidates(request: HttpRequest, actor: Actor) -> HttpResponse:
    form = WeightsForm.of(request.GET)
    weights = form.weights()
    found = ranking(actor, weights=weights)
    needed = reach(one.candidate for one in found if not one.candidate.nothing)
    rows = tuple(_row(one, needed) for one in found)
    working = tuple(row for row in rows if row.candidate.verdict != "keep")
    staying = tuple(row for row in rows if row.candidate.verdict == "keep")
    sees_all = "all" in request.GET
    page = CandidatesPage(
        form=form,
        changed=any(weights[one.name] != one.weight for one in CRITERIA),
        rows=working if sees_all else working[:SHOWN_FIRST],
        staying=staying if sees_all else staying[:SHOWN_FIRST],
        left_out=0 if sees_all else max(0, len(working) - SHOWN_FIRST) + max(0, len(staying) - SHOWN_FIRST),
        plans=tuple(map(_part, plans(found))),
        all_query=_with_all(request),
        may_answer=policies.may_answer(actor),
    )
    return render(request, "planning/candidates.html", {"page": page})


def _with_all(request: HttpRequest) -> str:
    query = request.GET.copy()
    query["all"] = "yes"
    return query.urlencode()


def _row(ranked: Ranked, needed: float) -> Row:
    candidate = ranked.candidate
    points = sorted(candidate.contributions.items(), key=lambda item: -item[1])
    return Row(
        activity=ranked.activity,
        candidate=candidate,
        status=STATUS[candidate.verdict],
        bars=bars(candidate, reach=needed),
        points=tuple((_(CRITERION[name].title), value) for name, value in points if round(value, 1)),
    )


def _part(plan: Plan) -> PlanPart:
    def known(labels: Iterable[str]) -> tuple[Activity, ...]:
        return tuple(plan.by_label[label].activity for label in labels)

    pilot = plan.pilot
    return PlanPart(
        plan=plan,
        bundles=tuple(
            BundleRow(bundle=one, activities=known(one.activities), along=known(one.along))
            for one in plan.bundles
        ),
        pilot=known([pilot.activity])[0] if pilot else None,
        runner_up=known([pilot.runner_up])[0] if pilot and pilot.runner_up else None,
    )
