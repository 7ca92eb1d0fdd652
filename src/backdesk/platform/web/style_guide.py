"""Every part in every state, for the style page. The values are specimens and say so."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from django import forms
from django.http import QueryDict

from backdesk.platform.models import Job
from backdesk.platform.web import tables
from backdesk.platform.web.fields import NumberText
from backdesk.platform.web.figures import Figure
from backdesk.platform.web.parts import Empty, Status, Tab
from backdesk.platform.web.tables import BulkAction, Column, Table

GROUNDS = ("paper", "desk", "sunk", "raised", "line", "line-strong")
INKS = ("ink", "ink-soft", "accent", "accent-soft", "good", "warn", "bad", "info")
ICONS = [
    "home",
    "plan",
    "hand-over",
    "work",
    "supervise",
    "upload",
    "download",
    "search",
    "sun",
    "moon",
    "system",
    "menu",
    "close",
    "next",
    "previous",
    "info",
    "alert",
    "plus",
    "columns",
    "sign-out",
    "file",
    "keyboard",
    "people",
    "question",
    "switch",
    "organisation",
    "person",
    "shield",
    "bell",
    "key",
    "trail",
    "up-down",
    "check",
    "more",
    "trash",
    "edit",
    "calendar",
    "mail",
    "lock",
]
KINDS = ("good", "warn", "bad", "info", "neutral")
TOUCH = "Working time from start to end of a step, on the calendar of the person who does it."

_SPECIMENS = (
    ("Check supplier invoice", "back", 412.4, 0.083, 1_240.0, 3.4, Status(kind="good", word="Hand over")),
    ("Match invoice to order", "back", 268.0, 0.121, 3_900.0, 11.0, Status(kind="good", word="Hand over")),
    ("Approve payment", "middle", 96.5, 0.012, 184_000.0, 2.1, Status(kind="neutral", word="Keep")),
    ("Answer a supplier’s question", "front", 71.2, None, 62_000.0, None, Status(kind="warn", word="Ask")),
    ("Correct a wrong booking", "back", 38.9, 0.41, 410_000.0, 0.7, Status(kind="bad", word="Hurts")),
)
COLUMNS = (
    Column(key="activity", title="Activity", href=lambda row: f"#{row['key']}", filter="contains"),
    Column(
        key="office",
        title="Office",
        filter="choice",
        choices=(("front", "Front"), ("middle", "Middle"), ("back", "Back")),
    ),
    Column(
        key="touch",
        title="Touch",
        kind="number",
        unit="h",
        decimals=1,
        definition=TOUCH,
        bar=True,
        filter="at-least",
    ),
    Column(
        key="rework",
        title="Rework",
        kind="share",
        definition="Steps that repeat an activity of the case after it was once completed, of all steps.",
        reason="the log holds no order of steps for this activity",
    ),
    Column(
        key="waiting",
        title="Waiting, median",
        kind="duration",
        mark=lambda row: "estimated" if row["key"] == "specimen-2" else "",
    ),
    Column(
        key="people",
        title="Bus factor",
        kind="number",
        decimals=1,
        reason="no resource is recorded",
        is_optional=True,
    ),
    Column(key="verdict", title="Verdict", kind="status", sortable=False),
)


class SpecimenForm(forms.Form):
    name = forms.CharField(label="Name of the activity", help_text="As your people call it.")
    office = forms.ChoiceField(
        label="Office", choices=[("front", "Front"), ("middle", "Middle"), ("back", "Back")]
    )
    hours = forms.DecimalField(
        label="Hours a month",
        min_value=0,
        widget=NumberText,
        error_messages={"invalid": "“Hours a month” needs a number, such as 12.5."},
    )
    value = forms.ChoiceField(
        label="How much value does it add?",
        help_text="1: customers would not miss it. 5: they come for it.",
        choices=[(str(n), str(n)) for n in range(1, 6)],
        widget=forms.RadioSelect,
        required=False,
    )
    note = forms.CharField(
        label="What hurts about it", widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    agreed = forms.BooleanField(label="My answer may be shown with others’, never alone", required=False)


class SpecimenUpload(forms.Form):
    file = forms.FileField(
        label="Work history",
        help_text="CSV, XES or Parquet, also compressed with gzip. One row an event.",
    )


class SpecimenWeights(forms.Form):
    hands = forms.FloatField(
        label="No hands for it",
        initial=0.4,
        widget=forms.NumberInput(attrs={"min": 0, "max": 1, "step": 0.1}),
    )
    knowledge = forms.FloatField(
        label="No know-how", initial=0.3, widget=forms.NumberInput(attrs={"min": 0, "max": 1, "step": 0.1})
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class StylePage:
    now: datetime
    table: Table
    empty_table: Table
    form: SpecimenForm
    wrong_form: SpecimenForm
    upload: SpecimenUpload
    weights: SpecimenWeights
    jobs: tuple[Job, ...]
    figures: tuple[Figure, ...]
    tabs: tuple[Tab, ...]
    amounts: tuple[Decimal | None, ...] = (Decimal("1234567.5"), None)
    grounds: tuple[str, ...] = GROUNDS
    inks: tuple[str, ...] = INKS
    icons: list[str] = field(default_factory=lambda: ICONS)
    kinds: tuple[str, ...] = KINDS
    sizes: range = range(1, 7)
    bars: tuple[tuple[int, int, int], ...] = tuple(
        (n * 12, 60 - h, h) for n, h in enumerate((22, 41, 34, 48, 56, 39))
    )

    @property
    def hours_ago(self) -> datetime:
        return self.now - timedelta(hours=3)


def page(query: QueryDict, *, now: datetime) -> StylePage:
    state = tables.read_state(query, columns=COLUMNS, sort="-touch")
    return StylePage(
        now=now,
        table=_table(state),
        empty_table=_empty_table(),
        form=SpecimenForm(auto_id="fresh_%s"),
        wrong_form=SpecimenForm(
            {"name": "", "office": "back", "hours": "a lot", "value": "9"}, auto_id="wrong_%s"
        ),
        upload=SpecimenUpload(),
        weights=SpecimenWeights(),
        jobs=_jobs(),
        figures=_figures(),
        tabs=(
            Tab(title="Evidence", url="#tabs", is_current=True),
            Tab(title="Cases", url="#tabs", count=1_312),
            Tab(title="Answers", url="#tabs", count=0),
        ),
    )


def _table(state: tables.State) -> Table:
    rows = [dict(_specimen(number)) for number in range(120)]
    return tables.from_rows(
        rows,
        name="specimens",
        columns=COLUMNS,
        state=state,
        caption="Specimen activities",
        row_id=lambda row: str(row["key"]),
        bulk=(
            BulkAction(title="Move to a function", url="#"),
            BulkAction(title="Remove", url="#", is_danger=True),
        ),
        totals={
            **_specimen(0),
            "activity": "All",
            "touch": 887.0,
            "waiting": None,
            "rework": 0.098,
            "verdict": None,
        },
    )


def _specimen(number: int) -> dict[str, object]:
    activity, office, touch, rework, waiting, people, verdict = _SPECIMENS[number % len(_SPECIMENS)]
    part = f" {number // len(_SPECIMENS) + 1}" if number >= len(_SPECIMENS) else ""
    return {
        "key": f"specimen-{number}",
        "activity": activity + part,
        "office": office,
        "touch": touch / (1 + number // len(_SPECIMENS)),
        "rework": rework,
        "waiting": waiting,
        "people": people,
        "verdict": verdict,
    }


def _empty_table() -> Table:
    columns = (COLUMNS[0], COLUMNS[2], COLUMNS[3])
    return Table(
        name="none",
        columns=columns,
        state=tables.read_state(QueryDict(), columns=(), prefix="none-"),
        rows=[],
        total=0,
        caption="A table without rows",
        empty=Empty(
            title="No activities yet",
            text="Activities are found in a work history, or entered by hand.",
            action="Upload a work history",
            url="#tables",
        ),
    )


def _figures() -> tuple[Figure, ...]:
    return (
        Figure(
            title="Touch time", value=887.4, unit="h", definition=TOUCH, source="methods", href="#figures"
        ),
        Figure(
            title="Waiting, median",
            value=11_100,
            unit="s",
            definition="From enabled to start.",
            estimated=True,
        ),
        Figure(title="Accuracy", value=0.964, unit="%", interval=(0.941, 0.978), sample=400),
        Figure(title="Cost a month", value=Decimal("48210"), unit="EUR", note="12 % more than in October"),
        Figure(title="Utilisation", value=None, unit="%", reason="no calendar is set for these people"),
    )


def _jobs() -> tuple[Job, ...]:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return (
        Job(pk=1, state=Job.State.WAITING),
        Job(pk=2, state=Job.State.RUNNING, progress=0.62, phase="pairing starts with ends"),
        Job(pk=3, state=Job.State.RUNNING, progress=0.8, phase="writing", cancel_requested_at=at),
        Job(pk=4, state=Job.State.DONE, finished_at=at, message="262,200 rows read, 12 rejected."),
        Job(
            pk=5,
            state=Job.State.FAILED,
            finished_at=at,
            message="Line 4,812 ends in the middle of a row: the file was cut off. Export it again and upload it anew.",
        ),
        Job(pk=6, state=Job.State.CANCELLED, finished_at=at),
    )
