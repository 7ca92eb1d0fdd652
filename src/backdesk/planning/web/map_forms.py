"""What of a work history is drawn: the address holds it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from backdesk.evidence.process import Selection
from backdesk.parties.web.organisation.forms import DayInput
from backdesk.planning.queries.handovers import Asked as HandoversAsked
from backdesk.planning.queries.handovers import Between
from backdesk.planning.queries.maps import Asked, Known, ModelAsked

Choices = list[tuple[str, Any]]


class SelectionForm(forms.Form):
    """Which cases, and which part of each."""

    function = forms.ChoiceField(label=_("Function"), required=False)
    contains = forms.ChoiceField(label=_("Cases with"), required=False)
    lacks = forms.ChoiceField(label=_("Cases without"), required=False)
    first = forms.ChoiceField(label=_("From the activity"), required=False)
    last = forms.ChoiceField(label=_("To the activity"), required=False)
    since = forms.DateField(label=_("Begun from"), required=False, widget=DayInput())
    until = forms.DateField(label=_("Begun until"), required=False, widget=DayInput())
    column = forms.ChoiceField(label=_("Where"), required=False)
    value = forms.CharField(label=_("Is"), required=False, max_length=200)
    variants = forms.IntegerField(
        label=_("Share of cases, the most usual ways of working first"),
        min_value=1,
        max_value=100,
        initial=100,
        required=False,
    )

    SELECTING = ("contains", "lacks", "first", "last", "since", "until", "column", "value", "variants")

    def __init__(self, address: QueryDict, *, known: Known, zone: str) -> None:
        """Take from an address what it says, and for the rest what is shown at first."""
        self.first_function = known.first_function
        first = {name: field.initial for name, field in self.base_fields.items() if field.initial is not None}
        super().__init__({**first, "function": self.first_function, **address.dict()})
        self.zone = ZoneInfo(zone)
        self._offer(known)
        self.full_clean()
        self.given: dict[str, Any] = self.cleaned_data

    @property
    def selecting(self) -> list[forms.BoundField]:
        """The fields that leave out cases, as the page shows them together."""
        return [self[name] for name in self.SELECTING if name != "column" or self._has("column")]

    @property
    def is_selecting(self) -> bool:
        """Whether the address leaves out cases, or tries to."""
        return not self.keep().keeps_all or any(name in self.errors for name in self.SELECTING)

    @property
    def function_asked(self) -> str:
        """The function asked for; where none is, the one shown at first."""
        return str(self.given.get("function", self.first_function))

    def keep(self) -> Selection:
        """What the address keeps; where it asks for what cannot be, as if it had not."""
        given = self.given
        column, value = given.get("column"), given.get("value")
        first, last = given.get("first"), given.get("last")
        return Selection(
            contains=_one(given.get("contains")),
            lacks=_one(given.get("lacks")),
            begun_from=self._midnight(given.get("since")),
            begun_before=self._midnight(given.get("until"), days=1),
            where={column: value} if column and value else {},
            variants_share=(given.get("variants") or 100) / 100,
            between=(first, last) if first and last else None,
        )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        for one, other in (("first", "last"), ("last", "first"), ("column", "value"), ("value", "column")):
            if given.get(one) and not given.get(other) and other not in self.errors:
                self.add_error(other, _("Say this, too."))
        return given

    def _offer(self, known: Known) -> None:
        self._choose("function", _("all"), known.functions)
        for name in ("contains", "lacks", "first", "last"):
            self._choose(name, _("any"), known.activities)
        self._choose("column", _("any"), known.columns)

    def _has(self, name: str) -> bool:
        return len(self.fields[name].choices) > 1  # type: ignore[attr-defined]

    def _choose(self, field: str, nothing: Any, names: Iterable[str]) -> None:
        self.fields[field].choices = [("", nothing), *((name, name) for name in names)]  # type: ignore[attr-defined]

    def _midnight(self, day: date | None, *, days: int = 0) -> datetime | None:
        return None if day is None else datetime.combine(day + timedelta(days=days), time(), self.zone)


class MapForm(SelectionForm):
    """How much of a process map to show, and of what."""

    activities = forms.IntegerField(label=_("Activities shown"), min_value=5, max_value=100, initial=100)
    paths = forms.IntegerField(label=_("Paths shown"), min_value=0, max_value=100, initial=20)
    handed_over = forms.BooleanField(label=_("Shade what is proposed to hand over"), required=False)
    statistic = forms.ChoiceField(
        label=_("Waiting on the lines"),
        choices=[("median", _("median")), ("p90", _("90th percentile"))],  # waits are skewed: no mean
        initial="median",
    )
    clock = forms.ChoiceField(
        label=_("Counted in"),
        choices=[("working", _("working time")), ("elapsed", _("elapsed time"))],
        initial="working",
    )

    def asked(self) -> Asked:
        """What the address asks for; where it cannot be, what is shown at first."""
        given = self.given
        return Asked(
            activities_share=given.get("activities", 100) / 100,
            paths_share=given.get("paths", 20) / 100,
            function=self.function_asked,
            handed_over=given.get("handed_over", False),
            statistic=given.get("statistic", "median"),
            clock=given.get("clock", "working"),
            keep=self.keep(),
        )


class ModelForm(SelectionForm):
    """How much of what is rare a model leaves aside, and of what it is made."""

    noise = forms.IntegerField(label=_("Noise left aside"), min_value=0, max_value=100, initial=20)

    def asked(self) -> ModelAsked:
        """What the address asks for; where it cannot be, what is shown at first."""
        return ModelAsked(
            noise=self.given.get("noise", 20) / 100, function=self.function_asked, keep=self.keep()
        )


class HandoversForm(SelectionForm):
    """Between whom work is handed over, and into which function."""

    between = forms.ChoiceField(label=_("Between"))
    NAMES = {"resource": _("people"), "team": _("teams"), "party": _("companies")}

    def __init__(self, address: QueryDict, *, known: Known, zone: str, betweens: Sequence[Between]) -> None:
        """`betweens`: those that may be asked for, the one shown at first before the others."""
        self.betweens = betweens
        asked = address.copy()
        asked.setdefault("between", betweens[0] if betweens else "")
        super().__init__(asked, known=known, zone=zone)

    def asked(self) -> HandoversAsked | None:
        """What the address asks for; None where there is no such thing to be seen."""
        between = self.given.get("between")
        if not between:
            return None
        return HandoversAsked(between=between, function=self.function_asked, keep=self.keep())

    def _offer(self, known: Known) -> None:
        super()._offer(known)
        self.fields["between"].choices = [(one, self.NAMES[one]) for one in self.betweens]  # type: ignore[attr-defined]


def _one(name: str | None) -> tuple[str, ...]:
    return (name,) if name else ()
